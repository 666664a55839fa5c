"""Any REST interface, described in the configuration: where its list lies, how it turns pages, what its fields are called."""

from collections.abc import Iterator, Mapping
from typing import Any

from cxtext.connectors.given import named
from cxtext.connectors.http import Http, next_link
from cxtext.connectors.page import Page, Visit
from cxtext.connectors.shapes import changed_since, no_loop, objects, time_of, word, zulu
from cxtext.errors import ConfigurationError

MOST_PAGES = 100_000
LINK = "link"  # next = "Link": the header of that name


def check(visit: Visit) -> str:
    """What the first page holds."""
    for page in pages(visit):
        first = next((row for row in page.rows if isinstance(row, Mapping)), {})
        return f"{len(page.rows)} rows on the first page, fields: {', '.join(sorted(map(str, first)))[:300]}"
    return "no rows"


def pages(visit: Visit) -> Iterator[Page]:
    """Rows of all pages. With `since_parameter` only those changed are asked for."""
    account, http = visit.account, _http(visit)
    address = f"{account.url}/{account.option('path').lstrip('/')}"
    start, fresh = changed_since(visit), no_loop(account.name)
    asked = _question(visit, zulu(start))
    newest, number, count = start, 1, 0
    while number <= MOST_PAGES:
        told, link = http.get_with_link(address, **asked)
        found = objects(_at(told, account.option("items")), account.option("items") or "answer")
        rows = tuple(_row(item, account.options) for item in found)
        newest = max([newest, *(moment for row in rows if (moment := time_of(row.get("updated_at"))))])
        following = _following(told, link, account.option("next"))
        counted = account.option("page_parameter") or account.option("offset_parameter")
        more = bool(following) or bool(counted and not account.option("next") and len(found) >= _size(visit))
        keeps = account.option("since_parameter") and not more
        yield Page(rows=rows, cursor={"changed": newest.isoformat()} if keeps else visit.cursor)
        if not more or not found:
            return
        number, count = number + 1, count + len(found)
        if following and account.option("page_parameter"):  # a token, not an address
            asked |= {account.option("page_parameter"): fresh(following)}
        elif following:
            address, asked = next_link(address, fresh(following)), {}
        elif account.option("offset_parameter"):
            asked |= {account.option("offset_parameter"): count}
        else:
            asked |= {account.option("page_parameter"): number}


def _following(told: Any, link: str, place: str) -> str:
    """The address or token of the next page: in the answer, or in a `Link` header where `next` says so."""
    if not place:
        return ""
    return link if place.casefold() == LINK else word(_at(told, place))


def _http(visit: Visit) -> Http:
    if not visit.account.option("token"):
        return visit.http
    token = visit.account.secret("token", "what the header says")
    name = visit.account.option("header", "Authorization")
    return visit.http.with_headers(**{name: token if " " in token or name != "Authorization" else f"Bearer {token}"})


def _question(visit: Visit, since: str) -> dict[str, object]:
    account = visit.account
    asked: dict[str, object] = {}
    if name := account.option("since_parameter"):
        asked[name] = since
    if name := account.option("size_parameter"):
        asked[name] = _size(visit)
    if (name := account.option("page_parameter")) and not account.option("next"):
        asked[name] = 1
    if name := account.option("offset_parameter"):
        asked[name] = 0
    return asked


def _size(visit: Visit) -> int:
    told = visit.account.option("size", "100")
    if not told.isdecimal() or int(told) < 1:
        raise ConfigurationError(f"[sources.{visit.account.name}] size = {told!r}: a number, like 100")
    return int(told)


def _at(told: Any, path: str) -> Any:
    """What lies at `data.items`; numbers count in lists; None where there is nothing."""
    for step in filter(None, path.split(".")):
        if isinstance(told, Mapping):
            told = told.get(step)
        elif isinstance(told, list) and step.isdecimal() and int(step) < len(told):
            told = told[int(step)]
        else:
            return None
    return told


def _row(item: Mapping[str, Any], options: Mapping[str, str]) -> dict[str, object]:
    mapped = {key.removeprefix("map_"): path for key, path in options.items() if key.startswith("map_")}
    return named({**item, **{field: _at(item, path) for field, path in mapped.items()}})
