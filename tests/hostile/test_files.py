"""A damaged file is refused with words or read; a row that can still be read is a ticket or lies in quarantine."""

from tests.hostile.files import read_damaged


def test_damaged_files_of_every_format_never_crash_and_lose_no_row(hands):
    found = read_damaged(450, 20261122, parts=hands.parts)
    assert (found["files"], found["wrong"], found["examples"]) == (450, 0, [])
    assert int(str(found["read"])) > 150
    assert int(str(found["refused"])) > 100
