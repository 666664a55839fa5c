"""One discovery: our communities described by BERTopic, whose representations and plots stay usable."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ModelError
from cxtext.text.words import lemma, stop_words
from cxtext.topics.communities import Communities, find_communities
from cxtext.topics.graph import Index, Matrix
from cxtext.topics.lightweight import load_bertopic

KEYWORDS = 10
SHORTEST = 3  # letters of a keyword
RAREST = 2  # times a keyword must have been written
# Cut by one expression: the tokenizer of `cxtext.text.words` takes thirty times as long and gives the same keywords.
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found in n texts.

    `labels` (n,): topic or -1; `confidence` (n,) in 0…1; `parents` (topics, 2): middle and top group of each topic;
    `keywords`: per topic, most telling first, as people write them; `model`: the fitted `bertopic.BERTopic`, None
    where no topic was found.
    """

    labels: Index
    confidence: NDArray[np.float32]
    parents: Index
    keywords: list[list[str]]
    model: Any
    resolution: float


class Given:
    """A BERTopic `embedding_model` whose vectors are already there; new words and texts go through `encode`."""

    def __init__(self, encode: Callable[[list[str]], Matrix] | None = None) -> None:
        self._encode = encode

    def embed(self, documents: list[str], verbose: bool = False) -> Matrix:  # noqa: ARG002, FBT001, FBT002 - BERTopic's signature
        """Vectors of texts that were not there at discovery."""
        if self._encode is None:
            raise ModelError("this model was discovered from vectors: give `discover` an `encode` function")
        return self._encode(documents)


class CommunityStep:
    """A BERTopic `cluster_model`: finds communities in vectors of any origin."""

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self.found: Communities | None = None

    def fit(self, vectors: Matrix, y: object = None) -> "CommunityStep":  # noqa: ARG002 - scikit-learn's signature
        """Group the rows; afterwards `labels_` and `probabilities_` are there."""
        self.found = find_communities(np.asarray(vectors, dtype=np.float32), seed=self.seed)
        return self

    @property
    def labels_(self) -> Index:
        """The topic of each row, -1 for none."""
        return self._done().labels

    @property
    def probabilities_(self) -> NDArray[np.float32]:
        """How sure each row's topic is."""
        return self._done().confidence

    def _done(self) -> Communities:
        assert self.found is not None, "fit was not called"
        return self.found


def discover(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Matrix,
    *,
    seed: int = 0,
    encode: Callable[[list[str]], Matrix] | None = None,
    plots: bool = False,
) -> Discovery:
    """Find the topics of texts and the words that tell them apart.

    Args:
        texts: what people wrote, n of them.
        languages: ISO 639-1 code per text; stop words and dictionary forms follow it.
        vectors: shape (n, dimensions), float32, rows of length 1 or zero.
        seed: of Leiden; the same seed gives the same topics.
        encode: gives the model vectors of other texts (for its own `transform` and KeyBERT-like representations).
        plots: load all of BERTopic, since some of its plots need UMAP: 5 CPU-seconds and 450 MB more.
    """
    found = find_communities(vectors, seed=seed, languages=languages)
    return describe(texts, languages, vectors, found, encode=encode, plots=plots)


def describe(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Matrix,
    found: Communities,
    *,
    encode: Callable[[list[str]], Matrix] | None = None,
    plots: bool = False,
) -> Discovery:
    """Give communities that were found already their keywords and a BERTopic model."""
    if not (found.labels >= 0).any():
        return Discovery(found.labels, found.confidence, found.parents, [], None, found.resolution)
    load_bertopic(plots=plots)
    model = _described(texts, languages, vectors, found, encode)
    return Discovery(found.labels, found.confidence, found.parents, _keywords(model, found), model, found.resolution)


def _described(
    texts: Sequence[str],
    languages: Sequence[str],
    vectors: Matrix,
    found: Communities,
    encode: Callable[[list[str]], Matrix] | None,
) -> Any:
    # A second and 60 MB: only who wants a description by BERTopic pays; a night does without.
    from bertopic import BERTopic  # noqa: PLC0415
    from bertopic.backend import BaseEmbedder  # noqa: PLC0415
    from bertopic.dimensionality import BaseDimensionalityReduction  # noqa: PLC0415
    from bertopic.vectorizers import ClassTfidfTransformer  # noqa: PLC0415
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    forms = natural_forms(texts, languages)
    backend = type("OurEmbedder", (Given, BaseEmbedder), {})(encode)
    step = CommunityStep()
    step.found = found
    step.fit = lambda vectors, y=None: step  # type: ignore[method-assign]  # noqa: ARG005 - already found
    # The step has found its topics and looks at no vector: BERTopic's copy of them would take 240 MB at 100,000 texts.
    narrow = type("Narrow", (BaseDimensionalityReduction,), {"transform": lambda _, rows: rows[:, :1]})
    model = BERTopic(
        language="multilingual",  # "english" deletes umlauts
        embedding_model=backend,
        umap_model=narrow(),
        hdbscan_model=step,
        vectorizer_model=CountVectorizer(analyzer=Analyzer(forms)),
        ctfidf_model=ClassTfidfTransformer(),
        top_n_words=KEYWORDS,
        calculate_probabilities=False,
        verbose=False,
    )
    model.fit_transform(list(texts), embeddings=vectors)
    model.umap_model = BaseDimensionalityReduction()
    return model


@dataclass(frozen=True, slots=True)
class Analyzer:
    """Cuts texts for c-TF-IDF into the natural forms of their content words."""

    forms: Mapping[str, str]

    def __call__(self, text: str) -> list[str]:
        """Return the keywords' forms in order."""
        forms = self.forms
        return [forms[word] for word in _WORD.findall(text.lower()) if word in forms]


def natural_forms(texts: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """For each content word in lower case the form to show: of all words with its lemma, as it is written most often."""
    counts: Counter[tuple[str, str]] = Counter()
    for text, language in zip(texts, languages, strict=True):
        counts.update((word, language) for word in _WORD.findall(text))
    spoken: dict[str, Counter[str]] = {}
    written: dict[str, Counter[str]] = {}
    for (word, language), count in sorted(counts.items()):
        spoken.setdefault(word.lower(), Counter())[language] += count
        written.setdefault(word.lower(), Counter())[word] += count
    ignored = frozenset[str]().union(*(stop_words(language) for language in (*set(languages), "de", "en")))
    groups: dict[str, Counter[str]] = {}
    members: dict[str, str] = {}
    for word, of in written.items():
        if len(word) < SHORTEST or word in ignored or of.total() < RAREST:
            continue
        key = lemma(of.most_common(1)[0][0], spoken[word].most_common(1)[0][0]).lower()
        if key in ignored:
            continue
        members[word] = key
        groups.setdefault(key, Counter()).update(of)
    shown = {key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in groups.items()}
    return {word: shown[key] for word, key in members.items()}


def _keywords(model: Any, found: Communities) -> list[list[str]]:
    """Keywords by our numbers: BERTopic renumbers topics by size and calls those without words ''."""
    theirs = dict(zip(found.labels.tolist(), model.topics_, strict=True))
    topics = range(int(found.labels.max()) + 1)
    return [[word for word, _ in model.get_topic(theirs[topic]) if word] for topic in topics]
