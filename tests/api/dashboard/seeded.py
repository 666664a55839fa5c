"""A store whose every text, name and word came from an attacker."""

from pathlib import Path

import sqlalchemy as sa

from cxtext.store import open_store, tables
from cxtext.store.tally_tables import tally
from tests.api.dashboard.attacks import HTMX, PAYLOADS


def attack(database: Path) -> None:
    """Put the payloads wherever a source or a person can write: texts, names of topics, products, channels, reasons."""
    store = open_store(f"sqlite:///{database}")
    with store.write() as connection:
        for number, payload in enumerate(PAYLOADS):
            here = tables.version.c.no % len(PAYLOADS) == number
            told = {"text": f"{payload} {HTMX}>", "product": payload, "channel": payload[:80], "version": payload[:200]}
            connection.execute(
                tables.version.update().where(here).values(**told, given_category=payload, status=payload[:80])
            )
        topics = connection.execute(sa.select(tables.topic.c.id).order_by(tables.topic.c.id)).scalars().all()
        for number, topic_id in enumerate(topics):
            payload = PAYLOADS[number % len(PAYLOADS)]
            connection.execute(
                tables.topic.update()
                .where(tables.topic.c.id == topic_id)
                .values(label=payload, keywords=[payload, HTMX], named_by=payload[:200])
            )
        values = (
            connection.execute(sa.select(tally.c.value).where(tally.c.facet == "product").distinct()).scalars().all()
        )
        for number, value in enumerate(sorted(values)):
            if value:
                changed = f"{PAYLOADS[number % len(PAYLOADS)]}{number}"
                connection.execute(
                    tally.update().where(tally.c.value == value, tally.c.facet == "product").values(value=changed)
                )
        connection.execute(
            tables.quarantine.insert(),
            [
                {
                    "run_id": 1,
                    "source": payload[:200],
                    "line": 1,
                    "reason": payload,
                    "raw": payload,
                    "hash": str(number),
                }
                for number, payload in enumerate(PAYLOADS)
            ],
        )
        connection.execute(tables.run.update().values(note=PAYLOADS[0]))
    store.close()
