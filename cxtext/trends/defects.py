"""Which product, and which version of it, has an issue more often than its family lets expect."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from cxtext.trends.calendar import Floats
from cxtext.trends.shrinkage import fit_prior, information, shrink_against

State = Literal["signal", "watch"]
IssueKind = Literal["topic", "cause", "word"]
Issue = tuple[IssueKind, str]

SIGNAL = 1.5  # lower bound of the shrunk ratio (EB05) that raises an alarm
ENOUGH = 5  # tickets under which there is no alarm
WINDOWS = (28, 90)  # days of tickets in which a product is compared with its family
MEMORY = 365  # days of other versions that a version is compared with
RECENT = 28  # a version is judged while it has tickets in these days
LEAST = 50  # tickets of a product or version under which nothing is said
HAPPY = 0.5  # what more than half of the writers are happy with is no defect
SAME = 0.5  # two issues of one version that share so many tickets are one
RANK: dict[IssueKind, int] = {"topic": 0, "cause": 1, "word": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One ticket as this room sees it.

    Attributes:
        key: identity of the ticket.
        who: customer, or whatever the repeats of a ticket share.
        family: products that are compared with each other.
        stratum: what a product may rightly differ in, such as language and channel.
        issues: topics and causes.
        terms: words of the text; None where nobody looked at them (words are only compared among those).
        happy: whether the writer is content.
    """

    key: str
    day: date
    who: str
    product: str
    version: str | None = None
    family: str = ""
    stratum: str = ""
    issues: frozenset[Issue] = frozenset()
    terms: frozenset[str] | None = None
    happy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A cell of the table that stands out. Counts are distinct customers.

    Attributes:
        version: None where the product as a whole stands out in its family.
        total: tickets of the product (or version) in the window.
        others: tickets with this issue in the reference, `reference` its size.
        ratio, low, high: shrunk ratio to the reference with its 90 % interval (EBGM, EB05, EB95).
        information: IC025, the criterion of the watch list.
        unhappy: share of writers that are not content.
        keys: the tickets, newest first.
        words: those that stand out in the same tickets, surest first.
    """

    product: str
    version: str | None
    family: str
    kind: IssueKind
    issue: str
    state: State
    window: int
    count: int
    total: int
    expected: float
    others: int
    reference: int
    ratio: float
    low: float
    high: float
    information: float
    unhappy: float
    first_day: date
    keys: tuple[str, ...]
    words: tuple[str, ...] = ()


def find_defects(reports: Sequence[Report], today: date) -> list[Defect]:
    """Compare products within their families, and versions within their products; strongest first.

    Args:
        reports: of the last `MEMORY` days at least; later ones than `today` are ignored.
        today: the night.
    """
    known = [report for report in reports if today - timedelta(MEMORY) < report.day <= today]
    found: list[Defect] = []
    families, products = _grouped(known, "family"), _grouped(known, "product")
    for _, members in sorted(families.items()):
        for window in WINDOWS:
            recent = [report for report in members if report.day > today - timedelta(window)]
            found += _stand_out([_Row(r, r.product, r.issues) for r in recent], window, None)
    for _, members in sorted(products.items()):
        named = [(report, report.version) for report in members if report.version]
        fresh = {version for report, version in named if report.day > today - timedelta(RECENT)}
        found += _stand_out([_Row(r, version, r.issues) for r, version in named], MEMORY, fresh)
        read = [(r, version, r.terms) for r, version in named if r.terms is not None]
        words = [_Row(r, version, frozenset(("word", w) for w in said)) for r, version, said in read]
        found += _stand_out(words, MEMORY, fresh)
    return sorted(_one_each(found), key=_importance)


@dataclass(frozen=True, slots=True)
class _Row:
    report: Report
    column: str
    issues: frozenset[Issue]


def _stand_out(rows: Sequence[_Row], window: int, judged: set[str] | None) -> Iterable[Defect]:
    table = _Table.of(rows)
    if len(table.columns) < 2 or not table.issues:
        return
    counts, expected = table.counts.sum(axis=0), table.expected()
    sizes = table.sizes.sum(axis=0)
    fair = (expected > 0) & (sizes >= LEAST)[:, None]
    if judged is not None:
        fair &= np.isin(table.columns, sorted(judged))[:, None]
    others, strength = counts.sum(axis=0) - counts, information(counts, expected)
    places = np.argwhere(fair & (counts >= ENOUGH) & (counts > expected))
    if not len(places):
        return
    at = (places[:, 0], places[:, 1])
    prior = fit_prior(counts.ravel(), expected.ravel())
    shrunk = shrink_against(counts[at], expected[at], others[at], prior)
    reports = _reports_of(rows, {(table.columns[column], table.issues[issue]) for column, issue in places.tolist()})
    for place, (column, issue) in enumerate(places):
        kind, name = table.issues[issue]
        alarm = bool(shrunk.low[place] >= SIGNAL)
        if not alarm and (strength[column, issue] <= 0 or kind == "word"):  # a watch list of words would be endless
            continue
        chosen = reports[table.columns[column], table.issues[issue]]
        unhappy = 1 - sum(r.happy for r in chosen) / len(chosen)
        if unhappy < HAPPY:
            continue
        yield Defect(
            product=chosen[0].product, version=None if judged is None else table.columns[column],
            family=chosen[0].family, kind=kind, issue=name, state="signal" if alarm else "watch", window=window,
            count=int(counts[column, issue]), total=int(sizes[column]), expected=round(float(expected[column, issue]), 2),
            others=int(others[column, issue]), reference=int(sizes.sum() - sizes[column]),
            ratio=round(float(shrunk.mean[place]), 2), low=round(float(shrunk.low[place]), 2),
            high=round(float(shrunk.high[place]), 2), information=round(float(strength[column, issue]), 2),
            unhappy=round(unhappy, 4), first_day=min(r.day for r in chosen),
            keys=tuple(r.key for r in sorted(chosen, key=lambda r: (-r.day.toordinal(), r.key))),
        )  # fmt: skip


def _reports_of(rows: Sequence[_Row], cells: set[tuple[str, Issue]]) -> Mapping[tuple[str, Issue], list[Report]]:
    """The tickets of some cells, in order."""
    found: defaultdict[tuple[str, Issue], list[Report]] = defaultdict(list)
    wanted = {issue for _, issue in cells}
    for row in rows:
        for issue in row.issues & wanted:
            found[row.column, issue].append(row.report)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """Distinct customers: `counts` (strata, columns, issues), `sizes` (strata, columns)."""

    columns: list[str]
    issues: list[Issue]
    counts: Floats
    sizes: Floats

    @classmethod
    def of(cls, rows: Sequence[_Row]) -> "_Table":
        cells: defaultdict[tuple[str, str, Issue], set[str]] = defaultdict(set)
        members: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        seen: defaultdict[Issue, set[str]] = defaultdict(set)
        for row in rows:
            stratum, who = row.report.stratum, row.report.who
            members[stratum, row.column].add(who)
            for issue in row.issues:
                cells[stratum, row.column, issue].add(who)
                seen[issue].add(who)
        columns, strata = sorted({c for _, c in members}), sorted({s for s, _ in members})
        issues = sorted(issue for issue, people in seen.items() if len(people) >= ENOUGH)
        place = {issue: number for number, issue in enumerate(issues)}
        counts, sizes = np.zeros((len(strata), len(columns), len(issues))), np.zeros((len(strata), len(columns)))
        s_at, c_at = ({name: n for n, name in enumerate(names)} for names in (strata, columns))
        for (stratum, column), people in members.items():
            sizes[s_at[stratum], c_at[column]] = len(people)
        for (stratum, column, issue), people in cells.items():
            if issue in place:
                counts[s_at[stratum], c_at[column], place[issue]] = len(people)
        return cls(columns, issues, counts, sizes)

    def expected(self) -> Floats:
        """What the other columns let expect of each (columns, issues), stratum by stratum (Mantel–Haenszel).

        A stratum that only this column knows has no others; there the others of all strata speak. Half a ticket is added
        to the others, so that what only one column knows can still be judged.
        """
        rest = self.counts.sum(axis=1, keepdims=True) - self.counts
        size = (self.sizes.sum(axis=1, keepdims=True) - self.sizes)[:, :, None]
        whole = np.maximum(size.sum(axis=0), 1.0)
        rates = np.where(size > 0, rest / np.maximum(size, 1.0), (rest.sum(axis=0) / whole)[None])
        half = 0.5 * self.sizes.sum(axis=0)[:, None] / whole
        return np.asarray((self.sizes[:, :, None] * rates).sum(axis=0) + half)


def _grouped(reports: Iterable[Report], by: Literal["family", "product"]) -> dict[str, list[Report]]:
    groups: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        groups[report.family if by == "family" else f"{report.family}\n{report.product}"].append(report)
    return groups


def _one_each(found: Sequence[Defect]) -> list[Defect]:
    """Of two windows the stronger; of issues that share their tickets the most general kind, then the surest.

    Words are many and overlap: one that half belongs to the tickets of another row joins that row's words.
    """
    rows: defaultdict[tuple[str, str | None], list[Defect]] = defaultdict(list)
    for defect in sorted(found, key=lambda d: (d.state != "signal", RANK[d.kind], -d.information, d.issue)):
        near = rows[defect.product, defect.version]
        place = next((n for n, known in enumerate(near) if _same(known, defect)), None)
        if place is None:
            near.append(replace(defect, words=(defect.issue,) if defect.kind == "word" else ()))
        elif defect.kind == "word":
            near[place] = replace(near[place], words=(*near[place].words, defect.issue))
    return [defect for near in rows.values() for defect in near]


def _same(known: Defect, other: Defect) -> bool:
    if (known.kind, known.issue) == (other.kind, other.issue):
        return True
    mine, theirs = set(known.keys), set(other.keys)
    whole = len(theirs) if other.kind == "word" else len(mine | theirs)
    return len(mine & theirs) >= SAME * whole


def _importance(defect: Defect) -> tuple[bool, float, str, str, str]:
    excess = (defect.low - 1) * defect.expected
    return (defect.state != "signal", -excess, defect.product, defect.version or "", defect.issue)
