"""The space in which tickets are compared: fitted, frozen in the memory, fitted anew when it is outgrown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Case
from cxtext.errors import ConfigurationError
from cxtext.recipe import Recipe
from cxtext.topics.categories import learn_categories, with_categories
from cxtext.topics.memory import Memory

CATEGORIES = "categories"  # name of that part of the space
GROWTH = 1.25  # so many times the tickets it was fitted on make a space outgrown: new issues bring new words


@dataclass(slots=True)
class Kept:
    """What an embedder has read from files, handed from night to night; read again where those files have changed."""

    mark: str = ""
    meanings: Any = None


def signature(recipe: Recipe) -> str:
    """What decides the space: the embedding's name and options, the installed vocabulary, the say of categories.

    A larger vocabulary (`cxtext lexicon import`) makes another space, so the next night fits it anew; ids stay.
    """
    vocabulary = import_module("cxtext.embedding.bilingual").vocabulary_mark()
    told = [recipe.embedding.name, dict(recipe.embedding.options), vocabulary, _share(recipe)]
    return json.dumps(told, sort_keys=True)


def outgrown(memory: Memory, recipe: Recipe, coming: int) -> bool:
    """Whether the space should be fitted (anew) before `coming` more tickets are read."""
    if not memory.space or memory.recipe != signature(recipe):
        return True
    return len(memory.places) + coming >= GROWTH * memory.fitted_on


def refit_space(memory: Memory, recipe: Recipe, cases: Sequence[Case], kept: Kept | None = None) -> Memory:
    """Learn the space from the memory's sample and `cases`; every ticket keeps its topic, only the vectors change."""
    texts = [*(member.text for member in memory.members), *(case.text for case in cases)]
    languages = [*(member.language for member in memory.members), *(case.language for case in cases)]
    count, share = len(memory.members), _share(recipe)
    embedder = _embedder(recipe)(**_options(recipe, kept))
    embedder.fit(texts, languages)
    space = dict(embedder.state())
    rows = embedder.encode(texts, languages) if share else embedder.encode(texts[:count], languages[:count])
    carried = [*(one.category for one in memory.members), *(case.facts.given_category for case in cases)]
    weights = learn_categories(rows, carried) if share else None
    if weights is not None:
        space[CATEGORIES] = weights
        rows = with_categories(rows, weights, share)
    return replace(
        memory,
        recipe=signature(recipe),
        space=space,
        fitted_on=memory.places.union(case.key for case in cases),
        vectors=np.asarray(rows[:count], dtype=np.float16),
    )


def encode(memory: Memory, recipe: Recipe, cases: Sequence[Case], kept: Kept | None = None) -> NDArray[np.float32]:
    """The rows of `cases` in the memory's space; rounded as the memory keeps them, so that equal texts are equal."""
    space = {name: array for name, array in memory.space.items() if name != CATEGORIES}
    embedder = _embedder(recipe).from_state(space, **_options(recipe, kept))
    rows = embedder.encode([case.text for case in cases], [case.language for case in cases])
    if CATEGORIES in memory.space:
        rows = with_categories(rows, memory.space[CATEGORIES].astype(np.float32), _share(recipe))
    return np.asarray(rows, dtype=np.float16).astype(np.float32)


def _share(recipe: Recipe) -> float:
    """How much the categories that tickets carry count in the space; 0 unless the recipe says otherwise."""
    share = recipe.topics.options.get("category_share", 0.0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 2:
        raise ConfigurationError(f"recipe {recipe.name}: category_share = {share!r} is no number from 0 to 2")
    return float(share)


def _options(recipe: Recipe, kept: Kept | None) -> dict[str, Any]:
    options = dict(recipe.embedding.options)
    read = getattr(_embedder(recipe), "read_meanings", None)
    if kept is None or read is None:
        return options
    mark = import_module("cxtext.embedding.bilingual").vocabulary_mark()
    if kept.mark != mark:
        kept.mark, kept.meanings = mark, read()
    return options | {"meanings": kept.meanings}


def _embedder(recipe: Recipe) -> Any:
    # By name, because embedding and topics are siblings that know nothing of each other.
    return import_module("cxtext.embedding").EMBEDDERS.load(recipe.embedding.name)
