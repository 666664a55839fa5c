"""`lexicon`: a larger dictionary that a user has."""

from pathlib import Path
from typing import Annotated

import typer

from cxtext.cli import options
from cxtext.cli.output import note, print_json
from cxtext.errors import ConfigurationError

room = typer.Typer(help="A larger bilingual dictionary for the offline embedding.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.add_typer(room, name="lexicon")


@room.command(name="import")
def import_dictionary(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A ding dictionary or a TSV of German and English, also .gz.")
    ],
    config: options.Config = None,
    *,
    json: options.Json = False,
) -> None:
    """Add a German–English dictionary to your own models folder; the shipped vocabulary wins where both know a word."""
    from cxtext.embedding.lexicon_import import import_lexicon
    from cxtext.resources import OVERRIDE, own_models_dir

    options.settings_from(config)
    folder = own_models_dir()
    if folder is None:
        raise ConfigurationError(
            f'no models folder of your own: create one and name it, with models = "…" in cxtext.toml or in {OVERRIDE}'
        )
    done = import_lexicon(file, folder)
    if json:
        told = {"lines": done.lines, "words": done.words, "bad_lines": done.bad_lines, "table": str(done.table)}
        print_json(told | {"problems": [str(problem) for problem in done.problems]})
        return
    for problem in done.problems:
        note(str(problem))
    note(f"{done.table}: {done.words:,} words from {done.lines:,} lines, {done.bad_lines:,} lines left out")
    note("The next night compares all tickets in the larger vocabulary; topics keep their ids.")
