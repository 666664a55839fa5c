"""Which slots of the rules a word can fill: by its form, its lemma, its compound parts, a wildcard or one typo."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from cxtext.causes.scan import normal_form
from cxtext.text.compounds import parts
from cxtext.text.words import is_word, lemma

CACHE = 200_000  # distinct words remembered; a year of tickets has fewer
FEW_LETTERS = 3  # by which the wildcards are sorted
TYPO_LENGTH = 7  # one wrong letter in a shorter word is too often another word


def forms_of(word: str, language: str) -> set[str]:
    """All normal forms under which one word of a text is known."""
    spellings = {word, word.lower(), word.capitalize()} if language == "de" else {word, word.lower()}
    forms = {normal_form(word)}
    forms.update(normal_form(lemma(spelling, language)) for spelling in spellings)
    return {form for form in forms if form}


@lru_cache(maxsize=20_000)  # causes and departments have a vocabulary each and ask for the same word in turn
def all_forms_of(word: str, language: str) -> frozenset[str]:
    """Normal forms of a word and of its parts."""
    return frozenset(forms_of(word, language) | parts_of(word, language))


def parts_of(word: str, language: str) -> set[str]:
    """Normal forms of the parts of a compound or of a word with hyphens."""
    pieces = [piece for piece in word.split("-") if piece] if "-" in word else []
    if language == "de":
        pieces += [part for piece in (pieces or [word]) for part in _compound(piece)]
    return {form for piece in pieces if len(piece) > 2 for form in forms_of(piece, language)}


def _compound(word: str) -> Iterable[str]:
    found = parts(word)
    return found if len(found) > 1 else parts(word.capitalize()) if word.islower() else ()


class Vocabulary:
    """The slots of all rules of one language. A slot is a tuple of alternatives, known by its number."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._slots: dict[tuple[str, ...], int] = {}
        self._exact: dict[str, set[int]] = defaultdict(set)  # only this very form
        self._known: dict[str, set[int]] = defaultdict(set)  # inflected forms and parts too
        self._beginnings: dict[str, set[int]] = defaultdict(set)
        self._ends: dict[str, set[int]] = defaultdict(set)
        self._beginning_lengths: dict[str, set[int]] = defaultdict(set)  # of the wildcards that share these letters
        self._end_lengths: dict[str, set[int]] = defaultdict(set)
        self._insides: list[tuple[str, int]] = []
        self._typos: dict[str, set[str]] = defaultdict(set)
        self._intact: set[str] = set()  # what one typo leaves of the words that may have one
        self._cache: dict[str, tuple[int, ...]] = {}

    def slot(self, words: tuple[str, ...]) -> int:
        """The number of the slot for these alternatives, made if there is none yet."""
        if words not in self._slots:
            self._slots[words] = len(self._slots)
            for word in words:
                self._add(word, self._slots[words])
        return self._slots[words]

    def _add(self, word: str, slot: int) -> None:
        if word.startswith("="):
            self._exact[normal_form(word[1:])].add(slot)
        elif "*" in word:
            self._add_wildcard(word, normal_form(word.strip("*")), slot)
        else:
            # Only as the rule writes it: other spellings of "Betrug" lead to "betragen", and from there to "Betrag".
            for form in {normal_form(word), normal_form(lemma(word, self.language))}:
                self._known[form].add(slot)
                if len(form) >= TYPO_LENGTH and form.isalpha():
                    self._intact.update(_outer_letters(form))
                    for shorter in _deletions(form):
                        self._typos[shorter].add(form)

    def _add_wildcard(self, word: str, stem: str, slot: int) -> None:
        if word.startswith("*") and word.endswith("*"):
            self._insides.append((stem, slot))
        elif word.startswith("*"):
            self._ends[stem].add(slot)
            self._end_lengths[stem[-FEW_LETTERS:]].add(len(stem))
        elif word.endswith("*"):
            self._beginnings[stem].add(slot)
            self._beginning_lengths[stem[:FEW_LETTERS]].add(len(stem))

    def slots_of(self, word: str) -> tuple[int, ...]:
        """Numbers of the slots that a word of a text can fill; worked out once per distinct word."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= CACHE:
                self._cache.clear()
            found = self._cache[word] = tuple(sorted(self._look_up(word)))
        return found

    def _look_up(self, word: str) -> set[int]:
        form = normal_form(word)
        found = set(self._exact.get(form, ()))
        for known in all_forms_of(word, self.language):
            found.update(self._known.get(known, ()))
        # Asking for a word's beginnings and ends, and only those that some wildcard shares, beats comparing it with each.
        for few in range(1, FEW_LETTERS + 1):
            for length in self._beginning_lengths.get(form[:few], ()):
                found.update(self._beginnings.get(form[:length], ()))
            for length in self._end_lengths.get(form[-few:], ()):
                found.update(self._ends.get(form[-length:], ()))
        found.update(slot for stem, slot in self._insides if stem in form)
        if not found and len(form) >= TYPO_LENGTH and form.isalpha():
            meant = self._with_typo(form)
            return meant if meant and not is_word(word, self.language) else found
        return found

    def _with_typo(self, form: str) -> set[int]:
        """Slots of known words that differ by one letter, or by two neighbours in each other's place.

        Comparing forms with one letter left out finds all of these without comparing every pair
        (symmetric deletion, W. Garbe 2012).
        """
        if self._intact.isdisjoint(_outer_letters(form)):
            return set()
        near = set().union(*(self._typos.get(shorter, set()) for shorter in _deletions(form)))
        return set().union(*(self._known[known] for known in near if known[0] == form[0] and _near(known, form)))


def _deletions(form: str) -> set[str]:
    return {form, *(form[:place] + form[place + 1 :] for place in range(len(form)))}


def _outer_letters(form: str) -> tuple[str, str]:
    """Two keys of a word of seven letters or more; one typo behind its first letter leaves at least one of them as it is."""
    return form[:3], f"{form[0]}*{form[-3:]}"


def _near(one: str, other: str) -> bool:
    """Whether two words differ by one letter more, less or other, or by two neighbours swapped."""
    if len(one) != len(other):
        return abs(len(one) - len(other)) == 1
    differing = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) == 2:
        left, right = differing
        return right - left == 1 and one[left] == other[right] and one[right] == other[left]
    return len(differing) == 1
