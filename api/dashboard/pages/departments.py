"""Who owns what: topic by department, each department's own list, and how it fails its customers (RATER)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.dashboard.figures import FEW, interval
from api.dashboard.issue_rows import Issue, issues
from api.dashboard.view import Names, Seen, View, names
from cxtext.store import read_tally

router = APIRouter()
SHOWN = 25  # rows of the heat map
DARKEST = 0.6  # share from which on a cell is as dark as can be
DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")
Facts = dict[str, Any]


@router.get("/departments", response_class=HTMLResponse)
def departments(seen: Seen, department: Annotated[str | None, Query(max_length=120)] = None) -> HTMLResponse:
    """All departments, and the list of one of them."""
    known = names(seen)
    found = issues(seen, known)
    sums = [one for one in read_tally.by_value(seen.connection, seen.run_id, "department") if one.key]
    told = sum(one.count for one in sums)
    columns = [one.key for one in sums]
    own = [one for one in found if one.owner == department] if department else []
    facts = {
        "known": known, "columns": columns, "rows": _heat(seen, found, columns)[:SHOWN], "hidden": len(found) - SHOWN,
        "sums": [(one, one.count / told, interval(one.count / told, told), _owned(found, one.key)) for one in sums] if told else [],
        "n": told, "finding": _finding(seen, sums, told, known), "chosen": department,
        "chosen_name": known.of("department", department or ""), "own": own,
        "rater": _rater(seen, known, department), "dimensions": DIMENSIONS,
    }  # fmt: skip
    return seen.show("departments.html", facts)


def _finding(seen: View, sums: Sequence[read_tally.Sum], told: int, known: Names) -> str:
    if not sums:
        return seen.speech.say("departments_none")
    first = sums[0]
    return seen.speech.say(
        "departments_first",
        name=known.of("department", first.key),
        share=seen.speech.percent(first.count / told),
        n=len(sums),
    )


def _owned(found: Sequence[Issue], key: str) -> int:
    return sum(1 for one in found if one.owner == key)


def _heat(seen: View, found: Sequence[Issue], columns: Sequence[str]) -> list[Facts]:
    """Share of each issue's tickets that each department owns; a cell leads to them."""
    crossed = read_tally.crossed(seen.connection, seen.run_id, "department")
    rows = []
    for one in found:
        cells = crossed.get(one.id, {})
        whole = sum(count for value, (count, _) in cells.items() if value)
        rows.append(
            {
                "issue": one, "n": whole,
                "cells": [_cell(seen, one, key, cells.get(key, (0, 0))[0], whole) for key in columns],
            }
        )  # fmt: skip
    return rows


def _cell(seen: View, one: Issue, key: str, count: int, whole: int) -> Facts:
    share = count / whole if whole else 0.0
    shade = 0 if not count else min(5, 1 + int(share / DARKEST * 4.999)) if whole >= FEW else 1
    return {
        "n": count, "share": share, "shade": shade, "thin": whole < FEW,
        "link": seen.link("/cases", topic=one.id, department=key),
    }  # fmt: skip


def _rater(seen: View, known: Names, department: str | None) -> list[Facts]:
    """Share of each department's complaints by dimension of service quality (Parasuraman, Zeithaml and Berry 1988)."""
    counts: dict[str, dict[str, int]] = {}
    for one in read_tally.by_value(seen.connection, seen.run_id, "cause"):
        owner, dimension = known.owners.get(one.key), known.dimensions.get(one.key)
        if owner and dimension and department in (None, owner):
            kept = counts.setdefault(owner, {})
            kept[dimension] = kept.get(dimension, 0) + one.count
    rows = [_profile(owner, kept) for owner, kept in counts.items()]
    return sorted(rows, key=lambda row: (-row["n"], row["department"]))


def _profile(owner: str, kept: Mapping[str, int]) -> Facts:
    whole = sum(kept.values())
    cells = [
        {"n": kept.get(name, 0), "share": kept.get(name, 0) / whole, "bounds": interval(kept.get(name, 0) / whole, whole),
         "shade": min(5, 1 + int(kept.get(name, 0) / whole * 4.999)) if kept.get(name) else 0}
        for name in DIMENSIONS
    ]  # fmt: skip
    return {"department": owner, "n": whole, "cells": cells}
