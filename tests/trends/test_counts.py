"""Facts about reading daily counts: what is accepted, and what every refusal says."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.errors import SourceError
from cxtext.trends.counts import read_counts

GOOD = "day,delivery,login\n2026-01-02,3,0\n2026-01-01,1,\n"


def written(folder: Path, text: str, name: str = "counts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_days_are_put_in_order_and_an_empty_cell_is_unknown(tmp_path: Path) -> None:
    table = read_counts(written(tmp_path, GOOD))
    assert table.days == [date(2026, 1, 1), date(2026, 1, 2)]
    assert table.names == ["delivery", "login"]
    np.testing.assert_array_equal(table.counts, [[1, np.nan], [3, 0]])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    assert read_counts(written(tmp_path, "\ufeff" + GOOD.replace(",", delimiter))).names == ["delivery", "login"]


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"
    pq.write_table(pa.table({"day": [date(2026, 1, 1), date(2026, 1, 2)], "login": [1, None]}), path)
    table = read_counts(path)
    assert table.days[0] == date(2026, 1, 1)
    np.testing.assert_array_equal(table.counts, [[1], [np.nan]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("date,a\n2026-01-01,1\n", "no column 'day'"),
        ("day\n2026-01-01\n", "no series"),
        ("day,a\n", "no rows"),
        ("day,a,a\n2026-01-01,1,1\n", "'a' appears twice"),
        ("day,\n2026-01-01,1\n", "no name"),
        ("day,a\n2026-01-01,1,2\n", "line 2 has 3 cells"),
        ("day,a\n01.02.2026,1\n", "no day"),
        ("day,a\n2026-01-01x,1\n", "no day"),
        ("day,a\n2026-01-01,1\n2026-01-01,2\n", "2026-01-01 appears twice"),
        ("day,a\n2026-01-01,1\n2026-01-04,2\n", "between 2026-01-01 and 2026-01-04"),
        ("day,a\n2026-01-01,-1\n", "negative"),
        ("day,a\n2026-01-01,1.5\n", "whole number"),
        ("day,a\n2026-01-01,nan\n", "no count"),
        ("day,a\n2026-01-01,inf\n", "no count"),
        ("day,a\n2026-01-01,many\n", "'many' in column 'a' on 2026-01-01"),
    ],
)
def test_every_refusal_says_what_and_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_counts(written(tmp_path, text))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_counts(tmp_path / "none.csv")
    with pytest.raises(SourceError, match="not '.txt'"):
        read_counts(written(tmp_path, GOOD, "counts.txt"))
    with pytest.raises(SourceError, match="Parquet"):
        read_counts(written(tmp_path, GOOD, "counts.parquet"))
    (tmp_path / "latin.csv").write_bytes("day,ä\n2026-01-01,1\n".encode("latin-1"))
    with pytest.raises(SourceError, match="UTF-8"):
        read_counts(tmp_path / "latin.csv")


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("any"), text.replace("\x00", "").encode("utf-8", "replace").decode())
    with suppress(SourceError):
        read_counts(path)
