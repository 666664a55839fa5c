"""`evaluate`: measure the parts against labelled data."""

from typing import Annotated

import typer

from cxtext.cli import evaluate_texts, options
from cxtext.cli.evaluate_texts import labelled
from cxtext.cli.figures import tell
from cxtext.cli.output import note
from cxtext.errors import ConfigurationError

__all__ = ["register", "room", "tell"]

room = typer.Typer(
    help="Measure on labelled data: topics, nights, sentiment, causes, departments, language, cleaning, words, pii, trends.",
    no_args_is_help=True,
)

File = Annotated[str, typer.Argument(metavar="FILE", help="Any file that `cxtext run` reads.")]
Gold = Annotated[str, typer.Option("--gold", metavar="COLUMN", help="The column with the labels.")]
Text = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN", help="The column with the texts (default: recognised).")
]
LanguageCode = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Of all texts (default: recognised).")
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Only these rows; repeatable.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="LABEL", help="Leave out a label that means “something else”.")
]
Against = Annotated[
    list[str] | None, typer.Option("--against", metavar="NAME", help="Compare with another method; repeatable.")
]
Nights = Annotated[int, typer.Option("--nights", min=2, help="In how many nights the tickets come.")]
HoldBack = Annotated[int, typer.Option("--hold-back", min=0, help="How many labels appear only later.")]
Folder = Annotated[
    str | None, typer.Option("--taxonomy", metavar="DIR", help="A taxonomy folder (default: the own one).")
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="NAME", help="A column known when a ticket arrives (category, product); repeatable."
    ),
]
Corrections = Annotated[
    list[int] | None,
    typer.Option(
        "--corrections", min=0, metavar="N",
        help="Measure after so many corrections; more than there are texts: all labels; repeatable (default: 0, 100, 400, 800).",
    ),
]  # fmt: skip
Part = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="lexicon, learned or transformer (default: what fits).")
]
Model = Annotated[str | None, typer.Option("--model", metavar="FOLDER", help="Of a learned model or a transformer.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    evaluate_texts.register(room)
    app.add_typer(room, name="evaluate")


@room.command()
def topics(
    file: File,
    gold: Gold,
    against: Against = None,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    without: Without = None,
    limit: options.Limit = None,
    recipe: options.RecipeName = None,
    seed: options.Seed = 0,
    *,
    json: options.Json = False,
) -> None:
    """Topics against labels: ARI, NMI, V, accuracy, purity, share without topic, CPU seconds, memory."""
    from cxtext.evaluate.topics import evaluate_topics

    given = labelled(file, gold, text, language, where, without, limit)
    figures = evaluate_topics(
        given.texts, given.languages, given.gold, recipe=recipe or "fast", against=list(against or ()), seed=seed or 0
    )
    tell(figures, json=json)


@room.command()
def nights(
    file: File,
    gold: Gold,
    count: Nights = 30,
    hold_back: HoldBack = 8,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    without: Without = None,
    limit: options.Limit = None,
    recipe: options.RecipeName = None,
    seed: options.Seed = 0,
    *,
    by_date: Annotated[bool, typer.Option("--by-date", help="In the order of their dates, nothing held back.")] = False,
    json: options.Json = False,
) -> None:
    """Topics night after night: tickets that move, agreement at the end, tickets until a new label owns a topic."""
    from cxtext.evaluate.nights import evaluate_nights
    from cxtext.recipe import load_recipe

    given = labelled(file, gold, text, language, where, without, limit)
    dates = None
    if by_date:
        if None in given.dates:
            raise ConfigurationError(f"{file}: --by-date needs a date in every row")
        dates = [moment.date() for moment in given.dates if moment is not None]
    chosen = load_recipe(recipe or "fast")
    figures = evaluate_nights(
        given.texts, given.languages, given.gold, recipe=chosen, nights=count,
        hold_back=0 if by_date else hold_back, seed=seed or 0, dates=dates,
        first=None if by_date else 1 / 3,
    )  # fmt: skip
    tell(figures, json=json)


@room.command()
def departments(
    file: File,
    gold: Gold,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Train before, measure from here on.")
    ] = None,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    without: Without = None,
    column: Column = None,
    limit: options.Limit = None,
    seed: options.Seed = 0,
    *,
    json: options.Json = False,
) -> None:
    """A company's own departments, learned from history: accuracy, macro F1, calibration, explanations."""
    from cxtext.evaluate.departments import evaluate_departments

    given = labelled(file, gold, text, language, where, without, limit, column)
    dated = [place for place, moment in enumerate(given.dates) if moment is not None]
    if not dated:
        raise ConfigurationError(
            f"{file}: no row has a date, and departments are measured on later tickets than learned from"
        )
    texts, languages, labels = (
        [column[place] for place in dated] for column in (given.texts, given.languages, given.gold)
    )
    figures = evaluate_departments(
        texts, languages, labels, [moment for moment in given.dates if moment is not None],
        since=options.day_from(since, "--since"), facts=[given.facts[place] for place in dated] if column else None,
        seed=seed or 0,
    )  # fmt: skip
    tell(figures, json=json)


@room.command()
def causes(
    file: File,
    gold: Gold,
    taxonomy: Folder = None,
    corrections: Corrections = None,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    without: Without = None,
    limit: options.Limit = None,
    seed: options.Seed = 0,
    *,
    json: options.Json = False,
) -> None:
    """A taxonomy against labels: day one, with corrections, coverage, precision, explanations."""
    from pathlib import Path

    from cxtext.causes.taxonomy_file import load_taxonomy
    from cxtext.evaluate.causes import CURVE, evaluate_causes

    given = labelled(file, gold, text, language, where, without, limit)
    read = load_taxonomy(Path(taxonomy) if taxonomy else None)
    curve = tuple(corrections or CURVE)
    tell(evaluate_causes(given.texts, given.languages, given.gold, read, curve=curve, seed=seed or 0), json=json)


@room.command()
def sentiment(
    file: File,
    gold: Gold,
    train: Annotated[
        str | None, typer.Option("--train", metavar="FILE", help="Learn, or choose thresholds, on this file first.")
    ] = None,
    part: Part = None,
    model: Model = None,
    against: Against = None,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    train_where: Annotated[
        list[str] | None, typer.Option("--train-where", metavar="COLUMN=VALUE", help="Learn from these rows.")
    ] = None,
    limit: options.Limit = None,
    seed: options.Seed = 0,
    *,
    json: options.Json = False,
) -> None:
    """Sentiment against labels (negative, neutral, positive): macro F1, accuracy, AUC, calibration."""
    from cxtext.evaluate.sentiment import COMPARATORS, evaluate_sentiment

    given = labelled(file, gold, text, language, where, None, limit)
    past = None
    if train or train_where:
        past = labelled(train or file, gold, text, language, train_where, None, None)
    if part == "transformer" and model is None:
        raise ConfigurationError("--part transformer needs --model FOLDER: a local folder with a model in safetensors")
    figures = evaluate_sentiment(
        given.texts, given.languages, given.gold,
        part=part or ("learned" if past or model else "lexicon"), options={"folder": model} if model else None,
        train=None if model else past, against=against or COMPARATORS, seed=seed or 0,
    )  # fmt: skip
    tell(figures, json=json)


@room.command()
def trends(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="simulation, council, replay or all.")] = "simulation",
    council: Annotated[
        str | None, typer.Option("--council", metavar="FILE", help="Daily counts of real series.")
    ] = None,
    texts: Annotated[
        str | None, typer.Option("--texts", metavar="FILE", help="Dated texts with categories (Parquet), for replay.")
    ] = None,
    seed: options.Seed = 500,
    *,
    small: Annotated[bool, typer.Option("--small", help="A tenth of the series.")] = False,
    json: options.Json = False,
) -> None:
    """The trend detector beside its competitors at equal false-alarm rate; the full form takes two minutes.

    `replay` goes from texts to signals, night by night, and takes ten more.
    """
    from pathlib import Path

    from cxtext.evaluate.trend_texts import KONSTANZ
    from cxtext.evaluate.trends import COUNCIL, evaluate_trends

    place = Path(council) if council else COUNCIL
    figures = evaluate_trends(
        kind,  # type: ignore[arg-type]  # it says itself what it knows
        seed=500 if seed is None else seed, small=small, council=place, texts=Path(texts) if texts else KONSTANZ,
        tell=note,
    )  # fmt: skip
    tell(figures, json=json)
