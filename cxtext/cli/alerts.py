"""`alerts`: try the channels, see what was sent, send again, and hear no more."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines
from cxtext.errors import ConfigurationError, CxtextError

room = typer.Typer(help="E-mails and webhooks about what is new or rising.", no_args_is_help=True)

Channel = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One [alerts.NAME] block (default: all).")]
Number = Annotated[int | None, typer.Argument(metavar="[ID]", help="One message; without it: all that is due.")]
Value = Annotated[str, typer.Argument(metavar="TOPIC|KIND", help="A topic such as T-0007, or new, rising, spike …")]
Off = Annotated[bool, typer.Option("--off", help="Messages about it again.")]
All = Annotated[bool, typer.Option("--all", help="Also those that were given up.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.add_typer(room, name="alerts")


@room.command(name="test")
def try_out(
    name: Channel = None, config: options.Config = None, db: options.Database = None, *, json: options.Json = False
) -> None:
    """Send a test message, at once, past the outbox."""
    import smtplib

    import httpx2

    from cxtext.alerts.deliver import send
    from cxtext.alerts.message import of_test

    settings, at = options.settings_from(config, db), options.now()
    chosen = {one: alert for one, alert in settings.alerts.items() if name in (None, one)}
    if not chosen:
        raise ConfigurationError(
            f"no [alerts.{name or 'NAME'}] in the configuration; known: {', '.join(settings.alerts) or 'none'}"
        )
    told: dict[str, str] = {}
    for one, alert in sorted(chosen.items()):
        message = of_test(one, alert.language, at)
        try:
            send(message.content(), alert, f"test_{int(at.timestamp())}_{one}", at)
            told[one] = "sent"
        except (CxtextError, OSError, smtplib.SMTPException, httpx2.HTTPError) as error:
            told[one] = f"failed: {error}"
    if json:
        print_json({"channels": told})
    else:
        print_lines(*(f"{one}: {words}" for one, words in told.items()))
    if any(words != "sent" for words in told.values()):
        raise typer.Exit(1)


@room.command(name="list")
def list_messages(
    limit: options.Limit = 50, config: options.Config = None, db: options.Database = None, *, json: options.Json = False
) -> None:
    """Messages with their state, newest first, and what is muted."""
    from cxtext.store import outbox

    with options.store_of(options.settings_from(config, db)) as store, store.read() as connection:
        found = outbox.messages(connection, limit=limit or 50)
        silent = outbox.muted(connection)
    if json:
        print_json(
            {"messages": [_plain(asdict(one)) for one in found], "muted": [_plain(asdict(one)) for one in silent]}
        )
        return
    for one in found:
        print_lines(f"{one.id}  {one.channel}  {one.state}  {one.content['title']}  {one.problem}".rstrip())
    print_lines(*(f"muted: {one.what} {one.value} (by {one.by})" for one in silent))


@room.command()
def retry(
    number: Number = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    everything: All = False,
    json: options.Json = False,
) -> None:
    """Send what is due now: fit for cron every five minutes. With ID or --all also what was given up."""
    from cxtext.alerts.deliver import deliver
    from cxtext.store import outbox

    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        if number is not None or everything:
            with store.write() as connection:
                outbox.again(connection, number, now=options.now())
        counts = deliver(store, settings.alerts, now=options.now)
    if json:
        print_json(counts)
    else:
        note(f"{counts['alerts_sent']} sent, {counts['alerts_later']} later, {counts['alerts_dead']} given up")


@room.command()
def mute(
    value: Value,
    by: options.By = None,
    why: options.Why = "",
    config: options.Config = None,
    db: options.Database = None,
    *,
    off: Off = False,
    json: options.Json = False,
) -> None:
    """No messages about a topic, or of a kind; the signals themselves stay."""
    from cxtext.store import outbox, read_topics, runs

    what = "topic" if value.startswith("T-") else "kind"
    if what == "kind" and value not in ("new", "rising", "spike", "relapse", "resolved", "failed", "done"):
        raise ConfigurationError(
            f"{value!r} is no topic and no kind of message: new, rising, spike, relapse, resolved, failed, done"
        )
    with options.store_of(options.settings_from(config, db)) as store, store.write() as connection:
        if what == "topic":
            value = str(read_topics.topic(connection, runs.current(connection), value)["topic_id"])
        if off:
            outbox.unmute(connection, what, value, now=options.now())
        else:
            outbox.mute(connection, what, value, by=options.actor(by), why=why, now=options.now())
    if json:
        print_json({"what": what, "value": value, "muted": not off})
    else:
        note(f"{what} {value}: {'messages again' if off else 'no more messages'}")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
