"""Reads a German-English dictionary that a user has (ding format or TSV) into a table beside the shipped vocabulary."""

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxtext.array_file import load_arrays
from cxtext.errors import ConfigurationError, ModelError, SourceError
from cxtext.text.fold import fold

TABLE = "lexicons/imported_de_en.npz"
GZIP = b"\x1f\x8b"
SHOWN_PROBLEMS = 20
LONGEST_LINE = 20_000
LONGEST_WORD = 80
MOST_WORDS = 2  # German: longer entries are sayings, which no lookup by word can meet
MOST_MEANINGS = 6
NOTES = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|/[^/|]*/")
BLANKS = re.compile(r"\s+")
ARTICLE = re.compile(r"(?:to|a|an|the) (?=\w)")

Translations = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that could not be read."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: counts, where the table is, and the first problems with their line numbers."""

    lines: int
    words: int
    bad_lines: int
    table: Path
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)
    lines: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_lexicon(source: Path, folder: Path) -> Imported:
    """Read a dictionary and write `folder`/lexicons/imported_de_en.npz, which `Static` finds there; replaces an older one.

    The file is the ding format (``Haus {n} | Häuser {pl} :: house | houses``) or tab-separated (``Haus<TAB>house;
    home``), UTF-8, plain or gzip. Lines that cannot be read are counted and named; the rest is imported.

    Raises:
        SourceError: the file cannot be read or holds no entry at all.
        ConfigurationError: the folder cannot be written.
    """
    reading = _read(source)
    entries = {word: _best(found) for word, found in reading.found.items()}
    if not entries:
        first = f" (line {reading.problems[0].line}: {reading.problems[0].reason})" if reading.problems else ""
        raise SourceError(
            f"{source}: no dictionary entry found{first}; expected lines like 'Haus {{n}} :: house' or 'Haus<TAB>house'"
        )
    table = folder / TABLE
    try:
        table.parent.mkdir(parents=True, exist_ok=True)
        _write(table, entries)
    except OSError as error:
        raise ConfigurationError(f"dictionary table {table}: {error}; name a folder that can be written") from error
    return Imported(reading.lines, len(entries), reading.bad, table, tuple(reading.problems))


def read_table(table: Path) -> Translations:
    """The table that `import_lexicon` wrote: German word to English meanings.

    Raises:
        ModelError: the table is damaged.
    """
    try:
        stored = load_arrays(table)
        german = stored["german"].tobytes().decode().split("\n")
        english = stored["english"].tobytes().decode().split("\n")
        return {word: tuple(meanings.split("\t")) for word, meanings in zip(german, english, strict=True)}
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"dictionary table {table}: {error}; run `cxtext lexicon import` again") from error


def entries_of(line: str) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """German words of one line, their English meanings, and how many synonyms stood before the word (0: headword).

    Raises:
        ValueError: the line has no two sides, or one of them is empty.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE:,} characters")
    divider = "::" if "::" in line else "\t"
    german, found, english = line.partition(divider)
    if not found:
        raise ValueError("neither '::' nor a tab between German and English")
    if not german.strip() or not english.strip():
        raise ValueError("German or English is missing")
    if divider == "\t":
        left, right = [german], [english.replace("\t", ";")]
    else:
        left, right = german.split("|"), english.split("|")  # forms of one entry, in the same order on both sides
    for number, group in enumerate(left):
        meanings = _meanings(right[min(number, len(right) - 1)])
        for rank, word in enumerate(_words(group)):
            if meanings:
                yield word, meanings, rank


def _words(group: str) -> Iterator[str]:
    for piece in _without_notes(group).split(";"):
        word = BLANKS.sub(" ", piece).strip(" .!?,…~-")
        if word and len(word) <= LONGEST_WORD and len(word.split()) <= MOST_WORDS:
            yield word.removeprefix("sich ")


def _meanings(group: str) -> tuple[str, ...]:
    found = (BLANKS.sub(" ", piece).strip(" .!?,…~-").lower() for piece in _without_notes(group).split(";"))
    return tuple(dict.fromkeys(ARTICLE.sub("", meaning, count=1) for meaning in found if meaning))[:MOST_MEANINGS]


def _best(found: list[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
    """Meanings from lines that the word heads come first: where it is the third synonym, little of it is meant."""
    ordered = (meaning for _, meanings in sorted(found, key=lambda one: one[0]) for meaning in meanings)
    return tuple(dict.fromkeys(ordered))[:MOST_MEANINGS]


def _without_notes(text: str) -> str:
    before = None
    while before != text:  # notes stand in notes
        before, text = text, NOTES.sub(" ", text)
    return text


def _read(source: Path) -> _Reading:
    reading = _Reading()
    try:
        with source.open("rb") as start:
            packed = start.read(2) == GZIP
        with gzip.open(source, "rb") if packed else source.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                _take(reading, number, raw)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{source}: {error}; the file must be a dictionary as text, plain or gzip") from error
    return reading


def _take(reading: _Reading, number: int, raw: bytes) -> None:
    try:
        line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        if not line or line.startswith("#"):
            return
        reading.lines += 1
        for word, meanings, rank in entries_of(line):
            reading.found.setdefault(word, []).append((rank, meanings))
    except ValueError as error:  # UnicodeDecodeError is one
        reading.bad += 1
        if len(reading.problems) < SHOWN_PROBLEMS:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            reading.problems.append(Problem(number, reason))


def _write(table: Path, entries: Translations) -> None:
    """Words as written and folded. Written beside its place and then moved, so that no reader meets half a table."""
    keys = {fold(word): meanings for word, meanings in sorted(entries.items())} | entries
    german = sorted(keys)
    english = ["\t".join(keys[word]) for word in german]
    unfinished = table.with_name(f".{table.name}.{os.getpid()}.npz")
    try:
        np.savez_compressed(unfinished, german=_letters(german), english=_letters(english))
        unfinished.replace(table)
    finally:
        unfinished.unlink(missing_ok=True)


def _letters(lines: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
