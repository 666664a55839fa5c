"""`redact`, `clean` and `analyze`: the parts that read one text, on their own."""

import json as jsonlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxtext.cli import options
from cxtext.cli.output import print_json, print_lines, print_texts, shorten
from cxtext.errors import ConfigurationError, SourceError

if TYPE_CHECKING:
    from cxtext.text.dry_run import DryRun

File = Annotated[str, typer.Argument(metavar="[FILE|-]", help="A text file; - is stdin.")]
Said = Annotated[str, typer.Argument(metavar="TEXT|-", help="What somebody wrote; - is stdin.")]
Lines = Annotated[bool, typer.Option("--json", help='JSONL in, JSONL out: {"text": …} per line.')]
Report = Annotated[
    bool,
    typer.Option("--report", help="Only say what would be hidden, in any file that `cxtext run` reads; keeps nothing."),
]
LanguageCode = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Language of the text (default: recognised).")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(redact)
    app.command()(clean)
    app.command()(analyze)


def redact(
    file: File = "-",
    language: LanguageCode = None,
    config: options.Config = None,
    db: options.Database = None,
    mapping: options.Mapping = None,
    limit: options.Limit = None,
    *,
    report: Report = False,
    json: Lines = False,
) -> None:
    """Mask personal data; order and invoice numbers stay. With --report: a dry run before the first import."""
    from cxtext.assemble import redactor
    from cxtext.text.language import identify

    settings = options.settings_from(config, db)
    if report:
        _tell_report(_dry_run(file, settings, options.mapping_from(mapping), limit), file, json=json)
        return
    if mapping or limit:
        raise ConfigurationError("--map and --limit belong to --report: a filter reads its text as it stands")
    hide = redactor(settings, _key(settings))

    def masked(text: str) -> dict[str, Any]:
        spoken = language or identify(text, settings.languages)[0]
        result = hide.redact(text, spoken)
        return {"text": result.text, "found": [found.kind for found in result.found]}

    _filter(file, masked, json=json)


def analyze(
    text: Said,
    language: LanguageCode = None,
    config: options.Config = None,
    db: options.Database = None,
    recipe: options.RecipeName = None,
    *,
    json: options.Json = False,
) -> None:
    """Say what one text says: mood of each sentence, causes, department, intent, urgency. Nothing is stored."""
    from cxtext.assemble import load_parts
    from cxtext.jobs.one_text import analyze_text

    settings = options.settings_from(config, db, recipe)
    said = _content("-") if text == "-" else text
    if not said.strip():
        raise ConfigurationError("analyze: there is no text")
    told = analyze_text(said, load_parts(settings, _key(settings), _artefacts(settings)), language)
    if json:
        print_json(told)
    else:
        print_texts(*_in_words(told))


def clean(file: File = "-", language: LanguageCode = None, *, json: Lines = False) -> None:
    """Reduce a mail thread to what the customer wrote."""
    from cxtext.text.clean import clean as reduce

    languages = [language] if language else []  # none: those of all languages, as a night does it

    def reduced(text: str) -> dict[str, Any]:
        result = reduce(text, languages=languages)
        return {"text": result.text, "removed": [part.text for part in result.removed], "auto_reply": result.auto_reply}

    _filter(file, reduced, json=json)


def _key(settings: Any) -> bytes:
    """A filter keeps nothing, so its pseudonyms need no lasting key."""
    from hashlib import sha256

    secret = settings.secret.get_secret_value() if settings.secret else "cxtext"
    return sha256(secret.encode()).digest()


def _filter(file: str, work: Callable[[str], dict[str, Any]], *, json: bool) -> None:
    content = _content(file)
    if not json:
        sys.stdout.write(work(content)["text"].rstrip("\n") + "\n")
        return
    for number, row in _rows(content, file):
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise SourceError(f'{file}, line {number}: not an object with a "text"')
        sys.stdout.write(jsonlib.dumps(row | work(row["text"]), ensure_ascii=False) + "\n")


def _content(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot read {file}: {error.strerror}") from error
    return raw.decode("utf-8-sig", errors="replace")


def _rows(content: str, file: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                yield number, jsonlib.loads(line)
            except ValueError as error:
                raise SourceError(f"{file}, line {number}: no JSON ({error})") from error


def _artefacts(settings: Any) -> Path | None:
    """What was trained on site lies beside the database; without a database there is none."""
    from cxtext.assemble import artefact_folder

    file = settings.db.removeprefix("sqlite:///")
    return artefact_folder(Path(file)) if file != settings.db and Path(file).is_file() else None


def _dry_run(file: str, settings: Any, mapping: dict[str, str], limit: int | None) -> "tuple[DryRun, int]":
    from cxtext.assemble import redactor
    from cxtext.connectors import open_source
    from cxtext.domain import Ticket
    from cxtext.text.dry_run import dry_run

    source = open_source(file, mapping=mapping, timezone=settings.timezone, limit=limit)
    rejected = 0

    def tickets() -> Iterator[Ticket]:
        nonlocal rejected
        for row in source.rows():
            if isinstance(row, Ticket):
                yield row
            else:
                rejected += 1

    found = dry_run(tickets(), languages=settings.languages, redactor=redactor(settings, b""))
    return found, rejected


def _tell_report(told: "tuple[DryRun, int]", file: str, *, json: bool) -> None:
    found, rejected = told
    kinds = dict(found.kinds.most_common())
    if json:
        counts = {"texts": found.texts, "texts_with_findings": found.texts_with_findings, "rejected_rows": rejected}
        print_json(counts | {"kinds": kinds, "columns": dict(found.columns.most_common()), "samples": found.samples})
        return
    where = "stdin" if file == "-" else file
    print_lines(
        f"{where}: {found.texts:,} texts, in {found.texts_with_findings:,} something would be hidden. Nothing was kept."
    )
    for kind, count in kinds.items():
        print_lines(f"{count:>8,}  {kind}", *(f"          “{sample}”" for sample in found.samples[kind]))
    for name, count in found.columns.most_common():
        print_lines(f"{count:>8,}  in the column {name}")
    print_lines(
        "Wrongly hidden words belong into privacy.keep in cxtext.toml; what redaction misses is in the card of privacy."
    )


def _in_words(told: dict[str, Any]) -> Iterator[str]:
    mood = told["sentiment"]
    yield f"language     {told['language']}"
    yield f"text         {shorten(told['text'], 400)}"
    yield f"sentiment    {mood['label']} {mood['score']:+.2f} (confidence {mood['confidence']:.2f}): {_words(mood['evidence'])}"
    if len(told["sentences"]) > 1:
        for one in told["sentences"]:
            yield f"  {one['score']:+.2f}      {shorten(one['text'], 100)}" + (
                f"  [{one['cause']}]" if one["cause"] else ""
            )
    for one in told["causes"]:
        yield f"cause        {one['title']} ({one['cause']}, {one['confidence']:.2f}): {_words(one['evidence'])}"
        yield f"             RATER dimension {one['dimension']}, touchpoint {one['touchpoint']}"
    for name in ("cause", "department"):
        guess = told[name]
        others = ", ".join(f"{label} {share:.2f}" for label, share in guess["suggestions"]) or "none"
        if guess["value"] is None:
            yield f"{name:<13}nobody can tell; suggestions: {others}"
        elif name == "department":
            yield f"{name:<13}{guess['value']} ({guess['confidence']:.2f}); suggestions: {others}"
    yield f"intent       {told['intent']}, urgency {told['urgency']:.2f}: {_words(told['intent_evidence'])}"
    yield f"touchpoint   {told['touchpoint'] or '–'}"
    if told["cancellation_reason"]:
        yield f"leaves for   {told['cancellation_reason']}"


def _words(evidence: list[str]) -> str:
    return ", ".join(f"“{words}”" for words in evidence) or "–"
