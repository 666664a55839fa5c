"""`cxtext evaluate trends`: the detector against simulated surges, real series and the detectors of the literature."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ConfigurationError
from cxtext.evaluate.trend_comparators import COMPARATORS, PUBLISHED, Detector
from cxtext.evaluate.trend_matching import Surges, detection, false_rate, threshold_at
from cxtext.evaluate.trend_scenarios import fix_checks, labels, late_tickets, tree
from cxtext.evaluate.trend_simulation import HISTORY, SURGES, YEAR, World, support, surge, syndromic
from cxtext.evaluate.trend_texts import KONSTANZ, Tell, generated, injected, known_waves, silent
from cxtext.trends.calendar import Floats
from cxtext.trends.counts import read_counts
from cxtext.trends.detect import detect
from cxtext.trends.evidence import SPIKE_THRESHOLD, THRESHOLD
from cxtext.trends.forecast import Block, forecasts
from cxtext.trends.scan import scan

Kind = Literal["simulation", "council", "replay", "all"]
SPIKE_HANDICAP = SPIKE_THRESHOLD - THRESHOLD  # what makes one score of both channels
SMALL_REPLAY = date(2020, 4, 30)
WARM_UP = 364  # nights of forecasts before the evaluation, for the record of errors
COUNCIL = Path("..") / "shared" / "data" / "city_council_cases" / "daily_counts.parquet"


@dataclass(frozen=True, slots=True)
class Replay:
    """A world with its forecasts; `first` is the first night that is evaluated, `last` the night after the last."""

    world: World
    blocks: list[Block]
    first: int
    last: int

    def scores(self, detector: Detector, counts: Floats | None = None) -> Floats:
        """Return (evaluated nights, series) of the detector on these counts, by default the quiet ones."""
        found = detector(self.world.counts if counts is None else counts, self.blocks)
        return found[self.first - self.blocks[0].first : self.last - self.blocks[0].first]


def cxt_rising(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Return the rising channel."""
    return scan(counts, blocks).rising


def cxt(counts: Floats, blocks: Sequence[Block]) -> Floats:
    """Return both channels as one score: a spike counts from its own, higher threshold on."""
    scores = scan(counts, blocks)
    return np.maximum(scores.rising, scores.spike - SPIKE_HANDICAP)


DETECTORS: Mapping[str, Detector] = {"CXT rising + spike": cxt, "CXT rising": cxt_rising, **COMPARATORS}


def evaluate_trends(
    kind: Kind = "all",
    *,
    seed: int = 500,
    small: bool = False,
    council: Path = COUNCIL,
    texts: Path = KONSTANZ,
    tell: Tell = silent,
) -> dict[str, object]:
    """Measure the detector and its comparators in one run; one JSON-like answer.

    Args:
        kind: what to run.
        seed: of the simulation; seeds from 9000 on were used to tune.
        small: a tenth of the series, for continuous integration.
        council: daily counts of a city council's cases, 2017 to 2020.
        texts: dated complaints of a city with their categories, 2020 to 2022.
        tell: hears how far the replay is.

    Raises:
        ConfigurationError: an unknown kind.
    """
    if kind not in ("simulation", "council", "replay", "all"):
        raise ConfigurationError(f"no benchmark of trends called '{kind}'; known: simulation, council, replay, all")
    answer: dict[str, object] = {"kind": kind, "seed": seed, "small": small}
    if kind in ("simulation", "all"):
        answer["simulation"] = simulation(seed, small=small)
        answer["tree"] = tree(seed, 40 if small else 200)
        answer["late_tickets"] = late_tickets(seed, 40 if small else 200)
        answer["labels"] = labels(seed, 30 if small else 120)
        answer["fix_checks"] = fix_checks(seed, 40 if small else 200)
        answer["cost"] = cost(seed, 200 if small else 10_000)
    if kind in ("council", "all"):
        answer["council"] = council_replay(seed, council)
    if kind in ("replay", "all"):
        waves = known_waves(texts, until=SMALL_REPLAY if small else None, tell=tell)
        more = {"generated": generated(seed=seed)} if small else {"injected": injected(texts, seed=seed, tell=tell)}
        answer["replay"] = {"waves": waves} | more
    return answer


def simulation(seed: int, *, small: bool) -> dict[str, object]:
    """Measure P≤3, P≤7, P≤14 per detector at equal false episodes per series-year (`trends.md`, B1)."""
    quiet = [replay for draw in range(1 if small else 5) for replay in _simulated(seed + draw, 100)]
    busy = [
        replay for draw in range(1 if small else 2) for replay in _simulated(seed + 100 + draw, 25 if small else 100)
    ]
    answer = _compare(quiet, busy, seed, (0.1, 0.5))
    published = {"CXT rising": THRESHOLD, **PUBLISHED}
    answer["false_episodes_at_published_threshold"] = {
        name: round(false_rate([replay.scores(DETECTORS[name]) for replay in quiet], threshold), 3)
        for name, threshold in published.items()
    }
    answer["quiet_series_years"] = sum(replay.world.counts.shape[1] for replay in quiet)
    answer["surges"] = sum(replay.world.counts.shape[1] for replay in busy) * len(SURGES)
    return answer


def council_replay(seed: int, path: Path) -> dict[str, object]:
    """Lay surges upon real series of 2019; then replay spring 2020 as it was."""
    if not path.is_file():
        return {"skipped": f"{path} is not here"}
    table = read_counts(path)
    until_2019 = table.days.index(date(2019, 12, 31)) + 1
    year = _real(table.days[:until_2019], table.counts[:until_2019], date(2019, 1, 1))
    answer = _compare([year], [year], seed, (0.25, 0.5, 1.0))
    answer["series"] = table.counts.shape[1]
    answer["false_episodes_at_threshold"] = round(false_rate([year.scores(cxt_rising)], THRESHOLD), 3)
    answer["covid"] = _covid(table.days, table.counts, year)
    return answer


def cost(seed: int, series: int) -> dict[str, object]:
    """Measure the CPU time of one node and night: a year replayed, and one night of `detect` from nothing."""
    draw = np.random.default_rng([seed, 70])
    days = [date(2022, 1, 3) + timedelta(offset) for offset in range(HISTORY + YEAR)]
    counts = draw.poisson(np.exp(draw.uniform(-1.5, 3.0, series)), (len(days), series)).astype(float)
    part = counts[:, : min(series, 1000)]
    started = time.process_time()
    scan(part, forecasts(days, part, first_night=HISTORY))
    replayed = time.process_time() - started
    started = time.process_time()
    detect(days, counts, [str(column) for column in range(series)], from_day=days[-1])
    night = time.process_time() - started
    return {
        "nodes": series,
        "cpu_ms_per_node_night": round(1000 * replayed / part.shape[1] / YEAR, 4),
        "cpu_ms_per_node_single_night": round(1000 * night / series, 4),
        "cpu_s_single_night": round(night, 2),
    }


def _simulated(seed: int, series: int) -> list[Replay]:
    makers: Sequence[Callable[[int, int], World]] = (syndromic, support)
    replays = []
    for maker in makers:
        world = maker(seed, series)
        blocks = forecasts(world.days, world.counts, first_night=HISTORY - WARM_UP, holidays=world.holidays)
        replays.append(Replay(world, blocks, HISTORY, HISTORY + YEAR))
    return replays


def _compare(quiet: Sequence[Replay], busy: Sequence[Replay], seed: int, budgets: Sequence[float]) -> dict[str, object]:
    """Score every detector; surges begin after the fits of their first two weeks have looked, so forecasts are shared."""
    laid = [(replay, *_with_surges(replay, kind, seed)) for replay in busy for kind in SURGES]
    answer: dict[str, object] = {}
    for name, detector in DETECTORS.items():
        calm = [replay.scores(detector) for replay in quiet]
        struck = [
            Surges(SURGES[index % len(SURGES)], replay.scores(detector, counts), onsets - replay.first)
            for index, (replay, counts, onsets) in enumerate(laid)
        ]
        thresholds = {budget: threshold_at(calm, budget) for budget in budgets}
        answer[name] = {
            f"at {budget} false episodes per series-year": {
                "threshold": round(thresholds[budget], 2),
                **detection(struck, thresholds[budget]),
            }
            for budget in budgets
        }
    return answer


def _with_surges(replay: Replay, kind: str, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    draw = np.random.default_rng([seed, 80, SURGES.index(kind)])
    counts = replay.world.counts.copy()
    onsets = np.asarray(draw.integers(replay.first + 10, replay.last - 30, counts.shape[1]))
    for column, onset in enumerate(onsets):
        counts[:, column] += surge(draw, replay.world, kind, column, int(onset))
    return counts, onsets


def _real(days: list[date], counts: Floats, first: date) -> Replay:
    holidays = frozenset(day for year in range(days[0].year, days[-1].year + 1) for day in _public_holidays(year))
    start = days.index(first)
    rate, spread = np.zeros_like(counts), np.zeros_like(counts)
    for day in range(56, len(days)):
        rate[day] = counts[day - 56 : day : 7].mean(axis=0)
        spread[day] = counts[max(day - 364, 0) : day].std(axis=0)
    blocks = forecasts(days, counts, first_night=max(start - WARM_UP, 56), holidays=holidays)
    return Replay(World(days, holidays, counts, rate, spread), blocks, start, len(days))


def _covid(days: list[date], counts: Floats, year: Replay) -> dict[str, object]:
    """Count the alarms in eight quiet weeks of 2020, and when the series that grew most in spring were seen."""
    start, outbreak = days.index(date(2020, 1, 6)), days.index(date(2020, 3, 2))
    until = days.index(date(2020, 4, 10)) + 1
    whole = _real(days[:until], counts[:until], days[start])
    expected = np.concatenate([block.mean[-7:] for block in whole.blocks])[: until - whole.blocks[0].first]
    excess = (counts[outbreak:until] - expected[outbreak - whole.blocks[0].first :]).sum(axis=0)
    top = np.argsort(-excess, kind="stable")[:13]
    answer: dict[str, object] = {}
    for name in ("CXT rising", "CXT rising + spike", "Farrington-7d", "z-score"):
        budget = threshold_at([year.scores(DETECTORS[name])], 0.25)
        threshold = THRESHOLD if name.startswith("CXT") else budget
        scores = whole.scores(DETECTORS[name])
        seen = scores[outbreak - start :, top] >= threshold
        answer[name] = {
            "threshold": round(threshold, 2),
            "alarms_per_series_year_before": round(false_rate([scores[: outbreak - start]], threshold), 3),
            "of_13_with_most_excess_by_20_march": int(seen[:19].any(axis=0).sum()),
            "by_10_april": int(seen.any(axis=0).sum()),
        }
    return answer


def _public_holidays(year: int) -> list[date]:
    """Return the federal holidays of the United States, whose offices the council series come from."""

    def nth(month: int, weekday: int, week: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (week - 1))

    memorial = date(year, 5, 31)
    return [
        date(year, 1, 1), nth(1, 0, 3), nth(2, 0, 3), memorial - timedelta(memorial.weekday()), date(year, 7, 4),
        nth(9, 0, 1), nth(10, 0, 2), date(year, 11, 11), nth(11, 3, 4), date(year, 12, 25),
    ]  # fmt: skip
