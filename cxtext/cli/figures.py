"""How measured figures are shown: as JSON, or as lines a person can read."""

from typing import Any

from cxtext.cli.output import print_json, print_lines


def tell(figures: dict[str, Any], *, json: bool) -> None:
    """Print figures, as JSON or as lines."""
    if json:
        print_json(figures)
    else:
        print_lines(*_lines(figures))


def _lines(figures: Any, indent: str = "") -> list[str]:
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        else:
            lines.append(
                f"{indent}{name:<{max(34 - len(indent), 1)}} {round(value, 4) if isinstance(value, float) else value}"
            )
    return lines
