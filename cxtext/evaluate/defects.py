"""`cxtext evaluate defects`: the defect table against planted defects, and a replay of real reviews by version."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ConfigurationError
from cxtext.evaluate.fixes import checks_with_controls
from cxtext.trends.calendar import Floats
from cxtext.trends.defects import ENOUGH, SIGNAL, Report, find_defects
from cxtext.trends.shrinkage import fit_prior, information, shrink, shrink_against
from cxtext.trends.terms import terms

Kind = Literal["simulation", "versions", "fixes", "all"]
PRODUCTS, ISSUES, TICKETS = 40, 80, 60_000
UNEVEN = 0.22  # coefficient of variation of true ratios that are no defect
RATIOS = (2.0, 3.0, 5.0)
PLANTED = 20  # cells per ratio, each with three tickets expected or more
FIRST = 200  # reviews of a version from which on the clock runs
WITHIN = 3  # days
REVIEWS = Path("..") / "shared" / "data" / "idea_viber" / "viber.parquet"
KNOWN = (("5.3.0.2331", "sticker"), ("5.3.0.2274", "notification"))  # what its makers changed in those versions


def evaluate_defects(
    kind: Kind = "all", *, seed: int = 700, small: bool = False, reviews: Path = REVIEWS
) -> dict[str, object]:
    """Measure the defect table and the fix check; one JSON-like answer.

    Args:
        kind: what to run.
        seed: of the simulations; seeds from 9000 on were used to tune.
        small: a tenth of the tables, for continuous integration.
        reviews: app reviews with version, date, stars and text.

    Raises:
        ConfigurationError: an unknown kind.
    """
    if kind not in ("simulation", "versions", "fixes", "all"):
        raise ConfigurationError(f"no benchmark of defects called '{kind}'; known: simulation, versions, fixes, all")
    answer: dict[str, object] = {"kind": kind, "seed": seed, "small": small}
    if kind in ("simulation", "all"):
        answer["simulation"] = simulated_tables(seed, 5 if small else 50)
    if kind in ("fixes", "all"):
        answer["fixes"] = checks_with_controls(seed, 40 if small else 200)
    if kind in ("versions", "all"):
        answer["versions"] = replay_versions(reviews)
    return answer


def simulated_tables(seed: int, tables: int) -> dict[str, object]:
    """Plant defects into uneven tables; false alarms per 1,000 cells and the share of defects found, per criterion."""
    flags: defaultdict[str, list[NDArray[np.bool_]]] = defaultdict(list)
    truth = []
    for number in range(tables):
        counts, ratios = _table(np.random.default_rng([seed, 90, number]))
        truth.append(ratios)
        for name, flagged in _criteria(counts).items():
            flags[name].append(flagged)
    real = np.array(truth)
    answer: dict[str, object] = {"tables": tables, "cells": real.size}
    for name, found in flags.items():
        flagged = np.array(found)
        answer[name] = {
            "false_per_1000": round(1000 * float(flagged[real == 1].mean()), 2),
            **{f"found_at_x{ratio:.0f}": round(float(flagged[real == ratio].mean()), 3) for ratio in RATIOS},
        }
    return answer


def replay_versions(path: Path) -> dict[str, object]:
    """Go through real reviews day by day, from texts, versions and stars alone; when is a known change flagged?

    The words of a row count, and so does the version that it names. Nothing was tuned on these reviews.
    """
    if not path.is_file():
        return {"skipped": f"{path} is not here"}
    reports = reviews_of(path)
    days = sorted({report.day for report in reports})
    flagged: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for day in days:
        for defect in find_defects(reports, day):
            if defect.state == "signal" and defect.version:
                rows[defect.version].add(defect.issue)
                for word in defect.words:
                    flagged[defect.version, word].append(day)
    answer: dict[str, object] = {"reviews": len(reports), "days": len(days)}
    for version, word in KNOWN:
        begun = sorted(report.day for report in reports if report.version == version)[FIRST - 1]
        first = min(flagged[version, word], default=None)
        answer[f"{word} in {version}"] = {
            "first_200_reviews_on": begun.isoformat(),
            "flagged_on": first and first.isoformat(),
            "days": first and (first - begun).days,
            "reached": first is not None and first <= begun + timedelta(WITHIN),
        }
    answer["rows_ever_flagged_per_version"] = {version: len(words) for version, words in sorted(rows.items())}
    return answer


def _table(draw: np.random.Generator) -> tuple[Floats, Floats]:
    products = draw.dirichlet(np.full(PRODUCTS, 2.0))
    issues = 1.0 / np.arange(1, ISSUES + 1) ** 0.8
    expected = TICKETS * np.outer(products, issues / issues.sum())
    ratios = np.ones_like(expected)
    places = draw.permutation(np.argwhere(expected >= 3))
    for number, ratio in enumerate(RATIOS):
        rows, columns = places[number * PLANTED : (number + 1) * PLANTED].T
        ratios[rows, columns] = ratio
    usual = draw.gamma(UNEVEN**-2, UNEVEN**2, expected.shape)
    return draw.poisson(expected * usual * ratios).astype(float), ratios


def _criteria(counts: Floats) -> dict[str, NDArray[np.bool_]]:
    whole, own, issue = counts.sum(), counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    others = issue - counts
    expected, against = own * issue / whole, own * (others + 0.5) / (whole - own)
    standard = shrink(counts.ravel(), expected.ravel(), fit_prior(counts.ravel(), expected.ravel()))
    ours = shrink_against(
        counts.ravel(), against.ravel(), others.ravel(), fit_prior(counts.ravel(), against.ravel())
    )  # fmt: skip
    rate = counts / own / np.maximum(others / (whole - own), 1e-12)
    cross = counts * (whole - own - others) - (own - counts) * others
    square = whole * (np.abs(cross) - whole / 2) ** 2 / (own * (whole - own) * issue * (whole - issue))
    enough = counts >= ENOUGH
    return {
        "cxtext: EB05 against the others": (ours.low.reshape(counts.shape) >= SIGNAL) & enough,
        "EB05 against the whole (DuMouchel)": (standard.low.reshape(counts.shape) >= SIGNAL) & enough,
        "PRR rule": (rate >= 2) & (square >= 4) & (counts >= 3),
        "IC025 (watch list)": information(counts, expected) > 0,
    }


def reviews_of(path: Path) -> list[Report]:
    """Read app reviews; nobody is known, so every review is somebody else."""
    import pandas as pd  # noqa: PLC0415 – half a second that other benchmarks do not need

    table = pd.read_parquet(path)
    return [
        Report(
            key=str(number),
            who=str(number),
            day=row.date.date(),
            product="app",
            version=row.version,
            terms=terms(row.text or "", "en"),
            happy=row.stars >= 4,
        )
        for number, row in enumerate(table.itertuples())
    ]
