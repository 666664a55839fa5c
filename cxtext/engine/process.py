"""One worker process: how it is started, asked, found dead, and what it does with its life."""

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from typing import Any, Final

from cxtext.engine.job import Died, Done, Job, Shard
from cxtext.engine.worker import answered, told_of, use_one_thread
from cxtext.errors import EngineError

PATIENCE: Final = 5.0  # seconds for a process that closed its line to be gone


class Process:
    """A worker and the line to it. It starts with the first question; if it died, the next question starts another."""

    def __init__(self) -> None:
        self._process: Any = None
        self._line: Connection[Any, Any] | None = None
        self._models: tuple[Any, Any] | None = None  # load and plan of what it holds
        self._ended = False
        self._starting = Lock()  # nobody kills what is half started

    def ask(self, job: Job, shard: Shard) -> Done | Died:
        """Answers, or how it died over them.

        Raises:
            EngineError: it died while loading its models, or failed with an error that is not ours.
            CxtextError: whatever the work itself raised.
        """
        try:
            line = self._line or self._start()
            if self._models != (job.load, job.plan):
                self._load(line, job)
            line.send((job, shard))
            told = line.recv()
        except (EOFError, OSError):  # the line is cut
            return Died(self.bury())
        if isinstance(told, Exception):
            raise told
        return Done(told)

    def kill(self) -> None:
        """End it now and for ever; whoever waits for its answer finds it dead."""
        with self._starting:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def bury(self) -> str:
        """Forget a process; returns what it died of."""
        with self._starting:
            process, line = self._process, self._line
            self._process = self._line = self._models = None
        if line is not None:
            line.close()
        if process is None:
            return "never started"
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
        code = int(process.exitcode)
        process.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _start(self) -> "Connection[Any, Any]":
        # Spawned, not forked: a fork would copy the locks of whatever threads happen to run.
        context = multiprocessing.get_context("spawn")
        with self._starting:
            if self._ended:
                raise EOFError
            line, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._process, self._line = process, line
            return line

    def _load(self, line: "Connection[Any, Any]", job: Job) -> None:
        try:
            line.send((job, None))
            told = line.recv()
        except (EOFError, OSError) as error:
            raise EngineError(
                f"a worker died while it loaded its models ({self.bury()}): the machine may be short of memory. "
                "Use fewer workers: --workers 1"
            ) from error
        if isinstance(told, Exception):
            raise told
        self._models = (job.load, job.plan)


def _serve(line: "Connection[Any, Any]") -> None:
    """The life of a worker: questions in, answers out, until nobody asks any more."""
    use_one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            job, shard = line.recv()
        except (EOFError, OSError):
            return
        try:
            line.send(answered(job, shard))
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 – answers that cannot be sent are an error of the work as well
            line.send(told_of(error))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
