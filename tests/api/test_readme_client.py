"""The client that the README shows works as it stands."""

import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_typed_client_of_the_readme_reads_all_pages(demo: TestClient) -> None:
    code = re.findall(r"```py\n(.*?)```", README, flags=re.DOTALL)[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 22
    known: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), known)
    client = known["Cxtext"]("http://localhost", "cxt_unused")
    client.http.close()
    client.http = demo
    found = list(client.tickets(department="billing"))
    assert len(found) > 100
    assert {ticket.department for ticket in found} == {"billing"}
    assert len({(ticket.source, ticket.id) for ticket in found}) == len(found)
