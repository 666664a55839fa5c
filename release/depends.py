"""What cxtext needs while it runs: its dependencies and theirs, as they are installed and locked here."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PLAIN = ""  # the extra that stands for "without any extra"
CUDA = (
    "nvidia-",
    "cuda-",
    "triton",
)  # NVIDIA's own libraries, with PyPI's build of torch; the CPU build has none of them


@dataclass(frozen=True, slots=True)
class Needed:
    """One package that is needed at run time."""

    name: str  # as PyPI compares names: lower case, hyphens
    found: Distribution | None  # None: it belongs to an extra that is not locked, and is not looked at
    extras: frozenset[str]  # extras of cxtext that need it; "" where cxtext itself does
    needs: tuple[str, ...] = field(default=())  # names of the packages it asks for itself


def locked(file: Path = ROOT / "requirements.lock") -> dict[str, str]:
    """Name and version of every line of the lock."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pins = (line.split("==", 1) for line in lines if "==" in line and not line.startswith("#"))
    return {canonicalize_name(name): version.split(";")[0].strip() for name, version in pins}


def needed(project: Path = ROOT / "pyproject.toml", pins: dict[str, str] | None = None) -> list[Needed]:
    """Every package of the run-time dependencies and extras, sorted by name; tools of developers are not in it.

    Raises:
        PackageNotFoundError: a locked package is not installed: run `make setup` first.
    """
    table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    asked = {PLAIN: table["dependencies"], **table.get("optional-dependencies", {})}
    pins = locked() if pins is None else pins
    seen: dict[str, set[str]] = {}
    links: dict[str, set[str]] = {}
    for extra, requirements in asked.items():
        for name, requires in _walk([Requirement(line) for line in requirements], pins):
            seen.setdefault(name, set()).add(extra)
            links.setdefault(name, set()).update(requires)
    return [
        Needed(name, _installed(name) if name in pins else None, frozenset(extras), tuple(sorted(links[name])))
        for name, extras in sorted(seen.items())
    ]


def _walk(wanted: Sequence[Requirement], pins: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each package that these requirements bring on this machine, with the names it asks for."""
    todo, done = [one for one in wanted if _applies(one, frozenset())], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in done:
            continue
        done.add(key)
        own = _requirements(name, frozenset(requirement.extras)) if name in pins else []
        yield name, tuple(canonicalize_name(one.name) for one in own)
        todo += own


def _requirements(name: str, extras: frozenset[str]) -> list[Requirement]:
    told = _installed(name).requires or []
    asked = (one for one in map(Requirement, told) if _applies(one, extras))
    return [one for one in asked if not one.name.startswith(CUDA)]


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    environment = {key: str(value) for key, value in default_environment().items()}
    return any(requirement.marker.evaluate(environment | {"extra": extra}) for extra in extras | {PLAIN})


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return distribution(re.sub("-", "_", name))
