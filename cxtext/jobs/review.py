"""Which tickets a person should look at next."""

from typing import Any

import numpy as np

from cxtext.causes.reviews import next_reviews
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.store import Store, corrections, read_tickets, runs

RECENT = 5000  # newest tickets to choose from: old ones teach nothing about today


def tickets_to_review(store: Store, *, count: int, seed: int) -> list[dict[str, Any]]:
    """Tickets with their present cause, the suggestions and the reason why they were chosen."""
    known = [cause.key for cause in load_taxonomy().causes]
    column = {key: place for place, key in enumerate(known)}
    with store.read() as connection:
        run_id = runs.current(connection)
        rows = [row for row in read_tickets.tickets(connection, run_id) if row["sentiment"] is not None]
        rows = sorted(rows, key=lambda row: (str(row["created_at"] or ""), row["source"], row["id"]))[-RECENT:]
        numbers = read_tickets.numbers(connection, [(row["source"], row["id"]) for row in rows])
        said = corrections.newest(connection, run_id)
    reviewed = ["cause" in said.get(numbers[row["source"], row["id"]], {}) for row in rows]
    probabilities = np.zeros((len(rows), len(known)))
    for place, row in enumerate(rows):
        for cause, _, confidence, _ in row["tags"]:
            if cause in column:
                probabilities[place, column[cause]] = confidence
        for cause, confidence in row["suggestions"].get("cause", []):
            if cause in column:
                probabilities[place, column[cause]] = max(probabilities[place, column[cause]], confidence)
    chosen = next_reviews(probabilities, [row["text"] for row in rows], reviewed, count=count, seed=seed)
    return [
        {
            "key": f"{rows[one.place]['source']}:{rows[one.place]['id']}",
            "text": rows[one.place]["text"],
            "cause": rows[one.place]["cause"],
            "suggestions": rows[one.place]["suggestions"].get("cause", []),
            "why": one.why,
            "known": known,
        }
        for one in chosen
    ]
