"""What a language's words feel like: read from TSV files, answered for one word in constant time."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, get_args

from cxtext.errors import ConfigurationError
from cxtext.resources import model_files
from cxtext.sentiment.scan import ends_clause
from cxtext.text.fold import fold

Kind = Literal["polar", "verb", "intensifier", "negation", "contrast", "conditional", "plain", "irony", "include"]
_KINDS: Final = frozenset(get_args(Kind))
_GAP: Final = "…"
_GAP_WIDTH: Final = 3
_OPEN: Final = frozenset("~*#")  # ends of elements that fit more than one word
_REMEMBERED: Final = 100_000
_ENDINGS_OF_TILDE: Final = (
    "e en em er es s n t st te ten tet test et ete eten end ende enden endes ender endem ere eren erer eres erem "
    "ste sten ster stes este esten ester estes estem ern in innen ens"
)
_ENDINGS: Final = frozenset(_ENDINGS_OF_TILDE.split())
_NUMBERS_IN_WORDS: Final = (
    "zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf zig zich etlichen mehreren vielen einigen "
    "two three four five six seven eight nine ten several many"
)
_NUMBER_WORDS: Final = frozenset(_NUMBERS_IN_WORDS.split())
_SKIN_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_VADER_SCALE: Final = 4.0  # VADER's valences run from -4 to +4


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon: for `polar` the score in -1…+1, for `intensifier` the factor."""

    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row; an element ends in `~` (inflected) or `*` (any ending), is `#` (a number) or `…` (a gap)."""

    elements: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Known:
    """All that a vocabulary says about one piece of text."""

    folded: str
    entry: Entry | None
    phrases: tuple[Phrase, ...] = ()


class Vocabulary:
    """The lexicon of one language.

    >>> Vocabulary("de").look("Zugausfälle").entry.score < 0
    True
    """

    def __init__(self, language: str) -> None:
        self._exact: dict[str, Entry] = {}
        self._inflected: dict[str, Entry] = {}
        self._stems: dict[str, Entry] = {}
        self._tails: dict[str, Entry] = {}
        self._starts: dict[str, list[Phrase]] = {}
        self._memo: dict[str, Known] = {}
        for name in ("emoji.tsv", f"sentiment_{language}.tsv", f"sentiment_{language}_phrases.tsv"):
            for path in model_files(f"lexicons/{name}"):
                for form, entry in _lines(path):
                    self._add(form, entry)
        self._longest = max(map(len, (*self._inflected, *self._stems, *self._tails)), default=0)

    def look(self, piece: str) -> Known:
        """What is known about a piece as written; asked twice, answered from memory."""
        known = self._memo.get(piece)
        if known is None:
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            folded = fold(piece) if piece[0].isalnum() else _plain_emoji(piece)
            known = Known(folded, self._resolve(folded) or self._drawn_out(folded), self._phrases_from(folded))
            self._memo[piece] = known
        return known

    def match(self, known: Sequence[Known], start: int) -> tuple[Phrase, int] | None:
        """The phrase that covers most pieces from `start` on, and the index behind it."""
        best: tuple[Phrase, int] | None = None
        following = known[start + 1].folded if start + 1 < len(known) else ""
        for phrase in known[start].phrases:
            second = phrase.elements[1]
            if second not in (following, _GAP) and not (second[-1] in _OPEN and following and _fits(second, following)):
                continue  # most phrases end here
            end = _follow(phrase.elements, known, start)
            if end and (best is None or end > best[1]):
                best = phrase, end
        return best

    def _add(self, form: str, entry: Entry) -> None:
        if entry.kind == "include":
            for word, included in _vader():
                self._exact.setdefault(word, included)
        elif " " in form or form.endswith(","):
            elements = tuple(_fold_element(element) for element in form.replace(",", " ,").split())
            self._starts.setdefault(elements[0], []).append(Phrase(elements, entry))
        elif not form.strip("*~").isalnum():
            self._exact[form] = entry
        elif form.startswith("*"):
            self._tails[fold(form.strip("*~"))] = entry
        elif form.endswith("~"):
            self._inflected[fold(form[:-1])] = entry
        elif form.endswith("*"):
            self._stems[fold(form[:-1])] = entry
        else:
            self._exact[fold(form)] = entry

    def _resolve(self, word: str) -> Entry | None:
        if word in self._exact:
            return self._exact[word]
        if word in self._inflected:
            return self._inflected[word]
        for length in range(min(len(word), self._longest), 2, -1):
            head, rest = word[:length], word[length:]
            if head in self._inflected and rest in _ENDINGS:
                return self._inflected[head]
            if head in self._stems:
                return self._stems[head]
        return self._from_tail(word) or self._from_prefix(word)

    def _drawn_out(self, word: str) -> Entry | None:
        """Tooooll, sooo: three of a letter are one, else two ("suuuper", "schnelll")."""
        if not _DRAWN_OUT.search(word):
            return None
        return self._resolve(_DRAWN_OUT.sub(r"\1", word)) or self._resolve(_DRAWN_OUT.sub(r"\1\1", word))

    def _from_tail(self, word: str) -> Entry | None:
        for start in range(max(2, len(word) - self._longest - 3), len(word) - 2):
            tail = word[start:]
            for cut in range(min(3, len(tail) - 3) + 1):
                if tail[: len(tail) - cut] in self._tails and (not cut or tail[-cut:] in _ENDINGS):
                    return self._tails[tail[: len(tail) - cut]]
        return None

    def _from_prefix(self, word: str) -> Entry | None:
        """Unzuverlässig, unschön: a known good word behind `un`. German and English alike."""
        if not word.startswith("un") or len(word) < 6:
            return None
        inner = self._resolve(word[2:])
        return Entry("polar", -inner.score) if inner and inner.kind == "polar" and inner.score > 0 else None

    def _phrases_from(self, word: str) -> tuple[Phrase, ...]:
        found = list(self._starts.get(word, ()))
        found += self._starts.get("#", ()) if _is_number(word) else ()
        for length in range(3, len(word) + 1):
            head, rest = word[:length], word[length:]
            found += self._starts.get(f"{head}~", ()) if not rest or rest in _ENDINGS else ()
            found += self._starts.get(f"{head}*", ())
        return tuple(found)


def _follow(elements: tuple[str, ...], known: Sequence[Known], start: int) -> int:
    """The index behind the last piece if the elements stand in a row from `start`, else 0."""
    at, wait = start, 0
    for element in elements:
        if element == _GAP:
            wait = _GAP_WIDTH
            continue
        while at < len(known) and not _fits(element, known[at].folded):
            if not wait or _closes_gap(known[at]):
                return 0
            at, wait = at + 1, wait - 1
        if at >= len(known):
            return 0
        at, wait = at + 1, 0
    return at


def _closes_gap(known: Known) -> bool:
    """A gap must not hide a negation: "kann ich nicht empfehlen" is no praise. Nor does it leave its clause."""
    return ends_clause(known.folded) or (known.entry is not None and known.entry.kind == "negation")


def _fits(element: str, word: str) -> bool:
    if element == word:
        return True
    if element == "#":
        return _is_number(word)
    if element.endswith("~"):
        return word.startswith(element[:-1]) and (len(word) < len(element) or word[len(element) - 1 :] in _ENDINGS)
    return element.endswith("*") and word.startswith(element[:-1])


def _plain_emoji(piece: str) -> str:
    """A thumb is a thumb in every colour; of joined emojis the first one counts."""
    return _SKIN_TONES.sub("", piece.partition("\u200d")[0])


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


def _fold_element(element: str) -> str:
    if element in {_GAP, "#", ","}:
        return element
    mark = element[-1] if element[-1] in "~*" else ""
    return fold(element.rstrip("~*")) + mark


def _lines(path: Path) -> Iterator[tuple[str, Entry]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if not row or (len(row) == 1 and row[0].startswith("#")):
                continue
            try:
                form, score, kind = row
                entry = Entry(_known_kind(kind), float(score))
            except ValueError as error:
                raise ConfigurationError(
                    f"{path}, line {number}: {error}; write form, score and kind with tabs between"
                ) from error
            yield form, entry


def _known_kind(kind: str) -> Kind:
    if kind not in _KINDS:
        raise ValueError(f"no kind {kind!r}; known: {', '.join(sorted(_KINDS))}")
    return kind  # type: ignore[return-value]  # the set holds exactly the literals


def _vader() -> Iterator[tuple[str, Entry]]:
    """The word list of VADER (Hutto & Gilbert 2014, MIT), scaled to -1…+1."""
    text = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        word, valence = line.split("\t")[:2]
        yield word, Entry("polar", float(valence) / _VADER_SCALE)


def languages() -> frozenset[str]:
    """The languages that have a lexicon: one TSV file each, `models/lexicons/sentiment_xx.tsv`."""
    names = (path.stem.removeprefix("sentiment_") for path in model_files("lexicons/sentiment_*.tsv"))
    return frozenset(name for name in names if "_" not in name)
