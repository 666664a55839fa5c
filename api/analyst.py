"""The one process that holds the models: asked in JSON lines over pipes, restarted when it dies."""

import json
import subprocess
import sys
from threading import Lock, Timer
from typing import Any

from api.errors import Unavailable
from cxtext.errors import ConfigurationError, CxtextError, Locked, SourceError, StoreError
from cxtext.settings import Settings

PATIENCE = 120.0  # seconds; the first question waits for the models to load
KINDS: dict[str, type[CxtextError]] = {
    kind.__name__: kind for kind in (ConfigurationError, SourceError, StoreError, Locked)
}


class Analyst:
    """A child process that answers one question at a time. It is started by the first question."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Put a question and wait for the answer.

        Raises:
            Unavailable: the process died or was too slow; the next question starts a new one.
            CxtextError: what the process itself had to say.
        """
        with self._lock:
            answer = self._exchange(json.dumps(question).encode() + b"\n")
        if "error" in answer:
            raise KINDS.get(answer["error"], CxtextError)(answer["message"])
        return answer

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
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
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""
        finally:
            watchdog.cancel()
        if not answer:
            self.close()
            raise Unavailable("the analysis process has ended; try again in a moment")
        return dict(json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        chosen = self._settings.model_dump(mode="json", exclude={"secret"})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cxtext.jobs.analyst"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdin is not None
        secret = self._settings.secret
        chosen["secret"] = secret.get_secret_value() if secret else None
        self._process.stdin.write(json.dumps(chosen).encode() + b"\n")
        return self._process
