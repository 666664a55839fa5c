"""Any REST interface by configuration: the ways in which pages turn, and fields under names of one's own."""

from collections.abc import Iterator

import pytest

from cxtext.errors import SourceError
from cxtext.settings import Settings
from tests.connectors.fakes.desk import Asked, Desk, Reply, desk_of, iso, serving
from tests.connectors.reader import Reader

pytestmark = pytest.mark.network
COUNT, SIZE = 120, 50
WAYS = {
    "pages by number": {"page_parameter": "page", "size_parameter": "per_page", "size": "50"},
    "pages by offset": {"offset_parameter": "offset", "size_parameter": "limit", "size": "50"},
    "pages by token": {"next": "meta.cursor", "page_parameter": "cursor"},
    "pages by address": {"next": "meta.next"},
    "pages by Link header": {"next": "Link"},
}


def fake(desk: Desk, asked: Asked) -> Reply:
    """Serves all five ways at once; German names, nested texts."""
    if asked.headers.get("Authorization") != f"Bearer {desk.password}":
        return Reply({}, status=401)
    size = int(asked.query.get("per_page") or asked.query.get("limit") or SIZE)
    given = asked.query.get("offset") or asked.query.get("cursor") or asked.query.get("at")
    at = int(given) if given else (int(asked.query.get("page", "1")) - 1) * size
    rows = [
        {"Ticketnummer": one.number, "Betreff": one.subject, "inhalt": {"text": one.text}, "Eingang": iso(one.created),
         "Kunde": "Erika Beispiel"}
        for one in desk.entries[at : at + size]
    ]  # fmt: skip
    more = at + size < len(desk.entries)
    following = f"{desk.base}/faelle?at={at + size}"
    meta = {"next": following, "cursor": str(at + size)} if more else {}
    headers = {"Link": f'<{desk.base}/faelle?at=0>; rel="first", <{following}>; rel="next"'} if more else {}
    return Reply({"data": rows, "meta": meta}, headers=headers)


@pytest.fixture
def desk(socket_enabled) -> Iterator[Desk]:
    filled = desk_of(COUNT)
    with serving(filled, fake):
        yield filled


def _reader(store, hands, desk: Desk, **options: str) -> Reader:
    table = {
        "kind": "rest",
        "url": desk.base,
        "path": "faelle",
        "items": "data",
        "token": desk.password,
        "allow_private": "yes",
    }
    return Reader(store, hands, Settings(sources={"desk": {**table, "map_text": "inhalt.text", **options}}))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_turn_pages_brings_every_row_once(way, store, hands, desk):
    reader = _reader(store, hands, desk, **WAYS[way])
    assert reader.read().new == COUNT
    kept = {case.id: case for case in reader.kept()}
    assert sorted(kept, key=int) == [str(number + 1) for number in range(COUNT)]
    assert kept["1"].text.startswith("Fall 1\n")
    assert kept["1"].facts.created_at == desk.entries[0].created
    assert "Erika" not in repr(kept)
    assert len(desk.asked) == 3
    assert (reader.read().new, len(reader.kept())) == (0, COUNT)


def test_a_link_to_another_server_is_not_followed(store, hands, desk):
    desk.base = desk.base.replace("127.0.0.1", "localhost")
    reader = _reader(store, hands, desk, next="Link", url=desk.base.replace("localhost", "127.0.0.1"))
    with pytest.raises(SourceError, match="its next page is on another server"):
        reader.read()


def test_an_answer_of_another_shape_is_named(store, hands, desk):
    with pytest.raises(SourceError, match="the answer's meta is no list of objects"):
        _reader(store, hands, desk, items="meta").read()
