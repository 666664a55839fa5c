"""From known words to feeling: negation and its scope, intensity, contrast, irony, questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cxtext.sentiment.scan import ends_clause, ends_sentence, pieces
from cxtext.sentiment.vocabulary import Entry, Known, Vocabulary

_AHEAD: Final = 5  # pieces that a negation reaches forwards
_BEHIND: Final = 7  # and backwards, to a verb ("gefällt mir das leider nicht")
_NOT_GOOD: Final = -0.8  # negated praise is nearly a complaint …
_NOT_WORKING: Final = -0.5  # … and so is a negated verb, even one that says little alone ("läuft", "öffnet")
_NOT_BAD: Final = -0.4  # … a negated complaint is faint praise
_CONDITIONAL: Final = 6  # pieces that "wäre", "would" reach
_BARE_NEGATION: Final = -0.18  # "ich kann mich nicht anmelden": nothing polar in reach, still no good news
_BEFORE_BUT: Final = 0.6
_AFTER_BUT: Final = 1.4
_OPENING: Final = 2  # an ironic "Toll," stands among the first pieces
_MEANT: Final = -0.5  # what ironic praise is worth
_SHOUTED: Final = 1.25
_QUESTION: Final = 0.75  # praise inside a question is mostly a wish
_AND: Final = frozenset({"und", "and", "sondern"})  # a negation stops here as well
_PRAISE: Final = 0.8  # kind words are cheaper than complaints
_EXCLAIMED: Final = 1.2
_ANNOUNCED: Final = 0.4  # a text with a link mostly reports
_DAMPING: Final = 0.9  # the larger, the more words it takes to reach ±1 …
_DAMPING_PER_PIECE: Final = 0.06  # … in a long text even more


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the text that feels: pieces `start` to `end`, its value after all rules."""

    start: int
    end: int
    value: float
    verb: bool = False
    irony: bool = False
    opening: bool = False  # of an ironic sentence: "Super, …"


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
        felt = sum(hit.value if hit.value < 0 else hit.value * _PRAISE for hit in self.hits)
        felt += _BARE_NEGATION * self.bare_negations
        return felt * _EXCLAIMED if self.pieces[-1][0] == "!" else felt


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


def weigh(sentences: Sequence[Sentence]) -> float:
    """The score of a text in -1…+1: the sum of its sentences, squashed as VADER does it (Hutto & Gilbert 2014).

    The longer a text, the more it takes to say something; a text that carries a link mostly announces.
    """
    value = sum(sentence.value for sentence in sentences)
    length = sum(len(sentence.pieces) for sentence in sentences)
    if any(piece.startswith(("http", "www.")) for sentence in sentences for piece in sentence.pieces):
        value *= _ANNOUNCED
    return value / math.sqrt(value * value + _DAMPING + _DAMPING_PER_PIECE * length)


def _read_sentence(written: list[str], vocabulary: Vocabulary) -> Sentence:
    known = [vocabulary.look(piece) for piece in written]
    roles, hits = _roles_and_hits(known, vocabulary)
    hits = [_strengthened(hit, known, roles, written) for hit in hits]
    hits, bare = _negated(hits, roles, written)
    hits = _weighed_by_contrast(hits, roles)
    hits = _without_irony(hits)
    question = any("?" in piece for piece in written[-3:])
    if question:
        hits = [_with_value(hit, hit.value * _QUESTION) if hit.value > 0 else hit for hit in hits]
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
                opening = entry.kind == "irony" and known[end - 1].folded == ","
                if not opening or at <= _OPENING:
                    hits.append(Hit(at, end, entry.score, entry.kind == "verb", entry.kind == "irony", opening))
                else:
                    end = at + 1
                    hits += _plain_word(known[at], at)
            elif entry.kind != "plain":
                roles[end - 1] = entry
        at = end
    return roles, hits


def _plain_word(known: Known, at: int) -> list[Hit]:
    return [Hit(at, at + 1, known.entry.score)] if known.entry and known.entry.kind == "polar" else []


def _strengthened(hit: Hit, known: list[Known], roles: list[Entry | None], written: list[str]) -> Hit:
    """Intensifiers in the two pieces before; capitals; exclamation marks after; what only would be good."""
    value = hit.value
    if value > 0:
        value *= _reality(hit, roles, written)
    for at in range(max(0, hit.start - 2), hit.start):
        role = roles[at]
        if role is not None and role.kind == "intensifier":
            value *= role.score
    word = written[hit.start]
    if len(word) > 3 and word.isupper():
        value *= _SHOUTED
    if hit.end < len(known) and written[hit.end][0] == "!":
        value *= 1.0 + 0.1 * min(3, len(written[hit.end]))
    return hit if value == hit.value else _with_value(hit, value)


def _with_value(hit: Hit, value: float) -> Hit:
    """`dataclasses.replace` in a tenth of its time: this is done for every word that feels."""
    return Hit(hit.start, hit.end, value, hit.verb, hit.irony, hit.opening)


def _reality(hit: Hit, roles: list[Entry | None], written: list[str]) -> float:
    for at in range(hit.start - 1, max(-1, hit.start - 1 - _CONDITIONAL), -1):
        role = roles[at]
        if role is not None and role.kind == "conditional":
            return role.score
        if ends_clause(written[at]):
            break
    return 1.0


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
    while end < min(len(written), at + 1 + _AHEAD) and not ends_clause(written[end]) and written[end] not in _AND:
        end += 1
    return [number for number, hit in enumerate(hits) if at < hit.start < end and written[hit.start][0].isalnum()]


def _verb_behind(at: int, hits: list[Hit], written: list[str]) -> list[int]:
    start = at
    while start > max(0, at - _BEHIND) and not ends_clause(written[start - 1]):
        start -= 1
    return [number for number, hit in enumerate(hits) if hit.verb and start <= hit.start < at][-1:]


def _turn(hit: Hit) -> Hit:
    if hit.verb:
        return _with_value(hit, min(_NOT_WORKING, hit.value * _NOT_GOOD))
    return _with_value(hit, hit.value * (_NOT_GOOD if hit.value > 0 else _NOT_BAD))


def _without_irony(hits: list[Hit]) -> list[Hit]:
    """Ironic openings ("Toll, …") mean what they say unless something bad follows; then nothing good is meant."""
    if not any(hit.irony for hit in hits):
        return hits
    bad = any(hit.value < 0 and not (hit.irony and hit.opening) for hit in hits)
    if not bad:
        return [_with_value(hit, abs(hit.value)) if hit.irony else hit for hit in hits]
    return [_with_value(hit, _MEANT * hit.value) if hit.value > 0 else hit for hit in hits]


def _weighed_by_contrast(hits: list[Hit], roles: list[Entry | None]) -> list[Hit]:
    turns = [at for at, role in enumerate(roles) if role is not None and role.kind == "contrast" and at]
    if not turns:
        return hits
    return [_with_value(hit, hit.value * (_BEFORE_BUT if hit.start < turns[-1] else _AFTER_BUT)) for hit in hits]
