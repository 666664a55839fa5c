"""German phrases that name an issue: noun with attribute, with state, with negation, with verb, with place."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cxtext.text.words import lemma
from cxtext.topics.clauses import Phrase, dictionary_form, listed, speaks

_PARTICIPLE = re.compile(
    r"^(?:[a-zäöüß]+)?ge[a-zäöüß]{2,}(?:t|en)$|^(?:be|ver|zer|ent|er|miss|über|unter)[a-zäöüß]{3,}t$"
)
_ADJECTIVE_ENDING = re.compile(r"(?:e|er|es|en|em)$")
_FEMININE = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|erei|enz|anz)$")
_FAR = 8  # words between a noun and its state
_NEAR = 4  # words between a verb and its negation
_ENDING = {"das": "es", "der": "er", "dieses": "es", "dieser": "er", "jedes": "es"}  # of an adjective without article


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause with what is known about its words."""

    words: Sequence[str]
    is_noun: Sequence[bool]

    def subject(self, place: int) -> int | None:
        """The nearest noun before a place that no preposition leads in: "Lampe" of "die Lampe am Weg ist defekt"."""
        for at in range(place - 1, max(-1, place - _FAR), -1):
            if (
                self.is_noun[at]
                and (not at or self.words[at - 1].lower() not in listed("de", "oblique"))
                and not any(word.lower() in listed("de", "prepositions") for word in self.words[max(0, at - 3) : at])
            ):
                return at
        return None


def german_phrases(words: Sequence[str], is_noun: Callable[[str], bool]) -> Iterator[Phrase]:
    """The phrases of one clause; `is_noun` knows which words the corpus writes with a capital."""
    for word in words:
        if word[-1:].isdigit() and speaks(word, "de"):  # an error code
            yield Phrase((word.lower(),), word.upper())
    clause = Clause(words, [is_noun(word) and not word[-1].isdigit() and speaks(word, "de") for word in words])
    if not any(clause.is_noun):
        return
    yield from _nouns(clause)
    yield from _attributes(clause)
    yield from _places(clause)
    for place, word in enumerate(words):
        if not word.islower():
            continue
        if word in ("nicht", "nie"):
            yield from _negated(clause, place)
        elif word in listed("de", "without"):
            yield from _without(clause, place)
        elif _is_state(word) and not any(clause.is_noun[place + 1 : place + 2]):
            yield from _state(clause, place)
        elif place and clause.is_noun[place - 1] and _is_verb(word):
            yield from _doing(clause, place)


def _nouns(clause: Clause) -> Iterator[Phrase]:
    for place, word in enumerate(clause.words):
        if clause.is_noun[place]:
            before = [other.lower() for other in clause.words[max(0, place - 3) : place]]
            led_in = any(other in listed("de", "prepositions") for other in before)
            yield Phrase((_key(word),), word, not led_in and before[-1:] != ["des"])


def _attributes(clause: Clause) -> Iterator[Phrase]:
    """Noun with adjective, as it stands without an article: "das schwere Gerät" is a "schweres Gerät"."""
    for place, (left, right) in enumerate(pairwise(clause.words)):
        if not clause.is_noun[place + 1] or not _is_attribute(left):
            continue
        before = clause.words[place - 1].lower() if place else ""
        if before in listed("de", "without"):
            continue  # it is not there
        nominative, plain = left.endswith(("e", "er", "es")), lemma(left, "de")
        shown = left[:-1] + _ENDING[before] if left.endswith("e") and before in _ENDING else left
        if left.endswith("er") and before not in _ENDING and lemma(right, "de") != right:
            nominative = False  # "externer Konten" is a genitive
        if _FEMININE.search(right) and plain != left and left.endswith(("en", "er")):
            shown, nominative = (plain if plain.endswith("e") else f"{plain}e"), True
        yield Phrase((_key(right), _key(left)), f"{shown} {right}", nominative)


def _places(clause: Clause) -> Iterator[Phrase]:
    """Two nouns and the preposition between them: "Scherben auf dem Radweg"."""
    for place, is_noun in enumerate(clause.is_noun):
        if not is_noun or place + 2 >= len(clause.words) or clause.words[place + 1] not in listed("de", "between"):
            continue
        for then in range(place + 2, min(place + 4, len(clause.words))):
            if clause.is_noun[then]:
                shown = " ".join(clause.words[place : then + 1])
                missing = clause.words[place + 1] == "ohne"
                key = (_key(clause.words[place]), _key(clause.words[then]), *(("ohne",) if missing else ()))
                yield Phrase(key, shown, complete=missing)
                break
            if clause.words[then].lower() not in listed("de", "articles") and clause.words[then - 1] != "ohne":
                break


def _state(clause: Clause, place: int) -> Iterator[Phrase]:
    """Noun and what has become of it: "Ampel ausgefallen"; a negation in between belongs to it."""
    at = clause.subject(place)
    if at is None:
        return
    noun, word = clause.words[at], clause.words[place]
    if any(between in ("nicht", "nie") for between in clause.words[at + 1 : place]):
        return  # the negation yields it
    if any(between in ("kein", "keine", "keinen") for between in clause.words[max(0, at - 2) : at]):
        return
    yield Phrase((_key(noun), _key(word)), f"{noun} {word}", complete=True)


def _negated(clause: Clause, place: int) -> Iterator[Phrase]:
    """Noun, verb, negation: "Heizung funktioniert nicht", "Gerät lässt sich nicht öffnen", "Paket nicht gekommen"."""
    words = clause.words
    last = words[-1]
    final = len(words) - 1 if len(words) - 1 > place else None
    if final is not None and _is_state(last) and (at := clause.subject(place)) is not None:
        shown = f"{words[at]} {words[place]} {last}"
        yield Phrase((_key(words[at]), "nicht", _key(last)), shown, complete=True)
        return
    for then in range(place - 1, max(0, place - _NEAR), -1):
        verb = words[then]
        if not verb.islower() or not (verb in listed("de", "verbs") or _is_verb(verb) or verb in _lets()):
            continue
        if (at := clause.subject(then)) is None or listed("de", "persons").intersection(words[then:place]):
            return  # "einen Menschen erreicht man nicht": the noun is not who does it
        itself = "sich " if "sich" in words[then : place + 1] else ""
        if verb not in _lets():
            shown = f"{words[at]} {verb} {itself}{words[place]}"
            if last in listed("de", "split") and final is not None:
                shown, verb = f"{shown} {last}", last + verb
            yield Phrase((_key(words[at]), _key(verb), "nicht"), shown, complete=True)
        elif final is not None and last.islower() and last.endswith("n"):
            shown = f"{words[at]} {verb} {itself}{words[place]} {last}"
            yield Phrase((_key(words[at]), _key(last), "nicht"), shown, complete=True)
        return


def _without(clause: Clause, place: int) -> Iterator[Phrase]:
    """What is missing: "keine Verbindung", "keine Antwort erhalten", "ohne Zulassung"."""
    for at in (place + 1, place + 2):
        if at < len(clause.words) and clause.is_noun[at]:
            break
    else:
        return
    noun = clause.words[at]
    attribute = clause.words[at - 1] if at == place + 2 else ""
    none = "kein" if clause.words[place] == "keinen" else clause.words[place]
    if attribute and (not _is_attribute(attribute) or none != clause.words[place]):
        return
    shown = " ".join(filter(None, (none, attribute, noun)))
    key = (*((_key(attribute),) if attribute else ()), _key(noun), none if none == "ohne" else "kein")
    yield Phrase(key, shown, complete=True)
    last = clause.words[-1]
    if len(clause.words) - 1 > at and _is_state(last):
        yield Phrase((_key(noun), "kein", _key(last)), f"{none} {noun} {last}", complete=True)


def _doing(clause: Clause, place: int) -> Iterator[Phrase]:
    """Noun and verb with what completes it: "Maschine verliert Wasser", "App stürzt ab"."""
    words = clause.words
    if clause.subject(place) != place - 1:
        return
    noun, verb, last = words[place - 1], words[place], words[-1]
    if place + 1 < len(words) and clause.is_noun[place + 1]:
        key = (_key(noun), _key(verb), _key(words[place + 1]))
        yield Phrase(key, f"{noun} {verb} {words[place + 1]}", complete=True)
    if last in listed("de", "split") and place < len(words) - 1 <= place + _NEAR:
        yield Phrase((_key(noun), last + _key(verb)), f"{noun} {verb} {last}", complete=True)


def _is_attribute(word: str) -> bool:
    return word.islower() and len(word) > 3 and _ADJECTIVE_ENDING.search(word) is not None and speaks(word, "de")


def _is_state(word: str) -> bool:
    return word.islower() and (
        word in listed("de", "states")
        or (_PARTICIPLE.match(word) is not None and speaks(word, "de") and lemma(word, "de") != word[:-2])
    )  # "ausgeschilderten" is an attribute of what follows


def _is_verb(word: str) -> bool:
    """Whether this is a verb in the third person: its dictionary form is an infinitive and it is not."""
    return (
        len(word) > 3
        and word.endswith(("t", "en"))
        and speaks(word, "de")
        and (form := lemma(word, "de")) != word
        and form.endswith("n")
        and form[:1].islower()
    )


def _lets() -> frozenset[str]:
    return listed("de", "lets")


def _key(word: str) -> str:
    return dictionary_form(word, "de")
