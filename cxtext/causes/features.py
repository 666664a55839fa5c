"""Texts as numbers: TF-IDF of character n-grams inside words and of words and word pairs, both over folded text."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.text.fold import fold

Floats = NDArray[np.float64]
Meanings = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]  # texts, languages -> rows of an embedder
Facts = Mapping[str, str | None]  # what columns say about a text: {"district": "Altstadt"}

CHARACTERS, WORDS = (3, 5), (1, 2)
WORD = r"(?u)\b\w+\b"
BALANCE = 0.7  # each of the two blocks has length 1 per text; together about 1 again
RAREST = 3  # an n-gram in fewer texts than this teaches nothing and makes half of the model


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """Terms and their inverse document frequencies, as learned from a collection of texts."""

    character_terms: tuple[str, ...]
    character_idf: Floats
    word_terms: tuple[str, ...]
    word_idf: Floats
    fact_terms: tuple[str, ...] = ()  # "district=Altstadt"

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.character_terms) + len(self.word_terms) + len(self.fact_terms)

    @property
    def fact_fields(self) -> tuple[str, ...]:
        """Columns that the model wants to know besides the text; none for a model of texts alone."""
        return tuple(sorted({term.partition("=")[0] for term in self.fact_terms}))

    def matrix(self, texts: Sequence[str], facts: Sequence[Facts] | None = None) -> Any:
        """A sparse matrix of shape (texts, width), rows of length about 1; facts that are not given count as unknown."""
        from scipy import sparse  # noqa: PLC0415 - a third of a second that `cxtext --help` must not pay

        folded = [fold(text) for text in texts]
        characters = _weighted(_counter("char_wb", CHARACTERS, self.character_terms), folded, self.character_idf)
        words = _weighted(_counter("word", WORDS, self.word_terms), folded, self.word_idf)
        return sparse.hstack([characters, words, self._facts(len(texts), facts)]).tocsr()

    def _facts(self, texts: int, facts: Sequence[Facts] | None) -> Any:
        from scipy import sparse  # noqa: PLC0415 - as above

        column = {term: number for number, term in enumerate(self.fact_terms)}
        table = sparse.lil_matrix((texts, len(self.fact_terms)))
        for row, known in enumerate(facts or ()):
            for term in _fact_terms(known):
                if term in column:
                    table[row, column[term]] = BALANCE
        return table.tocsr()


def fit_features(texts: Sequence[str], facts: Sequence[Facts] | None = None) -> TextFeatures:
    """Choose terms and idf from `texts`; labels are not looked at, so that all texts may be used."""
    folded = [fold(text) for text in texts]
    rarest = RAREST if len(texts) >= 200 else 1
    characters, character_idf = _terms(_counter("char_wb", CHARACTERS, None, rarest), folded)
    words, word_idf = _terms(_counter("word", WORDS, None, min(2, rarest)), folded)
    counts = Counter(term for known in facts or () for term in _fact_terms(known))
    common = tuple(sorted(term for term, count in counts.items() if count >= rarest))
    return TextFeatures(characters, character_idf, words, word_idf, common)


def embedded(meanings: Meanings | None, texts: Sequence[str], languages: Sequence[str]) -> Floats | None:
    """What the words of the texts mean, shape (texts, dimensions); None where nobody knows."""
    return None if meanings is None else np.asarray(meanings(texts, languages), dtype=np.float64)


def _fact_terms(known: Facts) -> list[str]:
    return [f"{field}={value}" for field, value in sorted(known.items()) if value]


def pieces_of(word: str) -> Iterator[str]:
    """The character n-grams of one word between blanks, as the character block counts them."""
    padded = f" {word} "
    for size in range(CHARACTERS[0], CHARACTERS[1] + 1):
        if len(padded) <= size:
            yield padded
            return
        yield from (padded[start : start + size] for start in range(len(padded) - size + 1))


def _counter(analyzer: str, sizes: tuple[int, int], terms: tuple[str, ...] | None, rarest: int = 1) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - a second, as above

    vocabulary = None if terms is None else {term: column for column, term in enumerate(terms)}
    return CountVectorizer(
        analyzer=analyzer,
        ngram_range=sizes,
        vocabulary=vocabulary,
        min_df=rarest,
        token_pattern=WORD if analyzer == "word" else None,
        lowercase=False,
    )


def _terms(counter: Any, folded: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    try:
        counts = counter.fit_transform(folded)
    except ValueError:  # scikit-learn's word for "no term is left"
        return (), np.zeros(0)
    frequencies = np.diff(counts.tocsc().indptr)
    idf = np.log((1 + len(folded)) / (1 + frequencies)) + 1
    return tuple(str(term) for term in counter.get_feature_names_out()), idf


def _weighted(counter: Any, folded: Sequence[str], idf: Floats) -> Any:
    from scipy import sparse  # noqa: PLC0415 - as above

    if not len(idf):
        return sparse.csr_matrix((len(folded), 0))
    counts = counter.transform(folded).astype(np.float64)
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ sparse.diags(idf)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.diags(BALANCE / np.maximum(lengths, 1e-12)) @ weighted
