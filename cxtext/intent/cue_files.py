"""Read the cue files `models/lexicons/intent_xx.toml`: which words say what a customer wants."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import re2

from cxtext.errors import ConfigurationError
from cxtext.resources import model_files
from cxtext.text.fold import fold

TABLES: Final = ("intent", "urgency", "reason", "touchpoint")
_INTENTS: Final = frozenset({"complaint", "question", "wish", "praise", "cancellation"})
_KEYS: Final = frozenset({"name", "weight", "cues", "match", "miss"})


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that point to `name` in one of the tables, how strongly, and the pattern that finds them."""

    table: str
    name: str
    weight: float
    words: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of a cue file that must (or must not) fire `name`; tests run all of them."""

    language: str
    table: str
    name: str
    text: str
    fires: bool


def read_cues() -> dict[str, list[Cue]]:
    """All cues by language.

    Raises:
        ConfigurationError: a file is no TOML or holds something that is no cue; the message names file and entry.
    """
    return {
        path.stem.removeprefix("intent_"): [
            Cue(table, entry["name"], float(entry.get("weight", 1.0)), words, as_pattern(words))
            for table, entry in _entries(path)
            for words in entry["cues"]
        ]
        for path in model_files("lexicons/intent_*.toml")
    }


def examples() -> list[Example]:
    """The examples beside the cues."""
    return [
        Example(path.stem.removeprefix("intent_"), table, entry["name"], text, wanted == "match")
        for path in model_files("lexicons/intent_*.toml")
        for table, entry in _entries(path)
        for wanted in ("match", "miss")
        for text in entry.get(wanted, ())
    ]


def as_pattern(words: str) -> str:
    """A cue as a pattern over folded words that stand between single blanks.

    >>> as_pattern("kündige … Vertrag*")
    ' kuendige(?: [^ .?!]+){0,3}? vertrag[^ ]* '
    """
    pattern = ""
    for word in words.split():
        if word == "…":
            pattern += "(?: [^ .?!]+){0,3}?"
        elif word.endswith("*"):
            pattern += f" {re2.escape(fold(word[:-1]))}[^ ]*"
        else:
            pattern += f" {re2.escape(fold(word))}"
    return pattern + " "


def _entries(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"intent cues {path}: {error}") from error
    if unknown := set(content) - set(TABLES):
        raise ConfigurationError(f"{path}: unknown table {sorted(unknown)[0]!r}; known: {', '.join(TABLES)}")
    found = [(table, entry) for table in TABLES for entry in content.get(table, ())]
    for table, entry in found:
        _check(path, table, entry)
    return found


def _check(path: Path, table: str, entry: dict[str, Any]) -> None:
    where = f"{path}: [[{table}]] {entry.get('name', '(no name)')!r}"
    if unknown := set(entry) - _KEYS:
        raise ConfigurationError(f"{where}: unknown key {sorted(unknown)[0]!r}; known: {', '.join(sorted(_KEYS))}")
    if not entry.get("name") or not entry.get("cues"):
        raise ConfigurationError(f"{where}: needs a name and a list of cues")
    if table == "intent" and entry["name"] not in _INTENTS:
        raise ConfigurationError(f"{where}: no such intent; known: {', '.join(sorted(_INTENTS))}")
    weight = entry.get("weight", 1.0)
    if not isinstance(weight, int | float) or weight <= 0 or (table == "urgency" and weight > 1):
        raise ConfigurationError(f"{where}: weight must be above 0, and at most 1 for urgency")
