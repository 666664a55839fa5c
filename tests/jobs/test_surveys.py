"""Answers to surveys from a file find their tickets, stand alone where they have none, and change nothing when read again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxtext.connectors.page import Answer
from cxtext.connectors.survey_file import open_survey
from cxtext.domain import Rejected, Ticket
from cxtext.errors import NotFound, SourceError
from cxtext.export import KINDS
from cxtext.jobs.erase import erase_ticket
from cxtext.jobs.nightly import Order, run_night
from cxtext.settings import Settings
from cxtext.store import Store, read_answers, read_tickets, runs
from cxtext.store import tables as t
from cxtext.store.scope import within
from cxtext.store.source_tables import survey_answer

ANSWERS = """Ticketnummer;Zufriedenheit;NPS;CES;Kommentar;Datum;Kundenname
1;5;9;2;Schnell geholfen;03.05.2026;Erika Beispiel
2;1;0;7;Frau Erika Beispiel war unfreundlich, max@example.org;04.05.2026;Erika Beispiel
2;4;;;Doch noch gelöst;09.05.2026;
77;3;;;;05.05.2026;
;2;;;Ihre Hotline ist nie erreichbar, ich warte ewig;06.05.2026;
;4;;;;06.05.2026;
3;9;;;zu hoch;06.05.2026;
"""


def night(store: Store, folder: Path, *names: str, surveys: tuple[str, ...] = (), day: int = 1) -> dict[str, object]:
    order = Order(sources=[str(folder / name) for name in names], surveys=surveys)
    settings = Settings.load(db=store.url)
    return run_night(store, settings, order, now=lambda: datetime(2026, 6, day, 2, tzinfo=UTC)).counts


def scales(store: Store) -> dict[str, tuple[object, ...]]:
    with store.read() as connection:
        run_id = runs.current(connection)
        query = sa.select(t.ticket.c.id, t.version.c.csat, t.version.c.nps, t.version.c.ces).join(
            t.version, t.version.c.no == t.ticket.c.no
        )
        return {row[0]: tuple(row[1:]) for row in connection.execute(query.where(t.seen_at(t.version, run_id)))}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "tickets.csv").write_text(
        "id;text;created_at;csat\n"
        + "".join(f"{n};Das Paket {n} fehlt noch immer;2026-05-0{n};{'2' if n == 4 else ''}\n" for n in range(1, 6)),
        encoding="utf-8",
    )
    (tmp_path / "later.csv").write_text("id;text;created_at\n77;Die Rechnung ist falsch;2026-05-05\n", encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return tmp_path


def test_answers_find_their_tickets_now_or_later_and_stand_alone_without_one(store: Store, files: Path) -> None:
    answers = str(files / "answers.csv")
    counts = night(store, files, "tickets.csv", surveys=(answers,))
    with store.read() as connection:
        reasons = sorted(connection.scalars(sa.select(t.quarantine.c.reason)))
    assert (counts["new"], counts["quarantined"]) == (6, 2), reasons
    told = scales(store)
    assert told["1"] == (5.0, 9, 2.0)
    assert told["2"] == (4.0, None, None)  # the newest answer counts
    assert told["3"] == (None, None, None)
    assert told["4"] == (2.0, None, None)
    [alone] = [name for name in told if name.startswith("survey-")]
    assert told[alone] == (2.0, None, None)
    with store.read() as connection:
        comments = " ".join(connection.scalars(sa.select(survey_answer.c.comment)))
        reasons = sorted(connection.scalars(sa.select(t.quarantine.c.reason)))
    assert "unfreundlich" in comments
    assert "max@example.org" not in comments
    assert "Erika" not in comments
    assert "says nothing to read" in reasons[0]
    assert "csat_max" in reasons[1]

    night(store, files, "later.csv", surveys=(answers,), day=2)  # the ticket came after its answer
    told = scales(store)
    assert told["77"] == (3.0, None, None)
    before = told
    again = night(store, files, "tickets.csv", surveys=(answers,), day=3)
    assert (again["new"], again["changed"]) == (0, 0)
    assert scales(store) == before


def test_comments_are_read_with_their_ticket_and_by_nobody_else(store: Store, files: Path) -> None:
    night(store, files, "tickets.csv", surveys=(str(files / "answers.csv"),))
    with store.read() as connection:
        run_id = runs.current(connection)
        newest, older = read_answers.of_ticket(connection, run_id, "file", "2")
        assert (newest.csat, newest.comment, newest.known) == (4.0, "Doch noch gelöst", True)
        assert "unfreundlich" in older.comment
        assert "Erika" not in older.comment
        assert read_answers.waiting(connection, run_id) == 1
        assert [one.ticket_id for one in read_answers.answers(connection, run_id) if not one.known] == ["77"]
        exported = list(KINDS["answers"].rows(connection, run_id))
        assert [(row["ticket_id"], row["known"]) for row in exported] == [
            ("1", "yes"), ("2", "yes"), ("2", "yes"), ("77", "no"),
        ]  # fmt: skip
        [alone] = [row for row in read_tickets.tickets(connection, run_id) if row["id"].startswith("survey-")]
        assert (alone["channel"], alone["sentiment_label"]) == ("form", "negative")  # read as any other ticket
        owner = read_tickets.ticket(connection, run_id, "file", "2")["department"]
    with store.read() as connection:
        within(connection, run_id, frozenset({owner or "nobody"}))
        own = {row["id"] for row in read_tickets.tickets(connection, run_id)}
        assert {one.ticket_id for one in read_answers.answers(connection, run_id)} == own & {"1", "2"}
    with store.read() as connection:
        within(connection, run_id, frozenset({"nowhere"}))
        assert list(read_answers.answers(connection, run_id)) == []


def test_names_of_a_row_are_hidden_in_its_comment_wherever_they_stand(store: Store, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id;text\n1;Das Paket fehlt noch immer\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "Ticketnummer;CSAT;Kommentar;Kundenname\n1;1;<p>so was hat xaverine quandtberg noch nicht erlebt</p>;Xaverine Quandtberg\n",
        encoding="utf-8",
    )
    night(store, tmp_path, "t.csv", surveys=(str(tmp_path / "a.csv"),))
    with store.read() as connection:
        [one] = read_answers.answers(connection, runs.current(connection))
    assert "noch nicht erlebt" in one.comment
    assert "quandtberg" not in one.comment.casefold()
    assert "<p>" not in one.comment


def test_an_erased_ticket_takes_its_answers_along(store: Store, files: Path) -> None:
    night(store, files, "tickets.csv", surveys=(str(files / "answers.csv"),))
    erase_ticket(store, Settings.load(db=store.url), "2", by="test", now=lambda: datetime(2026, 6, 2, tzinfo=UTC))
    with store.read() as connection:
        left = {one.ticket_id for one in read_answers.answers(connection, runs.current(connection))}
        comments = " ".join(connection.scalars(sa.select(survey_answer.c.comment)))
    assert left == {"1", "77"}
    assert "unfreundlich" not in comments


def test_answers_about_erased_tickets_do_not_come_back_and_waiting_ones_can_be_erased(
    store: Store, files: Path
) -> None:
    settings, survey = Settings.load(db=store.url), (str(files / "answers.csv"),)
    night(store, files, "tickets.csv", surveys=survey)
    for name in ("2", "77"):  # 77 never came
        erase_ticket(store, settings, name, by="test", now=lambda: datetime(2026, 6, 2, tzinfo=UTC))
    night(store, files, "tickets.csv", surveys=survey, day=3)
    with store.read() as connection:
        assert {one.ticket_id for one in read_answers.answers(connection, runs.current(connection))} == {"1"}
        assert set(connection.scalars(sa.select(survey_answer.c.ticket_id))) == {"1"}
    with pytest.raises(NotFound):
        erase_ticket(store, settings, "78", by="test", now=lambda: datetime(2026, 6, 2, tzinfo=UTC))


def test_waiting_answers_grow_old_as_tickets_do(store: Store, files: Path) -> None:
    settings = Settings.load(db=store.url, privacy={"keep_days": 100})
    order = Order(sources=[str(files / "tickets.csv")], surveys=(str(files / "answers.csv"),))
    run_night(store, settings, order, now=lambda: datetime(2026, 6, 1, 2, tzinfo=UTC))
    with store.read() as connection:
        assert read_answers.waiting(connection, runs.current(connection)) == 1
    (files / "later.csv").write_text("id;text;created_at\n99;Die Rechnung ist falsch;2026-11-01\n", encoding="utf-8")
    order = Order(sources=[str(files / "later.csv")])
    run_night(store, settings, order, now=lambda: datetime(2026, 11, 2, 2, tzinfo=UTC))
    with store.read() as connection:
        assert list(connection.scalars(sa.select(survey_answer.c.ticket_id))) == []


def test_the_source_of_the_tickets_can_be_named(store: Store, files: Path) -> None:
    (files / "desk.jsonl").write_text('{"id": "1", "source": "desk", "text": "Das Paket fehlt"}\n')
    night(store, files, "tickets.csv", "desk.jsonl", surveys=(f"desk={files / 'answers.csv'}",))
    with store.read() as connection:
        query = sa.select(t.ticket.c.source, t.version.c.csat).join(t.version, t.version.c.no == t.ticket.c.no)
        found = {row[0]: row[1] for row in connection.execute(query.where(t.ticket.c.id == "1"))}
    assert found == {"desk": 5.0, "file": None}


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (
            "response id,ticket_id,rating,comment",
            "r1,4711,4,Fine",
            Answer(id="4711-r1", ticket_id="4711", csat=4.0, comment="Fine"),
        ),
        (
            "Case Number,NPS Score,Verbatim",
            "00012,10,Great help",
            Answer(id="?", ticket_id="00012", nps=10, comment="Great help"),
        ),
        ("id,ces,date", "9,6,2026-05-01", None),
        ("survey id,csat,csat_max,comment", "s1,80,100,Alles gut", Ticket(id="survey-s1", text="Alles gut")),
    ],
)
def test_columns_of_surveys_are_recognised(header: str, row: str, wanted: object, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{row}\n")
    [found] = open_survey(str(path), timezone="Europe/Berlin").answers()
    if isinstance(wanted, Answer):
        assert isinstance(found, Answer)
        assert (found.ticket_id, found.csat, found.nps, found.comment) == (
            wanted.ticket_id,
            wanted.csat,
            wanted.nps,
            wanted.comment,
        )
        assert wanted.id in ("?", found.id)
    elif isinstance(wanted, Ticket):
        assert isinstance(found, Ticket)
        assert (found.id, found.text, found.facts.csat, found.facts.channel) == (wanted.id, wanted.text, 4.2, "form")
    else:
        assert isinstance(found, Rejected)


def test_a_file_that_is_no_survey_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,price\n1,3\n")
    with pytest.raises(SourceError, match="Call them ticket_id, csat"):
        open_survey(str(path), timezone="Europe/Berlin")
