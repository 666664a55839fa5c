"""Words: cutting a text into them, and bringing each to its dictionary form."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from cxtext.text.fold import fold
from cxtext.text.language import known_languages, load_language

_LETTER = "A-Za-zÄÖÜäöüßÀ-ÖØ-öø-ÿ"
# The blank pipelines leave "WLAN-Router", "Rechnungs-/Lieferadresse", "Tel.0171" and "defekt.Bitte" in one piece.
_INFIXES = (
    rf"(?<=[{_LETTER}0-9])[-–/]+(?=[{_LETTER}0-9])",
    rf"(?<=[{_LETTER}])-/(?=[{_LETTER}])",
    rf"(?<=[{_LETTER}])[.:;,](?=[0-9])",
    r"(?<=[a-zäöüß]{2})[.!?](?=[A-ZÄÖÜ])",
    r"(?<=\w)[#](?=\w)",
)
_GLUED = re.compile("[\U0001f3fb-\U0001f3ff\u200d\ufe0f]")  # skin tones, joiner, variation selector
_HALF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


def tokens(text: str, language: str) -> list[str]:
    """Return the words, numbers, punctuation marks and emoticons of `text` in order, as they are written.

    An unknown language is cut like English, which works for any script with blanks.
    """
    return list(_tokens(text, language))


def words(text: str, language: str) -> list[str]:
    """Return only the tokens that hold a letter or a digit."""
    return [token for token in _tokens(text, language) if any(map(str.isalnum, token))]


def lemma(word: str, language: str) -> str:
    """Return the dictionary form of one word; the word itself where the language has no word list."""
    return _lemma(word, language)


@lru_cache(maxsize=20_000)
def is_word(word: str, language: str) -> bool:
    """Whether the dictionary of the language knows the word, in any of its spellings; False where there is no dictionary."""
    import simplemma  # noqa: PLC0415 - loads word lists

    try:
        spellings = (word, word.lower(), word.capitalize())
        return any(simplemma.is_known(spelling, lang=language, low_memory=True) for spelling in spellings)
    except ValueError:  # simplemma's word for "no such language"
        return False


@lru_cache(maxsize=8)
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, naturally written and folded; none for an unknown language."""
    if language not in known_languages():
        return frozenset()
    natural = load_language(language).stop_words
    return natural | {fold(word) for word in natural}


@lru_cache(maxsize=20_000)  # several rooms read the same text one after the other
def _tokens(text: str, language: str) -> tuple[str, ...]:
    found = [token for token in _tokenizer(language)(text) if not token.is_space]
    if not (_GLUED.search(text) or _HALF_FLAG.search(text)):
        return tuple(token.text for token in found)
    return tuple(_joined(text, [(token.idx, token.idx + len(token.text)) for token in found]))


def _joined(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Skin tones, joined emojis and the two halves of a flag are one token each."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        before = text[slice(*joined[-1])] if joined and joined[-1][1] == start else ""
        glued = before and (_GLUED.match(text, start) or before.endswith("\u200d"))
        half = _HALF_FLAG.fullmatch(text, start, end) and _HALF_FLAG.fullmatch(before)
        if glued or half:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [text[start:end] for start, end in joined]


@lru_cache(maxsize=8)
def _tokenizer(language: str) -> Callable[[str], Iterable[Any]]:
    import spacy  # noqa: PLC0415 - half a second that `cxtext --help` must not pay
    from spacy.util import compile_infix_regex  # noqa: PLC0415 - as above

    try:
        pipeline = spacy.blank(language)
    except ImportError:  # spaCy's word for "no such language"
        pipeline = spacy.blank("en")
    infixes = [*(pipeline.Defaults.infixes or ()), *_INFIXES]
    tokenizer: Any = pipeline.tokenizer  # a compiled class without type information
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return tokenizer  # type: ignore[no-any-return]


@lru_cache(maxsize=400_000)
def _lemma(word: str, language: str) -> str:
    if re.search(r"[^\W\d_]", word) is None:
        return word
    import simplemma  # noqa: PLC0415 - loads word lists

    try:  # words are looked up in the packed list: 8 MB a language instead of 60, ready sooner, 15 µs a word
        found: str = simplemma.lemmatize(word, lang=language, low_memory=True)
    except ValueError:  # simplemma's word for "no such language"
        return word
    return found
