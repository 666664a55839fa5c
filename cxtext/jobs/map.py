"""Where the topics lie on a map, and which are alike: computed each night, so that no screen needs a model."""

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from cxtext.store import Store, results
from cxtext.store import tables as t
from cxtext.store.tally_tables import topic_place
from cxtext.topics.likeness import likeness
from cxtext.topics.memory import Memory

NEIGHBOURS = 5
DIGITS = 3  # a place is drawn on some hundred pixels
ROOM, STEPS = 1.1, 60
LEAST = 0.05  # likeness; topics that are less alike than that are no neighbours
Floats = NDArray[np.float64]


def draw_map(store: Store, run_id: int) -> int:
    """Save the place of every topic that holds tickets; those that did not move are left alone."""
    with store.read() as connection:
        content = results.load_memory(connection, run_id)
        seen = sa.select(topic_place).where(t.seen_at(topic_place, run_id - 1))
        before = {row.id: (row.x, row.y) for row in connection.execute(seen)}
    if content is None:
        return 0
    memory = Memory.from_bytes(content)
    ids, centres = centres_of(memory)
    if not ids:
        return 0
    placed = np.round(turned_to(before, ids, apart(spread(centres @ centres.T))), DIGITS)
    near = likeness(memory, ids)
    rows = [
        {
            "id": ids[row],
            "x": float(placed[row, 0]),
            "y": float(placed[row, 1]),
            "neighbours": _alike(ids, near, row),
        }
        for row in range(len(ids))
    ]
    with store.write() as connection:
        gone = sa.and_(t.seen_at(topic_place, run_id), topic_place.c.id.not_in(ids))
        connection.execute(topic_place.delete().where(gone, topic_place.c.from_run == run_id))
        connection.execute(topic_place.update().where(gone).values(to_run=run_id))
        return results.replace_rows(connection, topic_place, "id", rows, run_id, always=set())


def centres_of(memory: Memory) -> tuple[list[str], Floats]:
    """Ids of the topics that hold tickets, in order, and their mean directions (n, d), of length one."""
    rows: dict[str, list[int]] = {}
    for row, member in enumerate(memory.members):
        rows.setdefault(member.topic_id, []).append(row)
    ids = sorted(known.topic.id for known in memory.leaves() if known.topic.id in rows)
    if not ids:
        return [], np.zeros((0, 2))
    centres = np.stack([memory.vectors[rows[topic_id]].astype(np.float64).mean(axis=0) for topic_id in ids])
    return ids, centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)


def spread(cosines: Floats) -> Floats:
    """Places (n, 2) in -1…1 whose distances follow the topics' unlikeness.

    Classical scaling (Torgerson 1952) of sqrt(2 - 2 cosine); the sign of an axis is that of its largest entry, so that
    the same topics give the same map on every machine.
    """
    number = len(cosines)
    if number < 3:
        return np.array([[-0.5, 0.0], [0.5, 0.0]])[:number]
    centring = np.eye(number) - 1 / number
    inner = -0.5 * centring @ np.maximum(2 - 2 * cosines, 0) @ centring
    values, vectors = np.linalg.eigh((inner + inner.T) / 2)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    strongest = np.abs(np.round(axes, 9)).argmax(axis=0)
    axes *= np.where(axes[strongest, [0, 1]] < 0, -1.0, 1.0)
    return np.asarray(axes / max(float(np.abs(axes).max()), 1e-12))


def apart(places: Floats) -> Floats:
    """The same map with topics that lie on each other pushed apart, in so few steps that neighbours stay neighbours."""
    number = len(places)
    if number < 2:
        return places
    least = min(ROOM / np.sqrt(number), 0.3)  # distance that fits so many topics on the map
    moved = places.astype(np.float64).copy()
    for _ in range(STEPS):
        between = moved[:, None, :] - moved[None, :, :]
        distance = np.linalg.norm(between, axis=2)
        np.fill_diagonal(distance, least)
        short = np.maximum(least - distance, 0.0)
        away = between / np.maximum(distance, 1e-9)[:, :, None]
        moved += 0.25 * (short[:, :, None] * away).sum(axis=1)
    return np.asarray(moved / max(float(np.abs(moved).max()), 1.0))


def turned_to(before: dict[str, tuple[float, float]], ids: list[str], places: Floats) -> Floats:
    """The same map, turned and mirrored so that topics known from yesterday lie where they lay (Schönemann 1966)."""
    known = [row for row, topic_id in enumerate(ids) if topic_id in before]
    if len(known) < 3:
        return places
    old = np.array([before[ids[row]] for row in known])
    new = places[known]
    left, _, right = np.linalg.svd((new - new.mean(axis=0)).T @ (old - old.mean(axis=0)))
    return np.asarray(np.clip(places @ (left @ right), -1.5, 1.5))


def _alike(ids: list[str], near: Floats, row: int) -> list[list[object]]:
    order = sorted(
        (-round(float(cosine), DIGITS), ids[other]) for other, cosine in enumerate(near[row]) if other != row
    )
    return [[other, -cosine] for cosine, other in order[:NEIGHBOURS] if -cosine >= LEAST]
