"""How fast the API answers on many tickets, with the load generator beside it on the same machine.

    python tests/benchmarks/api.py DATABASE [SECONDS [USERS]]

Serves a copy of DATABASE (one night or more) in one process and asks it over the loopback interface with an API key:
USERS (default 4) ask one after the other for SECONDS (default 20) each group of routes. Prints one line per group:
requests, errors, per second, median, 95th percentile, largest, in milliseconds, and the processor time of the server
per request, which does not depend on what else the machine does.
"""

import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

ROLLUPS = (
    "/api/v1/topics", "/api/v1/departments", "/api/v1/causes", "/api/v1/trends", "/api/v1/trends?topic=T-0001",
    "/api/v1/trends/by/department", "/api/v1/trends/by/topic", "/api/v1/signals", "/api/v1/metrics?scope=all",
    "/api/v1/metrics?scope=department&period=28d", "/api/v1/drivers?outcome=csat", "/api/v1/topics/T-0001",
)  # fmt: skip
CASES = (
    "/api/v1/tickets", "/api/v1/tickets?department=billing", "/api/v1/tickets?topic=T-0002&limit=50",
    "/api/v1/tickets?since=2026-10-01&until=2026-10-07", "/api/v1/tickets?language=en&channel=email",
)  # fmt: skip
SEARCH = ("/api/v1/search?q=Paket", "/api/v1/search?q=Rechnung%20falsch", "/api/v1/search?q=refund&department=billing")


class Asking(threading.Thread):
    """One user: asks, waits for the whole answer, asks again."""

    def __init__(
        self, port: int, key: str, paths: tuple[str, ...], until: float, tags: dict[str, str], start: int
    ) -> None:
        super().__init__()
        self.port, self.key, self.paths, self.until, self.tags, self.place = port, key, paths, until, tags, start
        self.took: list[tuple[str, float]] = []
        self.errors = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.perf_counter() < self.until:
            path = self.paths[self.place % len(self.paths)]
            self.place += 1
            headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
            if path in self.tags:
                headers["If-None-Match"] = self.tags[path]
            began = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.took.append((path, time.perf_counter() - began))
            self.errors += answer.status != (304 if self.tags else 200)
        connection.close()


def measure(
    server: int,
    name: str,
    port: int,
    key: str,
    paths: tuple[str, ...],
    seconds: float,
    users: int,
    *,
    seen: bool = False,
) -> None:
    tags = {path: tag(port, key, path) for path in paths} if seen else {}
    until = time.perf_counter() + seconds
    askers = [Asking(port, key, paths, until, tags, number) for number in range(users)]
    worked = processor(server)
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    worked = processor(server) - worked
    took = sorted(seconds for one in askers for _, seconds in one.took)
    errors = sum(one.errors for one in askers)
    middle, high = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(
        f"{name:<22} {len(took):>7} requests {errors:>3} errors {len(took) / seconds:>8.1f}/s "
        f"p50 {middle * 1000:>7.1f} p95 {high * 1000:>7.1f} max {took[-1] * 1000:>7.1f} ms, processor {worked / len(took) * 1000:>6.1f} ms"
    )
    if not seen:
        for path in paths:
            own = sorted(seconds for one in askers for asked, seconds in one.took if asked == path)
            if own:
                print(f"    {path:<58} {len(own):>6}  p95 {own[int(len(own) * 0.95)] * 1000:>7.1f} ms")


def tag(port: int, key: str, path: str) -> str:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked) as answer:
        return str(answer.headers["ETag"])


def make_key(database: str, *words: str) -> str:
    command = [
        sys.executable,
        "-m",
        "cxtext",
        "keys",
        "create",
        "bench",
        "--db",
        f"sqlite:///{database}",
        "--json",
        *words,
    ]
    return str(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["secret"])


def main(database: str, seconds: float = 20.0, users: int = 4) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/cxtext.db"
        with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        if Path(f"{database}.key").exists():
            shutil.copy(f"{database}.key", f"{copy}.key")
        key, confined = make_key(copy), make_key(copy, "--department", "billing")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        served = [sys.executable, "-m", "cxtext", "serve", "--db", f"sqlite:///{copy}", "--port", str(port)]
        server = subprocess.Popen(served)
        try:
            wait(f"http://127.0.0.1:{port}/healthz")
            paths = tuple(quote(path, safe="/?=&%") for path in ROLLUPS)
            measure(server.pid, "rollups", port, key, paths, seconds, users)
            measure(server.pid, "case list", port, key, CASES, seconds, users)
            measure(server.pid, "search", port, key, SEARCH, seconds, users)
            measure(server.pid, "304", port, key, paths + CASES, seconds, users, seen=True)
            measure(server.pid, "one department: rollups", port, confined, paths[:8], seconds, users)
            measure(server.pid, "one department: cases", port, confined, (*CASES[:2], CASES[3]), seconds, users)
            print(f"memory of the server   {memory(server.pid):.0f} MB")
        finally:
            server.terminate()
            server.wait()


def processor(number: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(number: int) -> float:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    told = [*sys.argv[2:], *("20.0", "4")[len(sys.argv) - 2 :]]
    main(sys.argv[1], float(told[0]), int(told[1]))
