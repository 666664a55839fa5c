"""What a taxonomy holds: departments, root causes, the rules that give them away, and examples that prove the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cxtext.domain import Department, RootCause

Negated = Literal["cancel", "require", "ignore"]
Scope = Literal["clause", "sentence", "text"]

WEIGHTS: Mapping[str, float] = {"strong": 0.85, "says": 0.6, "denied": 0.6, "hints": 0.3, "patterns": 0.85}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a taxonomy file. `weight` is the chance that the line alone is right, in 0…1."""

    label: str  # key of a cause, or of a department for its own cue words
    language: str
    phrase: str
    weight: float = 0.6
    negated: Negated = "cancel"
    scope: Scope = "sentence"
    pattern: bool = False  # the phrase is a google-re2 pattern over the text as it stands
    exclude: bool = False  # where it is found, other rules of the label do not count (within the scope)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that must (or must not) be given a label; the test suite checks every one."""

    label: str
    language: str
    text: str
    expected: bool


@dataclass(frozen=True, slots=True)
class Scoping:
    """Words of one language that turn a statement round, and words that begin a new clause."""

    negations: frozenset[str]
    not_negations: tuple[str, ...]  # "nicht nur": looks like a negation and is none
    clause_starts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """A folder of taxonomy files, read and checked."""

    departments: tuple[Department, ...]
    causes: tuple[RootCause, ...]
    rules: tuple[Rule, ...]
    cues: tuple[Rule, ...] = ()  # words that name a department itself
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # cause -> other departments it may belong to
    examples: tuple[Example, ...] = ()
    scoping: Mapping[str, Scoping] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that have at least one rule, sorted."""
        return tuple(sorted({rule.language for rule in self.rules}))

    def cause(self, key: str) -> RootCause:
        """The cause with that key; KeyError if there is none."""
        return {cause.key: cause for cause in self.causes}[key]
