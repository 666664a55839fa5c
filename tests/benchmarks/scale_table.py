"""The table and the picture of docs/scale.md, from what scale.py printed.

    python tests/benchmarks/scale_table.py RESULTS.jsonl [PICTURE.svg]

RESULTS holds lines of scale.py; the newest line of a kind of run and a size counts. Prints Markdown; writes an SVG.
"""

import json
import sys
from math import log10
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 60, 40
COLOURS = {"first": "#0b6e99", "night": "#b3541e"}
NAMES = {"first": "first run", "night": "night after it"}


def read(path: Path) -> dict[tuple[str, int, int], dict[str, Any]]:
    """The runs by kind, known tickets and new tickets."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('{"what"'))
    found = {}
    for told in map(json.loads, lines):
        new = told["tickets"] if told["what"] == "first" else told["night"]
        known = told["tickets"] if told["what"] == "first" else told.get("known", told["tickets"])
        found[told["what"], known, new] = told
    return found


def table(found: dict[tuple[str, int, int], dict[str, Any]], what: str) -> str:
    """CPU seconds and peak megabytes of every stage, one column a run."""
    runs = {key: told for key, told in sorted(found.items()) if key[0] == what}
    heads = [f"{key[2]:,}" if what == "first" else f"{key[2]:,} on {key[1]:,}" for key in runs]
    names = list(dict.fromkeys(one["stage"] for told in runs.values() for one in told["stages"]))
    lines = [f"| {NAMES[what]}: stage | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for name in names:
        cells = [next((one for one in told["stages"] if one["stage"] == name), None) for told in runs.values()]
        if any(cell is not None and cell["cpu"] >= 0.1 for cell in cells):
            shown = ("" if cell is None else f"{cell['cpu']:,.1f} s / {cell['mb']:,} MB" for cell in cells)
            lines.append(f"| {name} | {' | '.join(shown)} |")
    whole = (f"**{told['cpu']:,.1f} s / {told['mb']:,} MB**" for told in runs.values())
    return "\n".join([*lines, f"| **all** | {' | '.join(whole)} |"])


def extension(found: dict[tuple[str, int, int], dict[str, Any]], tickets: int) -> str:
    """What a first run of so many tickets would take: the slope between the two largest that were measured."""
    small, large = [told for key, told in sorted(found.items()) if key[0] == "first"][-2:]
    more = large["tickets"] - small["tickets"]
    before = {one["stage"]: one["cpu"] for one in small["stages"]}
    lines = [f"| stage | CPU seconds a million | CPU hours for {tickets:,} |", "|---|---|---|"]
    for one in large["stages"]:
        slope = (one["cpu"] - before.get(one["stage"], 0.0)) / more * 1_000_000
        if slope >= 1:
            lines.append(f"| {one['stage']} | {slope:,.0f} | {slope * tickets / 1_000_000 / 3600:,.1f} |")
    return "\n".join(lines)


def picture(found: dict[tuple[str, int, int], dict[str, Any]]) -> str:
    """CPU seconds over tickets that are known, both on logarithmic axes."""
    lowest, highest = 3, 6.2

    def across(tickets: float) -> float:
        return LEFT + (log10(tickets) - lowest) / (highest - lowest) * (WIDTH - LEFT - 20)

    def up(seconds: float) -> float:
        return HEIGHT - BOTTOM - log10(max(seconds, 1)) / 4 * (HEIGHT - BOTTOM - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    ]
    for power in range(5):
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{up(10**power):.0f}" y2="{up(10**power):.0f}" stroke="#ccc"/>'
        )
        parts.append(f'<text x="{LEFT - 6}" y="{up(10**power) + 4:.0f}" text-anchor="end">{10**power:,} s</text>')
    parts += [
        f'<text x="{across(10**power):.0f}" y="{HEIGHT - 18}" text-anchor="middle">{10**power:,}</text>'
        for power in range(lowest, 7)
    ]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 3}" text-anchor="middle">tickets that are known</text>')
    for what, colour in COLOURS.items():
        points = sorted((across(known), up(told["cpu"])) for (kind, known, _), told in found.items() if kind == what)
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"/>' for x, y in points]
        if points:
            parts.append(f'<text x="{points[0][0] + 8:.0f}" y="{points[0][1] - 8:.0f}">{NAMES[what]}</text>')
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    results = read(Path(sys.argv[1]))
    print(table(results, "first"), table(results, "night"), extension(results, 100_000_000), sep="\n\n")
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(picture(results), encoding="utf-8")
