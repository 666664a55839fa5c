"""The questions of `cxtext init` to somebody who sits before it: which source, how it is reached, and again where it does not answer."""

from typing import TYPE_CHECKING

import typer

from cxtext.cli.output import in_language, note, print_lines, print_table
from cxtext.errors import CxtextError

if TYPE_CHECKING:
    from cxtext.connectors.services import Service
    from cxtext.jobs.visits import Tried
    from cxtext.settings import Settings

Table = dict[str, str]
MEANINGS = {  # what an option is, where its name alone does not tell
    "url": "address, like https://helpdesk.example.com",
    "user": "user name or e-mail address to sign in with",
    "password": "password",
    "token": "access token",
    "key": "API key",
    "google_play.key": "the JSON key of the service account, as file:PATH",
    "app_store.key": "the key of App Store Connect (.p8), as file:PATH",
    "host": "mail server, like imap.example.com",
    "port": "port",
    "folder": "folder of the mailbox",
    "tls": "encrypted, yes or no",
    "comments": "customer: also what customers wrote later, one more request a ticket",
    "jql": "only these issues, in JQL",
    "query": "only these tickets, as a search",
    "sql.query": "one SELECT; :since in it stands for the newest value of the cursor column",
    "where": "only these cases, in SOQL",
    "cursor": "column that only grows, such as the time of change",
    "database": "SQLAlchemy URL, like postgresql+psycopg://reader:…@server/shop",
    "timezone": "time zone of the user there, like Europe/Berlin",
    "items": "where the list of tickets lies, like data.list",
    "next": "where the address of the next page lies, like data.next, or Link for the header of that name",
    "offset_parameter": "parameter for the number of rows to skip",
    "page_parameter": "parameter for the number of the page",
    "size_parameter": "parameter for the size of a page",
    "size": "rows on a page",
    "since_parameter": "parameter for changes since a time",
    "header": "header that carries the token",
    "pattern": "which files, like *.csv",
    "path": "path behind the address",
    "folder.path": "folder, or a URL like s3://bucket/exports",
    "resource": "module:function of the resource",
    "package": "name of the app's package",
    "app": "number of the app",
    "issuer": "issuer of the key",
    "key_id": "number of the key",
    "unit": "number of the business unit",
    "version": "version of the interface",
}


def ask(settings: "Settings") -> tuple[str, Table, "Tried | None"] | None:
    """Ask until a source answers or somebody gives up; None for files. A source that never answered comes without rows."""
    from cxtext.connectors.services import SERVICES

    note("Where do your tickets come from?")
    rows = [{"kind": kind, "what": in_language(service.title)} for kind, service in sorted(SERVICES.items())]
    print_table({"kind": "kind", "what": "what"}, rows)
    kind = _one_of(sorted(SERVICES))
    if not kind:
        return None
    name = typer.prompt(in_language("What shall it be called"), default="desk").strip()
    table: Table = {"kind": kind}
    while True:
        table |= _options(SERVICES[kind], name, table)
        tried = _answers(name, table, settings)
        if tried is not None or not _agrees("Do you want to change your answers?"):
            return name, {option: value for option, value in table.items() if value}, tried


def _one_of(kinds: list[str]) -> str:
    while True:
        said = str(typer.prompt(in_language("Source (empty: files)"), default="", show_default=False)).strip()
        kind = said.casefold().replace(" ", "_").replace("-", "_")
        if not kind or kind in kinds:
            return kind
        note(f"There is no kind of source {said!r}.")


def _agrees(question: str) -> bool:
    """Yes, unless somebody says no; in German, too."""
    words = f"{in_language(question)} {in_language('[Y/n]')}"
    said = str(typer.prompt(words, default="", show_default=False)).strip().casefold()
    return not said or said[0] in "yj"


def _options(service: "Service", name: str, before: Table) -> Table:
    told: Table = {}
    for option in service.asked:
        meaning = in_language(MEANINGS.get(f"{service.kind}.{option}", MEANINGS.get(option, option)))
        needed = option in service.needed
        default = before.get(option, f"env:{_variable(name, option)}" if needed and option in service.secrets else "")
        words = f"{option} ({meaning})" if needed else f"{option} ({meaning}; {in_language('may stay empty')})"
        told[option] = str(typer.prompt(words, default=default, show_default=bool(default))).strip()
    return told


def _variable(name: str, option: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in f"{name}_{option}").upper()


def _answers(name: str, table: Table, settings: "Settings") -> "Tried | None":
    """What a test of the source showed; None, after saying why, where it did not answer."""
    from cxtext.cli import options
    from cxtext.connectors.services import service_of
    from cxtext.jobs.visits import try_source

    settings.sources.clear()
    settings.sources[name] = {option: value for option, value in table.items() if value}
    try:
        service_of(name, settings.sources[name])
        return try_source(name, settings, now=options.now)
    except CxtextError as error:
        print_lines(in_language(str(error), "error"))
        asks = "allow_private" in str(error) and "allow_private" not in table
        if asks and _agrees("The server stands in your own network. May cxtext reach it?"):
            table["allow_private"] = "yes"
            return _answers(name, table, settings)
        return None
