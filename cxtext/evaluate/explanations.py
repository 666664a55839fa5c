"""Whether the words that a model names did decide: take them out and ask again."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cxtext.causes.explain import without
from cxtext.causes.learned_tagger import WORDS_NAMED, Guesser

SAMPLE = 300


def deletion_test(guesser: Guesser, texts: Sequence[str], languages: Sequence[str], *, seed: int = 0) -> dict[str, Any]:
    """Mean loss of probability when the named words are taken out, beside the loss for two words at random.

    Over at most 300 texts of at least five words, drawn with `seed`; answers below the threshold count too.
    """
    random = np.random.default_rng(seed)
    long = [place for place, text in enumerate(texts) if len(text.split()) >= 5]
    places = [long[number] for number in random.permutation(len(long))[:SAMPLE]]
    chosen, spoken = [texts[place] for place in places], [languages[place] for place in places]
    if not chosen:
        return {"n": 0}
    before = guesser.probabilities(chosen, spoken)
    best = before.argmax(axis=1)
    asked = [
        (text, language, guesser.model.labels[label])
        for text, language, label in zip(chosen, spoken, best, strict=True)
    ]
    named = [guesser.reasons(*question) for question in asked]
    tried = [guesser.reasons(*question, thorough=True) for question in asked]
    any_two = [tuple(random.choice(text.split(), size=WORDS_NAMED, replace=False)) for text in chosen]
    rows = np.arange(len(chosen))
    figures: dict[str, Any] = {"n": len(chosen)}
    for suffix, words in (("", named), ("_thorough", tried), ("_random", any_two)):
        shorter = [without(text, gone) for text, gone in zip(chosen, words, strict=True)]
        after = guesser.probabilities(shorter, spoken)
        figures[f"loss{suffix}"] = float((before[rows, best] - after[rows, best]).mean())
        figures[f"flipped{suffix}"] = float((after.argmax(axis=1) != best).mean())
    return figures
