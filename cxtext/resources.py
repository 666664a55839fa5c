"""Where `models/` is: a company's own folder first, then the wheel or the checkout."""

import os
from collections.abc import Iterator
from pathlib import Path

from cxtext.errors import ConfigurationError

OVERRIDE = "CXTEXT_MODELS"


def models_dir() -> Path:
    """The languages, lexicons, recipes and taxonomy that came with cxtext."""
    packaged = Path(__file__).parent / "_models"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "models"


def own_models_dir() -> Path | None:
    """A company's own folder (`CXTEXT_MODELS`), which wins file by file."""
    named = os.environ.get(OVERRIDE)
    if not named:
        return None
    if not Path(named).is_dir():
        raise ConfigurationError(f"{OVERRIDE} names {named}, which is not a folder: create it or unset {OVERRIDE}")
    return Path(named)


def model_file(name: str) -> Path:
    """The file `name` (such as ``lexicons/de.tsv``), from the own folder if it is there."""
    own = own_models_dir()
    for folder in (own, models_dir()):
        if folder is not None and (folder / name).is_file():
            return folder / name
    raise ConfigurationError(f"no file {name} in {own or models_dir()}: reinstall cxtext or correct the name")


def model_files(pattern: str) -> Iterator[Path]:
    """All files that match a pattern such as ``taxonomy/*.toml``, sorted by name; own files replace shipped ones."""
    found = {path.relative_to(models_dir()): path for path in models_dir().glob(pattern)}
    own = own_models_dir()
    if own is not None:
        found |= {path.relative_to(own): path for path in own.glob(pattern)}
    for name in sorted(found):
        yield found[name]
