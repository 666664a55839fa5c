"""What the doctor says: one finding, with what it is, where, and what to do, in German and English."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Grade = Literal["ok", "look", "mend"]  # healthy; worth a look, and no fault; wrong
PARTS = ("what", "found", "do")
WORDS = Path(__file__).with_name("doctor.toml")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `facts` are the numbers and places in its sentences."""

    key: str  # a table of doctor.toml
    grade: Grade
    facts: Mapping[str, Any] = field(default_factory=dict)

    def said(self, part: str, language: str) -> str:
        """`what` it is about, what was `found` (and where), what to `do`; where all is well, `found` is the fact `ok`."""
        if self.grade == "ok" and part != "what":
            return str(self.facts.get("ok", "")) if part == "found" else ""
        sentence: str = words()[self.key][language][PARTS.index(part)]
        return sentence.format(**self.facts)

    def told(self, language: str = "en") -> dict[str, Any]:
        """As plain values."""
        shown = {part: self.said(part, language) for part in PARTS}
        return {"key": self.key, "grade": self.grade, "healthy": self.grade != "mend"} | shown


@cache
def words() -> Mapping[str, Mapping[str, tuple[str, str, str]]]:
    """The sentences of every finding by key and language."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
