"""The benchmark of defects and fixes runs in a small form, and keeps the promises that it is there to measure."""

from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError
from cxtext.evaluate.defects import REVIEWS, evaluate_defects

ROOT = Path(__file__).parents[2]


def test_planted_defects_are_found_and_few_others() -> None:
    answer = evaluate_defects("simulation", small=True)["simulation"]
    assert isinstance(answer, dict)
    ours, rule = answer["cxtext: EB05 against the others"], answer["PRR rule"]
    assert ours["false_per_1000"] <= 1
    assert ours["found_at_x3"] >= 0.45
    assert ours["found_at_x5"] >= 0.75
    assert rule["false_per_1000"] > 5 * ours["false_per_1000"]


def test_fixes_are_judged_rightly_whatever_else_happens() -> None:
    answer = evaluate_defects("fixes", small=True)["fixes"]
    assert isinstance(answer, dict)
    assert answer["fixed"]["day 28"]["resolved"] >= 0.85  # forty series: the full form holds the 0.90
    assert answer["not fixed"]["day 28"].get("resolved", 0) <= 0.03
    assert answer["partial"]["day 28"].get("resolved", 0) <= 0.15
    falling = answer["not fixed, and all issues fall by half"]
    assert falling["day 28"]["not resolved"] >= 0.9 > falling["day 28 without controls"]["not resolved"]


def test_a_replay_without_its_data_says_so() -> None:
    answer = evaluate_defects("versions", reviews=Path("nowhere.parquet"))
    assert answer["versions"] == {"skipped": "nowhere.parquet is not here"}


def test_another_benchmark_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="known: simulation, versions"):
        evaluate_defects("something")  # type: ignore[arg-type]


@pytest.mark.skipif(not (ROOT / REVIEWS).is_file(), reason="needs the app reviews in ../shared/data")
def test_notifications_are_flagged_in_the_version_that_broke_them() -> None:
    from datetime import date

    from cxtext.evaluate.defects import reviews_of
    from cxtext.trends.defects import find_defects

    reports = [report for report in reviews_of(ROOT / REVIEWS) if report.day <= date(2015, 4, 2)]
    found = find_defects(reports, date(2015, 4, 2))
    words = {word for row in found if row.version == "5.3.0.2274" and row.state == "signal" for word in row.words}
    assert "notification" in words
