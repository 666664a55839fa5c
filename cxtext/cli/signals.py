"""`signals`: what is new, rising, jumping or gone, with the reason."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import in_language, print_json, print_lines, print_texts
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.store.read_signals import Signal

Open = Annotated[bool, typer.Option("--open", help="Only what goes on and is not muted.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what was told from that day on.")]
Topic = Annotated[str | None, typer.Option("--topic", metavar="ID", help="Only this issue and what belongs to it.")]
Department = Annotated[str | None, typer.Option("--department", metavar="KEY", help="Only what this department owns.")]
WIDTH = 110  # characters of a line of a reason
RARE, OFTEN = 0.0005, 0.4  # shares of chance that are told in other words
Speech = Annotated[str | None, typer.Option("--language", metavar="de|en", help="Language of the reasons.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(signals)


def signals(
    *,
    open_only: Open = False,
    since: Since = None,
    topic: Topic = None,
    department: Department = None,
    language: Speech = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Say what is new, rising, jumping, in season or gone: one line per event, newest first, each with its reason.

    Lines that are kept without a message say why: topic (muted), budget (more than you asked for), told (another line
    is about the same tickets), history (told afterwards). A slice `alike` is an event that lies across topics.

    "chance?" estimates how many of the lines at least this strong are chance. "per 1,000 tickets" is of the same days;
    per 1,000 units shipped stands beside it where `[trends] units` says what was shipped.
    """
    from cxtext.store import read_signals, runs

    if language not in (None, "de", "en"):
        raise ConfigurationError(f"--language {language!r}: say de or en")
    settings = options.settings_from(config, db)
    with options.store_of(settings) as store, store.read() as connection:
        found = read_signals.signals(
            connection, runs.at(connection, options.day_from(as_of)), open_only=open_only, topic=topic,
            department=department, since=options.day_from(since, "--since"),
        )  # fmt: skip
    if json:
        print_json({"signals": [_told(one, language) for one in found]})
    elif not found:
        print_lines("Nothing new, rising or jumping.")
    else:
        _show(found, language)


def _show(found: Sequence["Signal"], language: str | None) -> None:
    for one in found:
        state = one.state if not one.quiet else f"{one.state} ({one.quiet})"
        print_texts(f"{one.day}  {one.kind}  {_about(one)} · {state}", f"    {' · '.join(_figures(one))}")
        print_texts(*(f"    {line}" for line in wrap(_told(one, language)["why"], WIDTH)))


def _about(one: "Signal") -> str:
    """The topic and its name; which slice of it the reason says."""
    return f"{one.topic_id} {one.label or ''}".strip() if one.topic_id else "–"


def _figures(one: "Signal") -> list[str]:
    """Counted and expected, the volume, and how much of its like is chance."""
    told = [in_language(f"{one.count} counted, {one.expected:.1f} expected")]
    if one.kind == "resolved":
        return told
    if one.per_thousand is not None:
        told.append(in_language(f"{one.per_thousand:.1f} per 1,000 tickets"))
    if one.per_thousand_units is not None:
        told.append(in_language(f"{one.per_thousand_units:.1f} per 1,000 shipped"))
    return [*told, f"{in_language('chance?')} {_chance(one)}"]


def _chance(one: "Signal") -> str:
    """The share of such lines that are chance, as people understand it."""
    if one.chance_share <= RARE:
        return in_language("less than 1 in 2,000")
    if one.chance_share > OFTEN:
        return in_language(f"about {min(round(10 * one.chance_share), 10)} in 10")
    return in_language(f"about 1 in {round(1 / one.chance_share):,}")


def _told(one: "Signal", language: str | None) -> dict[str, Any]:
    why = one.why if language is None else one.why_de if language == "de" else one.why_en
    names = ("signal_id", "kind", "topic_id", "label", "day", "onset", "until", "count", "expected", "lower", "upper")
    rest = (
        "ratio",
        "ratio_low",
        "ratio_high",
        "evidence_strength",
        "chance_share",
        "per_thousand",
        "per_thousand_units",
        "course",
        "state",
        "quiet",
    )
    told: dict[str, Any] = {name: getattr(one, name) for name in names}
    told["slice"] = None if one.slice_ is None else dict(zip(("dimension", "value"), one.slice_, strict=True))
    return told | {name: getattr(one, name) for name in rest} | {"why": why, "examples": list(one.examples)}
