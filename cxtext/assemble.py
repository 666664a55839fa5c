"""From a recipe to the parts that do the work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cxtext.causes import TAGGERS
from cxtext.causes.taxonomy import Taxonomy
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.intent import INTENTS
from cxtext.ports import IntentReader, Sentiment, Tagger
from cxtext.recipe import Recipe, load_recipe
from cxtext.resources import model_files
from cxtext.sentiment import SENTIMENT
from cxtext.settings import Settings
from cxtext.text.redact import Redactor

DECIDING = ("languages/*.toml", "lexicons/*", "taxonomy/*.toml", "artefacts/**/*")  # files that change a reading


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


def load_parts(settings: Settings, key: bytes) -> Parts:
    """Load the parts that the configured recipe names. `key` is the tenant's, for pseudonyms."""
    recipe = load_recipe(settings.recipe)
    taxonomy = load_taxonomy()
    return Parts(
        recipe=recipe,
        languages=tuple(settings.languages),
        redactor=redactor(settings, key),
        sentiment=SENTIMENT.load(recipe.sentiment.name)(**recipe.sentiment.options),
        tagger=TAGGERS.load(recipe.causes.name)(taxonomy=taxonomy, **recipe.causes.options),
        taxonomy=taxonomy,
        intent=INTENTS.load(recipe.intent.name)(**recipe.intent.options),
    )


def redactor(settings: Settings, key: bytes) -> Redactor:
    """What hides personal data, as the settings ask."""
    return Redactor(key=key, addresses=settings.privacy.addresses, keep=settings.privacy.keep)


def models_hash(recipe: Recipe) -> str:
    """A fingerprint of every file that can change what a ticket says; a new one means reading all tickets again."""
    digest = hashlib.sha256(recipe.hash.encode())
    for pattern in DECIDING:
        for path in model_files(pattern):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
