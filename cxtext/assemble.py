"""From a recipe to the parts that do the work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxtext.causes import TAGGERS
from cxtext.causes.features import Meanings
from cxtext.causes.taxonomy import Taxonomy
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.intent import INTENTS
from cxtext.ports import IntentReader, Sentiment, Tagger
from cxtext.recipe import Recipe, load_recipe
from cxtext.resources import model_file, model_files
from cxtext.sentiment import SENTIMENT
from cxtext.settings import Settings
from cxtext.text.redact import Redactor
from cxtext.topics.space import Kept

DECIDING = ("languages/*.toml", "lexicons/*", "taxonomy/*.toml")  # files that change a reading


@dataclass(frozen=True, slots=True)
class Parts:
    """What a recipe chose, loaded and ready."""

    recipe: Recipe
    languages: Sequence[str]
    redactor: Redactor
    sentiment: Sentiment
    tagger: Tagger
    taxonomy: Taxonomy
    intent: IntentReader
    kept: Kept = field(default_factory=Kept)  # what the topics' embedder has read from files


def load_parts(settings: Settings, key: bytes, artefacts: Path | None = None) -> Parts:
    """Load the parts that the configured recipe names, and what was trained on site in their place.

    Args:
        settings: which recipe, which languages, what redaction does.
        key: the tenant's, for pseudonyms.
        artefacts: the folder that `cxtext train` writes to.
    """
    recipe = load_recipe(settings.recipe)
    taxonomy = load_taxonomy()
    return Parts(
        recipe=recipe,
        languages=tuple(settings.languages),
        redactor=redactor(settings, key),
        sentiment=_sentiment(recipe, artefacts),
        tagger=_tagger(recipe, taxonomy, artefacts),
        taxonomy=taxonomy,
        intent=INTENTS.load(recipe.intent.name)(**recipe.intent.options),
    )


def artefact_folder(database: Path | None) -> Path:
    """Where what was trained on site is kept: beside the database."""
    return Path(f"{database}.models") if database else Path("cxtext.models")


def _sentiment(recipe: Recipe, artefacts: Path | None) -> Sentiment:
    name, options = recipe.sentiment.name, dict(recipe.sentiment.options)
    if name == "lexicon" and artefacts is not None and (artefacts / "sentiment").is_dir():
        name, options = "learned", {"folder": artefacts / "sentiment"}
    part: Sentiment = SENTIMENT.load(name)(**options)
    return part


def _tagger(recipe: Recipe, taxonomy: Taxonomy, artefacts: Path | None) -> Tagger:
    name, options = recipe.causes.name, dict(recipe.causes.options)
    trained = {
        what: str(artefacts / what)
        for what in ("departments", "causes")
        if artefacts is not None and (artefacts / what / "model.json").is_file()
    }
    if name == "taxonomy" and trained:
        name, options = "learned", trained
    if name == "learned":
        options = {"meanings": meanings(), **options}
    tagger: Tagger = TAGGERS.load(name)(taxonomy=taxonomy, **options)
    return tagger


def meanings() -> Meanings:
    """Texts as what their words mean, by the shipped word vectors; read when first asked."""
    from cxtext.embedding.static import Static  # noqa: PLC0415 - only a model trained on site asks for it

    static = lru_cache(maxsize=1)(Static)

    def encode(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
        return static().encode(texts, languages)

    return encode


def redactor(settings: Settings, key: bytes) -> Redactor:
    """What hides personal data, as the settings ask."""
    return Redactor(key=key, addresses=settings.privacy.addresses, keep=settings.privacy.keep)


def models_hash(recipe: Recipe, artefacts: Path | None = None) -> str:
    """A fingerprint of every file that can change what a ticket says; a new one means reading all tickets again."""
    digest = hashlib.sha256(recipe.hash.encode())
    for pattern in DECIDING:
        for path in model_files(pattern):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    if artefacts is not None:
        if (artefacts / "causes").is_dir():
            digest.update(model_file("vectors/english.npz").read_bytes())
        for path in sorted(artefacts.rglob("*")):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
