"""From an episode to the line that people read: identity, names, reasons, budget and the share that is chance."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cxtext.trends.decline import Decline
from cxtext.trends.episodes import Episode
from cxtext.trends.evidence import THRESHOLD, chance_per_year, sentence
from cxtext.trends.panel import EVERYTHING, Node
from cxtext.trends.words import called, gone

Row = dict[str, Any]
BUDGET_NIGHTS = 90  # of the company's own past, from which the bar of the budget is chosen
HIGHEST_BAR = 5.0
STEP = 0.05
BESIDE, BESIDE_BAR = 0.84, 4.5  # lines beside the topics that chance raises a year, from that evidence on (measured)
GONE_STRENGTH = 3.0  # -log10 of the error of a verdict that a topic is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What topics and departments are called, who is muted, and which of two languages comes first."""

    labels: Mapping[str, str]
    departments: Mapping[str, Mapping[str, str]]
    muted: frozenset[str]
    language: str

    def of(self, node: Node, language: str) -> str:
        """The node in a sentence."""
        label = None if node.topic_id == EVERYTHING else self.labels.get(node.topic_id, node.topic_id)
        value = node.value
        if node.dimension == "department":
            value = self.departments.get(value, {}).get(language, value)
        return called(label, node.dimension, value, language)


def line(node: Node, episode: Episode, names: Names, *, day: date) -> Row:
    """A new row of the table; `day` is the night it is told, `quiet` and `chance_share` are still to be settled."""
    return {
        "id": signal_id(node, episode.kind, day),
        "kind": episode.kind,
        "topic_id": node.topic_id,
        "dimension": node.dimension,
        "value": node.value,
        "day": day,
        "onset": episode.onset,
        "until": episode.until,
        "window": episode.window,
        **{name: getattr(episode, name) for name in ("count", "expected", "lower", "upper")},
        **{name: getattr(episode, name) for name in ("ratio", "ratio_low", "ratio_high", "evidence_strength")},
        "chance_share": 1.0,
        "per_thousand": None,
        "per_thousand_units": None,
        "course": episode.state,
        "state": "open" if episode.until is None else "closed",
        "quiet": "",
        "language": names.language,
        "why_de": sentence(episode, names.of(node, "de"), "de"),
        "why_en": sentence(episode, names.of(node, "en"), "en"),
        "examples": [],
    }


def gone_line(topic_id: str, fallen: Decline, names: Names, *, day: date) -> Row:
    """The row that tells that a topic is gone."""
    node = Node(topic_id)
    told = {
        f"why_{language}": gone(
            names.of(node, language), fallen.count, fallen.expected, fallen.days, "resolved", language
        )
        for language in ("de", "en")
    }
    onset = day - timedelta(fallen.days - 1)
    ratio = round(fallen.count / max(fallen.expected, 1e-9), 2)
    return {
        "id": signal_id(node, "resolved", day), "kind": "resolved", "topic_id": topic_id, "dimension": "all",
        "value": "", "day": day, "onset": onset, "until": day, "window": fallen.days, "count": fallen.count,
        "expected": round(fallen.expected, 2), "lower": 0.0, "upper": round(fallen.expected, 2), "ratio": ratio,
        "ratio_low": 0.0, "ratio_high": 1.0, "evidence_strength": GONE_STRENGTH, "chance_share": 0.0, "per_thousand": None, "per_thousand_units": None,
        "course": "closed", "state": "closed", "quiet": "", "language": names.language, "examples": [], **told,
    }  # fmt: skip


def carried_on(row: Row, episode: Episode | None, names: Names, *, tonight: date) -> Row:
    """An older line as it stands tonight: what was told stays, how it goes on and what things are called does not."""
    node = node_of(row)
    facts = dict(row)
    if episode is not None:
        confirmed = row["kind"] == "spike" and episode.kind == "rising"
        facts |= {"until": episode.until, "course": episode.state, "kind": "rising" if confirmed else row["kind"]}
    elif facts["until"] is None:
        facts["until"] = tonight
        facts["course"] = "closed"
    if facts["kind"] != "resolved":
        facts |= {f"why_{language}": _retold(facts, names.of(node, language), language) for language in ("de", "en")}
        facts["state"] = "open" if facts["until"] is None or facts["until"] > tonight else "closed"
    if facts["quiet"] == "topic" and node.topic_id not in names.muted:
        facts["quiet"] = ""
    return _muted(facts, names)


def settle(fresh: Sequence[Row], told: Sequence[Row], names: Names, *, nodes: int, budget: float | None) -> list[Row]:
    """Give every new line its share of chance, and keep quiet about muted topics and what exceeds the budget.

    The bar rises to what would have kept the last ninety nights within the budget; what is still too much on one
    night waits behind stronger lines. Nothing is thrown away: such lines are kept and say why they are quiet.

    Args:
        fresh: tonight's lines.
        told: those of the last half year.
        names: who is muted.
        nodes: how many nodes have tickets enough for an alarm.
        budget: lines a week; None: no limit.
    """
    settled: list[Row] = []
    ranked = sorted(fresh, key=lambda row: (-row["evidence_strength"], row["id"]))
    everything = [row for row in (*told, *fresh) if row["kind"] != "resolved"]
    for row in ranked:
        known = dict(row)
        if known["kind"] != "resolved":
            known["chance_share"] = _chance_share(known, everything, nodes)
            if not known["quiet"] and budget is not None:
                known["quiet"] = _over_budget(known, [*told, *settled], budget)
        settled.append(_muted(known, names))
    return sorted(settled, key=lambda row: str(row["id"]))


def signal_id(node: Node, kind: str, day: date) -> str:
    """The same for the same event, in every run and on every machine."""
    return "S-" + hashlib.blake2b(f"{node.name}|{kind}|{day}".encode(), digest_size=6).hexdigest()


def node_of(row: Mapping[str, Any]) -> Node:
    """Where a line belongs."""
    return Node(row["topic_id"], row["dimension"], row["value"])


def _muted(row: Row, names: Names) -> Row:
    quiet = row["quiet"]
    if row["topic_id"] in names.muted and quiet != "history":
        quiet = "topic"
    silent = quiet in ("topic", "budget", "told") and row["state"] != "closed"
    return row | {"quiet": quiet, "state": "muted" if silent else row["state"]}


def _retold(row: Row, name: str, language: str) -> str:
    plain = ("kind", "day", "onset", "until", "window", "count", "expected", "lower", "upper", "ratio", "ratio_low")
    episode = Episode(
        series="", state=row["course"], chance_per_year=round(chance_per_year(row["evidence_strength"]), 4),
        evidence_strength=row["evidence_strength"], ratio_high=row["ratio_high"], why_de="", why_en="",
        **{key: row[key] for key in plain},
    )  # fmt: skip
    return sentence(episode, name, language)


def _chance_share(row: Row, everything: Sequence[Row], nodes: int) -> float:
    """Estimate which share of the lines at least this strong is chance: expected by chance over seen, in half a year."""
    strong = sum(other["evidence_strength"] >= row["evidence_strength"] for other in everything)
    rare = chance_per_year(row["evidence_strength"])
    expected = (nodes * rare + BESIDE * min(1.0, rare / chance_per_year(BESIDE_BAR))) / 2
    return float(round(min(1.0, expected / max(strong, 1)), 4))


def _over_budget(row: Row, told: Sequence[Row], budget: float) -> str:
    day = row["day"]
    past = [
        other["evidence_strength"]
        for other in told
        if other["kind"] != "resolved" and day - timedelta(BUDGET_NIGHTS) <= other["day"] < day
    ]
    bar = THRESHOLD
    while bar < HIGHEST_BAR and sum(strength >= bar for strength in past) > budget * BUDGET_NIGHTS / 7:
        bar += STEP
    week = sum(
        other["kind"] != "resolved" and not other["quiet"] and day - timedelta(7) < other["day"] <= day
        for other in told
    )
    return "budget" if row["evidence_strength"] < bar or week + 1 > budget else ""
