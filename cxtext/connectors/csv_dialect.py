"""Finds out how a delimited file separates and quotes its cells."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cxtext.connectors.columns import fields_of

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NOTHING = "\x1f"  # the unit separator: for files of one column, where commas belong to the text


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and quoted."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    skip: int = 0  # lines before the header, such as Excel's "sep=;"

    def options(self, *, strict: bool) -> dict[str, Any]:
        """The arguments of `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
            "strict": strict,
        }

    def words(self) -> str:
        """The dialect for people."""
        name = DELIMITERS.get(self.delimiter, "one column")
        return name if self.quote == '"' else f"{name}, quoted with {self.quote}"


def find_dialect(sample: str, preferred: str = ",") -> Dialect:
    """The dialect in which the header has the most known names and the rows agree best about the number of cells."""
    lines = sample.splitlines(keepends=True)
    if lines and (said := re.fullmatch(r"sep=(.)\s*", lines[0].lstrip("\ufeff"))):
        return Dialect(said[1], _quote(sample), _escape(sample), 1)
    quote, escape = _quote(sample), _escape(sample)
    best, most = Dialect(NOTHING, quote, escape), (0, 0.0, 0, False)
    for delimiter in DELIMITERS:
        dialect = Dialect(delimiter, quote, escape)
        rows = _rows(lines, dialect)
        if not rows or len(rows[0]) < 2:
            continue
        known = sum(bool(fields_of(name)) for name in rows[0])
        common = Counter(map(len, rows)).get(len(rows[0]), 0) / len(rows)
        result = (known, round(common, 2), len(rows[0]), delimiter == preferred)
        if result > most:
            best, most = dialect, result
    return best


def _rows(lines: Iterable[str], dialect: Dialect) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(lines, **dialect.options(strict=False)):
            if row:
                rows.append(row)
            if len(rows) >= 200:
                break
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) > 2 else rows  # the sample ends anywhere, perhaps inside a row


def _quote(sample: str) -> str:
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", sample, re.MULTILINE))
    return "'" if single > 2 and '"' not in sample else '"'


def _escape(sample: str) -> str | None:
    """MySQL puts a backslash before a quote inside quotes where others double it."""
    return "\\" if len(re.findall(r'[^,;\t|\n]\\"[^,;\t|\r\n]', sample)) > sample.count('""') else None
