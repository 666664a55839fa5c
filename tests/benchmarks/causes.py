"""Measure causes and departments on the public sets of ../shared/data, one JSON line each: `causes.py [NAME ...]`.

Run: nice .venv/bin/python tests/benchmarks/causes.py [konstanz airline airline_all departments] (each in a fresh process)
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.evaluate.causes import evaluate_causes
from cxtext.evaluate.departments import evaluate_departments
from cxtext.evaluate.labelled import read_labelled

DATA = Path(__file__).parents[3] / "shared" / "data"
TAXONOMIES = Path(__file__).parent / "taxonomies"
CURVE = (0, 100, 400, 800, 10_000)  # the last: all labels
DRAWN = 4000  # airline texts, drawn with seed 0 as in the earliest measurements
SETS = ("konstanz", "airline", "airline_all", "departments")


def konstanz(seed: int) -> dict[str, Any]:
    given = read_labelled(str(_konstanz()), "sub_category", language="de")
    taxonomy = load_taxonomy(TAXONOMIES / "konstanz")
    return evaluate_causes(given.texts, given.languages, given.gold, taxonomy, curve=CURVE, seed=seed)


def airline(seed: int, drawn: int | None = DRAWN) -> dict[str, Any]:
    frame = pd.read_parquet(DATA / "airline_tweets" / "airline.parquet")
    frame = frame[frame.negativereason.notna() & (frame.negativereason != "Can't Tell")].drop_duplicates("text")
    frame = frame if drawn is None else frame.sample(drawn, random_state=0)
    taxonomy = load_taxonomy(TAXONOMIES / "airline")
    spoken, gold = ["en"] * len(frame), frame.negativereason.tolist()
    return evaluate_causes(frame.text.tolist(), spoken, gold, taxonomy, curve=CURVE, seed=seed)


def departments(seed: int) -> dict[str, Any]:
    columns = ("sub_category", "district")
    given = read_labelled(str(_konstanz()), "department", language="de", columns=columns)
    dates = [moment for moment in given.dates if moment is not None]
    return evaluate_departments(
        given.texts, given.languages, given.gold, dates, since=date(2022, 1, 1), facts=given.facts, seed=seed
    )


def _konstanz() -> Path:
    return DATA / "konstanz_maengelmelder_2020_2022" / "konstanz.parquet"


def measure(name: str, seed: int) -> dict[str, Any]:
    if name == "departments":
        return departments(seed)
    return konstanz(seed) if name == "konstanz" else airline(seed, DRAWN if name == "airline" else None)


def main(wanted: list[str]) -> None:
    if wanted[:1] == ["--here"]:
        split = int(wanted[2])
        print(json.dumps({"set": wanted[1], "seed": split, **measure(wanted[1], split)}), flush=True)
        return
    for name in wanted or SETS:
        part, _, seed = name.partition(":")  # airline:1 for another split
        subprocess.run([sys.executable, __file__, "--here", part, seed or "0"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
