import itertools
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from cxtext.demo.company import Company
from cxtext.demo.generate import Planted, generate, planted, truth
from cxtext.domain import Ticket
from cxtext.errors import ConfigurationError

SHOW = """
from datetime import date
from hashlib import sha256
from cxtext.demo.generate import generate
print(sha256(repr(list(generate(300, seed=5, until=date(2026, 3, 31)))).encode()).hexdigest())
"""

Sample = list[tuple[Ticket, Planted]]
UNTIL = date(2026, 11, 21)


def by_day(sample: Sample, issue: str) -> list[int]:
    first = UNTIL - timedelta(days=119)
    counts = Counter(
        (ticket.facts.created_at.date() - first).days
        for ticket, secret in sample
        if secret.issue == issue and ticket.facts.created_at
    )
    return [counts[day] for day in range(120)]


def test_the_same_seed_gives_the_same_tickets() -> None:
    assert list(generate(400, seed=3, until=UNTIL)) == list(generate(400, seed=3, until=UNTIL))


def test_another_seed_gives_other_tickets() -> None:
    texts = [{ticket.text for ticket in generate(400, seed=seed, until=UNTIL)} for seed in (1, 2)]
    assert len(texts[0] & texts[1]) < 20


def test_tickets_do_not_depend_on_the_hash_seed() -> None:
    shown = {
        subprocess.run(
            [sys.executable, "-c", SHOW],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(shown) == 1


def test_exactly_as_many_as_asked_for_with_ids_in_order() -> None:
    assert [ticket.id for ticket in generate(7, seed=1, until=UNTIL)] == [f"D-0000{number}" for number in range(1, 8)]


def test_no_tickets_are_no_tickets() -> None:
    assert list(generate(0, until=UNTIL)) == []


def test_a_large_sample_streams() -> None:
    first = list(itertools.islice(generate(1_000_000, seed=0, until=UNTIL), 50))
    assert first[0].id == "D-0000001"


@pytest.mark.parametrize(("count", "days"), [(-1, 120), (10, 1)])
def test_impossible_samples_are_refused(count: int, days: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot generate"):
        generate(count, days, until=UNTIL)


def test_the_truth_is_complete(company: Company, sample: Sample) -> None:
    secrets = truth(500, seed=4, until=UNTIL)
    assert list(secrets) == [ticket.id for ticket in generate(500, seed=4, until=UNTIL)]
    assert {secret.issue for _, secret in sample} == {None, *(issue.key for issue in company.issues)}
    for _, secret in sample:
        assert (secret.issue is None) == (secret.cause is None) == (secret.department is None)


def test_the_truth_is_nowhere_in_the_ticket(company: Company, sample: Sample) -> None:
    keys = {key for issue in company.issues for key in (issue.key, issue.cause)}
    for ticket, _ in sample:
        assert ticket.facts.given_category is None
        assert not ticket.facts.tags
        assert not keys & set(ticket.text.split())


def test_two_thirds_are_german_and_a_third_is_english(sample: Sample) -> None:
    languages = Counter(secret.language for _, secret in sample)
    assert 0.62 < languages["de"] / 8000 < 0.69
    assert 0.28 < languages["en"] / 8000 < 0.34
    assert 0.01 < languages["other"] / 8000 < 0.05


def test_most_texts_are_different_and_a_few_are_repeated(sample: Sample) -> None:
    texts = Counter(ticket.text for ticket, _ in sample)
    assert len(texts) > 0.95 * len(sample)
    assert 0.005 < sum(secret.repeat for _, secret in sample) / len(sample) < 0.03
    assert any(count > 1 for count in texts.values())


def test_large_samples_hardly_repeat_themselves() -> None:
    texts = {ticket.text for ticket in generate(100_000, seed=0, until=UNTIL)}
    assert len(texts) > 95_000


def test_sizes_are_uneven_but_no_issue_is_lost_in_a_sample_of_2000() -> None:
    sizes = Counter(secret.issue for secret in truth(until=UNTIL).values())
    assert min(sizes.values()) >= 20
    assert sizes["late-parcel"] > 4 * min(sizes.values())


def test_the_new_defect_is_three_weeks_old_and_belongs_to_one_version(sample: Sample) -> None:
    days = by_day(sample, "coffee-error-e14")
    assert sum(days[:98]) == 0
    assert sum(days[99:106]) < sum(days[113:])
    versions = {ticket.facts.version for ticket, secret in sample if secret.issue == "coffee-error-e14"}
    assert versions == {"3.2.1", None}


def test_the_mended_issue_is_gone_after_day_70(sample: Sample) -> None:
    days = by_day(sample, "checkout-error")
    assert sum(days[75:]) / 45 < 0.1 * sum(days[:70]) / 70


def test_the_spike_happens_once(sample: Sample) -> None:
    days = by_day(sample, "double-debit")
    assert sum(days[50:54]) / 4 > 10 * (sum(days[:49]) + sum(days[56:])) / 113


def test_air_conditioners_are_a_summer_matter(sample: Sample) -> None:
    days = by_day(sample, "aircon-too-weak")
    assert sum(days[:40]) > 8 * sum(days[80:])


def test_late_parcels_are_a_december_matter() -> None:
    secrets = planted(8000, seed=1, until=date(2026, 12, 31))
    months = Counter(t.facts.created_at.month for t, s in secrets if s.issue == "late-parcel" and t.facts.created_at)
    assert months[12] > 1.8 * months[10]


def test_mondays_are_busier_than_sundays(sample: Sample) -> None:
    weekdays = Counter(ticket.facts.created_at.weekday() for ticket, _ in sample if ticket.facts.created_at)
    assert weekdays[0] > 1.7 * weekdays[6]


def test_times_are_aware_ordered_and_within_the_period(sample: Sample) -> None:
    end = datetime(2026, 11, 21, 23, tzinfo=UTC)
    created = [ticket.facts.created_at for ticket, _ in sample if ticket.facts.created_at]
    assert {at.tzinfo for at in created} == {UTC}
    assert created == sorted(created)
    assert datetime(2026, 7, 24, tzinfo=UTC) - timedelta(hours=2) <= created[0] < created[-1] < end
    for ticket, _ in sample:
        facts = ticket.facts
        course = [at for at in (facts.created_at, facts.first_response_at, facts.resolved_at) if at]
        assert course == sorted(course)
        assert all(at < end for at in course)


def test_a_few_tickets_have_no_date(sample: Sample) -> None:
    assert 0.003 < sum(ticket.facts.created_at is None for ticket, _ in sample) / len(sample) < 0.02


def test_all_channels_occur(sample: Sample) -> None:
    shares = Counter(ticket.facts.channel for ticket, _ in sample)
    assert set(shares) == {"email", "chat", "review", "form", "phone", "social"}
    assert min(shares.values()) > 0.02 * len(sample)


def test_customers_come_back_under_the_same_name(sample: Sample) -> None:
    numbers = Counter(ticket.facts.customer_id for ticket, _ in sample)
    assert sum(count > 1 for count in numbers.values()) > 500
    mails = [(t.facts.customer_id, re.search(r"Mit freundlichen Grüßen\n(\S+ \S+)", t.text)) for t, _ in sample]
    names: dict[str, set[str]] = {}
    for number, found in mails:
        if found and number:
            names.setdefault(number, set()).add(found[1])
    assert max(len(each) for each in names.values()) == 1


def test_severe_issues_cost_satisfaction(company: Company, sample: Sample) -> None:
    severity = {issue.key: issue.severity for issue in company.issues}
    mild: list[float] = []
    severe: list[float] = []
    for ticket, secret in sample:
        if ticket.facts.csat is not None and secret.issue:
            (severe if severity[secret.issue] > 0.6 else mild).append(ticket.facts.csat)
    assert sum(mild) / len(mild) > sum(severe) / len(severe) + 0.4


def test_scales_keep_their_bounds_and_most_customers_do_not_answer(sample: Sample) -> None:
    facts = [ticket.facts for ticket, _ in sample]
    assert {fact.csat for fact in facts} == {None, 1.0, 2.0, 3.0, 4.0, 5.0}
    assert all(fact.nps is None or 0 <= fact.nps <= 10 for fact in facts)
    assert all(fact.ces is None or 1 <= fact.ces <= 7 for fact in facts)
    assert all((fact.stars is None) == (fact.channel != "review") for fact in facts)
    assert 0.15 < sum(fact.csat is not None for fact in facts) / len(facts) < 0.5


def test_the_given_department_is_partly_wrong(sample: Sample) -> None:
    given = [t.facts.given_department for t, s in sample if s.issue == "late-parcel" and t.facts.given_department]
    assert 0.7 < given.count("logistics") / len(given) < 0.98
