"""`redact` and `clean`: the text room as filters, from stdin to stdout."""

import json as jsonlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cxtext.cli import options
from cxtext.errors import ConfigurationError, SourceError

File = Annotated[str, typer.Argument(metavar="[FILE|-]", help="A text file; - is stdin.")]
Lines = Annotated[bool, typer.Option("--json", help='JSONL in, JSONL out: {"text": …} per line.')]
LanguageCode = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Language of the text (default: recognised).")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(redact)
    app.command()(clean)


def redact(
    file: File = "-",
    language: LanguageCode = None,
    config: options.Config = None,
    db: options.Database = None,
    *,
    json: Lines = False,
) -> None:
    """Mask personal data; order and invoice numbers stay."""
    from cxtext.assemble import redactor
    from cxtext.text.language import identify

    settings = options.settings_from(config, db)
    hide = redactor(settings, _key(settings))

    def masked(text: str) -> dict[str, Any]:
        spoken = language or identify(text, settings.languages)[0]
        result = hide.redact(text, spoken)
        return {"text": result.text, "found": [found.kind for found in result.found]}

    _filter(file, masked, json=json)


def clean(
    file: File = "-", language: LanguageCode = None, config: options.Config = None, *, json: Lines = False
) -> None:
    """Reduce a mail thread to what the customer wrote."""
    from cxtext.text.clean import clean as reduce

    languages = [language] if language else options.settings_from(config).languages

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
