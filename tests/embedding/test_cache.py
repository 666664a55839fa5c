"""A text is encoded once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxtext.embedding.cache import VectorCache
from cxtext.errors import ModelError

ROWS = {"Paket fehlt": np.array([0.5, -0.25], np.float16), "charged twice": np.array([1.0, 0.0], np.float16)}


def test_what_is_remembered_comes_back_equal(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.db", "one").put(ROWS)
    found = VectorCache(tmp_path / "v.db", "one").get([*ROWS, "unknown"])
    assert set(found) == set(ROWS)
    assert all((found[text] == row).all() for text, row in ROWS.items())


def test_another_model_knows_nothing_of_it(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.db", "one").put(ROWS)
    assert VectorCache(tmp_path / "v.db", "two").get(ROWS) == {}


def test_no_text_is_in_the_file(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.db", "one").put(ROWS)
    assert b"Paket" not in (tmp_path / "v.db").read_bytes()


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "v.db").write_text("no database, but long enough to be looked at as one " * 100)
    with pytest.raises(ModelError, match="delete the file"):
        VectorCache(tmp_path / "v.db", "one").get(ROWS)


@given(st.dictionaries(st.text(), st.lists(st.floats(-1, 1, width=16), min_size=3, max_size=3), max_size=700))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_texts_can_be_keys(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[float]]) -> None:
    cache = VectorCache(tmp_path_factory.mktemp("cache") / "v.db", "one")
    cache.put({text: np.array(row, np.float16) for text, row in rows.items()})
    assert {text: row.tolist() for text, row in cache.get(rows).items()} == rows
