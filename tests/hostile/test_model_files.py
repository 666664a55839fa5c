"""Nothing in a model file is ever run, and what is no model is refused with words."""

from pathlib import Path

import pytest

from tests.hostile import model_files


@pytest.mark.parametrize("case", model_files.CASES, ids=lambda case: case[0])
def test_a_hostile_model_file_is_refused(tmp_path, case):
    found = model_files.refused(case, tmp_path)
    if found.startswith("not installed"):
        pytest.skip(found)
    assert found == ""
    assert not Path("/tmp/cxtext-was-here").exists()


def test_more_than_twenty_are_tried():
    assert len(model_files.CASES) >= 20
