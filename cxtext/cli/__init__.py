"""The command line. Every command imports its work when it is called, so that `--help` stays instant."""

import json
import os
import sys
from typing import NoReturn

import typer

from cxtext.cli import (
    accounts,
    alerts,
    checks,
    database,
    erase,
    evaluate,
    fixes,
    keep,
    learn,
    lexicon,
    metrics,
    report,
    search,
    setup,
    signals,
    sources,
    texts,
    topics,
    trends,
    voices,
    work,
)
from cxtext.errors import ConfigurationError, CxtextError, Locked, NotFound

app = typer.Typer(
    name="cxtext",
    help="The problems that keep coming back in support tickets: what they are, what causes them, who owns the cause.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (
    sources,
    work,
    topics,
    keep,
    trends,
    signals,
    fixes,
    report,
    metrics,
    checks,
    voices,
    learn,
    lexicon,
    texts,
    search,
    evaluate,
    accounts,
    alerts,
    database,
    erase,
    setup,
):
    room.register(app)

EXIT_CODES: dict[type[CxtextError], int] = {ConfigurationError: 2, NotFound: 2, Locked: 4}


def main() -> NoReturn:
    """Run a command; whatever cxtext can explain becomes one line and an exit code, never a traceback."""
    try:
        app()
    except CxtextError as error:
        _fail(error, next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1))
    except KeyboardInterrupt:
        sys.stderr.write("\ncxtext: stopped. Nothing is lost: the same command goes on where it stopped\n")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; that is no error of ours
        sys.exit(0)
    sys.exit(0)


def _fail(error: CxtextError, code: int) -> NoReturn:
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"cxtext: {error}\n")
    sys.exit(code)
