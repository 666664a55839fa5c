"""What the learned part sees of a text: words with their negation, letters, and what the lexicon says."""

import math
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from cxtext.sentiment.lexicon import Lexicon
from cxtext.sentiment.rules import weigh
from cxtext.sentiment.scan import ends_clause, pieces
from cxtext.text.fold import fold

Floats = NDArray[np.float64]

_NEGATED_PIECES: Final = 4
_NEGATION_MARK: Final = "¬"
_NEGATIONS: Final = frozenset(
    {*("nicht", "nich", "net", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "ohne", "weder")}
    | {*("not", "no", "never", "don't", "can't", "isn't", "didn't", "won't", "doesn't", "cannot", "without")}
)
_FIRST_PERSON: Final = re.compile(r"\b(?:ich|mir|mich|mein\w*|wir|uns|unser\w*|i|my|me|we|our|us|i'm)\b", re.IGNORECASE)
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_LINK: Final = re.compile(r"https?://\S+|www\.\S+")
_HANDLE: Final = re.compile(r"@\w+")
_LEXICON_SCALE: Final = 0.1  # found by cross-validation: beside thousands of small n-grams these are few and large


def marked(text: str) -> list[str]:
    """The folded pieces of a text; those that follow a negation carry a mark (Das and Chen 2001)."""
    words, reach = [], 0
    for piece in pieces(text):
        word = _key(piece)
        reach = 0 if ends_clause(piece) else reach
        words.append(_NEGATION_MARK + word if reach else word)
        reach = _NEGATED_PIECES if word in _NEGATIONS else max(0, reach - 1)
    return words


def plain(text: str) -> str:
    """A text in which links and people written to have one name each, and "suuuper" two u: none of it says how one feels."""
    if "http" in text or "www." in text:
        text = _LINK.sub("xlink", text)
    if "@" in text:
        text = _HANDLE.sub("xperson", text)
    return fold(_DRAWN_OUT.sub(r"\1\1", text))


def _key(piece: str) -> str:
    return plain(piece) or piece


def word_grams() -> TfidfVectorizer:
    """One and two marked words."""
    return TfidfVectorizer(
        preprocessor=_as_it_is, tokenizer=marked, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True, min_df=2
    )


def letter_grams() -> TfidfVectorizer:
    """Two to five letters inside words: carries compounds, endings and typing errors."""
    return TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3)


def lexicon_features(texts: Sequence[str], language: str, lexicon: Lexicon) -> Floats:
    """One row per text: what the lexicon and the form of the text say."""
    return np.array([_row(text, language, lexicon) for text in texts], dtype=np.float64)


def _row(text: str, language: str, lexicon: Lexicon) -> list[float]:
    sentences = lexicon.sentences(text, language)
    hits = [hit.value for sentence in sentences for hit in sentence.hits]
    good, bad = sum(value for value in hits if value > 0), -sum(value for value in hits if value < 0)
    values = [sentence.value for sentence in sentences] or [0.0]
    length = sum(len(sentence.pieces) for sentence in sentences)
    felt = [good, bad, math.sqrt(good), math.sqrt(bad), good / (length + 5), bad / (length + 5)]
    extremes = [max(hits, default=0.0), min(hits, default=0.0), max(values), min(values), values[0], values[-1]]
    counted = [sum(value > 0 for value in hits), sum(value < 0 for value in hits), float(good > 0), float(bad > 0)]
    rules = [sum(one.question for one in sentences), sum(one.bare_negations for one in sentences), len(sentences)]
    return [weigh(sentences) if sentences else 0.0, *felt, *extremes, *counted, *rules, *_form(text, length)]


def _form(text: str, length: int) -> list[float]:
    shouted = any(len(word) > 3 and word.isupper() for word in text.split())
    marks = ("http" in text, "!" in text, '"' in text, "@" in text, text.startswith("RT "), "..." in text, shouted)
    return [math.log1p(length), float(bool(_FIRST_PERSON.search(text))), *map(float, marks)]


def scaled(rows: Floats, mean: Floats, spread: Floats) -> Any:
    """Standardised and made small, as a sparse matrix that stands beside the n-grams."""
    return csr_matrix((rows - mean) / spread * _LEXICON_SCALE)


def _as_it_is(text: str) -> str:
    return text
