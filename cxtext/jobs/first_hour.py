"""What a new user does first: a configuration that works, and the whole product on a sample."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cxtext.demo.generate import generate
from cxtext.demo.sample_file import write_csv
from cxtext.errors import ConfigurationError
from cxtext.jobs.nightly import Order, Outcome, run_night
from cxtext.jobs.progress import Progress
from cxtext.settings import Settings
from cxtext.store import open_store

SAMPLE_END = date(2026, 10, 31)  # the sample is the same on every day it is looked at
TICKETS, DAYS = 2000, 120

CONFIGURATION = """\
# cxtext: where it runs. Every line is a default; change what you need.
# Any of them can also come from the environment: CXTEXT_DB, CXTEXT_PRIVACY__ADDRESSES, …

db = "sqlite:///cxtext.db"     # where everything is kept (SQLAlchemy URL)
recipe = "fast"                # how it thinks: a name in models/recipes or the path of a .toml
languages = ["de", "en"]       # languages it reads; others pass through without sentiment and causes
timezone = "Europe/Berlin"     # for dates without a zone, and for where a day begins

# workers = 2                    # processes that read tickets; otherwise one, and up to four cores for much work
# engine = "dask"               # who those processes belong to: this machine (local), or a Dask cluster (dask)
# scheduler = "tcp://10.0.0.5:8786"   # of the cluster; without it, one of our own is started
# language = "de"                # what the command line speaks: de or en; without it, what the system speaks (LANG)
# backup = "/backup/cxtext"      # where copies of the database lie: `cxtext doctor` says when the newest gets too old
# cost_per_ticket = 7.5          # money, for tickets whose source says none: what each issue costs per week
# models = "/etc/cxtext/models"  # your own taxonomy, lexicons, recipes: your files win over the shipped ones

[privacy]
addresses = "house_number"     # full: hide street and number; house_number: hide the number; off: keep both
keep = []                      # words that are never hidden, such as product names
keep_days = 0                  # after so many days a ticket is erased, for good; 0: never

[trends]
region = "DE"                  # whose public holidays count: a country, or country and part such as DE-BW
closed = []                    # days on which you are closed, such as 2026-12-24 (without quotes)
alarms_per_week = 5.0          # lines at most; the weakest wait when there are more
# units = "units.csv"          # day, product, units: what was shipped, for rates per unit

# [naming]                       # names for topics from an OpenAI-compatible endpoint; off without a URL
# url = "http://localhost:11434/v1"   # it is sent redacted quotes only
# model = "llama3.1"                  # a key comes from the environment: CXTEXT_NAMING__KEY

# The key of the pseudonyms is made once and kept beside the database. To set your own:
# export CXTEXT_SECRET=…
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo made."""

    settings: Settings
    sample: Path
    outcome: Outcome


def new_configuration(folder: Path) -> Path:
    """Where a configuration may be written.

    Raises:
        ConfigurationError: there is one already.
    """
    path = folder / "cxtext.toml"
    if path.exists():
        raise ConfigurationError(f"{path} exists already: edit it, or remove it first")
    return path


def write_configuration(folder: Path, source: tuple[str, Mapping[str, str]] | None = None) -> Path:
    """Write a commented `cxtext.toml`, with one online source where there is one (its name and its options).

    Raises:
        ConfigurationError: there is one already, or the folder cannot be written.
    """
    path = new_configuration(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600 if source else 0o666)  # who writes a password into it keeps it to himself
        path.write_text(CONFIGURATION + (_source(*source) if source else ""), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write {path}: {error.strerror}") from error
    return path


def _source(name: str, options: Mapping[str, str]) -> str:
    lines = [f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in options.items()]
    return f"\n[sources.{_key(name)}]\n" + "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """A key of TOML, in quotes where it must."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def run_demo(folder: Path, *, seed: int, now: Callable[[], datetime], progress: Progress) -> Shown:
    """Generate the sample into a folder and do the night on it. Done again, it changes nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"cannot write to {folder}: {error.strerror}; choose another with --dir") from error
    sample = folder / "tickets.csv"
    write_csv(sample, generate(TICKETS, DAYS, seed=seed, until=SAMPLE_END))
    settings = Settings.load(db=f"sqlite:///{folder / 'cxtext.db'}")
    store = open_store(settings.db)
    try:
        outcome = run_night(store, settings, Order(sources=[str(sample)]), now=now, progress=progress)
    finally:
        store.close()
    return Shown(settings, sample, outcome)
