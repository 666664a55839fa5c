"""A real storm on the page of its week: the drains of a town, June and July 2021, replayed week by week.

Runs where the town's reports lie at ../shared/data; they are no part of this repository.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import opened
from tests.api.dashboard.conftest import PICTURES, ROOT, is_quiet, serving

REPORTS = ROOT.parent / "shared" / "data" / "konstanz_maengelmelder_2020_2022" / "konstanz.parquet"
DRAINS = re.compile(
    r"gull[iy]s? .{0,40}verstopft|verstopft.{0,40} (gull[iy]|abl[aä]uf|abfluss|kanal)|abl[aä]uf\w* .{0,40}verstopft",
    re.IGNORECASE | re.DOTALL,
)
WEEK, QUIET = (
    "2021-06-29",
    "2021-06-01",
)  # on 7 June the first storm had filled the drains, and its line may still be open on the 22nd
FINDING = {"de": r"Seit dem 23\. Juni 2021 kamen \d+ Fälle", "en": r"Since 23 June 2021 there were \d+ tickets"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's store after the week of the storm, every week before it as if cxtext had run then."""
    if not REPORTS.is_file():
        pytest.skip(f"no reports at {REPORTS}")
    database = tmp_path_factory.mktemp("town") / "cxtext.db"
    command = [sys.executable, "-m", "cxtext", "replay", str(REPORTS), "--every", "week", "--quiet"]
    days = ["--from", "2021-03-03", "--to", WEEK, "--map", "created_at=date", "--map", "category=sub_category"]
    subprocess.run([*command, *days, "--db", f"sqlite:///{database}"], check=True, cwd=ROOT)
    return database


@pytest.fixture
def town_site(town: Path) -> Iterator[str]:
    with serving(town) as address:
        yield address


def led_to_drains(client: TestClient, page: str) -> list[str]:
    """Issues that the first page names before its list, and whose own page speaks of drains."""
    named = page.split("<h1", maxsplit=1)[1].split("<table", maxsplit=1)[0]
    links = [unescape(link) for link in re.findall(r'href="(/issues/T-[^"]+)"', named)]
    return [link for link in links if DRAINS.search(client.get(link).text)]


def test_the_week_of_the_storm_leads_to_the_drains_and_the_week_before_the_first_does_not(town: Path) -> None:
    with opened(town) as client:
        for language, words in FINDING.items():
            storm = client.get(f"/?as_of={WEEK}&lang={language}").text
            assert re.search(words, storm)
            assert led_to_drains(client, storm)
        assert not led_to_drains(client, client.get(f"/?as_of={QUIET}&lang=de").text)


@pytest.mark.parametrize("language", ["de", "en"])
def test_people_find_the_storm_by_looking(page: Any, town: Path, town_site: str, language: str) -> None:
    """From the week to the issue and its chart, and all other pages of that evening."""
    with opened(town) as client:
        link = led_to_drains(client, client.get(f"/?as_of={WEEK}").text)[0]
    page.goto(f"{town_site}/?as_of={WEEK}&lang={language}", wait_until="networkidle")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"storm-today-{language}.png", full_page=True)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f'main a[href="{link}"]').first.click()
    page.locator("#course .chart svg").wait_for()
    assert re.search(r"ehr als erwartet|ore than expected", page.locator("#course h2").inner_text())
    assert DRAINS.search(page.locator("main").inner_text())
    page.screenshot(path=PICTURES / f"storm-issue-{language}.png", full_page=True)
    is_quiet(page)
    for number in range(page.locator("header nav a").count()):
        with page.expect_navigation(wait_until="networkidle"):
            page.locator("header nav a").nth(number).click()
        assert f"as_of={WEEK}" in page.url
        assert page.locator("h1").count() == 1
        page.screenshot(path=PICTURES / f"town-{number}-{language}.png", full_page=True)
        is_quiet(page)
