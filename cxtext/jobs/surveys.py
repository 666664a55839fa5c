"""Answers to surveys from files into the store: joined to their tickets, or as tickets of their own."""

from pathlib import Path

from cxtext.batches import batches
from cxtext.connectors.page import Answer
from cxtext.connectors.survey_file import open_survey
from cxtext.domain import Rejected, Ticket
from cxtext.jobs.ingest import BATCH, Taken, take_in
from cxtext.jobs.visits import Stay, answers_to_keep
from cxtext.store import read_answers, runs, sources

FILES = "file"  # the source of tickets that came from files


def take_answers(word: str, stay: Stay) -> tuple[Taken, str]:
    """Keep the answers of one file; returns what was taken in, and one line for people.

    Args:
        word: the file, or SOURCE=FILE where the ids of its tickets are those of one source. Otherwise an id belongs to the only
            source that has it, and to tickets from files where none has it yet.
        stay: the run.

    Raises:
        SourceError: the file cannot be read, or holds no answers.
    """
    named, mark, path = word.partition("=")
    if not mark or Path(word).exists():
        named, path = "", word
    survey = open_survey(path, timezone=stay.zone.key)
    taken, kept, joined = Taken(), 0, 0
    for part in batches(survey.answers(), BATCH):
        answers = [row for row in part if isinstance(row, Answer)]
        rest = [row for row in part if isinstance(row, Ticket | Rejected)]
        with stay.store.write() as connection:
            known = {} if named else sources.sources_of(connection, [row.ticket_id for row in answers], stay.run_id)
            fit = [
                one for row in answers for one in answers_to_keep([row], named or known.get(row.ticket_id, FILES), stay)
            ]
            kept += sources.keep_answers(connection, fit, stay.run_id)
            joined += sources.join_answers(connection, stay.run_id)
            runs.heartbeat(connection, stay.run_id, now=stay.now())
        taken += take_in(
            stay.store,
            rest,
            stay.crew,
            run_id=stay.run_id,
            as_of=stay.as_of,
            zone=stay.zone,
            now=stay.now,
            progress=stay.progress,
        )
    with stay.store.read() as connection:
        waiting = read_answers.waiting(connection, stay.run_id)
    told = f"{survey.description}: {kept:,} answers new or changed, {joined:,} tickets got one"
    return taken, f"{told}; {waiting:,} still wait for their ticket" if waiting else told
