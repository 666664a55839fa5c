"""Facts about what was shipped: units by product and day, and a file that says where it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError
from cxtext.trends.shipped import read_shipped

FIRST, LAST = date(2026, 5, 4), date(2026, 5, 5)


def test_units_are_added_up(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("day;product;units\n2026-05-04;X1;10\n2026-05-05;X1;5\n2026-05-05;X2;7\n2026-05-06;X1;99\n")
    shipped = read_shipped(path)
    assert shipped.between("X1", FIRST, LAST) == 15
    assert shipped.between(None, FIRST, LAST) == 22
    assert shipped.between("unknown", FIRST, LAST) == 0
    assert read_shipped(None).between(None, FIRST, LAST) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,product\n2026-05-04,X1\n", "line 2: no units"),
        ("day,product,units\n4 May,X1,3\n", "line 2"),
        ("day,product,units\n2026-05-04,X1,many\n", "many"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "units.csv"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read_shipped(path)
    with pytest.raises(ConfigurationError, match="not a readable CSV"):
        read_shipped(tmp_path / "none.csv")
