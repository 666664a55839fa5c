import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.dashboard.charts import by_week, sparkline
from api.dashboard.figures import interval
from api.dashboard.words import WORDS, Speech
from cxtext.settings import Settings
from cxtext.store import open_store, tables

PAYLOADS = [
    wrapped.format(attack)
    for attack in (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src=javascript:alert(1)>",
        "<body onload=alert(1)>", "<a href=javascript:alert(1)>x</a>", "<style>*{{}}</style>", "<link rel=stylesheet href=//x>",
        "<base href=//x>", "<meta http-equiv=refresh content=0>", "<form action=//x>", "<input autofocus onfocus=alert(1)>",
    )
    for wrapped in ("{}", '">{}', "'>{}", "--></title></blockquote>{}", "{{{{7*7}}}}{{% raw %}}{}")
]  # fmt: skip


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
        assert tag not in ("script", "style", "iframe", "object", "embed", "base", "img", "form", "input"), tag
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in ("href", "src"):
                assert value is not None
                assert value.startswith(("/", "?", "#")), value
    assert page.count("<body") == page.count("</body") == 1


@pytest.mark.parametrize("path", ["/", "/?show=all", "/issues/T-0001", "/issues/T-0032", "/docs"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_need_no_script_and_nothing_from_elsewhere(demo: TestClient, path: str, language: str) -> None:
    answer = demo.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    is_harmless(answer.text)
    assert f'<html lang="{language}">' in answer.text
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert answer.text.count("<h1>") == 1


def test_sixty_attacks_as_tickets_stay_text(demo_folder: Path) -> None:
    from tests.api.conftest import opened

    assert len(PAYLOADS) == 60
    store = open_store(Settings.load(db=f"sqlite:///{demo_folder / 'cxtext.db'}").db)
    with opened(demo_folder / "cxtext.db") as client:
        for start in range(0, 60, 5):
            some = PAYLOADS[start : start + 5]
            with store.write() as connection:
                topic = connection.execute(tables.topic.select().where(tables.topic.c.id == "T-0001")).one()
                for key, attack in zip(topic.quotes, some, strict=False):
                    number = (
                        tables.ticket.select()
                        .with_only_columns(tables.ticket.c.no)
                        .where(tables.ticket.c.id == key.split(":", 1)[1])
                    )
                    connection.execute(
                        tables.version.update().where(tables.version.c.no.in_(number)).values(text=attack)
                    )
                connection.execute(
                    tables.topic.update()
                    .where(tables.topic.c.id == "T-0001")
                    .values(label=some[0], keywords=some, named_by=some[1], status="new")
                )
            for path in ("/", "/issues/T-0001"):
                page = client.get(path).text
                is_harmless(page)
                assert "7*7" not in some[0] or "49" not in page.split("<h1>")[1][:200]
            assert page.count("alert(1)") + page.count("//x") + page.count("http-equiv") + page.count("*{") > 5
    store.close()


def test_the_finding_is_the_title_in_the_readers_language(demo: TestClient) -> None:
    assert re.search(r"<h1>Neu: .+, \d+ Fälle, fast alle aus den letzten vier Wochen</h1>", demo.get("/?lang=de").text)
    assert re.search(r"<h1>New: .+, \d+ tickets, nearly all of the last four weeks</h1>", demo.get("/?lang=en").text)


def test_the_chosen_language_stays(night_before: Path) -> None:
    from tests.api.conftest import opened

    with opened(night_before / "cxtext.db") as client:
        assert '<html lang="en">' in client.get("/?lang=en").text
        assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "de"}).text


def test_the_sum_of_shares_grows_to_the_share_with_a_topic(demo: TestClient) -> None:
    page = demo.get("/?lang=en&show=all").text
    sums = [int(found) for found in re.findall(r'data-name="Sum">(\d+)%', page)]
    assert sums == sorted(sums)
    share = re.search(r"(\d+)% of them belong to one of (\d+) issues", page)
    assert share is not None
    assert sums[-1] == int(share[1])
    assert len(sums) == int(share[2])


def test_an_empty_database_says_how_to_begin(empty: TestClient) -> None:
    assert "Noch keine Fälle" in empty.get("/?lang=de").text
    assert "cxtext run tickets.csv" in empty.get("/").text


def test_both_languages_know_the_same_words_with_the_same_gaps() -> None:
    assert set(WORDS["de"]) == set(WORDS["en"])
    for key, words in WORDS["de"].items():
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", WORDS["en"][key])), key


def test_numbers_and_days_are_written_as_people_write_them() -> None:
    from datetime import date

    german, english = Speech("de"), Speech("en")
    assert (german.write(4870), english.write(4870)) == ("4.870", "4,870")
    assert (german.write(date(2026, 5, 3)), english.write(date(2026, 5, 3))) == ("3. Mai 2026", "3 May 2026")
    assert (german.percent(0.914), english.percent(0.914)) == ("91 %", "91%")
    assert (german.signed(-0.5), english.signed(0.5), english.signed(None)) == ("−0,50", "+0.50", "–")


@given(st.integers(5, 10_000), st.floats(0, 1))
def test_an_interval_holds_its_share(count: int, share: float) -> None:
    bounds = interval(share, count)
    assert bounds is not None
    assert 0 <= bounds[0] <= share + 1e-9
    assert share - 1e-9 <= bounds[1] <= 1


def test_the_interval_is_wilsons() -> None:
    """8 of 10 by the published formula: 0.490 to 0.943."""
    bounds = interval(0.8, 10)
    assert bounds == pytest.approx((0.4902, 0.9433), abs=5e-5)
    assert interval(0.5, 4) is None
    assert interval(None, 100) is None


def test_weeks_begin_on_monday_and_miss_none() -> None:
    from datetime import date

    days = [(date(2026, 5, 3), 1), (date(2026, 5, 4), 2), (date(2026, 5, 24), 3)]
    weeks = by_week(days, date(2026, 5, 3), date(2026, 5, 24))
    assert weeks == [(date(2026, 4, 27), 1), (date(2026, 5, 4), 2), (date(2026, 5, 11), 0), (date(2026, 5, 18), 3)]
    assert sparkline([], "<nothing>").count("&lt;nothing&gt;") == 1
