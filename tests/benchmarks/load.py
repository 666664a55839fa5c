"""Readers beside a nightly writer, and a long export: how fast the API answers while a night works on the same database.

    python -m tests.benchmarks.load DATABASE --minutes 1 --tickets NIGHT.jsonl --day 2026-11-21
    python -m tests.benchmarks.load postgresql+psycopg://… --minutes 10 --tickets NIGHT.jsonl --day 2026-11-21

DATABASE is changed: give a copy. `cxtext serve` answers in one process; `--readers` (20) ask it over the loopback
interface with an API key, each the next question of the list `--pause` (1) seconds after the last answer, as people do;
`cxtext run` reads the file of a night beside them (tests/benchmarks/scale.py writes one) until it is through or the time
is up. Prints one line of JSON a group: requests, errors, median, 95th percentile and largest in milliseconds; then
processor time and memory of the server, what became of the night, and time and memory of `cxtext export tickets`.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks.api import CASES, ROLLUPS, SEARCH, memory, processor, wait

GROUPS = {"rollups": ROLLUPS, "case lists": CASES, "search": SEARCH}
GOALS = {"rollups": 300, "search": 1000}  # milliseconds, 95th percentile


class Reader(threading.Thread):
    """One person: asks, reads for a while, asks again."""

    def __init__(self, port: int, key: str, until: float, pause: float, place: int) -> None:
        super().__init__()
        self.port, self.key, self.until, self.pause, self.place = port, key, until, pause, place
        self.took: list[tuple[str, str, float]] = []
        self.errors: list[str] = []

    def run(self) -> None:
        """Until the time is up."""
        asked = [(group, path) for group, paths in GROUPS.items() for path in paths]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        while time.perf_counter() < self.until:
            group, path = asked[self.place % len(asked)]
            self.place += 7  # a prime: twenty readers never march in step
            began = time.perf_counter()
            try:
                connection.request("GET", quote(path, safe="/?=&%"), headers={"Authorization": f"Bearer {self.key}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.client.OK:
                    self.errors.append(f"{path}: {answer.status}")
            except OSError as error:
                self.errors.append(f"{path}: {type(error).__name__}")
                connection.close()
            self.took.append((group, path, time.perf_counter() - began))
            time.sleep(self.pause)
        connection.close()


def figures(took: list[float]) -> dict[str, float]:
    took = sorted(took)
    places = {"p50": len(took) // 2, "p95": int(len(took) * 0.95), "max": len(took) - 1}
    return {name: round(took[place] * 1000) for name, place in places.items()}


def told(readers: list[Reader]) -> None:
    """One line a group, and the slowest questions."""
    for group, paths in GROUPS.items():
        own = [seconds for one in readers for kind, _, seconds in one.took if kind == group]
        slow = {path: figures([s for one in readers for _, p, s in one.took if p == path] or [0.0]) for path in paths}
        worst = sorted(slow.items(), key=lambda item: -item[1]["p95"])[:4]
        line = {"group": group, "requests": len(own), "goal_p95": GOALS.get(group)} | figures(own or [0.0])
        print(json.dumps(line | {"slowest": {path: one["p95"] for path, one in worst}}), flush=True)


def program(url: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "cxtext", *words, "--db", url]


def export(url: str) -> None:
    """`cxtext export tickets`: seconds of the processor and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "tickets.csv"
        running = subprocess.Popen(program(url, "export", "tickets", "--output", str(target), "--quiet"))
        peak = spent = 0.0
        while running.poll() is None:
            try:
                peak, spent = max(peak, memory(running.pid)), processor(running.pid)
            except (OSError, StopIteration):
                break
            time.sleep(0.2)
        rows = sum(1 for _ in target.open(encoding="utf-8", newline="\r\n")) - 1 if running.wait() == 0 else None
        line = {"export": "tickets.csv", "rows": rows, "cpu": round(spent, 1), "mb": round(peak), "goal_mb": 300}
        print(json.dumps(line), flush=True)


def main() -> None:
    """Serve, ask, write, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between an answer and the next question")
    parser.add_argument("--tickets", type=Path, help="a file for the night beside; none without it")
    parser.add_argument("--day", help="of that night")
    parser.add_argument("--no-export", action="store_true")
    asked = parser.parse_args()
    url = asked.database if "://" in asked.database else f"sqlite:///{asked.database}"
    os.environ.setdefault("CXTEXT_SECRET", "the same pseudonyms in every measurement")
    made = subprocess.run(program(url, "keys", "create", "load", "--json"), check=True, stdout=subprocess.PIPE)
    key = str(json.loads(made.stdout)["secret"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(program(url, "serve", "--port", str(port)), stderr=subprocess.DEVNULL)
    night = None
    try:
        wait(f"http://127.0.0.1:{port}/healthz")
        if asked.tickets:
            words = ("run", str(asked.tickets.resolve()), "--as-of", asked.day, "--quiet", "--workers", "1")
            night = subprocess.Popen(program(url, *words))
        until = time.perf_counter() + 60 * asked.minutes
        readers = [Reader(port, key, until, asked.pause, place) for place in range(asked.readers)]
        for one in readers:
            one.start()
        for one in readers:
            one.join()
        told(readers)
        errors = [line for one in readers for line in one.errors]
        line = {"errors": len(errors), "first": errors[:3], "server_cpu": round(processor(server.pid), 1)}
        print(json.dumps(line | {"server_mb": round(memory(server.pid))}), flush=True)
    finally:
        server.terminate()
        server.wait()
    if night is not None:
        ended = night.poll()
        if ended is None:
            night.send_signal(signal.SIGKILL)  # a killed night is taken up by the next one: nothing is harmed
        print(json.dumps({"night": "still at work" if ended is None else f"ended with {ended}"}), flush=True)
    if not asked.no_export:
        export(url)


if __name__ == "__main__":
    main()
