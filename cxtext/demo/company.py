"""The company of the demo: its products, its issues and its phrases, read from `models/demo`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxtext.demo.phrases import Phrase, compile_phrases
from cxtext.errors import ConfigurationError
from cxtext.resources import model_file, model_files

LANGUAGES = ("de", "en")
PARTS = ("core", "details", "effects", "requests", "short")

# article and pronoun forms of the three German genders, so that a product fits into any sentence
_FORMS = {
    "m": {"der": "der", "den": "den", "dem": "dem", "ein": "ein", "einen": "einen", "mein": "mein", "meinen": "meinen",
          "meinem": "meinem", "er": "er", "ihn": "ihn", "neuer": "neuer", "neuen": "neuen"},
    "f": {"der": "die", "den": "die", "dem": "der", "ein": "eine", "einen": "eine", "mein": "meine", "meinen": "meine",
          "meinem": "meiner", "er": "sie", "ihn": "sie", "neuer": "neue", "neuen": "neue"},
    "n": {"der": "das", "den": "das", "dem": "dem", "ein": "ein", "einen": "ein", "mein": "mein", "meinen": "mein",
          "meinem": "meinem", "er": "es", "ihn": "es", "neuer": "neues", "neuen": "neues"},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing the company sells, with the words that a customer may use for it."""

    name: str
    versions: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]  # language -> slot -> word


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One planted problem: what customers write about it, how often, when, and what it does to them."""

    key: str
    cause: str
    department: str
    weight: float
    profile: str
    severity: float  # 0 content … 1 furious
    products: tuple[Product, ...]
    version: str | None  # a defect that only one version has
    texts: Mapping[str, Mapping[str, tuple[Phrase, ...]]]  # language -> part -> phrases


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that the generator draws from."""

    issues: tuple[Issue, ...]
    products: tuple[Product, ...]
    phrases: Mapping[str, Mapping[str, tuple[Phrase, ...]]]  # language -> part -> phrases
    plain: Mapping[str, tuple[str, ...]]  # lists of names and words that are no phrases
    foreign: Mapping[str, tuple[tuple[str, str], ...]]  # issue -> (language, text)


def load_company() -> Company:
    """Read `models/demo`; costs about 0.02 CPU-seconds.

    Raises:
        ConfigurationError: a file is missing, is no TOML or lacks a part.
    """
    content = _read(model_file("demo/company.toml"))
    lines = {key: _products(line) for key, line in content["products"].items()}
    everything = tuple(product for line in lines.values() for product in line)
    issues = tuple(_issue(path, lines, everything) for path in model_files("demo/issues/*.toml"))
    if not issues:
        raise ConfigurationError("no file in models/demo/issues: reinstall cxtext")
    phrases = {
        language: {
            part: compile_phrases(sources)
            for part, sources in _read(model_file(f"demo/phrases/{language}.toml")).items()
        }
        for language in LANGUAGES
    }
    foreign = _read(model_file("demo/phrases/other.toml"))
    return Company(
        issues=issues,
        products=everything,
        phrases=phrases,
        plain={key: tuple(words) for key, words in content["words"].items()},
        foreign={key: tuple((code, text) for code, text in entries) for key, entries in foreign.items()},
    )


def _issue(path: Path, lines: Mapping[str, tuple[Product, ...]], everything: tuple[Product, ...]) -> Issue:
    content = _read(path)
    try:
        return Issue(
            key=path.stem,
            cause=content["cause"],
            department=content["department"],
            weight=float(content["weight"]),
            profile=content.get("profile", "steady"),
            severity=float(content["severity"]),
            products=tuple(p for key in content["products"] for p in lines[key])
            if "products" in content
            else everything,
            version=content.get("version"),
            texts={code: {part: compile_phrases(content[code][part]) for part in PARTS} for code in LANGUAGES},
        )
    except KeyError as error:
        raise ConfigurationError(f"{path}: {error} is missing or unknown") from error


def _products(line: Mapping[str, Any]) -> tuple[Product, ...]:
    forms = _FORMS[line["gender"]]
    german = {"item": line["de"]}
    for name, form in forms.items():
        pronoun = name in {"er", "ihn"}
        word = form if pronoun else f"{form} {line['de']}"
        slot = name if pronoun else f"{name}_item"
        german[slot] = word
        german[slot.capitalize()] = word[0].upper() + word[1:]
    article = "an" if line["en"][0] in "aeiou" else "a"
    english = {"item": line["en"], "an_item": f"{article} {line['en']}"}
    return tuple(
        Product(
            name=name,
            versions=tuple(line["versions"]),
            words={"de": german | {"product": name}, "en": english | {"product": name}},
        )
        for name in line["names"]
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
