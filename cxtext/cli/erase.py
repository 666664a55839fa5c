"""`erase`: a ticket or a customer, everywhere and for good, with a receipt."""

from typing import Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import print_json, print_lines
from cxtext.errors import ConfigurationError

Ticket = Annotated[str | None, typer.Option("--ticket", metavar="ID", help="One ticket, such as file:4711.")]
Customer = Annotated[
    str | None, typer.Option("--customer", metavar="ID", help="All tickets of a customer, named as the source does.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(erase)


def erase(
    ticket: Ticket = None,
    customer: Customer = None,
    by: options.By = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Erase a ticket, or all of a customer, from every night, index, vector, model and file; print a receipt.

    It cannot be taken back, and a source that still holds the ticket does not bring it back.
    """
    from cxtext.jobs.erase import erase_customer, erase_ticket

    if (ticket is None) == (customer is None):
        raise ConfigurationError("erase: say either --ticket ID or --customer ID")
    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        if ticket is not None:
            done = erase_ticket(store, settings, ticket, by=options.actor(by), now=options.now)
        else:
            done = erase_customer(store, settings, customer or "", by=options.actor(by), now=options.now)
    if json:
        print_json(done.as_dict())
        return
    rows = ", ".join(f"{name} {count:,}" for name, count in done.rows.items() if count)
    print_lines(
        f"Erased: {done.tickets:,} tickets ({done.what}), {done.at:%Y-%m-%d %H:%M} UTC, record {done.record}",
        f"Rows: {rows or 'none were left'}",
        "Also: search index, vectors, topic memory; the files of the database are rewritten",
        *(f"Learned model {name}: {fate}" for name, fate in done.models.items()),
        *(f"Left to others: {line}" for line in done.left),
    )
