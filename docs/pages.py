"""Pages of the documentation that come from elsewhere: commands from the command line, settings, changes, model cards.

MkDocs calls `on_files`. What is generated cannot lag behind what it describes.
"""

import re
from pathlib import Path
from typing import Any

import typer.main
from mkdocs.structure.files import File

from cxtext.cli import app
from cxtext.jobs.first_hour import CONFIGURATION

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://|#)([^)]+)\)")  # to a file of the repository


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages."""
    cards = sorted((ROOT / "models/cards").glob("*.md"))
    pages = {
        "commands.md": commands(),
        "settings.md": settings(),
        "changes.md": plain_links((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")),
        "cards.md": index(cards),
    }
    pages |= {f"cards/{card.name}": plain_links(card.read_text(encoding="utf-8")) for card in cards}
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def commands() -> str:
    """Every command with its arguments and options, as `--help` says them."""
    codes = "0 done; 1 failed, nothing kept; 2 command line or configuration wrong; 3 done, some rows in quarantine; 4 another run is writing"
    lines = ["# Commands", "", f"Exit codes: {codes}.", ""]
    _command(typer.main.get_command(app), "cxtext", lines)
    return "\n".join(lines)


def _command(command: Any, name: str, lines: list[str]) -> None:
    children = getattr(command, "commands", {})
    if not children or name != "cxtext":
        lines += [f"## {name}", "", _cell(command.help or ""), ""]
    rows = [
        (_names(option), _cell(getattr(option, "help", "") or ""))
        for option in command.params
        if not getattr(option, "hidden", False)
    ]
    rows = [row for row in rows if row[0] != "`--help`, `-h`"]
    if rows:
        lines += [
            "| argument or option | what it does |",
            "|---|---|",
            *(f"| {names} | {words} |" for names, words in rows),
            "",
        ]
    for child, found in sorted(children.items()):
        _command(found, f"{name} {child}", lines)


def _names(option: Any) -> str:
    if option.param_type_name == "argument":
        return f"`{option.metavar or option.name.upper()}`"
    value = "" if getattr(option, "is_flag", False) else f" {option.metavar or option.name.upper()}"
    return ", ".join(f"`{name}{value}`" for name in option.opts)


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def settings() -> str:
    """The configuration that `cxtext init` writes: every line is a default."""
    return "\n".join([
        "# Settings", "",
        "`cxtext init` writes this file. Flags win over the environment (`CXTEXT_DB`, `CXTEXT_PRIVACY__ADDRESSES`, …), the environment over the file.",
        "", "```toml", CONFIGURATION.rstrip(), "```", "",
    ])  # fmt: skip


def index(cards: list[Path]) -> str:
    """The list of all model cards with their titles."""
    lines = [
        "# Model cards",
        "",
        "Every figure that cxtext claims: how it was measured, on which data, with which command, and what did not work.",
        "",
    ]
    return "\n".join([*lines, *(f"- [{_title(card)}](cards/{card.name})" for card in cards), ""])


def _title(card: Path) -> str:
    return card.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").strip()


def plain_links(text: str) -> str:
    """Links of a card to files of the repository become their names: the pages do not hold these files."""
    return LINK.sub(lambda found: f"{found[1]} (`{found[2]}`)", text)
