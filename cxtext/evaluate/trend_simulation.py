"""Invented daily counts whose truth is known: two families of quiet series and the surges laid upon them.

Family A follows Noufaily et al., Bioinformatics 35 (2019) 3110; family B imitates topics of a support desk.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from cxtext.trends.calendar import Floats

START = date(2021, 1, 4)
HISTORY, YEAR = 728, 364
SURGES = ("k2", "k3", "k5", "k10", "x1.5", "x2", "x3", "ramp")


@dataclass(frozen=True, slots=True)
class World:
    """Counts (days, series), NaN where missing; `rate` without surges; `spread` is the daily standard deviation."""

    days: list[date]
    holidays: frozenset[date]
    counts: Floats
    rate: Floats
    spread: Floats


def calendar(length: int = HISTORY + YEAR) -> tuple[list[date], frozenset[date]]:
    """Return consecutive days and nine fixed closed days a year."""
    days = [START + timedelta(offset) for offset in range(length)]
    fixed = ((1, 1), (1, 6), (4, 5), (5, 1), (5, 17), (10, 3), (11, 1), (12, 25), (12, 26))
    return days, frozenset(day for day in days if (day.month, day.day) in fixed)


def syndromic(seed: int, series: int, length: int = HISTORY + YEAR) -> World:
    """Family A: growth, yearly and weekly waves, negative binomial with variance φ times the mean."""
    draw = np.random.default_rng([seed, 1])
    days, holidays = calendar(length)
    t = np.arange(length)[:, None]
    level = np.log(_levels(draw, series))
    growth = np.where(draw.random(series) < 0.5, draw.uniform(0, 0.5, series), 0.0) / 365
    yearly = np.where(draw.random(series) < 0.5, draw.uniform(0, 0.4, series), 0.0)
    phase = draw.uniform(0, 2 * np.pi, series)
    week = draw.uniform(-0.3, 0.3, (2, series))
    angle = 2 * np.pi * t / 7
    rate = np.exp(
        level + np.log1p(growth * t) + yearly * np.cos(2 * np.pi * t / 365.25 + phase)
        + week[0] * np.cos(angle) + week[1] * np.sin(angle)
    )  # fmt: skip
    rate *= _closed(days, holidays, 0.15, 1.3)
    phi = draw.choice([1.0, 1.2, 1.5, 2.0, 3.0], series)
    variance = phi * rate
    counts = _negative_binomial(draw, rate, variance)
    return _with_past(draw, World(days, holidays, counts, rate, np.sqrt(variance)))


def support(seed: int, series: int, length: int = HISTORY + YEAR) -> World:
    """Family B: business weeks, growth, drifting level, noise with memory, short histories, missing days."""
    draw = np.random.default_rng([seed, 2])
    days, holidays = calendar(length)
    t = np.arange(length)[:, None]
    profile = np.array([1.2, 1.1, 1.05, 1.0, 0.95, 0.3, 0.28])
    weekly = np.array([profile[day.weekday()] for day in days])[:, None] ** draw.uniform(0.85, 1.15, series)
    growth = draw.uniform(-0.1, 0.8, series) * t / 365
    walk = np.cumsum(draw.normal(0, 0.03 / np.sqrt(7), (length, series)), axis=0)
    noise = np.zeros((length, series))
    shocks = draw.normal(0, 0.1, (length, series))
    for day in range(1, length):
        noise[day] = 0.7 * noise[day - 1] + np.sqrt(0.51) * shocks[day]
    season = np.where(draw.random(series) < 0.3, draw.uniform(0.1, 0.4, series), 0.0)
    wave = season * np.cos(2 * np.pi * t / 365.25 + draw.uniform(0, 2 * np.pi, series))
    rate = _levels(draw, series) * weekly * np.exp(np.log1p(np.maximum(growth, -0.9)) + walk + noise + wave)
    rate *= _closed(days, holidays, 0.3, 1.25)
    dispersion = draw.uniform(0.02, 0.3, series)
    variance = rate + dispersion * rate**2
    counts = _negative_binomial(draw, rate, variance)
    world = _with_past(draw, World(days, holidays, counts, rate, np.sqrt(variance)))
    for column in range(series):
        if draw.random() < 0.3:
            world.counts[: HISTORY - int(draw.integers(14, 181)), column] = np.nan
        for _ in range(int(draw.poisson(length * 0.015 / 4))):
            hole = int(draw.integers(0, HISTORY + YEAR if length >= HISTORY + YEAR else length))
            world.counts[hole : hole + 4, column] = np.nan
    return world


def surge(draw: Generator, world: World, kind: str, column: int, onset: int) -> Floats:
    """Return (days,) the extra tickets of one surge; the first extra ticket falls on `onset`.

    `kN`: Poisson(N · 7 · daily deviation) tickets spread log-normally; `xN`: a step to N times the level for 21
    days, at least one more a day; `ramp`: growing to twice the level within 28 days.
    """
    length = len(world.counts)
    extra = np.zeros(length)
    rate = world.rate[:, column]
    usual = float(rate[max(onset - 56, 0) : onset].mean())
    if kind.startswith("k"):
        deviation = float(world.spread[max(onset - 56, 0) : onset, column].mean())
        total = max(int(draw.poisson(float(kind[1:]) * 7 * deviation)), 1)
        offsets = np.floor(np.exp(draw.normal(0, 0.5, total)) / 0.25).astype(int)
        days = onset + offsets - offsets.min()
        np.add.at(extra, days[days < length], 1)
        return extra
    span = slice(onset, min(onset + (28 if kind == "ramp" else 21), length))
    if kind == "ramp":
        mean = rate[span] * (np.arange(span.stop - onset) + 1) / 28
    else:
        mean = rate[span] * (float(kind[1:]) - 1) * max(1.0, 1.0 / max(usual, 1e-9))
    extra[span] = draw.poisson(mean)
    started = np.flatnonzero(extra)
    if len(started) and started[0] > onset:  # the clock starts with the first extra ticket
        extra = np.concatenate([np.zeros(onset), extra[started[0] :], np.zeros(started[0] - onset)])
    extra[onset] = max(extra[onset], 1)
    return extra


def _levels(draw: Generator, series: int) -> Floats:
    return np.asarray(np.exp(draw.uniform(np.log(0.2), np.log(50), series)))


def _closed(days: list[date], holidays: frozenset[date], on: float, after: float) -> Floats:
    factor = np.ones((len(days), 1))
    for index, day in enumerate(days):
        if day in holidays:
            factor[index] = on
            following = index + 1
            while following < len(days) and (days[following] in holidays or days[following].weekday() >= 5):
                following += 1
            if following < len(days):
                factor[following] = after
    return factor


def _negative_binomial(draw: Generator, mean: Floats, variance: Floats) -> Floats:
    over = np.maximum(variance - mean, 1e-9)
    gamma = draw.gamma(mean**2 / over, over / mean)
    return np.asarray(draw.poisson(np.where(variance > mean * 1.001, gamma, mean)).astype(float))


def _with_past(draw: Generator, world: World) -> World:
    """Lay Poisson(3) surges into the history, as life does."""
    for column in range(world.counts.shape[1]):
        for _ in range(int(draw.poisson(3))):
            onset = int(draw.integers(60, HISTORY - 21))
            world.counts[:, column] += surge(draw, world, f"k{draw.choice([2, 3, 5, 10])}", column, onset)
    return world
