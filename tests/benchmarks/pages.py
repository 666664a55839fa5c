"""How fast the pages answer, in milliseconds of the server, for any number of tickets in the store.

    python -m tests.benchmarks.pages DATABASE             measures every page on DATABASE (as it stands)
    python -m tests.benchmarks.pages DATABASE GROWN 500   first writes GROWN: the tickets of DATABASE 500 times, spread
                                                          over two years, with their sums

Prints for every page the median and the largest of seven answers. Metrics, drivers and signals are those of DATABASE:
their tables do not grow with tickets.
"""

import shutil
import statistics
import sys
import time
from pathlib import Path

import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.app import create_app
from cxtext.settings import Settings
from cxtext.store import day_tally, open_store, tally
from cxtext.store import tables as t

SPREAD = 600  # days
PAGES = (
    "/", "/issues", "/issues?measure=cost", "/issues/T-0001", "/issues/T-0001?span=all&unit=rate", "/departments",
    "/figures", "/cases", "/cases?topic=T-0001", "/cases?department=logistics&language=de", "/cases?q=Rechnung",
    "/cases?topic=T-0001&since=2026-08-01&department=logistics", "/tickets/{first}", "/review", "/runs", "/voices",
)  # fmt: skip


def grow(database: Path, grown: Path, times: int) -> None:
    shutil.copy(database, grown)
    shutil.copy(f"{database}.key", f"{grown}.key")
    store = open_store(f"sqlite:///{grown}")
    columns = {table: [column.name for column in table.c] for table in (t.ticket, t.version, t.reading, t.assignment)}
    with store.write() as connection:
        connection.execute(sa.text("create temp table copies (k integer)"))
        connection.execute(sa.text("insert into copies values (:k)"), [{"k": k} for k in range(1, times)])
        most = connection.scalar(sa.select(sa.func.max(t.ticket.c.no)))
        for table, names in columns.items():
            changed = {
                "no": f"no + {most} * k", "id": "id || '-' || k", "customer_id": "customer_id || '-' || k",
                "day": f"date(day, '-' || (k % {SPREAD}) || ' days')", "fold": "fold || k",
            }  # fmt: skip
            told = ", ".join(changed.get(name, name) for name in names)
            connection.execute(
                sa.text(f"insert into {table.name} ({', '.join(names)}) select {told} from {table.name}, copies")
            )
        print(connection.scalar(sa.select(sa.func.count()).select_from(t.ticket)), "tickets", flush=True)
    for name, update in (("sums per facet", tally.update), ("sums per day", day_tally.update)):
        began = time.process_time()
        with store.write() as connection:
            update(connection, 1)
        print(f"{name}: {time.process_time() - began:.0f} CPU seconds", flush=True)
    with store.write() as connection:
        connection.execute(sa.text("analyze"))
    store.close()


def measure(database: Path) -> None:
    app = create_app(Settings.load(db=f"sqlite:///{database}"))
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 50000)) as client:
        print(f"{'page':44}{'median':>8}{'largest':>9}{'CPU':>7}")
        first = client.get("/api/v1/tickets?limit=1").json()["items"][0]
        for page in PAGES:
            path = page.format(first=f"{first['source']}/{first['id']}")
            took, used = [], []
            for _ in range(7):
                began, busy = time.perf_counter(), time.process_time()
                assert client.get(path).status_code == 200, path
                took.append((time.perf_counter() - began) * 1000)
                used.append((time.process_time() - busy) * 1000)
            print(f"{path:44}{statistics.median(took):8.0f}{max(took):9.0f}{statistics.median(used):7.0f}", flush=True)


if __name__ == "__main__":
    database = Path(sys.argv[1])
    if len(sys.argv) > 2:
        grow(database, Path(sys.argv[2]), int(sys.argv[3]))
        database = Path(sys.argv[2])
    measure(database)
