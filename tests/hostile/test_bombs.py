"""Files that would take all memory are refused, or read within 500 MB; the large ones are in tests/benchmarks/hostile.py."""

import pytest

from tests.hostile import bombs

QUICK = (
    bombs.gzip_of_rows, bombs.zstandard_with_a_huge_window, bombs.millions_of_columns, bombs.deep_json, bombs.deep_lines,
    bombs.wide_item, bombs.sheet_with_far_corners, bombs.sheet_of_one_long_text, bombs.sheet_of_entities,
    bombs.archive_of_one_part_many_times,
)  # fmt: skip


@pytest.mark.parametrize("bomb", QUICK, ids=lambda bomb: bomb.__name__)
def test_a_bomb_does_not_go_off(tmp_path, bomb):
    found = bombs.blown(bomb(tmp_path))
    assert found["wrong"] == 0, found


def test_more_bombs_are_made_than_asked_for():
    assert len(bombs.BOMBS) >= 20
