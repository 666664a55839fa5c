"""From known words to feeling: negation and its scope, intensity, contrast, irony, questions."""

import math
from dataclasses import dataclass, replace
from typing import Final

from cxtext.sentiment.scan import ends_clause, ends_sentence, pieces
from cxtext.sentiment.vocabulary import Entry, Known, Vocabulary

_AHEAD: Final = 5  # pieces that a negation reaches forwards
_BEHIND: Final = 7  # and backwards, to a verb ("gefällt mir das leider nicht")
_NOT_GOOD: Final = -0.8  # negated praise is nearly a complaint …
_NOT_BAD: Final = -0.4  # … a negated complaint is faint praise
_BARE_NEGATION: Final = -0.18  # "ich kann mich nicht anmelden": nothing polar in reach, still no good news
_BEFORE_BUT: Final = 0.6
_AFTER_BUT: Final = 1.4
_SHOUTED: Final = 1.25
_QUESTION: Final = 0.75  # praise inside a question is mostly a wish
_DAMPING: Final = 0.9  # the larger, the more words it takes to reach ±1


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the text that feels: pieces `start` to `end`, its value after all rules."""

    start: int
    end: int
    value: float
    verb: bool = False
    irony: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its pieces (as written) and its hits."""

    pieces: tuple[str, ...]
    hits: tuple[Hit, ...]
    question: bool
    bare_negations: int

    @property
    def value(self) -> float:
        """The sum of what its hits say; open ended."""
        return sum(hit.value for hit in self.hits) + _BARE_NEGATION * self.bare_negations


def read(text: str, vocabulary: Vocabulary) -> list[Sentence]:
    """The sentences of `text` with everything in them that feels."""
    all_pieces = pieces(text)
    sentences, start = [], 0
    for at, piece in enumerate(all_pieces):
        last = at + 1 == len(all_pieces)
        if last or (ends_sentence(piece) and not ends_sentence(all_pieces[at + 1])):
            sentences.append(_read_sentence(all_pieces[start : at + 1], vocabulary))
            start = at + 1
    return sentences


def squash(value: float) -> float:
    """Open-ended sums into -1…+1, the way VADER does it (Hutto & Gilbert 2014)."""
    return value / math.sqrt(value * value + _DAMPING)


def _read_sentence(written: list[str], vocabulary: Vocabulary) -> Sentence:
    known = [vocabulary.look(piece) for piece in written]
    roles, hits = _roles_and_hits(known, vocabulary)
    hits = [_strengthened(hit, known, roles, written) for hit in hits]
    hits, bare = _negated(hits, roles, written)
    hits = _weighed_by_contrast(hits, roles)
    question = any("?" in piece for piece in written[-3:])
    if question:
        hits = [replace(hit, value=hit.value * _QUESTION) if hit.value > 0 else hit for hit in hits]
    if any(hit.irony for hit in hits):
        hits = [replace(hit, value=-abs(hit.value) * 0.5) if hit.value > 0 else hit for hit in hits]
    return Sentence(tuple(written), tuple(hits), question, bare)


def _roles_and_hits(known: list[Known], vocabulary: Vocabulary) -> tuple[list[Entry | None], list[Hit]]:
    """Phrases win over words; what a plain phrase covers says nothing at all."""
    roles: list[Entry | None] = [None] * len(known)
    hits, at = [], 0
    while at < len(known):
        found = vocabulary.match(known, at) if known[at].phrases else None
        entry, end = (found[0].entry, found[1]) if found else (known[at].entry, at + 1)
        if entry is not None:
            if entry.kind in {"polar", "verb", "irony"}:
                hits.append(Hit(at, end, entry.score, entry.kind == "verb", entry.kind == "irony"))
            elif entry.kind != "plain":
                roles[at] = entry
        at = end
    return roles, hits


def _strengthened(hit: Hit, known: list[Known], roles: list[Entry | None], written: list[str]) -> Hit:
    """Intensifiers in the two pieces before; capitals; exclamation marks after."""
    value = hit.value
    for at in range(max(0, hit.start - 2), hit.start):
        role = roles[at]
        if role is not None and role.kind == "intensifier":
            value *= role.score
    word = written[hit.start]
    if len(word) > 3 and word.isupper():
        value *= _SHOUTED
    if hit.end < len(known) and written[hit.end][0] == "!":
        value *= 1.0 + 0.1 * min(3, len(written[hit.end]))
    return replace(hit, value=value)


def _negated(hits: list[Hit], roles: list[Entry | None], written: list[str]) -> tuple[list[Hit], int]:
    """Turn what each negation reaches: the next hits in its clause, else the verb before it."""
    turned: set[int] = set()
    bare = 0
    for at, role in enumerate(roles):
        if role is None or role.kind != "negation":
            continue
        reached = _ahead(at, hits, written) or _verb_behind(at, hits, written)
        turned.update(reached)
        bare += not reached
    return [_turn(hit) if number in turned else hit for number, hit in enumerate(hits)], bare


def _ahead(at: int, hits: list[Hit], written: list[str]) -> list[int]:
    end = at + 1
    while end < min(len(written), at + 1 + _AHEAD) and not ends_clause(written[end]):
        end += 1
    return [number for number, hit in enumerate(hits) if at < hit.start < end]


def _verb_behind(at: int, hits: list[Hit], written: list[str]) -> list[int]:
    start = at
    while start > max(0, at - _BEHIND) and not ends_clause(written[start - 1]):
        start -= 1
    return [number for number, hit in enumerate(hits) if hit.verb and start <= hit.start < at][-1:]


def _turn(hit: Hit) -> Hit:
    return replace(hit, value=hit.value * (_NOT_GOOD if hit.value > 0 else _NOT_BAD))


def _weighed_by_contrast(hits: list[Hit], roles: list[Entry | None]) -> list[Hit]:
    turns = [at for at, role in enumerate(roles) if role is not None and role.kind == "contrast" and at]
    if not turns:
        return hits
    return [replace(hit, value=hit.value * (_BEFORE_BUT if hit.start < turns[-1] else _AFTER_BUT)) for hit in hits]
