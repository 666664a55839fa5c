"""Read a folder of taxonomy files and say exactly which line is wrong."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from cxtext.causes.phrases import parse_phrase
from cxtext.causes.taxonomy import WEIGHTS, Example, Negated, Rule, Scope, Scoping, Taxonomy
from cxtext.domain import Department, Dimension, RootCause
from cxtext.errors import ConfigurationError
from cxtext.resources import model_file, model_files

DEPARTMENTS, SCOPING = "departments.toml", "scoping.toml"
CAUSE_KEYS = {"titles", "department", "also", "dimension", "touchpoint", "negated", "scope"}
LANGUAGE_KEYS = {*WEIGHTS, "unless", "match", "miss"}
LANGUAGE = re.compile("[a-z]{2,3}")
RULE_KEYS = {"say", "weight", "negated", "scope"}

Table = Mapping[str, Any]


def load_taxonomy(folder: Path | None = None) -> Taxonomy:
    """Read the shipped taxonomy with a company's own files over it, or all files of one `folder`.

    A folder of its own needs no `departments.toml`; its departments are then the ones its files name.

    Raises:
        ConfigurationError: names the file, the key, what is wrong and what to do.
    """
    files = sorted(folder.glob("*.toml")) if folder else list(model_files("taxonomy/*.toml"))
    if not files:
        raise ConfigurationError(f"no taxonomy: there is no .toml file in {folder or 'taxonomy'}")
    tables = {path: _read(path) for path in files}
    named = next((table for path, table in tables.items() if path.name == DEPARTMENTS), None)
    scoping = next((table for path, table in tables.items() if path.name == SCOPING), None)
    causes = [(path, table) for path, table in tables.items() if path.name not in {DEPARTMENTS, SCOPING}]
    departments, cues = _departments(folder, named, causes)
    known = {department.key for department in departments}
    read = [_cause(path, table, key, known) for path, table in causes for key in table.get("causes", {})]
    _no_twins(cause.key for cause, *_ in read)
    return Taxonomy(
        departments=departments,
        causes=tuple(cause for cause, *_ in read),
        rules=tuple(rule for _, _, rules, _ in read for rule in rules),
        cues=cues,
        also={cause.key: also for cause, also, *_ in read},
        examples=tuple(example for *_, examples in read for example in examples),
        scoping=_scoping(scoping if scoping is not None else _read(model_file(f"taxonomy/{SCOPING}"))),
    )


def _read(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"taxonomy file {path}: {error}") from error


def _departments(
    folder: Path | None, named: Table | None, causes: Iterable[tuple[Path, Table]]
) -> tuple[tuple[Department, ...], tuple[Rule, ...]]:
    if named is None and folder is None:
        raise ConfigurationError(f"taxonomy: {DEPARTMENTS} is missing; reinstall cxtext or restore the file")
    if named is None:
        keys = dict.fromkeys(str(table.get("department", path.stem)) for path, table in causes)
        return tuple(Department(key, {}) for key in keys), ()
    departments, cues = [], []
    for key, table in named.get("departments", {}).items():
        where = f"{DEPARTMENTS}: [departments.{key}]"
        departments.append(Department(key, _titles(where, table)))
        for language in _languages(table):
            cues += list(_rules(where, key, language, table[language], {}))
    return tuple(departments), tuple(cues)


def _cause(
    path: Path, table: Table, key: str, departments: set[str]
) -> tuple[RootCause, tuple[str, ...], list[Rule], list[Example]]:
    cause = table["causes"][key]
    where = f"{path.name}: [causes.{key}]"
    if not isinstance(cause, dict):
        raise ConfigurationError(f"{where} must be a table with titles and one table per language")
    languages = list(_languages(cause))
    if unknown := set(cause) - CAUSE_KEYS - set(languages):
        raise ConfigurationError(f"{where}: unknown key {min(unknown)!r}; known: {', '.join(sorted(CAUSE_KEYS))}")
    owner = str(cause.get("department", table.get("department", path.stem)))
    also = tuple(cause.get("also", ()))
    for department in (owner, *also):
        if department not in departments:
            raise ConfigurationError(f"{where}: no department {department!r}; known: {', '.join(sorted(departments))}")
    dimension = _one_of(where, cause, "dimension", get_args(Dimension), "reliability")
    full = f"{path.stem}/{key}"
    rules = [rule for language in languages for rule in _rules(where, full, language, cause[language], cause)]
    examples = [example for language in languages for example in _examples(full, language, cause[language])]
    root = RootCause(
        key=full,
        department=owner,
        titles=_titles(where, cause),
        dimension=dimension,
        touchpoint=str(cause.get("touchpoint", "")),
    )
    return root, also, rules, examples


def _rules(where: str, label: str, language: str, table: Table, cause: Table) -> Iterator[Rule]:
    if unknown := set(table) - LANGUAGE_KEYS:
        known = ", ".join(sorted(LANGUAGE_KEYS))
        raise ConfigurationError(f"{where} {language}: unknown key {min(unknown)!r}; known: {known}")
    for kind in (*WEIGHTS, "unless"):
        for entry in table.get(kind, ()):
            yield _rule(f"{where} {language}.{kind}", label, language, kind, entry, cause)


def _rule(where: str, label: str, language: str, kind: str, entry: object, cause: Table) -> Rule:
    line: Table = {"say": entry} if isinstance(entry, str) else entry if isinstance(entry, dict) else {}
    phrase = line.get("say")
    if not isinstance(phrase, str) or set(line) - RULE_KEYS:
        raise ConfigurationError(f'{where}: {entry!r} must be "words" or {{ say = "words", weight = 0.6 }}')
    weight = line.get("weight", WEIGHTS.get(kind, 1.0))
    if not isinstance(weight, int | float) or not 0 < weight <= 1:
        raise ConfigurationError(f"{where}: weight {weight!r} of {phrase!r} must lie between 0 and 1")
    usual = "require" if kind == "denied" else "ignore" if kind == "unless" else cause.get("negated", "cancel")
    try:
        _check_pattern(phrase) if kind == "patterns" else parse_phrase(phrase)
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: {error}") from error
    return Rule(
        label=label,
        language=language,
        phrase=phrase,
        weight=float(weight),
        negated=_one_of(where, line, "negated", get_args(Negated), usual),
        scope=_one_of(where, line, "scope", get_args(Scope), cause.get("scope", "sentence")),
        pattern=kind == "patterns",
        exclude=kind == "unless",
    )


def _check_pattern(pattern: str) -> None:
    import re2  # noqa: PLC0415 - a compiled library that most taxonomies do not need

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ConfigurationError(f"pattern {pattern!r}: {said}; the syntax is that of google-re2") from error


def _examples(label: str, language: str, table: Table) -> Iterator[Example]:
    for kind in ("match", "miss"):
        for text in table.get(kind, ()):
            yield Example(label, language, str(text), kind == "match")


def _languages(table: Table) -> Iterator[str]:
    return (key for key, value in table.items() if isinstance(value, dict) and LANGUAGE.fullmatch(key))


def _titles(where: str, table: Table) -> dict[str, str]:
    titles = table.get("titles")
    if not isinstance(titles, dict) or not all(isinstance(title, str) for title in titles.values()):
        raise ConfigurationError(f'{where}: titles = {{ de = "…", en = "…" }} is missing')
    return dict(titles)


def _one_of(where: str, table: Table, key: str, allowed: tuple[str, ...], usual: str) -> Any:
    value = table.get(key, usual)
    if value not in allowed:
        raise ConfigurationError(f"{where}: {key} = {value!r}; allowed: {', '.join(allowed)}")
    return value


def _no_twins(keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ConfigurationError(f"taxonomy: cause {key!r} is written twice; rename one of them")
        seen.add(key)


def _scoping(table: Table) -> dict[str, Scoping]:
    return {
        language: Scoping(
            frozenset(words.get("negations", ())),
            tuple(words.get("not_negations", ())),
            frozenset(words.get("clause_starts", ())),
        )
        for language, words in table.items()
    }
