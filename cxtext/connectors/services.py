"""The table of online sources: the kind a user writes, and the module that reads it. A new source is one row here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from cxtext.connectors.account import Account, account_from
from cxtext.connectors.page import Check, Pages
from cxtext.errors import ConfigurationError

EVERYWHERE = frozenset({"since", "allow_private", "timeout"})  # options that every source knows


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of source: its module, the options it knows, and a title for people."""

    kind: str
    title: str
    options: frozenset[str]
    asked: tuple[str, ...] = ()  # in the order in which somebody is asked for them
    needed: frozenset[str] = frozenset()  # without these it cannot be read

    @property
    def secrets(self) -> frozenset[str]:
        """Options that belong into no file: they are best named, as env:NAME."""
        return self.options & {"token", "password", "key", "database"}

    @property
    def module(self) -> str:
        """Where `pages` and `check` live."""
        return f"cxtext.connectors.{self.kind}"

    def pages(self) -> Pages:
        """The reader of this kind; its module is imported now, not before."""
        reader: Pages = import_module(self.module).pages
        return reader

    def check(self) -> Check:
        """The test of the connection."""
        tester: Check = import_module(self.module).check
        return tester


def _row(kind: str, title: str, *options: str) -> tuple[str, Service]:
    """A kind of source; `!` marks the options that it needs."""
    names = tuple(option.rstrip("!") for option in options)
    needed = frozenset(option.rstrip("!") for option in options if option.endswith("!"))
    return kind, Service(kind, title, frozenset(names) | EVERYWHERE, names, needed)


SERVICES: Mapping[str, Service] = dict([
    _row("zendesk", "Zendesk Support", "url!", "user", "token!", "comments"),
    _row("freshdesk", "Freshdesk", "url!", "key!", "comments"),
    _row("zammad", "Zammad", "url!", "token!"),
    _row("jira", "Jira Service Management Cloud", "url!", "user!", "token!", "jql"),
    _row("request_tracker", "Request Tracker 5", "url!", "user", "password", "token", "query", "timezone"),
    _row("intercom", "Intercom", "url", "token!"),
    _row("salesforce", "Salesforce Service Cloud", "url!", "token!", "version", "where"),
    _row("imap", "Mailbox by IMAP", "host!", "port", "user!", "password!", "folder", "tls"),
    _row("sql", "SQL query", "database!", "query!", "cursor"),
    _row("google_play", "Google Play reviews", "url", "package!", "key!"),
    _row("app_store", "App Store reviews", "url", "app!", "issuer!", "key_id!", "key!"),
    _row("trustpilot", "Trustpilot reviews", "url", "unit!", "key!", "token!"),
    _row("rest", "Any REST API", "url!", "path", "items", "next", "page_parameter", "offset_parameter", "size_parameter", "size", "since_parameter",
         "header", "token"),
    _row("folder", "Folder of files", "path!", "pattern"),
    _row("dlt", "Any dlt resource", "resource!"),
])  # fmt: skip


def service_of(name: str, options: Mapping[str, str]) -> tuple[Account, Service]:
    """The account of a configured source and the kind that reads it.

    Raises:
        ConfigurationError: the kind is unknown, or an option is none of its.
    """
    account = account_from(name, options)
    service = SERVICES.get(account.kind)
    if service is None:
        raise ConfigurationError(f"[sources.{name}] kind = {account.kind!r}: known are {', '.join(sorted(SERVICES))}")
    if unknown := sorted(set(account.options) - service.options - set(_mapped(account))):
        raise ConfigurationError(
            f"[sources.{name}] {service.title} knows no {unknown[0]!r}; known: {', '.join(sorted(service.options))}, "
            'and map_FIELD = "column"'
        )
    return account, service


def _mapped(account: Account) -> list[str]:
    """Options that say where a ticket field comes from."""
    return [key for key in account.options if key.startswith("map_")]
