import random
from datetime import date, timedelta

import pytest

from cxtext.evaluate.nights import evaluate_nights
from cxtext.recipe import load_recipe

# UMAP, which BERTopic imports, says so.
pytestmark = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")


ISSUES = {
    "lamp": ("de", "Straßenlaterne defekt, Lampe dunkel,", ["Licht", "Birne", "Mast", "nachts", "Ecke"]),
    "charge": ("de", "eine doppelte Abbuchung vom Konto,", ["Rechnung", "Betrag", "Bank", "Geld", "Euro"]),
    "password": ("en", "cannot reset the password, login fails,", ["email", "link", "code", "browser", "expired"]),
    "parcel": ("en", "damaged parcel, the courier broke it,", ["delivery", "box", "driver", "torn", "wet"]),
}


def tickets(issue: str, count: int) -> list[tuple[str, str, str]]:
    """Text, language and issue of so many tickets."""
    language, about, words = ISSUES[issue]
    draw = random.Random(issue)
    return [(" ".join([about, *draw.sample(words, 2)]), language, issue) for _ in range(count)]


def test_nights_are_played_and_measured() -> None:
    cases = [ticket for issue in ISSUES for ticket in tickets(issue, 60)]
    texts, languages, gold = ([*column] for column in zip(*cases, strict=True))
    told = evaluate_nights(texts, languages, gold, recipe=load_recipe("fast"), nights=5, hold_back=1, seed=1)
    assert told["nights"] == 5
    assert len(told["moved"]) == len(told["seconds"]) == 5
    assert told["moved"][0] == 0
    assert 0.2 < told["ari"] <= 1
    assert told["moved_in_all"] == sum(told["moved"]) / 240
    (held,) = told["tickets_until_owned"]
    assert told["tickets_until_owned"][held] <= 60


def test_dates_decide_the_nights_where_they_are_given() -> None:
    cases = [ticket for issue in ("lamp", "charge") for ticket in tickets(issue, 30)]
    texts, languages, gold = ([*column] for column in zip(*cases, strict=True))
    dates = [date(2026, 1, 1) + timedelta(days=day) for day in range(60)]
    told = evaluate_nights(texts, languages, gold, recipe=load_recipe("fast"), nights=4, first=None, dates=dates)
    again = evaluate_nights(
        texts[::-1], languages[::-1], gold[::-1], recipe=load_recipe("fast"), nights=4, first=None, dates=dates[::-1]
    )
    assert told["tickets_until_owned"] == {}
    assert told["ari"] == again["ari"]
