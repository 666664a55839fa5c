"""The share of lines that are chance: by how many nodes could raise one, and what the scan beside the topics raises."""

from datetime import date
from typing import Any

import pytest

from cxtext.trends.evidence import chance_per_year
from cxtext.trends.lines import BESIDE, BESIDE_BAR, Names, settle

NAMES = Names(labels={}, departments={}, muted=frozenset(), language="en")


def a_row(name: str, strength: float, kind: str = "rising") -> dict[str, Any]:
    return {
        "id": name, "kind": kind, "topic_id": "T-0001", "day": date(2026, 5, 4), "evidence_strength": strength,
        "quiet": "", "state": "open", "chance_share": 1.0,
    }  # fmt: skip


def share(rows: list[dict[str, Any]], nodes: int) -> dict[str, float]:
    return {row["id"]: row["chance_share"] for row in settle(rows, [], NAMES, nodes=nodes, budget=None)}


def test_what_chance_raises_in_half_a_year_over_what_was_seen() -> None:
    expected = (20 * chance_per_year(BESIDE_BAR) + BESIDE) / 2
    assert share([a_row("a", BESIDE_BAR)], 20)["a"] == pytest.approx(expected, abs=1e-4)
    assert share([a_row("a", BESIDE_BAR), a_row("b", 9.0)], 20)["a"] == pytest.approx(expected / 2, abs=1e-4)


def test_stronger_lines_are_chance_less_often_and_more_nodes_make_more_chance() -> None:
    told = share([a_row("weak", 3.6), a_row("strong", 6.0), a_row("sure", 12.0)], 30)
    assert told["weak"] > told["strong"] > told["sure"]
    assert share([a_row("a", 4.0)], 5)["a"] < share([a_row("a", 4.0)], 10)["a"]
    assert share([a_row("a", 3.5)], 10_000)["a"] == 1.0
