"""The pages as a browser gets them: whole, in two languages, harmless, with their state in the address."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cxtext.store import read_tickets, runs
from tests.api.conftest import opened
from tests.api.dashboard.attacks import PAYLOADS
from tests.api.dashboard.seeded import attack
from tests.api.people import People, client_of

PAGES = (
    "/", "/issues", "/issues?measure=cost&show=all", "/issues?measure=csat", "/issues/T-0001",
    "/issues/T-0001?span=all&unit=rate", "/departments", "/departments?department=logistics", "/figures",
    "/figures?scope=channel&key=email&kind=month&outcome=nps", "/cases", "/cases?q=Lieferung&department=logistics",
    "/cases?topic=T-0001&since=2026-08-01", "/tickets/demo/D-00005", "/review", "/runs", "/voices", "/docs", "/login",
)  # fmt: skip


class Seen(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def is_harmless(page: str) -> None:
    """Nothing that the policy of the page would have to stop."""
    for tag, attributes in Seen(page).found:
        assert tag not in ("style", "iframe", "object", "embed", "base", "img"), tag
        if tag == "script":
            own = (attributes.get("src") or "").startswith("/static/")
            assert own or attributes.get("type") == "application/json", attributes
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert not name.startswith(("hx-on", "data-hx")), name
            assert name != "style"
            if name in ("href", "src", "action", "hx-get"):
                assert value is not None
                assert value.startswith(("/", "?", "#")), value
                assert not value.startswith("//"), value
    assert page.count("<body") == page.count("</body") == 1


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_carry_no_script_of_their_own_and_nothing_from_elsewhere(
    demo: TestClient, path: str, language: str
) -> None:
    answer = demo.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    is_harmless(answer.text)
    assert f'<html lang="{language}"' in answer.text
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert answer.text.count("<h1") == 1
    assert "{n}" not in answer.text
    assert "None" not in re.sub(r"<script.*?</script>", "", answer.text, flags=re.S).split("<h1")[1]


@pytest.fixture(scope="module")
def attacked(night_before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("attacked")
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(night_before / name, folder / name)
    attack(folder / "cxtext.db")
    with opened(folder / "cxtext.db") as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_sixty_attacks_stay_text_on_every_page(attacked: TestClient, path: str) -> None:
    assert len(PAYLOADS) == 60
    page = attacked.get(path).text
    is_harmless(page)
    assert str(31337 * 27183) not in page  # no payload is worked out as a template
    assert "&lt;" in page or path in ("/docs", "/login")


def test_the_finding_is_the_title_in_the_readers_language(demo: TestClient) -> None:
    assert re.search(r"<h1>Guten Morgen\. Am 31\. Oktober 2026 kamen \d+ Fälle", demo.get("/?lang=de").text)
    assert re.search(r"<h1>Good morning\. On 31 October 2026 there were \d+ tickets", demo.get("/?lang=en").text)


def test_language_and_theme_stay_as_chosen(night_before: Path) -> None:
    with opened(night_before / "cxtext.db") as client:
        assert '<html lang="en" data-theme="dark">' in client.get("/issues?lang=en&theme=dark").text
        assert '<html lang="en" data-theme="dark">' in client.get("/", headers={"Accept-Language": "de"}).text


def test_the_sum_of_shares_grows_to_the_whole(demo: TestClient) -> None:
    page = demo.get("/issues?lang=en&show=all").text
    sums = [int(found) for found in re.findall(r'data-name="Sum">(\d+)%', page)]
    assert sums == sorted(sums)
    assert sums[-1] == 100
    assert len(sums) > 20


def test_an_empty_database_says_how_to_begin_on_every_page(empty: TestClient) -> None:
    assert "Noch keine Fälle" in empty.get("/?lang=de").text
    assert "cxtext run tickets.csv" in empty.get("/").text
    for path in ("/issues", "/departments", "/figures", "/cases", "/review", "/runs", "/voices"):
        assert empty.get(path).status_code == 200, path


def test_the_address_holds_the_state_and_refuses_what_it_does_not_know(demo: TestClient) -> None:
    page = demo.get("/cases?department=logistics&language=de&as_of=2026-11-01&lang=en").text
    assert 'name="department" value="logistics"' in page
    assert "as_of=2026-11-01" in page
    assert demo.get("/cases?departmnet=logistics", headers={"Accept": "text/html"}).status_code == 422
    assert demo.get("/?as_of=1999-01-01", headers={"Accept": "text/html"}).status_code == 404
    assert demo.get("/issues/T-9999", headers={"Accept": "text/html"}).status_code == 404


def test_what_is_on_the_screen_can_be_taken_along(demo: TestClient) -> None:
    page = demo.get("/cases?topic=T-0001&lang=en").text
    size = re.search(r"<h1 class=\"long\">([\d,]+) tickets", page)
    assert size is not None
    rows = list(csv.DictReader(io.StringIO(demo.get("/cases.csv?topic=T-0001").text)))
    assert len(rows) == int(size[1].replace(",", ""))
    assert {row["topic_id"] for row in rows} == {"T-0001"}
    days = [row["created_at"][:10] for row in rows if row["created_at"]]
    assert len(set(days)) > 10
    found = list(csv.DictReader(io.StringIO(demo.get("/cases.csv?q=Lieferung").text)))
    told = re.search(r"(\d+) tickets with", demo.get("/cases?q=Lieferung&lang=en").text)
    assert told is not None
    assert len(found) == int(told[1])
    assert all("lieferung" in row["text"].casefold() for row in found)


def test_pages_of_cases_follow_each_other_without_gap_or_repeat(demo: TestClient) -> None:
    seen: list[str] = []
    address = "/cases?language=fr&lang=en"
    for _ in range(9):
        page = demo.get(address).text
        seen += re.findall(r'<p class="told"><a href="/tickets/([^"?]+)', page)
        following = re.search(r'<a href="(\?[^"]*after=[^"]*)">older', page)
        if following is None:
            break
        address = "/cases" + following[1].replace("&amp;", "&")
    assert (
        len(seen) == len(set(seen)) == len(list(csv.DictReader(io.StringIO(demo.get("/cases.csv?language=fr").text))))
    )


def test_a_form_that_no_page_of_ours_made_changes_nothing(demo: TestClient) -> None:
    answer = demo.post("/issues/T-0001/rename", data={"label": "x"}, follow_redirects=False)
    assert answer.status_code == 403
    assert "x</a>" not in demo.get("/issues").text


def test_whoever_sees_one_department_gets_every_page_without_a_word_of_others(
    inhabited: tuple[Path, People], tmp_path: Path
) -> None:
    for name in ("cxtext.db", "cxtext.db.key"):
        shutil.copy(inhabited[0].parent / name, tmp_path / name)
    with client_of(tmp_path / "cxtext.db") as client:
        headers = {"Authorization": f"Bearer {inhabited[1].keys['viewer', 'billing']}", "Accept": "text/html"}
        store = client.app.state.store  # type: ignore[attr-defined]
        with store.read() as connection:
            rows = list(read_tickets.tickets(connection, runs.current(connection)))
        mine = {row["text"] for row in rows if row["department"] == "billing"}
        foreign = {row["text"][:40] for row in rows if row["department"] != "billing" and len(row["text"]) > 60}
        told = ""
        for path in PAGES:
            answer = client.get(path, headers=headers)
            assert answer.status_code == (404 if path.startswith("/tickets/") else 200), path
            assert "/rename" not in answer.text
            told += unescape(answer.text)
        told += client.get("/cases.csv", headers=headers).text
        assert not [text for text in foreign if text in told and not any(text in own for own in mine)]
        assert sum(text.splitlines()[0] in told for text in mine) > 20
