"""The space in which tickets are compared: fitted, frozen in the memory, fitted anew when it is outgrown."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.domain import Case
from cxtext.recipe import Recipe
from cxtext.topics.memory import Memory

GROWTH = 1.25  # so many times the tickets it was fitted on make a space outgrown: new issues bring new words


def signature(recipe: Recipe) -> str:
    """What decides the space: the embedding's name and options."""
    return json.dumps([recipe.embedding.name, dict(recipe.embedding.options)], sort_keys=True)


def outgrown(memory: Memory, recipe: Recipe, coming: int) -> bool:
    """Whether the space should be fitted (anew) before `coming` more tickets are read."""
    if not memory.space or memory.recipe != signature(recipe):
        return True
    return len(memory.places) + coming >= GROWTH * memory.fitted_on


def refit_space(memory: Memory, recipe: Recipe, cases: Sequence[Case]) -> Memory:
    """Learn the space from the memory's sample and `cases`; every ticket keeps its topic, only the vectors change."""
    texts = [*(member.text for member in memory.members), *(case.text for case in cases)]
    languages = [*(member.language for member in memory.members), *(case.language for case in cases)]
    embedder = _embedder(recipe)(**recipe.embedding.options)
    embedder.fit(texts, languages)
    kept = embedder.encode(texts[: len(memory.members)], languages[: len(memory.members)])
    return replace(
        memory,
        recipe=signature(recipe),
        space=embedder.state(),
        fitted_on=len({*memory.places, *(case.key for case in cases)}),
        vectors=np.asarray(kept, dtype=np.float16),
    )


def encode(memory: Memory, recipe: Recipe, cases: Sequence[Case]) -> NDArray[np.float32]:
    """The rows of `cases` in the memory's space; rounded as the memory keeps them, so that equal texts are equal."""
    embedder = _embedder(recipe).from_state(memory.space, **recipe.embedding.options)
    rows = embedder.encode([case.text for case in cases], [case.language for case in cases])
    return np.asarray(rows, dtype=np.float16).astype(np.float32)


def _embedder(recipe: Recipe) -> Any:
    # By name, because embedding and topics are siblings that know nothing of each other.
    return import_module("cxtext.embedding").EMBEDDERS.load(recipe.embedding.name)
