"""The German-English pairs that measure whether both languages land in one topic."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cxtext.text.language import identify

PAIRS = Path(__file__).parents[1] / "golden" / "pairs.tsv"


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_200_pairs_five_for_each_of_40_issues(pairs: list[dict[str, str]]) -> None:
    assert len({pair["id"] for pair in pairs}) == len(pairs) == 200
    issues = Counter(pair["issue"] for pair in pairs)
    assert len(issues) == 40
    assert set(issues.values()) == {5}


def test_no_wording_occurs_twice(pairs: list[dict[str, str]]) -> None:
    assert len({pair[language] for pair in pairs for language in ("de", "en")}) == 400


def test_many_industries_are_covered(pairs: list[dict[str, str]]) -> None:
    industries = {pair["issue"].split("-")[0] for pair in pairs}
    assert industries >= {"shop", "bank", "telecom", "energy", "city", "rail", "software", "insurance", "health"}


def test_each_side_is_in_its_language(pairs: list[dict[str, str]]) -> None:
    found = [identify(pair[language], ["de", "en"])[0] == language for pair in pairs for language in ("de", "en")]
    assert sum(found) >= 396
