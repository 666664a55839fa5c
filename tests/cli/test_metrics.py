"""`metrics`, `drivers` and `check` as users type them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxtext.cli import app
from cxtext.errors import ConfigurationError


def said(folder: Path, *words: str, text: str | None = None) -> str:
    done = CliRunner().invoke(
        app, [*words, "--db", f"sqlite:///{folder / 'cxtext.db'}"], input=text, catch_exceptions=False
    )
    assert done.exit_code == 0
    return done.stdout


def test_metrics_by_scope_period_and_name(demo_folder: Path) -> None:
    rows = json.loads(said(demo_folder, "metrics", "--json", "--period", "all"))["metrics"]
    found = {row["metric"]: row for row in rows}
    assert {"csat", "nps", "ces", "ttr_median", "reopen_rate", "churned", "cost_per_resolution", "backlog"} <= set(
        found
    )
    assert found["tickets"]["value"] == 2000
    assert 40 < found["csat"]["lower"] < found["csat"]["value"] < found["csat"]["upper"] < 80
    weeks = json.loads(
        said(demo_folder, "metrics", "--json", "--scope", "channel", "--key", "email", "--period", "week")
    )
    assert {row["key"] for row in weeks["metrics"]} == {"email"}
    assert "CSAT (mean, 1–5)" in said(demo_folder, "metrics", "--metric", "csat_mean")


def test_drivers_say_what_it_would_be_without(demo_folder: Path) -> None:
    rows = json.loads(said(demo_folder, "drivers", "--json", "--outcome", "csat"))["drivers"]
    assert rows[0]["harm"] > 0 > rows[0]["upper"]
    assert rows[0]["without"] > rows[0]["overall"]
    assert "cost" in said(demo_folder, "drivers", "--outcome", "cost", "--count", "3")


def test_a_check_from_the_keyboard(demo_folder: Path) -> None:
    told = said(demo_folder, "check", "--by", "Ida", text="\n" * 6 + "n\ns\nwhat\nT-0001\nq\n")
    assert "No such answer." in told
    assert "8 of 30 checked." in told
    rows = json.loads(said(demo_folder, "check", "--result", "--json"))["precision"]
    assert rows[0]["field"] == "topic"
    assert rows[0]["key"] == "all"
    assert rows[0]["lower"] < rows[0]["precision"] <= rows[0]["upper"]
    assert len(json.loads(said(demo_folder, "check", "--json"))["asked"]) == 22


@pytest.mark.parametrize(
    "words", [["metrics", "--scope", "planet"], ["metrics", "--metric", "luck"], ["drivers", "--outcome", "luck"]]
)
def test_what_there_is_is_named(demo_folder: Path, words: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="there is "):
        said(demo_folder, *words)


def test_coverage_is_measured(demo_folder: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", "metrics", "--small", "--json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    for name, figures in found["metrics"].items():
        assert 0.93 <= figures["coverage"] <= 0.975 or "Student" in name, name
