"""Facts about the table of defects."""

from datetime import date, timedelta
from random import Random

import pytest

from cxtext.trends.defects import Defect, Report, find_defects

TODAY = date(2026, 5, 4)


def reports(count: int, product: str, rates: dict[str, float], *, seed: int = 0, **facts: object) -> list[Report]:
    """Tickets of the last 28 days, each about one topic, drawn with these rates."""
    draw = Random(f"{seed} {product} {facts.get('version')}")
    topics = draw.choices(list(rates), list(rates.values()), k=count)
    return [
        Report(
            key=f"{product}-{facts.get('version')}-{number}", who=f"{product}-{facts.get('version')}-{number}",
            day=TODAY - timedelta(draw.randrange(28)), product=product, issues=frozenset({("topic", topic)}),
            **facts,  # type: ignore[arg-type]
        )
        for number, topic in enumerate(topics)
    ]  # fmt: skip


USUAL = {"late": 5.0, "noise": 2.0, "leak": 1.0, "price": 2.0, "broken": 2.0}


def company(leak: float = 1.0) -> list[Report]:
    rows = [row for name in "ABCDEF" for row in reports(200, name, USUAL)]
    return rows + reports(200, "G", USUAL | {"leak": leak})


def named(found: list[Defect]) -> list[tuple[str, str | None, str]]:
    return [(row.product, row.version, row.issue) for row in found if row.state == "signal"]


def test_the_product_that_leaks_is_named_and_no_other() -> None:
    assert named(find_defects(company(leak=5.0), TODAY)) == [("G", None, "leak")]
    assert named(find_defects(company(), TODAY)) == []


def test_counts_are_customers_not_tickets() -> None:
    same = [
        Report(key=f"again-{n}", who="one angry person", day=TODAY, product="G", issues=frozenset({("topic", "leak")}))
        for n in range(60)
    ]
    assert named(find_defects(company() + same, TODAY)) == []


def test_a_version_is_compared_with_the_others_of_its_product() -> None:
    rows = [row for version in ("1.0", "1.1", "1.2") for row in reports(150, "X", USUAL, version=version)]
    rows += reports(150, "X", USUAL | {"leak": 6.0}, version="2.0")
    assert named(find_defects(rows, TODAY)) == [("X", "2.0", "leak")]


def test_families_are_compared_among_themselves() -> None:
    """Every washing machine leaks more than any lamp; that is no defect of a washing machine."""
    wet, dry = USUAL | {"leak": 8.0}, USUAL | {"leak": 0.2}
    machines = [row for name in ("W1", "W2", "W3") for row in reports(200, name, wet, family="machines")]
    lamps = [row for name in ("L1", "L2", "L3") for row in reports(200, name, dry, family="lamps")]
    assert named(find_defects(machines + lamps, TODAY)) == []


def test_what_only_one_language_speaks_of_is_no_defect_of_what_is_sold_there() -> None:
    german, english = USUAL | {"price": 9.0}, USUAL | {"price": 0.5}
    rows = [row for name in "ABC" for row in reports(150, name, german, stratum="de/")]
    rows += [row for name in "ABC" for row in reports(150, name, english, stratum="en/", seed=1)]
    rows += reports(250, "D", german, stratum="de/")
    assert ("D", None, "price") not in named(find_defects(rows, TODAY))


def test_what_people_are_happy_with_is_no_defect() -> None:
    praise = reports(200, "G", USUAL | {"leak": 8.0}, happy=True)
    assert named(find_defects([row for row in company() if row.product != "G"] + praise, TODAY)) == []


def test_nothing_is_known_of_tomorrow() -> None:
    rows = company(leak=5.0)
    assert find_defects(rows, TODAY - timedelta(40)) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_tickets_does_not_matter(seed: int) -> None:
    rows = company(leak=5.0)
    mixed = Random(seed).sample(rows, len(rows))
    assert find_defects(rows, TODAY) == find_defects(mixed, TODAY)


def test_words_of_a_version_join_one_row() -> None:
    def told(version: str, words: set[str], count: int) -> list[Report]:
        return [
            Report(
                key=f"{version}-{n}", who=f"{version}-{n}", day=TODAY, product="X", version=version,
                terms=frozenset(words if n % 2 else {"fine"}),
            )
            for n in range(count)
        ]  # fmt: skip

    found = find_defects(told("1", {"slow"}, 300) + told("2", {"vibrate", "alarm"}, 100), TODAY)
    [row] = [row for row in found if row.version == "2"]
    assert (row.kind, sorted(row.words)) == ("word", ["alarm", "vibrate"])
