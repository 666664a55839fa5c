"""What people do on the pages, done in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.dashboard.attacks import PAYLOADS
from tests.api.dashboard.conftest import PICTURES, is_quiet

AXE = (Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js").read_text(encoding="utf-8")
PAGES = {
    "today": "/", "issues": "/issues", "issue": "/issues/T-0001", "rate": "/issues/T-0001?unit=rate&span=all",
    "departments": "/departments", "department": "/departments?department=logistics", "metrics": "/figures",
    "tickets": "/cases?q=Lieferung", "ticket": "/tickets/demo/D-00005", "review": "/review", "runs": "/runs", "voices": "/voices", "api": "/docs",
}  # fmt: skip
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_walk_through_all_pages(page: Any, site: str, language: str) -> None:
    """By the links of the header, as people go; every page is drawn, nothing is stopped, nothing fails."""
    page.goto(f"{site}/?lang={language}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    links = page.locator("header nav a")
    for number in range(links.count()):
        with page.expect_navigation(wait_until="networkidle"):
            links.nth(number).click()
        assert links.nth(number).get_attribute("aria-current") == "page"
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.lang") == language
        page.screenshot(path=PICTURES / f"{number}-{language}.png", full_page=True)
        is_quiet(page)
    page.goto(f"{site}/issues")
    page.locator("table.issues tbody th a").first.click()
    page.locator(".chart svg").first.wait_for()
    page.locator("blockquote footer a").first.click()
    page.wait_for_url("**/tickets/**")
    page.go_back()
    page.wait_for_url("**/issues/T-*")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Any, site: str, theme: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="de")
    tab = context.new_page()
    found = []
    for name, path in PAGES.items():
        tab.goto(site + path, wait_until="networkidle")
        tab.evaluate(AXE)
        told = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (name, one["id"], one["nodes"][0]["html"][:120])
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
        tab.screenshot(path=PICTURES / f"{name}-{theme}-{size}.png") if PICTURES.is_dir() else None
    context.close()
    assert found == []


def test_sixty_attacks_run_nothing_and_are_stopped_nowhere(page: Any, hostile_site: str) -> None:
    """On every page: no script of an attacker runs, and the policy never has to stop one."""
    for path in PAGES.values():
        page.goto(hostile_site + path, wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        is_quiet(page)
    page.goto(hostile_site + "/cases", wait_until="networkidle")
    seen: set[str] = set()
    for _ in range(4):
        text = page.locator("#results").inner_text()
        seen |= {payload for payload in PAYLOADS if payload in text}
        is_quiet(page)
        with page.expect_navigation(wait_until="networkidle"):
            page.get_by_text("ältere →").click()
    assert seen == set(PAYLOADS)
    page.locator("input[data-shortcut-first]").fill("<script>window.hacked=1</script>")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    is_quiet(page)


def test_a_name_is_changed_in_place_and_taken_back(page: Any, site: str) -> None:
    page.goto(f"{site}/issues/T-0003?lang=de")
    before = page.locator(".crumbs [aria-current]").inner_text()
    page.get_by_text("✎ Umbenennen").click()
    page.wait_for_function("document.activeElement.name == 'label'")
    page.keyboard.press("Escape")
    page.locator("details.act[open]").wait_for(state="detached")
    page.get_by_text("✎ Umbenennen").click()
    page.locator("input[name=label]").fill("Gerät läuft aus <b>")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert page.locator(".crumbs [aria-current]").inner_text() == "Gerät läuft aus <b>"
    assert "umbenannt in „Gerät läuft aus <b>“" in page.locator("#history + ul").inner_text()
    with page.expect_navigation():
        page.locator(".toast button").click()
    page.wait_for_selector(".toast")
    assert page.locator(".crumbs [aria-current]").inner_text() == before
    assert "rückgängig gemacht: umbenannt" in page.locator("#history + ul").inner_text()
    is_quiet(page)


def test_issues_are_merged_by_likeness_and_taken_apart_again(page: Any, site: str) -> None:
    page.goto(f"{site}/issues/T-0001?lang=en")
    before = page.locator("h1").inner_text()
    page.get_by_text("⇄ Merge").click()
    nearest = page.locator("input[name=near]").first
    other = nearest.get_attribute("value")
    nearest.check()
    page.locator("details.act[open] button").click()
    page.wait_for_selector(".toast")
    assert page.locator("h1").inner_text() != before
    page.goto(f"{site}/issues/{other}")
    assert page.url.endswith("/issues/T-0001")  # a merged id leads on for ever
    page.go_back()
    page.goto(f"{site}/runs")
    assert "merged" in page.locator("table").last.inner_text()


def test_a_ticket_is_put_right_in_its_place(page: Any, site: str) -> None:
    page.goto(f"{site}/tickets/demo/D-00005?lang=en")
    facts = page.locator("dl.facts > div")
    facts.nth(3).locator("summary").click()
    facts.nth(3).locator("select").select_option("positive")
    facts.nth(3).locator("button").click()
    page.wait_for_selector(".toast")
    assert "positive" in facts.nth(3).inner_text()
    assert "100% sure" in facts.nth(3).inner_text()
    page.locator(".toast button").click()
    page.wait_for_selector(".toast:has-text('undone')")
    assert "100% sure" not in facts.nth(3).inner_text()


def test_a_week_is_reviewed_with_the_keyboard_alone(page: Any, site: str) -> None:
    page.goto(f"{site}/review?lang=en")
    for number, key in enumerate("1n21"):
        assert f"Question {number + 1} of 30" in page.locator("h1").inner_text()
        with page.expect_navigation():
            page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "again=1" in page.url
    with page.expect_navigation():
        page.keyboard.press("1")
    assert "Question 5 of 30" in page.locator("h1").inner_text()
    with page.expect_navigation():
        page.keyboard.press("2")
    assert "Precision of" in page.locator("main").inner_text()


def test_pages_work_by_keyboard_and_print(page: Any, site: str) -> None:
    page.goto(f"{site}/issues?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("Rechnung")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases?q=Rechnung")
    page.locator("mark").nth(3).wait_for()
    page.goto(f"{site}/issues")
    page.get_by_role("link", name="cost", exact=True).click()
    page.wait_for_url("**measure=cost*")
    page.locator("#pareto .chart svg").wait_for()
    is_quiet(page)
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
