"""Phrases that name an issue, of English and of languages without word lists: words in a row, noun with state or negation."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cxtext.text.fold import fold
from cxtext.topics.clauses import Phrase, dictionary_form, listed, speaks

Unit = tuple[str, str | None]  # a word as it is shown, and what it is counted under if it says something

_NOT = "not"
_FAR = 7  # words between a noun and its state
_REACH = 8  # words of a phrase, small ones included
_MOST = 3  # words of a phrase that say something


def spaced_phrases(clause: Sequence[str], language: str) -> Iterator[Phrase]:
    """One to three words that say something, with a negation and with small words such as "of" between them."""
    units = _declarative(list(_units(clause, language)))
    if language == "en":
        yield from _states(units)
    for start in range(len(units)):
        yield from _from(units[start : start + _REACH])


def _from(units: Sequence[Unit]) -> Iterator[Phrase]:
    """The phrases that begin with the first of these words."""
    key: list[str] = []
    shown: list[str] = []
    for word, form in units:
        if form is None:
            if key and word in listed("en", "joints") and key[-1] != _NOT:
                shown.append(word)
            elif not key or word not in listed("en", "copulas" if key[-1] == _NOT else "articles"):
                return
            continue
        if form in key:
            return
        key.append(form)
        shown.append(word)
        if form == _NOT:
            continue
        if not (_NOT in key and _is_verbal(shown[0])):
            yield _phrase(key, shown)
        if len(key) - (_NOT in key) == _MOST:
            return


def _phrase(key: Sequence[str], shown: Sequence[str]) -> Phrase:
    """A state before its noun is counted like one behind it: "declined transfer", "transfer was declined"."""
    if len(key) == 2 and shown[0] in listed("en", "states"):
        return Phrase((key[1], key[0]), " ".join(shown), complete=True)
    return Phrase(tuple(key), " ".join(shown), complete=_NOT in key or shown[-1] in listed("en", "states"))


def _states(units: Sequence[Unit]) -> Iterator[Phrase]:
    """Noun and state with small words between them: "transfer pending" of "the transfer to my friend is still pending"."""
    for place, (word, form) in enumerate(units):
        if form is None or not (form == _NOT or word in listed("en", "states")):
            continue
        state = word
        key: tuple[str, ...] = (form,)
        if form == _NOT:
            if place + 1 == len(units) or (negated := units[place + 1][1]) is None:
                continue
            state, key = f"{word} {units[place + 1][0]}", (_NOT, negated)
        at = _subject(units, place)
        if at is not None and at < place - 1:  # else the words stand side by side
            noun, counted = units[at]
            yield Phrase((str(counted), *key), f"{noun} {state}", complete=True)


def _subject(units: Sequence[Unit], place: int) -> int | None:
    """The nearest word before a state that says something and that no preposition leads in."""
    for at in range(place - 1, max(-1, place - _FAR), -1):
        word, form = units[at]
        if form == _NOT:
            return None
        if form is not None and word not in listed("en", "states") and not _is_led_in(units, at):
            return at
    return None


def _is_led_in(units: Sequence[Unit], at: int) -> bool:
    return any(word in listed("en", "joints") for word, _ in units[max(0, at - 2) : at])


def _declarative(units: list[Unit]) -> list[Unit]:
    """A question in the order of a statement: "why isn't my card working" says that the "card isn't working"."""
    for place, (first, second) in enumerate(pairwise(units)):
        if first[1] == _NOT and second[0] in listed("en", "determiners"):
            end = place + 2
            while end < len(units) and units[end][1] not in (None, _NOT):
                end += 1
            if end - place > 3:
                return [*units[:place], *units[place + 1 : end - 1], first, *units[end - 1 :]]
    return units


def _is_verbal(word: str) -> bool:
    return word.endswith(("ed", "ing"))


def _units(clause: Sequence[str], language: str) -> Iterator[Unit]:
    """Words with what they are counted under (None: says nothing); "top up", "top-up" and "topup" are one word."""
    place = 0
    while place < len(clause):
        word = clause[place]
        following = clause[place + 1].lower() if place + 1 < len(clause) else ""
        if language == "en" and fold(word) in listed("en", "negations"):
            yield word.lower(), _NOT
            place += 1
            continue
        says = speaks(word, language)
        if says and following in listed("en", "particles"):
            yield f"{_natural(word, place)} {following}", dictionary_form(word, language) + following
            place += 2
        else:
            yield (
                (_natural(word, place), dictionary_form(word, language).replace("-", ""))
                if says
                else (word.lower(), None)
            )
            place += 1


def _natural(word: str, place: int) -> str:
    """Acronyms and names inside a clause stay as they are, shouting and a clause's first capital do not."""
    if word.isupper():
        return word if len(word) <= 4 else word.lower()
    return word.lower() if not place and word.istitle() else word
