"""Every report in every format: the same figures, escaped, the same bytes whenever it is printed."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import sqlalchemy as sa

from cxtext.errors import ConfigurationError, NotFound
from cxtext.jobs.acts import act_on_topics
from cxtext.reports import FORMATS, compose, render
from cxtext.reports.document import Number, Table
from cxtext.settings import Settings
from cxtext.store import Store, open_store, read_metrics, read_signals, read_topics, read_trends, runs
from cxtext.store import tables as t
from cxtext.store.scope import within
from cxtext.topics.acts import Rename

KINDS = ("weekly", "department", "defect", "product")
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> [x](javascript:alert(1)) @admin #1 {code} *b* |c|"

Subjects = dict[str, dict[str, str]]


def printed_as(store: Store, subjects: Subjects, name: str, form: str, language: str = "de", run_id: int = 1) -> bytes:
    kind = "defect" if name == "product" else name
    with store.read() as connection:
        content, _ = render(connection, run_id, kind, form, language=language, project="CX", **subjects[name])
    return content


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_every_format_tells_the_finding(printed: Store, subjects: Subjects, name: str, language: str) -> None:
    with printed.read() as connection:
        kind = "defect" if name == "product" else name
        document = compose(connection, 1, kind, language=language, **subjects[name])
    assert len(document.figures) == 3
    assert len(document.method) == 10
    for form in FORMATS:
        if form == "pdf" or (form in ("json", "jira", "github") and kind != "defect"):
            continue
        text = printed_as(printed, subjects, name, form, language).decode()
        plain = re.sub(r"\\", "", text.replace("&#39;", "'").replace("&amp;", "&"))
        assert document.title in plain, form
        assert "None" not in plain.replace("None of", "")


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("name", KINDS)
def test_a_pdf_opened_again_holds_the_figures_of_the_run(printed: Store, subjects: Subjects, name: str) -> None:
    with pdfium.PdfDocument(printed_as(printed, subjects, name, "pdf", "en")) as reader:
        text = " ".join("\n".join(page.get_textpage().get_text_range() for page in reader).split())
        made = reader.get_metadata_value("CreationDate")
    with printed.read() as connection:
        kind = "defect" if name == "product" else name
        document = compose(connection, 1, kind, language="en", **subjects[name])
        finished = runs.get(connection, 1).finished_at
    assert finished is not None
    assert made == f"D:{finished:%Y%m%d%H%M%S}Z"
    figures = [figure.value.text for figure in document.figures]
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                figures += [value.text for row in block.rows for value in row if isinstance(value, Number)]
    assert len(figures) > 10
    assert [figure for figure in figures if " ".join(figure.split()) not in text] == []


def test_the_week_shows_what_the_read_layer_says(printed: Store, subjects: Subjects) -> None:
    lines = list(csv.DictReader(io.StringIO(printed_as(printed, subjects, "weekly", "csv", "en").decode())))
    with printed.read() as connection:
        signals = read_signals.signals(connection, 1, open_only=True)
        csat = next(read_metrics.metrics(connection, 1, scope="all", period="28d", metric="csat"))
        top = read_trends.by_topic(connection, 1)
    section = "What needs attention"
    shown = {line["row"]: line for line in lines if line["section"] == section and line["column"] == "Tickets"}
    loud = [one for one in signals if one.kind in ("new", "rising", "spike")]
    assert all(float(shown[one.label]["value"]) == one.count for one in loud if one.label and one.slice_ is None)
    told = next(line for line in lines if line["row"] == "CSAT (28 days)")
    assert csat.value is not None
    assert float(told["value"]) == pytest.approx(csat.value, abs=1e-3)
    assert int(told["n"]) == csat.n
    assert top


def test_numbers_in_csv_are_numbers_with_their_intervals(printed: Store, subjects: Subjects) -> None:
    lines = list(csv.DictReader(io.StringIO(printed_as(printed, subjects, "weekly", "csv").decode())))
    shares = [line for line in lines if line["column"] == "Anteil" and line["value"]]
    assert shares
    for line in shares:
        assert 0 <= float(line["lower"]) <= float(line["value"]) <= float(line["upper"]) <= 100
        assert line["level"] == "95"
        assert int(line["n"]) >= 5


@pytest.mark.parametrize("form", ["html", "md", "csv", "pdf", "json"])
def test_an_old_run_prints_the_same_bytes_after_people_have_changed_things(
    demo_store: Store, subjects: Subjects, form: str, request: pytest.FixtureRequest
) -> None:
    if form == "pdf":
        request.getfixturevalue("pango")
    name = "defect" if form == "json" else "weekly"
    before = printed_as(demo_store, subjects, name, form)
    with demo_store.read() as connection:
        topic = read_topics.topics(connection, 1)[0]["topic_id"]
    act = Rename(topic_id=topic, label="Ganz anders", by="Ada", at=LATER)
    act_on_topics(demo_store, Settings.load(db=demo_store.url), act, now=lambda: LATER)
    assert printed_as(demo_store, subjects, name, form) == before


class Tags(HTMLParser):
    """Which tags and addresses a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]


@pytest.fixture
def hostile(demo_folder: Path) -> Store:
    store = open_store(f"sqlite:///{demo_folder / 'cxtext.db'}")
    with store.write() as connection:
        connection.execute(t.topic.update().values(label=HOSTILE))
        connection.execute(t.version.update().values(text=HOSTILE + " " + t.version.c.no.cast(sa.Text)))
    return store


@pytest.mark.parametrize("name", ["weekly", "defect"])
def test_hostile_texts_stay_texts(hostile: Store, subjects: Subjects, name: str) -> None:
    page = printed_as(hostile, subjects, name, "html").decode()
    tags = Tags()
    tags.feed(page)
    assert not tags.tags & {"script", "a", "img", "iframe", "link", "object"}
    assert tags.addresses == []
    assert "&lt;script&gt;" in page
    for line in csv.reader(io.StringIO(printed_as(hostile, subjects, name, "csv").decode())):
        assert not [value for value in line if value.startswith(("=", "@", "+", "\t", "|"))]
    written = printed_as(hostile, subjects, name, "md").decode()
    assert "<script" not in written.replace("\\<", "")
    assert "](javascript" not in written.replace("\\]", "")
    assert "@admin" not in written
    hostile.close()


def test_bodies_for_issue_trackers_can_be_posted(printed: Store, subjects: Subjects) -> None:
    fields = json.loads(printed_as(printed, subjects, "product", "jira"))["fields"]
    assert fields["project"] == {"key": "CX"}
    assert fields["issuetype"] == {"name": "Bug"}
    assert 0 < len(fields["summary"]) <= 255
    assert "\n" not in fields["summary"]
    assert len(fields["description"]) <= 32_767
    assert all(label and " " not in label for label in fields["labels"])
    issue = json.loads(printed_as(printed, subjects, "product", "github"))
    assert set(issue) == {"title", "body", "labels"}
    assert len(issue["body"]) <= 65_536
    both = json.loads(printed_as(printed, subjects, "product", "json"))
    assert (both["jira"]["fields"]["summary"], both["github"]["title"]) == (fields["summary"], issue["title"])


def test_eight_steps_stand_in_their_order(printed: Store, subjects: Subjects) -> None:
    report = json.loads(printed_as(printed, subjects, "defect", "json", "en"))["report"]
    assert [section["title"][:2] for section in report["sections"]] == [f"D{step}" for step in range(1, 9)]
    forms = {
        section["title"][:2] for section in report["sections"] for block in section["blocks"] if block["type"] == "form"
    }
    assert {"D1", "D5", "D6", "D7", "D8"} <= forms
    quotes = [b["quotes"] for s in report["sections"] for b in s["blocks"] if b["type"] == "quotes"]
    assert 0 < len(quotes[0]) <= 10


@pytest.mark.parametrize(
    ("kind", "form", "options", "words"),
    [
        ("monthly", "html", {}, "no report called"),
        ("weekly", "docx", {}, "known: html, pdf, md, csv"),
        ("weekly", "json", {}, "known: html, pdf, md, csv"),
        ("weekly", "html", {"language": "fr"}, "say de or en"),
        ("department", "html", {}, "--department KEY"),
        ("defect", "html", {}, "one topic or one product"),
        ("defect", "html", {"topic": "T-0001", "product": "X"}, "one topic or one product"),
        ("defect", "jira", {"topic": "T-0001"}, "--project KEY"),
    ],
)
def test_what_cannot_be_printed_is_said(
    printed: Store, kind: str, form: str, options: dict[str, str], words: str
) -> None:
    with printed.read() as connection, pytest.raises(ConfigurationError, match=words):
        render(connection, 1, kind, form, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"topic": "T-9999"}, {"product": "no such thing"}])
def test_what_is_not_there_is_said(printed: Store, options: dict[str, str]) -> None:
    with printed.read() as connection, pytest.raises(NotFound):
        render(connection, 1, "defect", "html", **options)  # type: ignore[arg-type]


def test_an_unknown_department_is_answered_with_the_known_ones(printed: Store) -> None:
    with printed.read() as connection, pytest.raises(NotFound, match="logistics"):
        render(connection, 1, "department", "html", department="nobody")


def test_without_weasyprint_the_message_says_what_to_install(
    printed: Store, subjects: Subjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ConfigurationError, match="libpango"):
        printed_as(printed, subjects, "weekly", "pdf")


def test_an_empty_store_still_prints(store: Store) -> None:
    with store.write() as connection:
        run = runs.begin(connection, kind="night", now=LATER, as_of=LATER.date())
        runs.publish(connection, run.id, now=LATER, counts={})
    with store.read() as connection:
        content, _ = render(connection, run.id, "weekly", "html")
    assert "Keine Fälle in diesen sieben Tagen" in content.decode()


@pytest.mark.parametrize("name", ["weekly", "department", "defect"])
def test_somebody_of_one_department_gets_a_report_of_that_department(
    printed: Store, subjects: Subjects, name: str
) -> None:
    mine = frozenset({subjects["department"]["department"]})
    with printed.read() as connection:
        whole = compose(connection, 1, name, **subjects[name])
    with printed.read() as connection:
        own = compose(within(connection, 1, mine), 1, name, **subjects[name])
    told, everything = own.figures[0].value.value, whole.figures[0].value.value
    assert told is not None
    assert everything is not None
    assert (told == everything) if name == "department" else 0 < told < everything


def test_somebody_of_two_departments_is_asked_to_choose(printed: Store) -> None:
    with printed.read() as connection, pytest.raises(NotFound, match="one department at a time: billing, logistics"):
        compose(within(connection, 1, frozenset({"logistics", "billing"})), 1, "weekly")
