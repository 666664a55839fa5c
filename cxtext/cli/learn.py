"""`correct`, `train`, `review`: people put right, cxtext learns."""

from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json, print_lines, shorten
from cxtext.errors import ConfigurationError

TicketKey = Annotated[str, typer.Argument(metavar="TICKET", help="Source and id of a ticket, such as file:4711.")]
TopicId = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Where it belongs; none: nowhere.")]
Cause = Annotated[str | None, typer.Option("--cause", metavar="CAUSE", help="Key of a cause; none: no cause.")]
Owner = Annotated[str | None, typer.Option("--department", metavar="KEY", help="Key of a department; none: nobody.")]
Mood = Annotated[str | None, typer.Option("--sentiment", metavar="LABEL", help="negative, neutral or positive.")]
What = Annotated[str, typer.Argument(metavar="WHAT", help="sentiment, causes or departments.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="FILE", help="Labelled history (default: ratings and corrections in the store)."),
]
Label = Annotated[str | None, typer.Option("--label", metavar="COLUMN", help="The column with the labels.")]
Text = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN", help="The column with the texts (default: recognised).")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="NAME", help="A column known when a ticket arrives (category, product); repeatable."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a better model too.")]
Count = Annotated[int, typer.Option("--count", min=1, max=200, help="How many tickets.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(correct)
    app.command()(train)
    app.command()(review)


def correct(
    ticket: TicketKey,
    topic: TopicId = None,
    cause: Cause = None,
    department: Owner = None,
    sentiment: Mood = None,
    by: options.By = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: options.Json = False,
) -> None:
    """Put right what cxtext said of a ticket: shown at once, kept for ever, learned from at the next `train`."""
    from cxtext.jobs.corrections import correct as put_right

    said = {"topic": topic, "cause": cause, "department": department, "sentiment": sentiment}
    wanted: Any = {field: value for field, value in said.items() if value is not None}
    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        run_id = put_right(store, settings, ticket, wanted, by=options.actor(by), now=options.now)
    if json:
        print_json({"run_id": run_id, "ticket": ticket, "corrected": wanted})
    else:
        note(f"{ticket}: " + ", ".join(f"{field} is now {value}" for field, value in wanted.items()))


def train(
    what: What,
    source: From = None,
    label: Label = None,
    text: Text = None,
    column: Columns = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    force: Force = False,
    json: options.Json = False,
) -> None:
    """Learn from ratings and corrections, or from labelled history; measured on the latest fifth, never a step back."""
    from cxtext.jobs.train import history_from
    from cxtext.jobs.train import train as learn

    if what not in ("sentiment", "causes", "departments"):
        raise ConfigurationError(f"train {what!r}: there is sentiment, causes and departments")
    if (source is None) != (label is None):
        raise ConfigurationError("--from and --label belong together: the file and its column with the labels")
    if column and (source is None or what == "sentiment"):
        raise ConfigurationError("--column belongs to causes and departments that are learned --from a file")
    history = None
    if source is not None and label is not None:
        from cxtext.evaluate.labelled import read_labelled

        given = read_labelled(source, label, text=text, columns=tuple(column or ()))
        history = history_from({
            "texts": given.texts, "languages": given.languages, "gold": given.gold, "dates": given.dates,
            "facts": given.facts,
        })  # fmt: skip
    settings = options.settings_from(config, db)
    with options.store_of(settings, create=True) as store:
        tell = (lambda _line: None) if json else note
        card = learn(store, settings, what, history=history, force=force, tell=tell)  # type: ignore[arg-type]
    if json:
        print_json(card)
    else:
        note("The next `cxtext run` applies it to all tickets.")


def review(
    count: Count = 20,
    by: options.By = None,
    config: options.Config = None,
    db: options.Database = None,
    seed: options.Seed = 0,
    *,
    json: options.Json = False,
) -> None:
    """Look at the tickets that teach most: half in doubt, a quarter at random, a quarter with new words.

    On a terminal each is shown with what cxtext thinks: Enter agrees, a number takes a suggestion, n says none of
    them, s skips, q ends. With --json the tickets are listed only.
    """
    from cxtext.jobs.review import tickets_to_review

    settings = options.settings_from(config, db)
    with options.store_of(settings) as store:
        asked = tickets_to_review(store, count=count, seed=seed or 0)
    if json:
        print_json({"tickets": [{name: one[name] for name in one if name != "known"} for one in asked]})
        return
    done = 0
    for number, ticket in enumerate(asked, start=1):
        answer = _ask(number, len(asked), ticket)
        if answer == "q":
            break
        if answer is not None:
            from cxtext.jobs.corrections import correct as put_right

            with options.store_of(settings) as store:
                put_right(store, settings, ticket["key"], {"cause": answer}, by=options.actor(by), now=options.now)
            done += 1
    print_lines(f"{done} of {len(asked)} tickets reviewed. To learn from them: cxtext train causes")


def _ask(number: int, total: int, ticket: dict[str, Any]) -> str | None:
    """The cause that a person gives, None to skip, "q" to end."""
    choices = list(
        dict.fromkeys([*([ticket["cause"]] if ticket["cause"] else []), *(key for key, _ in ticket["suggestions"])])
    )
    lines = [f"{place}  {key}" for place, key in enumerate(choices, start=1)]
    print_lines(
        "", f"{number}/{total}  {ticket['key']}  ({ticket['why']})", f"“{shorten(ticket['text'], 400)}”", *lines
    )
    while True:
        typed = str(
            typer.prompt("Enter agrees, number, n none, s skip, q quit", default="", show_default=False)
        ).strip()
        if typed in ("q", "s"):
            return typed if typed == "q" else None
        if typed == "n":
            return "none"
        if not typed:
            return str(ticket["cause"] or "none")
        if typed.isdigit() and 1 <= int(typed) <= len(choices):
            return str(choices[int(typed) - 1])
        if typed in ticket["known"]:
            return typed
        print_lines("No such answer; a key such as logistics/late-delivery works too.")
