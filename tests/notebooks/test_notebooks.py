"""Every notebook runs from top to bottom, in an empty namespace, as a reader would run it; what it shows comes out of it."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
Namespace = dict[str, Any]


@pytest.fixture
def run_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], Namespace]]:
    """Runs a notebook by its name and gives what it left behind; the environment is put back afterwards."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SENTENCE_MODEL", raising=False)
    yield _run
    os.environ.clear()
    os.environ.update(before)


def _run(name: str) -> Namespace:
    path = NOTEBOOKS / f"{name}.ipynb"
    namespace: Namespace = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "outputs are made by whoever runs it, never kept"
            exec(compile("".join(cell["source"]), path.name, "exec"), namespace)
    return namespace


def test_no_notebook_is_left_out():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == {
        "01_first_look", "02_choose_a_recipe", "03_grow_the_taxonomy",
    }  # fmt: skip


def test_a_first_look(run_notebook):
    left = run_notebook("01_first_look")
    assert len(left["table"]) == 600
    assert left["issues"]["tickets"].is_monotonic_decreasing
    assert list(left["sizes"].data[0].y) == list(left["issues"]["name"].head(10))[::-1]
    assert sum(left["course"].data[0].y) == len(left["days"])


def test_choose_a_recipe(run_notebook):
    left = run_notebook("02_choose_a_recipe")
    results = left["results"]
    assert set(results["recipe"]) == {"spelling only", "meaning only", "fast"}
    assert (results["seconds"] > 0).all()
    middle = results.groupby("recipe").median(numeric_only=True)
    assert middle.loc["fast", "agreement"] > middle.loc["spelling only", "agreement"]
    assert middle.loc["fast", "both languages"] > middle.loc["spelling only", "both languages"]
    assert {trace.name for trace in left["speed"].data} == set(results["recipe"])


def test_grow_the_taxonomy(run_notebook):
    left = run_notebook("03_grow_the_taxonomy")
    effects = left["effects"].set_index(["tickets", "when"])
    for sample in ("those read above", "fresh"):
        before, after = effects.loc[(sample, "before")], effects.loc[(sample, "after")]
        assert after["leaking without cause"] < before["leaking without cause"]
        assert after["all without cause"] < before["all without cause"]
        assert (before["others given the new cause"], after["others given the new cause"]) == (0, 0)
    assert len(left["gap"]) > 0
    assert len(left["change"].data) == 2
