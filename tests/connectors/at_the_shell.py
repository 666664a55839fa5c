"""Somebody at the command line with a source of their own: init, run, a run that is killed, run again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxtext.store import Store, cases, open_store, runs
from tests.connectors.servers.relay import Relay

PATIENCE = 7200  # seconds; a real Request Tracker with 500 tickets takes many minutes on a loaded machine


@dataclass
class Operator:
    """Works in one folder; the source is reached through a relay, so that every question is counted."""

    folder: Path
    relay: Relay
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"CXTEXT_DB": f"sqlite:///{self.folder / 'cxtext.db'}"} | dict(self.secrets)

    def cxtext(self, *words: str) -> str:
        """What a command prints.

        Raises:
            AssertionError: it did not end well.
        """
        done = subprocess.run(
            [sys.executable, "-m", "cxtext", *words],
            env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def init(self, kind: str, options: Mapping[str, str]) -> str:
        """`cxtext init` with flags."""
        told = (f"--set={key}={value}" for key, value in options.items())
        return self.cxtext("init", str(self.folder), "--source", kind, "--name", "desk", *told)

    def run(self) -> tuple[dict[str, Any], list[str]]:
        """`cxtext run`: its counts, and the lines that reached the server meanwhile."""
        before = len(self.relay.lines)
        counts = json.loads(self.cxtext("run", "--config", str(self.folder / "cxtext.toml"), "--json"))
        return counts, self.relay.lines[before:]

    def run_killed_at(self, pattern: str, number: int) -> None:
        """`cxtext run`, hit by SIGKILL while it waits for the answer to the `number`-th question of a kind."""
        self.relay.hold(pattern, number)
        words = ["run", "--config", str(self.folder / "cxtext.toml"), "--quiet"]
        process = subprocess.Popen([sys.executable, "-m", "cxtext", *words], env=self.environment)
        while not self.relay.held.wait(0.5):
            assert process.poll() is None, "it had ended before it could be hit"
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        self.relay.release()

    def published(self) -> list[Any]:
        """Every case of the newest published night, one for each row that the store holds."""
        with self._store() as store, store.read() as connection:
            run_id = runs.current(connection)
            return [case for _, case in cases.load(connection, cases.everything(connection, run_id), run_id)]

    def unfinished(self) -> int:
        """How many tickets a run that died has left behind, seen by nobody."""
        with self._store() as store, store.read() as connection:
            return len(cases.written(connection, runs.current(connection) + 1))

    def _store(self) -> Any:
        from contextlib import closing

        opened: Store = open_store(self.environment["CXTEXT_DB"])
        return closing(opened)
