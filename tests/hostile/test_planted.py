"""Personal data of tickets, of their notes and of rows that are none is in nothing that is kept, exported or reported."""

import logging
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cxtext.jobs.nightly import Order, run_night
from cxtext.reports import render
from cxtext.settings import Settings
from cxtext.store import Store, runs
from tests.hostile.planted import export, made_up, search, write

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


# Notes of one's own, and of somebody whom no column of the row names: what finds those names is on the card of privacy.
@pytest.mark.parametrize("shift", [0, 1])
def test_of_sixty_planted_strings_no_number_is_left_and_hardly_a_name(
    store: Store, tmp_path: Path, shift: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = made_up(60, 20261122)
    work, given = tmp_path / "work", tmp_path / "given.csv"
    work.mkdir()
    write(given, planted, shift=shift)
    run_night(
        store,
        Settings.load(db=store.url, workers=1),
        Order(sources=[str(given)], as_of=date(2026, 11, 1)),
        now=lambda: NOW,
    )
    export(work, store.url)
    with store.read() as connection:
        for language in ("de", "en"):
            content, _ = render(connection, runs.current(connection), "weekly", "md", language=language)
            (work / f"weekly-{language}.md").write_bytes(content)
    (work / "log").write_text(caplog.text)
    if store.file is not None:
        for path in store.file.parent.glob(f"{store.file.name}*"):
            (work / path.name).write_bytes(path.read_bytes()) if path.is_file() else None
    found = search(work, planted, store.url, None, shift=shift)
    assert int(str(found["planted"])) >= 60
    assert found["structured left"] == 0, found["examples"]
    assert float(str(found["names left, share"])) <= 0.05, found["examples"]
    assert int(str(found["places searched"])) > 60
