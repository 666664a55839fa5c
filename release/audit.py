"""Known holes in what cxtext runs on: pip-audit over the lock, with a plain answer where nobody could be asked.

`python -m release.audit` ends with 1 where a hole is known. Where the database of holes cannot be reached, or does not know the packages,
it says so and ends with 0; with `--required`, as for a release, that is a failure too.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release.depends import locked, needed

TIMEOUT = 20  # seconds for one answer; a machine without a network shall not wait for long


@dataclass(frozen=True, slots=True)
class Answer:
    """What the database of holes said."""

    asked: int  # packages
    answered: int  # packages it knows
    holes: tuple[str, ...]  # one line each
    trouble: str = ""  # why it could not be asked

    @property
    def complete(self) -> bool:
        """Whether every package was answered for."""
        return not self.trouble and self.answered == self.asked

    def lines(self) -> list[str]:
        """For people."""
        if self.holes:
            return list(self.holes)
        if self.complete:
            return [f"{self.asked} packages, no known hole"]
        why = self.trouble or f"{self.asked - self.answered} of {self.asked} packages are unknown to it"
        return [f"NOT AUDITED: the database of holes could not be asked ({why})"]


def read(told: str, asked: int) -> Answer:
    """The JSON of pip-audit as an answer; a package that it skipped counts as not answered."""
    try:
        found: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(asked, 0, (), "no answer")
    known = [package for package in found if "skip_reason" not in package]
    holes = tuple(
        f"{package['name']} {package['version']}: {hole['id']}"
        + (f", mended in {' or '.join(hole['fix_versions'])}" if hole.get("fix_versions") else ", not mended yet")
        for package in known
        for hole in package.get("vulns", [])
    )
    return Answer(asked, len(known), holes)


def ask(pins: dict[str, str], program: Sequence[str] = (sys.executable, "-m", "pip_audit")) -> Answer:
    """Ask the database of PyPI about these packages; nothing is installed or resolved."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text("".join(f"{name}=={version}\n" for name, version in sorted(pins.items())), encoding="utf-8")
        words = [
            "--requirement",
            str(file),
            "--no-deps",
            "--disable-pip",
            "--format",
            "json",
            "--progress-spinner",
            "off",
        ]
        done = subprocess.run(
            [*program, *words, "--timeout", str(TIMEOUT)], capture_output=True, text=True, check=False
        )
    if not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return Answer(len(pins), 0, (), last[:200])
    return read(done.stdout, len(pins))


def main(words: Sequence[str]) -> int:
    """Ask, say what came, and give the exit code."""
    answer = ask(runtime_pins())
    sys.stdout.write("".join(f"{line}\n" for line in answer.lines()))
    return 1 if answer.holes or ("--required" in words and not answer.complete) else 0


def runtime_pins() -> dict[str, str]:
    """What runs with cxtext, as locked; the tools of developers are not shipped."""
    pins = locked()
    return {package.name: pins[package.name] for package in needed() if package.found is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
