import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cxtext.domain import Case, Facts
from cxtext.recipe import Recipe, load_recipe
from cxtext.topics.acts import Act, Assign, Merge, Pin, Rename, Split
from cxtext.topics.night import Night, look_up, night
from cxtext.topics.standing import MOVES_PER_TICKET

# UMAP, which BERTopic imports, says so.
pytestmark = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)

ISSUES: dict[str, tuple[str, str, list[str]]] = {
    "lamp": ("de", "Straßenlaterne defekt, Lampe dunkel,", ["Licht", "Birne", "Mast", "Beleuchtung", "nachts", "Ecke"]),
    "charge": ("de", "eine doppelte Abbuchung vom Konto,", ["Rechnung", "Betrag", "Bank", "Zahlung", "Geld", "Euro"]),
    "password": (
        "en",
        "cannot reset the password, login fails,",
        ["email", "link", "code", "browser", "account", "expired"],
    ),
    "parcel": ("en", "damaged parcel, the courier broke it,", ["delivery", "box", "driver", "doorstep", "torn", "wet"]),
}


def tickets(issue: str, count: int, start: int = 0) -> list[Case]:
    """Texts of one issue: what it is about and two of six words around it."""
    language, about, words = ISSUES[issue]
    draw = random.Random(issue)
    texts = [" ".join([about, *draw.sample(words, 2)]) for _ in range(start + count)]
    return [
        Case(id=f"{issue}-{number}", source="test", text=texts[number], language=language)
        for number in range(start, start + count)
    ]


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return load_recipe("fast")


@pytest.fixture(scope="module")
def first(recipe: Recipe) -> Night:
    cases = [*tickets("lamp", 25), *tickets("charge", 25), *tickets("password", 25)]
    return night(cases, (), None, (), recipe=recipe, today=TODAY, seed=0)


def topic_of(issue: str, told: Night) -> str:
    """The topic that most tickets of an issue are in."""
    found = [place.topic_id for key, place in told.memory.places.items() if key.startswith(f"test:{issue}")]
    topic_id = max(set(found), key=found.count)
    assert topic_id is not None
    return topic_id


def test_the_first_night_finds_the_issues_and_no_move(first: Night) -> None:
    assert first.discovered
    assert first.moves == ()
    assert len({topic_of(issue, first) for issue in ("lamp", "charge", "password")}) == 3
    assert [one.key for one in first.assignments] == sorted(one.key for one in first.assignments)
    assert len(first.assignments) == 75


def test_topics_have_three_levels_and_parents_come_with_them(first: Night) -> None:
    by_id = {topic.id: topic for topic in first.topics}
    leaf = by_id[topic_of("lamp", first)]
    middle = by_id[leaf.parent_id or ""]
    assert by_id[middle.parent_id or ""].parent_id is None


def test_topics_say_since_when_and_show_quotes_of_their_own(first: Night) -> None:
    topic = next(topic for topic in first.topics if topic.id == topic_of("charge", first))
    assert (topic.first_seen, topic.last_seen) == (TODAY, TODAY)
    assert topic.quotes
    assert all(first.memory.places[key].topic_id == topic.id for key in topic.quotes)
    assert "Doppelte Abbuchung" in topic.label


def test_a_dated_ticket_dates_its_topic(recipe: Recipe, first: Night) -> None:
    late = replace(tickets("lamp", 1, 30)[0], facts=Facts(created_at=datetime(2026, 4, 5, tzinfo=UTC)))
    second = night([late], (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    topic = next(topic for topic in second.topics if topic.id == second.assignments[0].topic_id)
    assert topic.last_seen == date(2026, 4, 5)


def test_order_and_repetition_do_not_matter(recipe: Recipe, first: Night) -> None:
    cases = [*tickets("lamp", 25), *tickets("charge", 25), *tickets("password", 25)]
    random.Random(3).shuffle(cases)
    again = night(cases, (), None, (), recipe=recipe, today=TODAY, seed=0)
    assert again.memory.to_bytes() == first.memory.to_bytes()
    more = [*tickets("lamp", 5, 30), *tickets("parcel", 12)]
    second = night(more, (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    shuffled = night(more[::-1], (), again.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert second.memory.to_bytes() == shuffled.memory.to_bytes()
    assert second.assignments == shuffled.assignments


def test_a_new_ticket_joins_the_topic_it_is_like(recipe: Recipe, first: Night) -> None:
    second = night(tickets("password", 5, 30), (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert {one.topic_id for one in second.assignments} == {topic_of("password", first)}
    assert not second.discovered
    assert all(0.5 <= one.confidence <= 1 for one in second.assignments)


def test_a_new_issue_gets_a_new_id(recipe: Recipe, first: Night) -> None:
    second = night(tickets("parcel", 20), (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert second.discovered
    assert topic_of("parcel", second) not in {topic.id for topic in first.topics}


def test_waiting_tickets_get_a_topic_once_it_exists_and_the_ledger_says_so(recipe: Recipe) -> None:
    few = tickets("lamp", 5)
    one = night(few, (), None, (), recipe=recipe, today=TODAY, seed=0)
    assert {assignment.topic_id for assignment in one.assignments} == {None}
    more = [*tickets("lamp", 20, 5), *tickets("charge", 25), *tickets("password", 25)]
    two = night(more, few, one.memory, (), recipe=recipe, today=TODAY, seed=0)
    found = {assignment.key: assignment.topic_id for assignment in two.assignments}
    assert {move.key for move in two.moves} == {case.key for case in few}
    for move in two.moves:
        assert (move.from_topic, move.to_topic, move.actor) == (None, found[move.key], "cxtext")


def test_nothing_known_moves_when_a_night_only_assigns(recipe: Recipe, first: Night) -> None:
    before = {key: place.topic_id for key, place in first.memory.places.items()}
    second = night(tickets("lamp", 10, 30), (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert second.moves == ()
    assert {key: second.memory.places[key].topic_id for key in before} == before


def test_equal_folds_share_a_topic(recipe: Recipe, first: Night) -> None:
    one, two = (replace(case, fold="same") for case in (*tickets("lamp", 1, 40), *tickets("parcel", 1, 30)))
    second = night([one, two], (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert len({assignment.topic_id for assignment in second.assignments}) == 1
    later = replace(tickets("charge", 1, 40)[0], fold="same")
    third = night([later], (), second.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert third.assignments[0].topic_id == second.assignments[0].topic_id


def test_auto_replies_and_texts_without_words_get_nothing(recipe: Recipe, first: Night) -> None:
    reply = replace(tickets("lamp", 1, 45)[0], auto_reply=True)
    blank = Case(id="blank", source="test", text="123 -- !!", language="und")
    second = night([reply, blank], (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert [(one.topic_id, one.confidence) for one in second.assignments] == [(None, 0.0), (None, 0.0)]


def test_a_changed_text_moves_its_ticket_and_says_so(recipe: Recipe, first: Night) -> None:
    changed = replace(tickets("password", 1, 45)[0], id="lamp-0")
    second = night([changed], (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    (move,) = second.moves
    assert (move.key, move.from_topic, move.to_topic) == (
        "test:lamp-0",
        topic_of("lamp", first),
        topic_of("password", first),
    )
    assert move.reason == "the text changed"


def test_people_win_over_every_later_night(recipe: Recipe, first: Night) -> None:
    lamp, charge, password = (topic_of(issue, first) for issue in ("lamp", "charge", "password"))
    acts: list[Act] = [
        Rename(topic_id=lamp, label="Dunkle Straßen", by="Ada", at=NOON),
        Merge(from_ids=(charge,), into_id=password, by="Ada", at=NOON, why="one team"),
        Assign(key="test:lamp-1", topic_id=password, by="Ada", at=NOON),
        Pin(topic_id=password, by="Ada", at=NOON),
    ]
    second = night([], (), first.memory, acts, recipe=recipe, today=TODAY, seed=0)
    merged = [move for move in second.moves if move.reason == "merged: one team"]
    assert len(merged) == 25
    assert {move.actor for move in second.moves} == {"Ada"}
    third = night(tickets("lamp", 30, 25), (), second.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert next(topic.label for topic in third.topics if topic.id == lamp) == "Dunkle Straßen"
    assert third.memory.resolve(charge) == password
    assert third.memory.places["test:lamp-1"].topic_id == password
    again = night([], (), second.memory, acts, recipe=recipe, today=TODAY, seed=0)
    assert again.moves == ()


def test_a_split_divides_the_cases_it_is_given(recipe: Recipe, first: Night) -> None:
    lamp, charge = topic_of("lamp", first), topic_of("charge", first)
    merge = Merge(from_ids=(charge,), into_id=lamp, by="Ada", at=NOON)
    second = night([], (), first.memory, [merge], recipe=recipe, today=TODAY, seed=0)
    cases = [*tickets("lamp", 25), *tickets("charge", 25)]
    inside = sum(1 for _, place in second.memory.places.items() if place.topic_id == lamp)
    third = night(
        cases, (), second.memory, [Split(topic_id=lamp, by="Ada", at=NOON)], recipe=recipe, today=TODAY, seed=0
    )
    assert topic_of("lamp", third) != topic_of("charge", third)
    assert 0 < len(third.moves) <= inside / 2
    assert {move.actor for move in third.moves} == {"Ada"}


def test_the_space_is_fitted_anew_when_it_is_outgrown_and_hardly_anybody_moves(recipe: Recipe, first: Night) -> None:
    cases = [*tickets("lamp", 30, 25), *tickets("charge", 25, 25), *tickets("password", 25, 25)]
    second = night(cases, (), first.memory, (), recipe=recipe, today=TODAY, seed=0)
    assert second.memory.fitted_on > first.memory.fitted_on
    left = [move for move in second.moves if move.from_topic is not None]
    assert len(left) <= MOVES_PER_TICKET * len(second.memory.places)
    assert second.memory.moved == len(left)
    assert all(move.reason for move in left)
    assert topic_of("lamp", second) == topic_of("lamp", first)


def test_too_few_texts_are_no_topics(recipe: Recipe) -> None:
    told = night(tickets("lamp", 5), (), None, (), recipe=recipe, today=None, seed=0)
    assert (told.topics, told.discovered) == ((), False)
    empty = night([], (), None, (), recipe=recipe, today=None, seed=0)
    assert empty.assignments == ()


def test_one_sentence_many_times_is_a_topic(recipe: Recipe) -> None:
    same = [Case(id=str(number), source="test", text="Die Ampel ist defekt", language="de") for number in range(1000)]
    told = night(same, (), None, (), recipe=recipe, today=None, seed=0)
    (topic_id,) = {one.topic_id for one in told.assignments}
    assert topic_id is not None
    later = night(tickets("lamp", 25), (), told.memory, (), recipe=recipe, today=None, seed=0)
    assert {place.topic_id for key, place in later.memory.places.items() if key in told.memory.places} == {topic_id}


def test_a_night_that_only_assigns_does_not_import_bertopic(first: Night, tmp_path: object) -> None:
    path = f"{tmp_path}/memory"
    with open(path, "wb") as file:  # noqa: PTH123 - a path for another process
        file.write(first.memory.to_bytes())
    program = (
        "import sys; from pathlib import Path; from cxtext.domain import Case; from cxtext.recipe import load_recipe\n"
        "from cxtext.topics.memory import Memory; from cxtext.topics.night import night\n"
        f"memory = Memory.from_bytes(Path({path!r}).read_bytes())\n"
        "case = Case(id='1', source='x', text='Die Straßenlaterne am Haus ist defekt', language='de')\n"
        "told = night([case], (), memory, (), recipe=load_recipe('fast'), today=None, seed=0)\n"
        "assert told.assignments[0].topic_id; assert 'bertopic' not in sys.modules; assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_looking_up_answers_like_the_night_would_and_changes_nothing(recipe: Recipe, first: Night) -> None:
    before = first.memory.to_bytes()
    cases = [*tickets("password", 2, 30), Case(id="blank", source="test", text="12", language="und")]
    told = look_up(cases, first.memory, recipe=recipe)
    assert [one.key for one in told] == [case.key for case in cases]
    assert [one.topic_id for one in told] == [topic_of("password", first)] * 2 + [None]
    assert first.memory.to_bytes() == before


def test_pseudonyms_of_another_tenant_give_the_same_topics():
    """The key of the pseudonyms is another one in every company; it must decide nothing."""
    from cxtext.demo.generate import generate
    from cxtext.recipe import load_recipe
    from cxtext.text.prepare import prepare_all
    from cxtext.text.redact import Redactor

    def topics_with(key: bytes) -> dict[str, str | None]:
        tickets = generate(300, 60, seed=3, until=date(2026, 10, 31))
        cases = list(prepare_all(tickets, languages=("de", "en"), redactor=Redactor(key)))
        found = night(cases, (), None, (), recipe=load_recipe("fast"), today=None, seed=0)
        return {given.key: given.topic_id for given in found.assignments}

    assert topics_with(b"one") == topics_with(b"another")
