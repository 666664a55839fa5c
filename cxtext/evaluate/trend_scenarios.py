"""Small worlds for single promises: the tree, late tickets, the words for a trend, the verdict on a fix."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from cxtext.evaluate.trend_matching import Surges, detection, false_rate, threshold_at
from cxtext.evaluate.trend_simulation import HISTORY, YEAR, surge, syndromic
from cxtext.trends.calendar import Floats, features
from cxtext.trends.detect import detect
from cxtext.trends.episodes import Episode
from cxtext.trends.evidence import THRESHOLD
from cxtext.trends.fixes import judge_fix
from cxtext.trends.forecast import Block, forecasts, project
from cxtext.trends.scan import Late, scan
from cxtext.trends.seasons import seasonal
from cxtext.trends.states import node_state

LEAVES, LEAF_RATE, FAMILY_BUDGET = 12, 0.3, 0.5
LAGS = np.array([0.70, 0.12, 0.07, 0.04, 0.03, 0.02, 0.01, 0.01])  # share of tickets that arrive so many days late
START = date(2021, 1, 4)


def tree(seed: int, families: int) -> dict[str, object]:
    """Measure P≤7 of a family of twelve thin leaves and their parent at .5 false episodes per family and year."""
    draw = np.random.default_rng([seed, 60])
    days = [START + timedelta(offset) for offset in range(HISTORY + YEAR)]
    quiet, quiet_blocks = _families(draw, days, families)
    busy, busy_blocks = _families(draw, days, families)
    calm = _family_scores(quiet, quiet_blocks, families)
    answer: dict[str, object] = {}
    for name, factor, leaves in (("x2 in all", 2, 12), ("x3 in all", 3, 12), ("x4 in 3", 4, 3), ("x8 in one", 8, 1)):
        onsets = draw.integers(HISTORY + 10, HISTORY + YEAR - 30, families)
        struck = busy.copy()
        for family, onset in enumerate(onsets):
            extra = draw.poisson((factor - 1) * LEAF_RATE, (21, leaves))
            first = int(np.argmax(extra.sum(axis=1) > 0))  # the clock starts with the first extra ticket
            extra = np.vstack([extra[first:], np.zeros((first, leaves))])
            struck[onset : onset + 21, family, 1 : 1 + leaves] += extra
            struck[onset : onset + 21, family, 0] += extra.sum(axis=1)
        scores = _family_scores(struck, busy_blocks, families)
        answer[name] = {
            which: detection(
                [Surges(name, scores[which], onsets - HISTORY)], threshold_at([calm[which]], FAMILY_BUDGET)
            )["mean"][1]
            for which in scores
        }
    return answer


def late_tickets(seed: int, series: int) -> dict[str, object]:
    """Compare complete data with three ways to treat tickets that arrive late, at .1 false episodes a series-year."""
    quiet, busy = syndromic(seed + 200, series), syndromic(seed + 201, series)
    draw = np.random.default_rng([seed, 61])
    onsets = draw.integers(HISTORY + 10, HISTORY + YEAR - 30, series)
    struck = {}
    for kind in ("k3", "k5", "x2", "x3"):
        struck[kind] = busy.counts.copy()
        for column, onset in enumerate(onsets):
            struck[kind][:, column] += surge(draw, busy, kind, column, int(onset))
    blocks = [
        forecasts(world.days, world.counts, first_night=HISTORY - YEAR, holidays=world.holidays)
        for world in (quiet, busy)
    ]
    shares = np.minimum(np.cumsum(LAGS), 1.0)
    known = {kind: _as_it_arrived(draw, counts) for kind, counts in struck.items()}
    calm_known = _as_it_arrived(draw, quiet.counts)
    answer: dict[str, object] = {}
    for name in ("complete", "uncorrected", "expected times F(lag)"):
        late = [_late(name, shares, arrived) for arrived in (calm_known, *known.values())]
        calm = _evaluated(quiet.counts, blocks[0], late[0])
        surges = [
            Surges(kind, _evaluated(struck[kind], blocks[1], late[1 + index]), onsets - HISTORY)
            for index, kind in enumerate(struck)
        ]
        threshold = threshold_at([calm], 0.1)
        answer[name] = {
            "P3, P7, P14": detection(surges, threshold)["mean"],
            "false_episodes_at_fixed_threshold": round(false_rate([calm], THRESHOLD), 3),
        }
        if name == "complete":
            later = [Surges(s.kind, np.vstack([np.zeros((2, series)), s.scores[:-2]]), s.onsets) for s in surges]
            answer["waiting two days"] = {"P3, P7, P14": detection(later, threshold)["mean"]}
    return answer


def labels(seed: int, series: int) -> dict[str, object]:
    """Ask for the word of a trend four weeks after it began; surges treble the level, at least three a day more."""
    draw = np.random.default_rng([seed, 62])
    days = [START + timedelta(offset) for offset in range(3 * 364 + 60)]
    rate = np.exp(draw.uniform(np.log(0.5), np.log(20), series))
    last = len(days)
    more = np.maximum(2 * rate, 3.0)
    plans = {
        "one-off": [(last - 60, 10)],
        "recurring": [(last - 140, 10), (last - 60, 10)],
        "rising": [(last - 28, 28)],
        "seasonal": [(last - 21 - 364 * back, 28) for back in (0, 1, 2)],
        "quiet": [],
    }
    answer: dict[str, object] = {}
    for truth, spans in plans.items():
        counts = draw.poisson(rate, (len(days), series)).astype(float)
        for start, length in spans:
            stop = min(start + length, last)
            counts[start:stop] += draw.poisson(more, (stop - start, series))
        names = [f"series {column}" for column in range(series)]
        told = detect(days, counts, names, from_day=days[last - 180])
        words = Counter(_word(told, name, counts[:, column], days[-1]) for column, name in enumerate(names))
        answer[truth] = {word: round(words[word] / series, 3) for word in sorted(words)}
    return answer


def fix_checks(seed: int, series: int) -> dict[str, object]:
    """Judge fixes of a trebled level after 14 and 28 days: really fixed, not fixed, down to 1.8 times the level."""
    draw = np.random.default_rng([seed, 63])
    length = HISTORY + 120
    days = [START + timedelta(offset) for offset in range(length)]
    onset, fix = HISTORY + 30, HISTORY + 60
    rate = np.exp(draw.uniform(np.log(0.5), np.log(20), series))
    answer: dict[str, object] = {}
    for truth, after in (("fixed", 1.0), ("not fixed", 3.0), ("partial", 1.8)):
        factor = np.ones((length, 1))
        factor[onset:fix], factor[fix:] = 3.0, after
        counts = draw.poisson(rate * factor).astype(float)
        block = forecasts(days[:onset], counts[:onset], first_night=onset - 1)[0]
        expected = project(block, features(days))
        for night in (14, 28):
            words = Counter(
                judge_fix(counts[:, s], expected[:, s], fix, fix + night, float(block.dispersion[s])).verdict
                for s in range(series)
            )
            answer[f"{truth}, day {night}"] = {word: round(words[word] / series, 3) for word in sorted(words)}
    return answer


def _word(told: Sequence[Episode], name: str, counts: Floats, today: date) -> str:
    word = node_state([episode for episode in told if episode.series == name], today)
    if word != "quiet":
        return word
    level = float(counts[-392:-28].mean()) * 14  # a season the forecast knows raises no alarm, and still has a name
    return "seasonal" if seasonal(counts, len(counts) - 1, level, 1.3) else "quiet"


def _families(draw: np.random.Generator, days: list[date], families: int) -> tuple[Floats, list[Block]]:
    counts = np.zeros((len(days), families, LEAVES + 1))
    counts[:, :, 1:] = draw.poisson(LEAF_RATE, (len(days), families, LEAVES))
    counts[:, :, 0] = counts[:, :, 1:].sum(axis=2)
    return counts, forecasts(days, counts.reshape(len(days), -1), first_night=HISTORY - YEAR // 2)


def _family_scores(counts: Floats, blocks: list[Block], families: int) -> dict[str, Floats]:
    scores = scan(counts.reshape(len(counts), -1), blocks)
    nights = scores.rising[HISTORY - scores.first_night :].reshape(-1, families, LEAVES + 1)
    return {"leaves only": nights[:, :, 1:].max(axis=2), "parent only": nights[:, :, 0], "both": nights.max(axis=2)}


def _evaluated(counts: Floats, blocks: list[Block], late: Late | None) -> Floats:
    scores = scan(counts, blocks, late)
    return np.asarray(scores.rising[HISTORY - scores.first_night :])


def _late(name: str, shares: Floats, known: Floats) -> Late | None:
    if name == "complete":
        return None
    return Late(list(shares) if name.startswith("expected") else [1.0], known)


def _as_it_arrived(draw: np.random.Generator, counts: Floats) -> Floats:
    """Return (ages, days, series) how many tickets of each day are known that many days later."""
    arrived = draw.multinomial(counts.astype(int), LAGS / LAGS.sum())
    return np.asarray(np.cumsum(arrived, axis=-1).transpose(2, 0, 1), dtype=float)
