"""The product in one function: what tickets are about, how they feel, why, and what is changing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cxtext.assemble import Parts
from cxtext.domain import Case, Reading, Ticket
from cxtext.intent.cues import settle
from cxtext.text.prepare import prepare_all
from cxtext.text.repeats import fold_repeats
from cxtext.topics.memory import Memory
from cxtext.topics.night import Night, night
from cxtext.trends.figures import Cell, TopicFigures, topic_figures
from cxtext.trends.panel import EVERYTHING, Node, build_panel
from cxtext.trends.tonight import standing


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known after one night. `readings` follow `cases`; `tonight` holds topics and assignments by key."""

    cases: Sequence[Case]
    readings: Sequence[Reading]
    tonight: Night
    figures: Sequence[TopicFigures]


def analyse(
    tickets: Iterable[Ticket], parts: Parts, memory: Memory | None = None, *, today: date | None = None, seed: int = 0
) -> Analysis:
    """Say what these tickets are about, how they feel, what causes them and who owns the cause.

    Pure: the same arguments give the same analysis. No clock, no network, no database. `memory` is what an earlier
    analysis handed over (`Analysis.tonight.memory`): topics that are known keep their ids.
    """
    cases = fold_repeats(list(prepare_all(tickets, languages=parts.languages, redactor=parts.redactor)))
    readings = read(cases, parts)
    tonight = night(cases, (), memory, (), recipe=parts.recipe, today=today, seed=seed)
    cells = list(_cells(cases, readings, tonight))
    return Analysis(cases, readings, tonight, topic_figures(cells, tonight.topics, _status(cells, tonight)))


def read(cases: Sequence[Case], parts: Parts) -> list[Reading]:
    """Say for every case how it feels, what caused it, who owns the cause and what the customer wants."""
    moods = parts.sentiment.score(cases)
    diagnoses = parts.tagger.tag(cases)
    aims = parts.intent.read(cases)
    return [
        Reading(mood, diagnosis, settle(aim, mood)) for mood, diagnosis, aim in zip(moods, diagnoses, aims, strict=True)
    ]


def _status(cells: Sequence[Cell], tonight: Night) -> Mapping[str, str]:
    """Where topics stand on the last day, from the tickets at hand alone."""
    dated = [(cell.topic_id, cell.day) for cell in cells if cell.day is not None]
    if not dated:
        return {}
    days = [day for _, day in dated]
    rows = [(Node(topic_id), day, 1) for topic_id, day in dated if topic_id is not None]
    rows += [(Node(EVERYTHING), day, 1) for day in days]
    topics = {topic.id: topic.parent_id for topic in tonight.topics if topic.merged_into is None}
    return standing(build_panel(rows, topics, min(days), max(days)), sorted(topics))


def _cells(cases: Sequence[Case], readings: Sequence[Reading], tonight: Night) -> Iterable[Cell]:
    topics: Mapping[str, str | None] = {given.key: given.topic_id for given in tonight.assignments}
    for case, reading in zip(cases, readings, strict=True):
        created = case.facts.created_at
        yield Cell(
            topic_id=topics.get(case.key),
            day=created.date() if created else None,
            department=reading.diagnosis.department.value,
            cause=reading.diagnosis.cause.value,
            count=1,
            negative=int(reading.mood.label == "negative"),
            sentiment=reading.mood.score,
        )
