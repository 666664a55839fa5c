"""The one process that holds the models: asked in JSON lines over pipes, restarted when it dies."""

import json
import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore, Lock, Timer
from typing import Any

from api.errors import Conflict, Unavailable, Unexpected
from cxtext.errors import ConfigurationError, CxtextError, Locked, ModelError, NotFound, SourceError, StoreError
from cxtext.settings import Settings

PATIENCE = 300.0  # seconds; 10,000 tickets at once, and the first question waits for the models to load
WAITING = 16  # questions at a time; more are sent away, so that the rest of the API keeps its threads
KINDS: dict[str, type[CxtextError]] = {
    kind.__name__: kind
    for kind in (Conflict, ConfigurationError, SourceError, StoreError, ModelError, NotFound, Locked, CxtextError)
}


class Analyst:
    """A child process that answers one question at a time. It is started by the first question."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = Lock()
        self._queue = BoundedSemaphore(WAITING)
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Put a question and wait for the answer.

        Raises:
            Unavailable: the process died or was too slow, or too many wait; the next question starts a new one.
            CxtextError: what the process itself had to say.
        """
        if not self._queue.acquire(blocking=False):
            raise Unavailable(f"{WAITING} requests are waiting for the analysis already; try again in a moment")
        try:
            with self._turn:
                answer = self._exchange(json.dumps(question).encode() + b"\n")
        finally:
            self._queue.release()
        if "error" in answer:
            raise KINDS.get(answer["error"], Unexpected)(answer["message"])
        return answer

    def close(self) -> None:
        """End the process; the input ends, and it has five seconds to follow."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):  # it is dead already and its pipe is broken
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _exchange(self, line: bytes) -> dict[str, Any]:
        process = self._running()
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            answer = _put(process, line)
        finally:
            watchdog.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            raise Unavailable("the analysis process has ended; try again in a moment")
        return dict(json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        # A group of its own: Ctrl-C reaches the web process alone, which then ends this one in order.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cxtext.jobs.analyst"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        secret = self._settings.secret
        chosen = self._settings.model_dump(mode="json") | {"secret": secret.get_secret_value() if secret else None}
        _put(self._process, json.dumps(chosen).encode() + b"\n", wait=False)
        return self._process


def _put(process: subprocess.Popen[bytes], line: bytes, *, wait: bool = True) -> bytes:
    """Write a line and read one; nothing comes back from a process that has died."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
        return process.stdout.readline() if wait else b""
    except (OSError, ValueError):  # ValueError: closed meanwhile, the server is going down
        return b""
