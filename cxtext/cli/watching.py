"""How a job is watched from the shell: its log, its figures, and SIGTERM."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from cxtext.cli import options
from cxtext.cli.output import note, progress
from cxtext.errors import CxtextError

if TYPE_CHECKING:
    from cxtext.jobs.watch import Watch
    from cxtext.settings import Settings


@contextmanager
def watching(settings: "Settings", *, quiet: bool) -> Iterator["Watch"]:
    """Progress for a job, with lines in JSON and a file of figures where the settings want them.

    The first SIGTERM asks the job to end after the transaction it is in; the second one ends it at once.
    """
    from cxtext.jobs.watch import Watch

    in_json = settings.log == "json"
    with progress(quiet=quiet or in_json) as bar:
        log = note if in_json else None
        watch = Watch(bar, options.now, log=log, file=settings.metrics_file, warn=note if not in_json else _unsaid)

        def stop(number: int, _frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_DFL)
            watch.stop()

        before = signal.signal(signal.SIGTERM, stop)
        try:
            yield watch
        except BaseException as error:
            watch.ended(error)
            if in_json and isinstance(error, CxtextError):
                _leave(error)
            raise
        else:
            watch.ended()
        finally:
            signal.signal(signal.SIGTERM, before)


def _leave(error: CxtextError) -> None:
    """End with the code of an error that is in the log already: a second line, which is no JSON, would spoil it."""
    from cxtext.cli import exit_code

    sys.stderr.flush()
    raise SystemExit(exit_code(error)) from error


def _unsaid(_line: str) -> None:
    """The log says it."""
