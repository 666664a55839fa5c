"""`evaluate`: measure against labelled data."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
