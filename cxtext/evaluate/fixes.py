"""How often the verdict on a fix is right: simulated issues among issues that nobody touched."""

from collections import Counter
from datetime import date, timedelta

import numpy as np

from cxtext.trends.calendar import Floats, features
from cxtext.trends.controls import BEFORE, effect_of_fix, verdict
from cxtext.trends.fixes import judge_fix, relapse
from cxtext.trends.forecast import forecasts, project

START = date(2024, 1, 1)
HISTORY = 400  # days before the surge
ONSET, FIX, LENGTH = HISTORY, HISTORY + 30, HISTORY + 130
CONTROLS = 12
TRUTHS = (  # name, factor of the issue after the fix, factor of everything after the fix
    ("fixed", 1.0, 1.0),
    ("not fixed", 3.0, 1.0),
    ("partial", 1.8, 1.0),
    ("not fixed, and all issues fall by half", 3.0, 0.5),
    ("fixed, and all issues grow by half", 1.0, 1.5),
)


def checks_with_controls(seed: int, series: int) -> dict[str, object]:
    """Judge fixes of a trebled level after 14 and 28 days, each among a dozen issues of its own company."""
    answer: dict[str, object] = {}
    for number, (truth, own, everything) in enumerate(TRUTHS):
        draw = np.random.default_rng([seed, 64, number])
        words: dict[int, Counter[str]] = {14: Counter(), 28: Counter()}
        alone: Counter[str] = Counter()
        covered, again = 0, 0
        for _ in range(series):
            counts = _company(draw, own, everything)
            expected, dispersion = _expected(counts)
            for night, told in words.items():
                check = judge_fix(counts[:, 0], expected, FIX, FIX + night, float(dispersion[0]))
                effect = effect_of_fix(
                    counts, 0, range(1, CONTROLS + 1), since=FIX - BEFORE, fix=FIX, night=FIX + night, dispersion=dispersion
                )  # fmt: skip
                told[
                    verdict(
                        counts[:, 0], expected, effect, fix=FIX, night=FIX + night, dispersion=float(dispersion[0])
                    )[0]
                ] += 1
            alone[check.verdict] += 1
            covered += effect.low <= own / 3.0 <= effect.high
            again += relapse(counts[:, 0], FIX, FIX + 90, float(dispersion[0])) is not None
        answer[truth] = {
            **{f"day {night}": _shares(told, series) for night, told in words.items()},
            "day 28 without controls": _shares(alone, series),
            "interval_holds_the_truth": round(covered / series, 3),
            "false_relapse": round(again / series, 3),
        }
    answer["found_relapse"] = _relapses(seed, series)
    return answer


def _company(draw: np.random.Generator, own: float, everything: float) -> Floats:
    rate = np.exp(draw.uniform(np.log(0.5), np.log(20), CONTROLS + 1))
    rate[1:] = np.maximum(rate[1:], 1.0)
    factor = np.ones((LENGTH, CONTROLS + 1))
    factor[ONSET:FIX, 0], factor[FIX:, 0] = 3.0, own
    factor[FIX:] *= everything
    return draw.poisson(rate * factor).astype(float)


def _expected(counts: Floats) -> tuple[Floats, Floats]:
    days = [START + timedelta(offset) for offset in range(LENGTH)]
    block = forecasts(days[:ONSET], counts[:ONSET], first_night=ONSET - 1)[0]
    return project(block, features(days))[:, 0], block.dispersion


def _relapses(seed: int, series: int) -> float:
    """Share of fixed issues that come back three times as strong 45 days after the fix and are caught within 14 days."""
    draw = np.random.default_rng([seed, 65])
    found = 0
    for _ in range(series):
        counts = _company(draw, 1.0, 1.0)[:, 0]
        level = float(counts[:ONSET].mean())
        counts[FIX + 45 :] = draw.poisson(3 * level, LENGTH - FIX - 45)
        night = relapse(counts, FIX, FIX + 90, 1.3)
        found += night is not None and FIX + 45 <= night <= FIX + 59
    return round(found / series, 3)


def _shares(words: Counter[str], series: int) -> dict[str, float]:
    return {word: round(words[word] / series, 3) for word in sorted(words)}
