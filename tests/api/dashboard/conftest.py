"""A real browser in front of a real server: one of each for all tests of this folder."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.dashboard.seeded import attack

ROOT = Path(__file__).parents[3]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PICTURES = Path(os.environ.get("CXTEXT_PICTURES", ROOT / "build" / "pictures"))  # kept by CI, looked at by people
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
window.failures = [];
addEventListener("error", (event) => window.failures.push(String(event.message)));
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; CI installs it, so that there a test that cannot run fails."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        assert "CI" not in os.environ, "no browser: apt-get install chromium, pip install playwright"
        pytest.skip("no browser: apt-get install chromium, pip install playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serving(database: Path) -> Iterator[str]:
    """The server that users run, on a port of its own; yields its address."""
    command = [sys.executable, "-m", "uvicorn", "api.main:app", "--port", "0"]
    environment = {**os.environ, "CXTEXT_DB": f"sqlite:///{database}"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                yield found[1]
                break
        else:
            pytest.fail("the server did not start")
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(timeout=30)


def copied(night_before: Path, folder: Path) -> Path:
    """A copy of the demo after one night, to be changed at will."""
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(night_before / name, folder / name)
    return folder / "cxtext.db"


@pytest.fixture(scope="session")
def site(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo as people see it."""
    with serving(copied(night_before, tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with an attack in every text."""
    database = copied(night_before, tmp_path_factory.mktemp("hostile"))
    attack(database)
    with serving(database) as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """An empty tab, German, on a small laptop; it notes whatever the policy stops and whatever fails."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="de")
    context.add_init_script(WATCH)
    tab = context.new_page()
    tab.set_default_timeout(150_000)
    yield tab
    context.close()


def is_quiet(tab: Any) -> None:
    """The policy has stopped nothing, no script failed, none of an attacker ran."""
    assert tab.evaluate("window.violations") == []
    assert tab.evaluate("window.failures") == []
    assert tab.evaluate("window.hacked") is None
