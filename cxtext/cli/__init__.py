"""The command line. Every command imports its work when it is called, so that `--help` stays instant."""

import errno
import json
import os
import sys
import tempfile
from typing import Annotated, Any, NoReturn

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
from cxtext.cli.german import german
from cxtext.cli.language import spoken
from cxtext.cli.output import in_language, note, print_lines
from cxtext.errors import ConfigurationError, CxtextError, Locked, NotFound, Stopped, StoreError

HELP = ["-h", "--help"]
app = typer.Typer(
    name="cxtext",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP},
)


@app.callback()
def root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Say which release this is.", is_eager=True)] = False,
) -> None:
    """The problems that keep coming back in support tickets: what they are, what causes them, who owns the cause."""
    if version:
        from importlib.metadata import version as installed

        print_lines(f"cxtext {installed('cxtext')}")
        raise typer.Exit


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

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
UsageError: Any = typer.BadParameter.__mro__[1]  # Typer carries its own Click, and names this class nowhere else
EXIT_CODES: dict[type[CxtextError], int] = {ConfigurationError: 2, NotFound: 2, Locked: 4, Stopped: 5}


def exit_code(error: CxtextError) -> int:
    """What the process ends with after an error."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)


def main() -> NoReturn:
    """Run a command; whatever cxtext can explain becomes one line and an exit code, never a traceback."""
    try:
        _run_german() if spoken() == "de" else app()
    except CxtextError as error:
        _fail(error, exit_code(error))
    except KeyboardInterrupt:
        note("\ncxtext: stopped. Nothing is lost: the same command goes on where it stopped")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; that is no error of ours
        sys.exit(0)
    except OSError as error:
        if error.errno not in FULL:
            raise
        place = error.filename or tempfile.gettempdir()
        _fail(
            StoreError(f"{place}: {error.strerror}. Make room, or set TMPDIR to a folder with room, and run it again"),
            1,
        )
    sys.exit(0)


def _fail(error: CxtextError, code: int) -> NoReturn:
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"cxtext: {in_language(str(error), 'error')}\n")
    sys.exit(code)


def _run_german() -> None:
    """The same commands with German help, and what Click and Typer say of wrong ones in German too."""
    command = typer.main.get_command(app)
    translate(command)
    try:
        code = command.main(standalone_mode=False)
    except UsageError as error:
        if not (said := in_language(error.format_message(), "error")):
            sys.exit(2)  # help was asked for by saying nothing
        where = error.ctx.command_path if error.ctx else "cxtext"
        sys.stderr.write(f"{where}: {said}\n{where} --help zeigt, was geht.\n")
        sys.exit(2)
    except typer.Abort:
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def translate(command: Any) -> None:
    """Put the help of a command, and of all below it, into German."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = "Angaben", "Optionen"
    rich_utils.COMMANDS_PANEL_TITLE, rich_utils.DEFAULT_STRING = "Befehle", "[Vorgabe: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[nötig]"
    _translate(command)


def _translate(command: Any) -> None:
    command.help = german(command.help or "", "help")
    command.options_metavar = "[OPTIONEN]"
    for option in command.params:
        if words := getattr(option, "help", None):
            option.help = german(words, "help")
    if (help_option := command.get_help_option(typer.Context(command, help_option_names=HELP))) is not None:
        help_option.help = german("Show this message and exit.", "help")
    for below in getattr(command, "commands", {}).values():
        _translate(below)
