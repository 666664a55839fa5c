"""All that a night reads: files, rows at hand, online sources. One source that does not answer does not stop the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from cxtext.connectors import describe, open_source
from cxtext.domain import Rejected, Ticket
from cxtext.errors import SourceError
from cxtext.jobs.ingest import Taken, limited, take_in
from cxtext.jobs.surveys import take_answers
from cxtext.jobs.visits import Stay, is_online, read_online
from cxtext.settings import Settings
from cxtext.text.clean import find_boilerplate

LOOKED_AT = 20_000  # rows of a source in which lines that all its mails carry are sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a night is to read: names of files or of configured sources, and rows that are at hand."""

    sources: Sequence[str] = ()
    given: Iterable[Ticket | Rejected] = ()
    mapping: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    surveys: Sequence[str] = ()  # files with answers to surveys; SOURCE=FILE names whose tickets they are about


def gather(wanted: Wanted, settings: Settings, stay: Stay, *, tell: Callable[[str], None]) -> tuple[Taken, list[str]]:
    """Read it all into the store; returns what was taken in, and what there is to say.

    Raises:
        SourceError: a file cannot be read, a source refuses, or no online source answers and there is nothing else.
    """
    files = [name for name in wanted.sources if not is_online(name, settings)]
    taken, lines = _files(files, wanted, settings, stay, tell)
    missing = []
    for name in (name for name in wanted.sources if is_online(name, settings)):
        stay.progress.stage(f"reading {name}", None)
        try:
            got = read_online(name, settings, stay, limit=wanted.limit)
        except SourceError as error:
            if error.permanent:
                raise
            missing.append(f"{name} was not read to its end: {error}")
            continue
        lines.append(f"{name}: {got.new:,} new, {got.changed:,} changed, {got.removed:,} gone")
        taken += got
    if missing and len(missing) == len(wanted.sources):
        raise SourceError("; ".join(missing), permanent=False)
    for name in wanted.surveys:
        got, line = take_answers(name, stay)
        taken += got
        lines.append(line)
        tell(line)
    for line in missing:
        tell(line)
    return taken, [*lines, *missing]


def _files(
    names: Sequence[str], wanted: Wanted, settings: Settings, stay: Stay, tell: Callable[[str], None]
) -> tuple[Taken, list[str]]:
    taken, lines = Taken(), []
    streams: list[tuple[str, Iterable[Ticket | Rejected], frozenset[str]]] = []
    for name in names:
        source = open_source(name, mapping=wanted.mapping, timezone=settings.timezone)
        for line in describe(source):
            lines.append(line)
            tell(line)
        texts = (row.text for row in islice(source.rows(), LOOKED_AT) if isinstance(row, Ticket))
        streams.append((name, limited(source.rows(), wanted.limit), find_boilerplate(texts)))
    if wanted.given:
        streams.append(("the request", wanted.given, frozenset()))
    for name, rows, boilerplate in streams:
        stay.progress.stage("reading tickets", None)
        got = take_in(
            stay.store, rows, stay.crew, run_id=stay.run_id, as_of=stay.as_of, zone=stay.zone, now=stay.now,
            progress=stay.progress, boilerplate=boilerplate,
        )  # fmt: skip
        if got.read == 0:
            raise SourceError(f"{name}: no rows. Is this the right file?")
        taken += got
    return taken, lines
