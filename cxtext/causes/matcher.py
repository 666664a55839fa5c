"""Find the rules of a taxonomy in texts: one pass over the words, then only rules whose rarest word is there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxtext.causes.phrases import Step, parse_phrase
from cxtext.causes.scan import Words, scan
from cxtext.causes.taxonomy import Rule, Scoping
from cxtext.causes.vocabulary import Vocabulary
from cxtext.text.words import stop_words

NEGATION_WINDOW = 3  # words between "nicht" and what it denies; more belongs to another statement
NO_SCOPING = Scoping(frozenset(), (), frozenset())


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule found in a text: which one, at which words, and these words as the customer wrote them."""

    rule: Rule
    places: tuple[int, ...]
    sentence: int
    evidence: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    runs: tuple[tuple[tuple[int, int], ...], ...]  # per run: (slot, words that may stand before it)
    slots: frozenset[int]


class Matcher:
    """Rules of one language, ready to be found in many texts."""

    def __init__(self, rules: Sequence[Rule], language: str, scoping: Mapping[str, Scoping]) -> None:
        self.language = language
        self.scoping = scoping.get(language, NO_SCOPING)
        self._vocabulary = Vocabulary(language)
        self._by_anchor: dict[int, list[_Compiled]] = defaultdict(list)
        self._patterns = [(rule, _compile(rule.phrase)) for rule in rules if rule.pattern]
        self._not_negations = [tuple(words.split()) for words in self.scoping.not_negations]
        stops = stop_words(language)
        for rule in rules:
            if not rule.pattern:
                self._add(rule, stops)

    def _add(self, rule: Rule, stops: frozenset[str]) -> None:
        runs = parse_phrase(rule.phrase)
        numbered = tuple(tuple((self._vocabulary.slot(step.words), step.gap) for step in run) for run in runs)
        rarest = min((step for run in runs for step in run), key=lambda step: _commonness(step, stops))
        slots = frozenset(slot for run in numbered for slot, _ in run)
        self._by_anchor[self._vocabulary.slot(rarest.words)].append(_Compiled(rule, numbered, slots))

    def find(self, text: str) -> list[Hit]:
        """All rules found, in the order of the text, excluded and negated ones left out."""
        words = scan(text, self.scoping)
        slots_of = self._vocabulary.slots_of
        slots = [slots_of(text[start:end]) for start, end in words.spans]
        present = set().union(*slots)
        anchors = present & self._by_anchor.keys()
        fitting = [rule for anchor in anchors for rule in self._by_anchor[anchor] if rule.slots <= present]
        where = _places_of_slots(slots, set().union(*(rule.slots for rule in fitting))) if fitting else {}
        found = [hit for rule in fitting for hit in self._found(rule, where, words)]
        found += self._found_patterns(words)
        if not found:
            return []
        return sorted(_without_excluded(found), key=lambda hit: (hit.places, hit.rule.label, hit.rule.phrase))

    def _found(self, compiled: _Compiled, where: Mapping[int, list[int]], words: Words) -> Iterator[Hit]:
        for sentence, places in _by_scope(compiled, where, words):
            if self._agrees(compiled.rule, places, words):
                yield Hit(compiled.rule, places, sentence, _as_written(words, places))

    def _agrees(self, rule: Rule, places: tuple[int, ...], words: Words) -> bool:
        if rule.negated == "ignore":
            return True
        denied = self._denied(places, words, anywhere=rule.negated == "require")
        return denied == (rule.negated == "require")

    def _denied(self, places: tuple[int, ...], words: Words, *, anywhere: bool) -> bool:
        """Whether a negation governs these words: shortly before them, or `anywhere` in their clause."""
        first, last = places[0], places[-1]
        negations = self.scoping.negations
        low = first - (2 * NEGATION_WINDOW if anywhere else NEGATION_WINDOW)
        high = last + (2 * NEGATION_WINDOW if anywhere else 0)
        for place in range(max(0, low), min(len(words.forms), high + 1)):
            if (
                words.forms[place] in negations
                and place not in places
                and words.clauses[place] in (words.clauses[first], words.clauses[last])
                and not self._only_looks_negative(place, words)
            ):
                return True
        return False

    def _only_looks_negative(self, place: int, words: Words) -> bool:
        return any(tuple(words.forms[place : place + len(known)]) == known for known in self._not_negations)

    def _found_patterns(self, words: Words) -> Iterator[Hit]:
        for rule, pattern in self._patterns:
            match = pattern.search(words.text)
            if match:
                inside = [place for place, (_, end) in enumerate(words.spans) if end > match.start()]
                first = inside[0] if inside else 0
                sentence = words.sentences[first] if words.sentences else 0
                if not words.sentences or self._agrees(rule, (first,), words):
                    yield Hit(rule, (first,), sentence, match.group().strip())


def _places_of_slots(slots: Sequence[tuple[int, ...]], needed: set[int]) -> dict[int, list[int]]:
    """At which words each needed slot is filled; nearly all slots of a text belong to rules that cannot fit."""
    where: dict[int, list[int]] = {slot: [] for slot in needed}
    for place, filled in enumerate(slots):
        for slot in filled:
            if slot in needed:
                where[slot].append(place)
    return where


def _compile(pattern: str) -> Any:
    import re2  # noqa: PLC0415 - a compiled library that most taxonomies do not need

    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(pattern, options)


def _commonness(step: Step, stops: frozenset[str]) -> tuple[bool, int, int]:
    bare = [word.strip("*=").lower() for word in step.words]
    return any(word in stops for word in bare), len(bare), -min(map(len, bare))


def _by_scope(
    compiled: _Compiled, where: Mapping[int, list[int]], words: Words
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """One place per scope unit (clause, sentence, text) in which all runs of the rule are found."""
    scope = compiled.rule.scope
    units = words.clauses if scope == "clause" else words.sentences
    found: dict[int, list[tuple[int, ...]]] = {}
    for number, run in enumerate(compiled.runs):
        for places in _places(run, where, units):
            unit = 0 if scope == "text" else units[places[0]]
            runs = found.setdefault(unit, [])
            if len(runs) == number:
                runs.append(places)
    for runs in found.values():
        if len(runs) == len(compiled.runs):
            together = tuple(sorted({place for places in runs for place in places}))
            yield words.sentences[together[0]], together


def _places(
    run: tuple[tuple[int, int], ...], where: Mapping[int, list[int]], units: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    for first in where[run[0][0]]:
        found = _continue(run, 1, (first,), where, units)
        if found:
            yield found


def _continue(
    run: tuple[tuple[int, int], ...],
    step: int,
    so_far: tuple[int, ...],
    where: Mapping[int, list[int]],
    units: Sequence[int],
) -> tuple[int, ...] | None:
    if step == len(run):
        return so_far
    slot, gap = run[step]
    last = so_far[-1]
    for place in where[slot]:
        if last < place <= last + 1 + gap and units[place] == units[last]:
            found = _continue(run, step + 1, (*so_far, place), where, units)
            if found:
                return found
    return None


def _as_written(words: Words, places: tuple[int, ...]) -> str:
    """The words as the customer wrote them; neighbours stay together, gaps become an ellipsis."""
    pieces: list[str] = []
    start = previous = places[0]
    for place in (*places[1:], len(words.spans) + 1):
        if place != previous + 1:
            pieces.append(words.text[words.spans[start][0] : words.spans[previous][1]])
            start = place
        previous = place
    return " … ".join(" ".join(piece.split()) for piece in pieces)


def _without_excluded(found: list[Hit]) -> list[Hit]:
    excluded = {(hit.rule.label, hit.sentence) for hit in found if hit.rule.exclude and hit.rule.scope != "text"}
    everywhere = {hit.rule.label for hit in found if hit.rule.exclude and hit.rule.scope == "text"}
    return [
        hit
        for hit in found
        if not hit.rule.exclude and hit.rule.label not in everywhere and (hit.rule.label, hit.sentence) not in excluded
    ]
