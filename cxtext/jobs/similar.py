"""Cases like this one: by the meaning of whole texts, among those that the asker may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from cxtext.batches import batches
from cxtext.domain import Case
from cxtext.errors import NotFound
from cxtext.recipe import Recipe, load_recipe
from cxtext.settings import Settings
from cxtext.store import Store, cases, pgvector, results, runs, search, shelf
from cxtext.store.pgvector import Kept, Server
from cxtext.store.read_tickets import Filter
from cxtext.store.shelf import Folder, Key, Shelf
from cxtext.text.language import identify
from cxtext.text.redact import without_placeholders
from cxtext.topics.memory import Memory
from cxtext.topics.space import encode, signature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 5_000  # texts encoded and appended at a time
LITTLE = 20_000  # texts; below, all that may be seen is fetched at once
ASKED = 30  # so many times the neighbours that are wanted are looked at first; then so many times those
FEW = 5_000
GROWTH = 2.0  # so many times the tickets of its space make a shelf outgrown: then it takes over tonight's space
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Near:
    """A ticket, by its number, and how near it is: the cosine of the two texts, 1 for the same."""

    no: int
    score: float


def similar_tickets(
    store: Store,
    settings: Settings,
    text: str,
    chosen: Filter | None = None,
    *,
    departments: Collection[str] | None = None,
    run_id: int | None = None,
    limit: int = 20,
) -> list[Near]:
    """The published tickets nearest to a text, nearest first; filters and permission come before the comparison.

    The first question ever encodes all tickets; from then on every night adds its own.

    Raises:
        NotFound: no night has published topics yet.
    """
    recipe = load_recipe(settings.recipe)
    with store.read() as connection:
        shown = runs.current(connection) if run_id is None else run_id
    ready = _ready(store, recipe, shown)
    question = encode(_space_of(ready), recipe, [_case(text, settings)])[0]
    if not question.any():
        return []
    with store.read() as connection:
        found = _nearest(connection, ready, question, shown, chosen, departments, limit)
    return [Near(no, round(min(score, 1.0), DIGITS)) for (no, _), score in found if score > 0]


def _nearest(
    connection: Connection,
    ready: Shelf | Kept,
    question: "NDArray[Any]",
    run_id: int,
    chosen: Filter | None,
    departments: Collection[str] | None,
    limit: int,
) -> list[tuple[Key, float]]:
    """Ask first who is near and then who may be seen; where few of them may, the other way round.

    Both ways compare exactly. The first is quick where filters let much through, the second where they let little: only
    the first few hundred, then thousands, of neighbours are asked about before all that is permitted is fetched. A
    database that keeps the vectors itself does both in one query.
    """
    if isinstance(ready, Kept):
        return pgvector.nearest(connection, ready, question, run_id, chosen, departments, limit)
    seen = shelf.until(ready, run_id, shelf.pack(search.replaced(connection, run_id)))
    if (chosen is None or chosen == Filter()) and departments is None:
        return shelf.nearest(ready, question, seen, limit)
    if len(ready.keys) > LITTLE:
        for most in (ASKED * limit, ASKED * ASKED * limit):
            near = shelf.nearest(ready, question, seen, most)
            numbers = {no for (no, _), _ in near}
            allowed: set[Key] = set()
            for part in batches(sorted(numbers), FEW):
                allowed |= set(search.permitted(connection, run_id, chosen, departments=departments, among=part))
            kept = [one for one in near if one[0] in allowed]
            if len(kept) >= limit:
                return kept[:limit]
    keys = list(search.permitted(connection, run_id, chosen, departments=departments))
    return shelf.nearest(ready, question, shelf.among(ready, shelf.pack(keys)), limit)


def answer(store: Store, settings: Settings, question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the web process: {text, limit, filter: {…}, departments: […] or null} to {hits: [{no, score}, …]}."""
    told = dict(question.get("filter") or {})
    for name in ("since", "until"):
        if told.get(name) is not None:
            told[name] = date.fromisoformat(told[name])
    found = similar_tickets(
        store, settings, question["text"], Filter(**told), departments=question.get("departments"),
        limit=int(question.get("limit", 20)),
    )  # fmt: skip
    return {"hits": [{"no": near.no, "score": near.score} for near in found]}


def add_new(store: Store, settings: Settings, run_id: int) -> int:
    """Encode what a run brought, if anybody has asked for similar cases before; returns how many texts."""
    known = _place(store).opened()
    if known is None:
        return 0
    return len(_ready(store, load_recipe(settings.recipe), run_id)) - len(known)


def _place(store: Store) -> Folder | Server:
    """Where the vectors lie: in the database if it can keep such, else in a folder."""
    return Server(store) if pgvector.usable(store) else Folder(shelf.folder_of(store.file))


def _ready(store: Store, recipe: Recipe, run_id: int) -> Shelf | Kept:
    """The vectors, with a row for every version that is seen at a run."""
    place = _place(store)
    known = place.opened()
    if known is not None and known.signature == signature(recipe) and known.run >= run_id:
        return known
    with place.filling():
        known = place.opened()
        missing = _missing(store, known, run_id)
        kept = 0 if known is None else len(known)
        if known is None or known.signature != signature(recipe) or kept + len(missing) >= GROWTH * known.fitted_on:
            missing = _missing(store, None, run_id)
            _begin(store, place, recipe, run_id, len(missing))
            known = _opened(place)
        for part in batches(missing, BATCH):
            place.append(part, _encoded(store, recipe, run_id, part, known))
        if run_id > known.run:
            place.complete(run_id)
    return _opened(place)


def _missing(store: Store, known: Shelf | Kept | None, run_id: int) -> list[Key]:
    """Versions that a run sees and that have no row yet."""
    with store.read() as connection:
        wanted = search.written_between(connection, 0 if known is None else known.run, run_id)
    return wanted if known is None else known.without_row(wanted)


def _begin(store: Store, place: Folder | Server, recipe: Recipe, run_id: int, tickets: int) -> None:
    with store.read() as connection:
        content = results.load_memory(connection, run_id)
    if content is None:
        raise NotFound("similar cases: no night has found topics yet; `cxtext run` does")
    memory = Memory.from_bytes(content)
    width = memory.vectors.shape[1] if len(memory.vectors) else encode(memory, recipe, [_blank()]).shape[1]
    place.start(signature(recipe), memory.space, width=width, fitted_on=max(tickets, 1))


def _encoded(
    store: Store, recipe: Recipe, run_id: int, keys: Sequence[Key], known: Shelf | Kept
) -> "NDArray[np.float32]":
    with store.read() as connection:
        loaded = dict(cases.load(connection, [no for no, _ in keys], run_id))
    return encode(_space_of(known), recipe, [_unmasked(loaded[no]) for no, _ in keys])


def _opened(place: Folder | Server) -> Shelf | Kept:
    found = place.opened()
    assert found is not None
    return found


def _space_of(known: Shelf | Kept) -> Memory:
    return Memory(recipe=known.signature, space=known.space)


def _unmasked(case: Case) -> Case:
    return Case(id=case.id, source=case.source, text=without_placeholders(case.text), language=case.language)


def _case(text: str, settings: Settings) -> Case:
    return Case(id="asked", source="search", text=text, language=identify(text, settings.languages)[0])


def _blank() -> Case:
    return Case(id="none", source="search", text="", language="de")
