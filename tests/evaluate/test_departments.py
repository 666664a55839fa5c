from datetime import date, timedelta

import pytest

from cxtext.errors import SourceError
from cxtext.evaluate.departments import evaluate_departments

BILLING = ["Rechnung falsch", "Betrag abgebucht", "Mahnung erhalten", "Gebühr unklar", "Rechnung doppelt abgebucht"]
PARCELS = ["Paket verloren", "Lieferung fehlt", "Versand zu spät", "Spedition kam nicht", "Paket beschädigt geliefert"]
TEXTS = [f"{text}, Nummer {number}" for number in range(8) for text in (*BILLING, *PARCELS)]
GOLD = (["billing"] * 5 + ["logistics"] * 5) * 8
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(80)]


def test_earlier_tickets_teach_and_later_ones_measure() -> None:
    figures = evaluate_departments(TEXTS, ["de"] * 80, GOLD, DAYS)
    assert figures["since"] == "2026-03-06"
    assert figures["trained_on"] == 64
    assert figures["measured"]["n"] == 16
    assert figures["measured"]["accuracy"]["value"] > 0.9
    assert figures["measured"]["accuracy"]["lower"] < 1
    assert set(figures["comparators"]) == {"majority", "names_only", "svm"}


def test_the_first_day_to_measure_can_be_chosen() -> None:
    figures = evaluate_departments(TEXTS, ["de"] * 80, GOLD, DAYS, since=date(2026, 2, 1))
    assert (figures["trained_on"], figures["measured"]["n"]) == (31, 49)


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(SourceError, match="no labelled ticket before"):
        evaluate_departments(TEXTS, ["de"] * 80, GOLD, DAYS, since=date(2020, 1, 1))
    with pytest.raises(SourceError, match="name the column"):
        evaluate_departments(TEXTS, ["de"] * 80, [None] * 80, DAYS)
