"""How the command line shows things: tables and progress for people, one JSON object for programs."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from cxtext.cli.language import spoken

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

BARS = "▁▂▃▄▅▆▇█"


def print_json(value: object) -> None:
    """One JSON object and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def print_lines(*lines: str) -> None:
    """Lines for people; a text from a ticket is never read as markup."""
    sys.stdout.write("".join(f"{in_language(line)}\n" for line in lines))


def print_texts(*lines: str) -> None:
    """Lines as they stand, such as texts of customers."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def note(line: str) -> None:
    """A line beside the result."""
    sys.stderr.write(f"{in_language(line)}\n")


def in_language(words: str, kind: str = "line") -> str:
    """What is said in English, in the language that people are spoken to in."""
    if _language() == "en":
        return words
    from cxtext.cli.german import german

    indent = words[: len(words) - len(words.lstrip(" "))]
    said = german(words, kind)
    return said if said != words or not indent else indent + german(words.lstrip(" "), kind)


@cache
def _language() -> str:
    return spoken()


def print_table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """A table; `columns` maps the key of a value to its heading. Numbers stand right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key, heading in columns.items():
        numeric = all(isinstance(row.get(key), (int, float, type(None))) for row in rows)
        table.add_column(in_language(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(row.get(key))) for key in columns))
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(table)


def cell(value: object) -> str:
    """One value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)


def spark(counts: Sequence[int]) -> str:
    """A line of small bars."""
    top = max(counts, default=0)
    return "".join(BARS[round(count / top * (len(BARS) - 1))] if top else BARS[0] for count in counts)


def shorten(text: str, width: int = 110) -> str:
    """A text on one line, cut at a word."""
    flat = " ".join(text.split())
    if len(flat) <= width:
        return flat
    return flat[:width].rsplit(" ", 1)[0].rstrip(",;:") + " …"


class Terminal:
    """Progress on a terminal: a bar where the end is known, a counter where it is not."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; the one before is done."""
        if self._task is not None:
            done = self._bar.tasks[self._task].completed
            self._bar.update(self._task, total=done or 1, completed=done or 1)
        self._task = self._bar.add_task(in_language(name), total=total)

    def advance(self, steps: int) -> None:
        """So many steps are done."""
        if self._task is not None:
            self._bar.advance(self._task, steps)

    def note(self, what: str, facts: Mapping[str, Any]) -> None:
        """Nothing that a bar could show."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Any]:
    """A progress bar on stderr, if that is a terminal and somebody wants it."""
    from cxtext.jobs.progress import Silent

    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Terminal(bar)
