"""Labelled texts from a file: what every measurement starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxtext.connectors import open_source
from cxtext.domain import Rejected
from cxtext.errors import ConfigurationError, SourceError
from cxtext.text.language import identify


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their gold labels, all of equal length: something to learn from, to tune on or to measure with.

    `dates` has None where a text has none; `facts` holds what the columns that were asked for say of each text. Both
    are empty where nobody asked.
    """

    texts: Sequence[str]
    languages: Sequence[str]
    gold: Sequence[str]
    dates: Sequence[datetime | None] = ()
    facts: Sequence[Mapping[str, str | None]] = ()


def read_labelled(
    path: str,
    gold: str,
    *,
    text: str | None = None,
    language: str | None = None,
    where: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    columns: Sequence[str] = (),
    limit: int | None = None,
) -> Labelled:
    """Read texts and gold labels; rows without a label, with a label in `without`, or not `where` are left out.

    Args:
        path: any file that `cxtext run` reads.
        gold: the column with the labels.
        text: the column with the texts; recognised if not given.
        language: of all texts; recognised for each if not given.
        where: column to value; only rows with these values.
        without: labels that mean "something else".
        columns: others that are known when a text arrives; a column that cxtext keeps as a field goes by that field's
            name in `facts` ("given_category"), any other by its own.
        limit: the most texts.

    Raises:
        ConfigurationError: there is no such column.
        SourceError: no row is left.
    """
    conditions = dict(where or {})
    # Nothing but the text and the date is a field here: gold labels must be found under their own names.
    mapping = {"text": text} if text else {}
    found = open_source(path, mapping=mapping, timezone="UTC")
    used = {name: column for name, column in found.mapping.items() if name in ("text", "subject", "body", "created_at")}
    taken = {column for name, column in used.items() if name != "created_at"}
    off = {name: "" for name in found.mapping if name not in used}
    _must_have(path, {*found.mapping.values(), *found.people, *found.extra}, taken, (gold, *conditions, *columns))
    if gold in columns:
        raise ConfigurationError(f"{path}: column {gold!r} is what is to be found; it cannot be known beforehand")
    fields = {column: field for field, column in found.mapping.items()}
    rows: list[tuple[str, str, str, datetime | None, Mapping[str, str | None]]] = []
    for row in open_source(path, mapping={**used, **off}, timezone="UTC").rows():
        if isinstance(row, Rejected) or (limit is not None and len(rows) >= limit):
            continue
        label = _text(row.facts.extra.get(gold))
        if not label or label in without or any(_text(row.facts.extra.get(c)) != v for c, v in conditions.items()):
            continue
        spoken = language or identify(row.text, ("de", "en"))[0]
        known = {fields.get(column, column): _text(row.facts.extra.get(column)) or None for column in columns}
        rows.append((row.text, spoken, label, row.facts.created_at, known))
    if not rows:
        raise SourceError(f"{path}: no row has a label in {gold!r} and fulfils the conditions")
    texts, languages, labels, dates, facts = zip(*rows, strict=True)
    return Labelled(texts, languages, labels, dates, facts if columns else ())


def _must_have(path: str, there: set[str], texts: set[str], wanted: Sequence[str]) -> None:
    for column in wanted:
        if column not in there:
            raise ConfigurationError(f"{path} has no column {column!r}; it has {', '.join(sorted(there))}")
        if column in texts:
            raise ConfigurationError(f"{path}: column {column!r} holds the texts; it cannot say anything else too")


def _text(value: Any) -> str:
    return "" if value is None else str(value)
