"""The three pictures of the README, taken from a database in Chromium.

    cxtext demo && python -m tests.benchmarks.pictures cxtext-demo/cxtext.db T-0003

Writes today, one issue and all issues to `notebooks/pictures`; the issue is named, because one with a jump shows most.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.api.dashboard.conftest import NAMES, ROOT, serving

FOLDER = ROOT / "notebooks" / "pictures"
WIDTH = 1366


def main(database: Path, issue: str) -> None:
    pictures = (
        ("today-en", "/", "en", "light", 1000), ("issue-en", f"/issues/{issue}", "en", "light", 1180),
        ("issues-de", "/issues", "de", "dark", 1180),
    )  # fmt: skip
    program = next(found for name in NAMES if (found := shutil.which(name)))
    with serving(database) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, path, language, theme, height in pictures:
            page = browser.new_context(viewport={"width": WIDTH, "height": height}, locale=language).new_page()
            page.goto(f"{address}{path}?theme={theme}", wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
