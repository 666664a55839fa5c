"""Recognises which column holds which field of a ticket."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo

from cxtext.connectors.dates import Reader
from cxtext.connectors.names import NAMES
from cxtext.connectors.values import CHANNELS, is_absent, number, satisfaction, score, whole, yes
from cxtext.errors import ConfigurationError, SourceError

FIELDS = tuple(NAMES)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WRAPPERS = ("fields", "ticket", "tickets", "issue", "case", "data", "stats", "attributes", "record", "properties")
_PROSE_OR_SCORE = frozenset({"stars", "csat", "nps", "ces"})
STRONG = NAMES["text"].index("description text")  # names before it mean the text even beside a body
WEAK = NAMES["text"].index("review")  # names from it on mean the text only where the cells look like one
DATES = ("created_at", "updated_at", "first_response_at", "resolved_at")
_DATE_WORDS = (
    "date",
    "datum",
    "timestamp",
    "zeitstempel",
    "erstelltam",
    "createdat",
)  # these are dates, well written or not
_PARSERS: Mapping[str, Callable[[str], object]] = {
    "csat": satisfaction, "nps": whole, "ces": score, "stars": score, "reopened": whole, "churned": yes, "cost": number,
}  # fmt: skip
_SEVERAL = frozenset({"people"})


@dataclass(frozen=True)
class Recognised:
    """Which column a field comes from; `people` may have several. `notes` says in words what was decided by looking."""

    mapping: Mapping[str, str]
    people: tuple[str, ...] = ()
    constants: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """A column name without case, accents, blanks and punctuation: "Gelöst am:" becomes "geloestam"."""
    plain = name.replace("ẞ", "ss").casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", plain).translate(_UMLAUTS))
    return "".join(letter for letter in plain if letter.isalnum())


def keys_of(name: str) -> tuple[str, ...]:
    """The keys a column may be known by: the whole name, without "(2)", inside "Custom field (…)", without "fields."."""
    keys = [key_of(name)]
    if inside := re.fullmatch(r"custom field \((.+)\)(?: \(\d+\))?", name, re.IGNORECASE):
        keys.append(key_of(inside[1]))
    keys.append(key_of(re.sub(r"\s*(\(\d+\)|\[[^\]]*\]|\([^)]*\)|\*|:)\s*$", "", name)))
    head, _, tail = name.partition(".")
    if tail and key_of(head) in _WRAPPERS:
        keys.extend(keys_of(tail))
    if name.endswith((".name", ".value", ".displayName")):
        keys.append(key_of(name.rpartition(".")[0]))
    return tuple(dict.fromkeys(key for key in keys if key))


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, Mapping[str, int]]:
    """Key of a name to its rank within each field that it may stand for."""
    ranks: dict[str, dict[str, int]] = {}
    for field, names in NAMES.items():
        for rank, name in enumerate(names):
            for key in (key_of(name), *_without_e(name)):
                ranks.setdefault(key, {}).setdefault(field, rank)
    return ranks


def _without_e(name: str) -> tuple[str, ...]:
    """Some programs write ü as u, so "geloest am" is also known as "gelost am"."""
    key = key_of(name)
    plain = key.replace("oe", "o").replace("ae", "a").replace("ue", "u")
    return (plain,) if plain != key and any(pair in name for pair in ("oe", "ae", "ue")) else ()


def fields_of(name: str) -> Mapping[str, int]:
    """The fields that a column of this name may stand for, with the rank of the name (0 is best)."""
    for key in keys_of(name):
        if found := _ranks().get(key):
            return found
    return {}


def recognise(columns: Sequence[str], mapping: Mapping[str, str], samples: Mapping[str, Sequence[str]]) -> Recognised:
    """Assign columns to fields: what the user said first, then by name, then the only column with free text.

    Raises:
        ConfigurationError: the user named a field or a column that does not exist.
    """
    chosen, off, constants = _from_user(columns, mapping)
    taken = set(chosen.values())
    candidates = sorted(
        (rank, position, field, name)
        for position, name in enumerate(columns)
        for field, rank in fields_of(name).items()
        if name not in taken and field not in off and field not in chosen
    )
    for rank, _, field, name in candidates:
        if field in _SEVERAL or field in chosen or name in taken or not _fits(field, rank, samples.get(name, ())):
            continue
        chosen[field] = name
        taken.add(name)
    if "body" in chosen and fields_of(chosen.get("text", "")).get("text", 0) >= STRONG and "text" not in mapping:
        taken.discard(chosen.pop("text"))  # "notes" or "tweet" beside a body is something else
    notes = _by_cells(columns, mapping, samples, chosen, off)
    used = set(chosen.values())
    people = [name for name in columns if "people" in fields_of(name) and name not in used and "people" not in off]
    if "people" in chosen:
        people = [chosen.pop("people"), *people] if "people" in mapping else [chosen.pop("people")]
    ordered = {field: chosen[field] for field in FIELDS if field in chosen}
    return Recognised(ordered, tuple(dict.fromkeys(people)), constants, tuple(notes))


def _by_cells(
    columns: Sequence[str],
    mapping: Mapping[str, str],
    samples: Mapping[str, Sequence[str]],
    chosen: dict[str, str],
    off: set[str],
) -> list[str]:
    """Decide in `chosen` what names alone cannot, by looking at cells; returns what was decided, in words."""
    notes = []
    if (
        "source" in chosen
        and "source" not in mapping
        and "channel" not in chosen
        and _channels(samples.get(chosen["source"], ()))
    ):
        chosen["channel"] = chosen.pop("source")
        notes.append(f"{chosen['channel']} holds channels")
    if not {"text", "body"} & chosen.keys() and "text" not in off and columns:
        prose = [name for name in columns if name not in chosen.values() and is_prose(samples.get(name, ()))]
        if len(prose) == 1:
            chosen["text"] = prose[0]
            notes.append(f"{prose[0]} is the only column with free text")
    return notes


def demand_text(found: Recognised, columns: Sequence[str], name: str, *, data_as_header: bool) -> None:
    """Refuse a file in which nothing can be read as the text of a ticket.

    Raises:
        SourceError: names the columns and says how to choose one.
    """
    if {"text", "body", "subject"} & found.mapping.keys() or not columns:
        return
    listed = ", ".join(column if len(column) <= 40 else column[:39] + "…" for column in columns[:30])
    more = f" and {len(columns) - 30} more" if len(columns) > 30 else ""
    hint = "; the first line looks like data: if there is no header line, name columns by number: --map 'text=#2'"
    raise SourceError(
        f"{name}: no column is known as the text. Columns: {listed}{more}. Choose one with --map text=COLUMN"
        + (hint if data_as_header else "")
    )


def is_prose(sample: Sequence[str]) -> bool:
    """Whether cells read like sentences: blanks inside and 20 characters on average."""
    full = [cell for cell in sample if cell.strip()]
    if not full or sum(map(len, full)) < 20 * len(full):
        return False
    return sum(cell.strip().count(" ") >= 2 and not cell[:1].isdigit() for cell in full) * 2 > len(full)


def _from_user(columns: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, str], set[str], dict[str, str]]:
    chosen: dict[str, str] = {}
    off: set[str] = set()
    constants: dict[str, str] = {}
    by_key = {key_of(name): name for name in reversed(columns)}
    for field, wanted in mapping.items():
        if field not in NAMES:
            raise ConfigurationError(f"--map {field}={wanted}: no field {field!r}{_guess(field, FIELDS)}")
        column = wanted.strip()
        if not column:
            off.add(field)
        elif column in columns:
            chosen[field] = column
        elif key_of(column) and key_of(column) in by_key:
            chosen[field] = by_key[key_of(column)]
        elif field == "csat_max" and column.replace(".", "", 1).isdecimal():
            constants[field] = column
        elif columns:
            raise ConfigurationError(f"--map {field}={wanted}: no column {column!r}{_guess(column, columns)}")
    return chosen, off, constants


def _guess(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return (f"; did you mean {close[0]!r}?" if close else ".") + f" Known: {', '.join(known[:60])}"


def _fits(field: str, rank: int, sample: Sequence[str]) -> bool:
    """Whether the cells agree with the name: one misread column must not send a whole file to quarantine."""
    full = [cell for cell in sample if not is_absent(cell)]
    if not full or (rank == 0 and field != "source"):
        return not (field in _PROSE_OR_SCORE and is_prose(sample))
    if field == "text":
        return rank < WEAK or not all(_says_nothing(cell) for cell in full)
    if field == "source":
        return not all(cell.strip().isdecimal() for cell in full)  # Freshdesk numbers its channels here
    if field in DATES:
        named = any(word in key_of(NAMES[field][rank]) for word in _DATE_WORDS)
        return (
            named
            or _readable(full, Reader(ZoneInfo("UTC")).read)
            or _readable(full, Reader(ZoneInfo("UTC"), day_first=False).read)
        )
    return field not in _PARSERS or _readable(full, _PARSERS[field])


def _readable(cells: Sequence[str], parse: Callable[[str], object]) -> bool:
    good = 0
    for cell in cells[:200]:
        try:
            parse(cell)
            good += 1
        except ValueError:
            continue
    return good * 2 >= min(len(cells), 200)


def _says_nothing(cell: str) -> bool:
    """A number or a yes or no, as in a column `tweet` that only says whether there is one."""
    word = cell.strip().casefold()
    return word in {"true", "false", "yes", "no", "ja", "nein"} or word.replace(",", "").replace(".", "").isdecimal()


def _channels(sample: Sequence[str]) -> bool:
    full = [cell.strip().casefold() for cell in sample if cell.strip()]
    return bool(full) and all(cell in CHANNELS for cell in full)
