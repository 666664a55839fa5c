"""Asks a server for JSON and waits where it says so: retries what is temporary, explains what is permanent."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from cxtext.errors import SourceError

if TYPE_CHECKING:
    import httpx2

TRIES = 6
LONGEST_WAIT = 300.0  # seconds; a server that asks for more is left for the next night
MOST_BYTES = 64 << 20  # of one answer
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
USED_UP = frozenset({"REQUEST_LIMIT_EXCEEDED"})  # Salesforce says 403 to it; it ends within a day
MOST_REFUSAL = 8 << 10  # bytes of a refusal that are looked at
_CODE = re.compile(rb'"errorCode"\s*:\s*"([A-Z][A-Z_]{2,60})"')
NOTHING = (None, "")
MEANING = {
    400: "the server does not understand the question: check the options of this source",
    401: "the server does not accept the key or password",
    403: "this account may not read tickets: give it the right to",
    404: "there is nothing at this address: check url",
    410: "the server no longer offers this",
}


@dataclass(frozen=True, slots=True)
class Http:
    """One client for one source.

    Args:
        client: opens the connections; it is the guarded client of `cxtext.network`.
        sleep: waits some seconds.
        headers: of every request, the login among them.
    """

    client: "httpx2.Client"
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    headers: Mapping[str, str] | None = None
    tries: int = TRIES

    def with_headers(self, **headers: str) -> "Http":
        """The same line with more headers; underscores stand for hyphens."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return replace(self, headers={**(self.headers or {}), **named})

    def get(self, url: str, **query: object) -> Any:
        """The JSON at an address.

        Raises:
            SourceError: the server refuses (permanent), or does not answer properly after several tries (not permanent).
        """
        return self.get_with_link(url, **query)[0]

    def get_with_link(self, url: str, **query: object) -> tuple[Any, str]:
        """The JSON at an address, and the address of the next page where a `Link` header tells one (RFC 8288)."""
        asked = {key: str(value) for key, value in query.items() if value is not None}
        return self._ask("GET", url, {"params": asked or None})

    def post(self, url: str, body: object, *, form: bool = False) -> Any:
        """The answer to a question in JSON (or in a form); for searches alone, since a lost answer is asked for again."""
        return self._ask("POST", url, {"data" if form else "json": body})[0]

    def _ask(self, method: str, url: str, content: Mapping[str, Any]) -> tuple[Any, str]:
        problem = ""
        for attempt in range(self.tries):
            wait, answer, problem = self._once(method, url, content)
            if not problem:
                return answer
            if attempt + 1 < self.tries:
                self.sleep(min(2.0**attempt, 60.0) if wait is None else wait)
        raise SourceError(
            f"{host(url)}: {problem}, {self.tries} times in a row; the next run tries again", permanent=False
        )

    def _once(self, method: str, url: str, content: Mapping[str, Any]) -> tuple[float | None, tuple[Any, str], str]:
        """Ask once: how long to wait before the next try, the answer with its link, and what went wrong (empty: nothing)."""
        import httpx2  # noqa: PLC0415 – 0.1 s that only online sources need

        headers = {"Accept": "application/json", **(self.headers or {})}
        try:
            with self.client.stream(method, url, headers=headers, **content) as response:
                if response.status_code in TEMPORARY:
                    wait = self._asked_to_wait(response.headers.get("Retry-After", ""))
                    if wait is not None and wait > LONGEST_WAIT:
                        told = f"{host(url)} asks to wait {wait:.0f} seconds; the next run tries again"
                        raise SourceError(told, permanent=False)
                    return wait, NOTHING, f"status {response.status_code}"
                if response.status_code >= 300:
                    raise _refusal(url, response)
                return None, (json.loads(_body(response, url)), response.links.get("next", {}).get("url", "")), ""
        except (json.JSONDecodeError, UnicodeDecodeError):
            return None, NOTHING, "the answer is no JSON or was cut off"
        except RecursionError:
            raise SourceError(f"{host(url)}: the answer is nested too deeply") from None
        except httpx2.InvalidURL as error:
            raise SourceError(f"{host(url)}: this is no address") from error
        except httpx2.TransportError as error:
            return None, NOTHING, f"{type(error).__name__}: no proper answer"

    def _asked_to_wait(self, told: str) -> float | None:
        if told.isdecimal():
            return float(told)
        try:
            until = parsedate_to_datetime(told)
        except (ValueError, TypeError):
            return None
        return max(0.0, (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - self.now().timestamp())


def _refusal(url: str, response: "httpx2.Response") -> SourceError:
    """What a refusal means; of its text only a code in capitals is told, since the rest may repeat the question."""
    found = _CODE.search(next(response.iter_bytes(MOST_REFUSAL), b""))
    code = found[1].decode() if found else ""
    if code in USED_UP:
        return SourceError(f"{host(url)}: its requests of today are used up; the next run tries again", permanent=False)
    meaning = MEANING.get(response.status_code, "the server refuses")
    status = f"{response.status_code} {code}".strip()
    return SourceError(f"{host(url)}: status {status}: {meaning}")


def next_link(base: str, link: str) -> str:
    """The address of the next page, on the same server as the first.

    Raises:
        SourceError: it leads elsewhere; the login must not be sent there.
    """
    url = urljoin(base, link)
    if (urlsplit(url).scheme, urlsplit(url).netloc) != (urlsplit(base).scheme, urlsplit(base).netloc):
        raise SourceError(f"{host(base)}: its next page is on another server ({host(url)}); not followed")
    return url


def host(url: str) -> str:
    """The server of an address, for messages: the rest may hold keys."""
    return urlsplit(url).hostname or "the server"


def _body(response: "httpx2.Response", url: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise SourceError(f"{host(url)}: an answer of more than {MOST_BYTES >> 20} MB; ask for smaller pages")
        parts.append(part)
    return b"".join(parts)
