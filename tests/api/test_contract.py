"""The interface keeps what its description promises: schemathesis asks what nobody thought of.

A bounded sample; `tests/benchmarks/api_contract.py` asks a served application much more, as every role.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.api.people import People, client_of

EXAMPLES = 3  # of each operation
SLOW = ("exports", "reports")


@pytest.mark.parametrize(("role", "department"), [("admin", ""), ("viewer", "billing")])
def test_the_contract_is_kept(inhabited: tuple[Path, People], tmp_path: Path, role: str, department: str) -> None:
    """Whoever may only look also asks what changes something, and is refused as described."""
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(inhabited[0].parent / name, tmp_path / name)
    headers = {"Host": "tickets.example", "Authorization": f"Bearer {inhabited[1].keys[role, department]}"}
    with client_of(tmp_path / "cxtext.db") as client:
        described = schemathesis.openapi.from_asgi("/openapi.json", client.app, headers=headers)
        asked = []
        for found in described.get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr]  # an Err raises here, which is what a test should do
            unsafe = operation.method.upper() != "GET"
            if (
                (unsafe and role == "admin")
                or "analyze" in operation.path
                or any(word in operation.path for word in SLOW)
            ):
                continue

            @given(case=operation.as_strategy())
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            def keeps(case: Any) -> None:
                case.call_and_validate(headers=headers)

            keeps()
            asked.append(operation.path)
    assert len(asked) >= 20
