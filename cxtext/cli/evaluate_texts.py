"""`evaluate` for what happens to a text before anything is analysed: language, words, cleaning, redaction."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxtext.cli import options
from cxtext.cli.figures import tell
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.evaluate.labelled import Labelled

File = Annotated[str, typer.Argument(metavar="FILE", help="Any file that `cxtext run` reads.")]
MaybeFile = Annotated[
    str | None, typer.Argument(metavar="[FILE]", help="Any file that `cxtext run` reads (default: made-up texts).")
]
Mails = Annotated[
    Path | None,
    typer.Option("--mails", metavar="FILE", help="Mails with marked lines: K| the customer's, N| noise, .| either."),
]
NoMails = Annotated[
    list[str] | None, typer.Option("--no-mails", metavar="FILE", help="Texts that should stay as they are; repeatable.")
]
Compounds = Annotated[
    Path | None, typer.Option("--compounds", metavar="FILE", help="TSV of word and pieces (Paket|dienst).")
]
Lemmas = Annotated[Path | None, typer.Option("--lemmas", metavar="FILE", help="A treebank in CoNLL-U.")]
Gold = Annotated[str, typer.Option("--gold", metavar="COLUMN", help="The column with the labels.")]
Values = Annotated[
    str | None,
    typer.Option("--gold", metavar="COLUMN", help="The column with what must be hidden, values parted by |."),
]
Text = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN", help="The column with the texts (default: recognised).")
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Only these rows; repeatable.")
]
LanguageCode = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Of all texts (default: recognised).")
]
Count = Annotated[int, typer.Option("--count", min=10, help="How many texts to make up.")]


def register(room: typer.Typer) -> None:
    """Add the commands of this file to `evaluate`."""
    room.command()(language)
    room.command()(words)
    room.command()(cleaning)
    room.command()(pii)


def language(
    file: File,
    gold: Gold,
    text: Text = None,
    where: Where = None,
    limit: options.Limit = None,
    *,
    json: options.Json = False,
) -> None:
    """Language identification against labels (ISO codes)."""
    from cxtext.evaluate.language import evaluate_language

    given = labelled(file, gold, text, "und", where, None, limit)
    tell(evaluate_language(given.texts, given.gold), json=json)


def words(
    compounds: Compounds = None, lemmas: Lemmas = None, language: LanguageCode = "de", *, json: options.Json = False
) -> None:
    """Compounds against a list with the cuts, dictionary forms against a treebank."""
    from cxtext.evaluate.words import evaluate_compounds, evaluate_lemmas

    if compounds is None and lemmas is None:
        raise ConfigurationError("evaluate words: name --compounds FILE, --lemmas FILE or both")
    figures = {}
    if compounds is not None:
        figures["compounds"] = evaluate_compounds(_there(compounds))
    if lemmas is not None:
        figures["lemmas"] = evaluate_lemmas(_there(lemmas), language or "de")
    tell(figures, json=json)


def cleaning(
    mails: Mails = None,
    no_mails: NoMails = None,
    text: Text = None,
    limit: options.Limit = None,
    *,
    json: options.Json = False,
) -> None:
    """What cleaning keeps of mails whose lines are marked, and what it takes from texts that are no mails."""
    from cxtext.connectors import open_source
    from cxtext.domain import Ticket
    from cxtext.evaluate.cleaning import evaluate_mails, evaluate_untouched

    if mails is None and not no_mails:
        raise ConfigurationError("evaluate cleaning: name --mails FILE, --no-mails FILE or both")
    figures = {}
    if mails is not None:
        figures["mails"] = evaluate_mails(_there(mails))
    if no_mails:
        mapping = {"text": text} if text else {}
        sources = [open_source(name, mapping=mapping, timezone="UTC", limit=limit) for name in no_mails]
        texts = (row.text for source in sources for row in source.rows() if isinstance(row, Ticket))
        figures["no_mails"] = evaluate_untouched(texts)
    tell(figures, json=json)


def pii(
    file: MaybeFile = None,
    gold: Values = None,
    text: Text = None,
    language: LanguageCode = None,
    where: Where = None,
    limit: options.Limit = None,
    count: Count = 4000,
    seed: options.Seed = 2026,
    *,
    people: Annotated[bool, typer.Option("--people/--no-people", help="With the names a helpdesk knows.")] = True,
    sentences: Annotated[bool, typer.Option("--sentences", help="Only names in the middle of sentences.")] = False,
    json: options.Json = False,
) -> None:
    """Redaction: recall on made-up texts (needs the package faker), or of the values in a column of your own texts."""
    from cxtext.evaluate.pii import evaluate_marked, evaluate_pii

    if (file is None) != (gold is None):
        raise ConfigurationError("evaluate pii: FILE and --gold belong together; with neither, texts are made up")
    if file is None or gold is None:
        texts = "sentences" if sentences else "templates"
        tell(evaluate_pii(count, 2026 if seed is None else seed, with_people=people, texts=texts), json=json)
        return
    given = labelled(file, gold, text, language, where, None, limit)
    tell(evaluate_marked(given.texts, given.languages, given.gold), json=json)


def labelled(
    file: str,
    gold: str,
    text: str | None,
    language: str | None,
    where: list[str] | None,
    without: list[str] | None,
    limit: int | None,
    columns: list[str] | None = None,
) -> "Labelled":
    """Texts with their labels, as the flags of all these commands ask for them."""
    from cxtext.evaluate.labelled import read_labelled

    conditions = {}
    for pair in where or []:
        column, sign, value = pair.partition("=")
        if not sign:
            raise ConfigurationError(f"--where {pair!r}: write it like --where split=test")
        conditions[column] = value
    return read_labelled(
        file, gold, text=text, language=language, where=conditions, without=tuple(without or ()),
        columns=tuple(columns or ()), limit=limit,
    )  # fmt: skip


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ConfigurationError(f"there is no file {path}")
    return path
