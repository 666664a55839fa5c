"""How cxtext thinks: a recipe file names the parts and their options, and is hashed so that a run can name it."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxtext.errors import ConfigurationError
from cxtext.resources import model_file, model_files

PARTS = ("embedding", "topics", "sentiment", "causes", "intent")


@dataclass(frozen=True, slots=True)
class Part:
    """One replaceable part: its name in the registry and its options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which parts a run uses. `hash` changes whenever an answer could."""

    name: str
    title: str
    embedding: Part
    topics: Part
    sentiment: Part
    causes: Part
    intent: Part
    hash: str


def load_recipe(name: str) -> Recipe:
    """Read a recipe by name (`fast`) or by path (`./mine.toml`).

    Raises:
        ConfigurationError: there is no such recipe, or it does not say what a recipe must say.
    """
    path = Path(name) if name.endswith(".toml") else _by_name(name)
    try:
        raw = path.read_bytes()
        content = tomllib.loads(raw.decode())
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"recipe {path}: {error}") from error
    if unknown := set(content) - {"title", *PARTS}:
        raise ConfigurationError(f"recipe {path}: unknown table {sorted(unknown)[0]!r}; known: {', '.join(PARTS)}")
    return Recipe(
        name=path.stem,
        title=content.get("title", path.stem),
        hash=hashlib.sha256(raw).hexdigest()[:12],
        **{part: _part(path, part, content) for part in PARTS},
    )


def _by_name(name: str) -> Path:
    try:
        return model_file(f"recipes/{name}.toml")
    except ConfigurationError:
        known = ", ".join(path.stem for path in model_files("recipes/*.toml"))
        raise ConfigurationError(f"no recipe called {name!r}; known: {known}") from None


def _part(path: Path, part: str, content: Mapping[str, Any]) -> Part:
    table = content.get(part)
    if not isinstance(table, dict) or not isinstance(table.get("use"), str):
        raise ConfigurationError(f'recipe {path}: table [{part}] with a line use = "…" is missing')
    return Part(table["use"], {key: value for key, value in table.items() if key != "use"})
