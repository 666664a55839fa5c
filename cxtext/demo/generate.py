"""Generates the demo's tickets, in the order of time, and tells the truth about them to those who measure."""

from bisect import bisect
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from cxtext.demo.company import LANGUAGES, Company, Issue, Product, load_company
from cxtext.demo.history import CHANNEL_SHARES, CHANNELS, Contact, history
from cxtext.demo.letters import Writer, compose, unprompted
from cxtext.demo.phrases import Draw, compile_phrase, pick, render
from cxtext.demo.rhythm import calendar, second_of_day
from cxtext.demo.slots import DAY, draws_for
from cxtext.domain import Facts, Ticket
from cxtext.errors import ConfigurationError

SOURCE = "demo"
NOISE_SHARE = 0.06  # tickets without any issue
SECOND_TOPIC_SHARE = 0.05
NO_DATE_SHARE = 0.008
NEAR_REPEAT_SHARE = 0.012
EXACT_REPEAT_SHARE = 0.006
ENGLISH_SHARE = 0.31
FOREIGN_SHARE = 0.025
MIXED_SHARE = 0.02
_ZONE = ZoneInfo("Europe/Berlin")
_MEMORY = 200  # how many earlier tickets a repeat may come from


@dataclass(frozen=True, slots=True)
class Planted:
    """What a ticket is really about. `issue` is None for noise; `also` is the afterthought's issue."""

    issue: str | None
    cause: str | None
    department: str | None
    language: str
    also: str | None = None
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class _World:
    """All that stays the same while tickets are generated."""

    random: Random
    company: Company
    draws: Mapping[str, Mapping[str, Draw]]
    small: frozenset[str]
    formal: frozenset[str]
    agents: tuple[str, ...]
    end: datetime
    customers: int


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Who writes, about which thing, when."""

    number: int
    product: Product
    version: str
    day: date


def generate(count: int = 2000, days: int = 120, *, seed: int = 0, until: date) -> Iterator[Ticket]:
    """`count` tickets of the `days` days that end with `until`, in the order of their days; the same for the same seed.

    Streams: memory does not grow with `count`. Times are UTC; the company's clock is that of Berlin.

    Raises:
        ConfigurationError: `count` is negative or `days` is below 2, or `models/demo` is damaged.
    """
    return (ticket for ticket, _ in planted(count, days, seed=seed, until=until))


def truth(count: int = 2000, days: int = 120, *, seed: int = 0, until: date) -> Mapping[str, Planted]:
    """What `generate` planted, by ticket id. For measuring only: no part of the analysis may see it."""
    return {ticket.id: secret for ticket, secret in planted(count, days, seed=seed, until=until)}


def planted(count: int = 2000, days: int = 120, *, seed: int = 0, until: date) -> Iterator[tuple[Ticket, Planted]]:
    """Tickets and truth side by side, for measuring in one pass."""
    if count < 0 or days < 2:
        raise ConfigurationError(
            f"cannot generate {count} tickets over {days} days: at least 0 tickets and 2 days, please"
        )
    return _stream(count, days, seed, until)


def _stream(count: int, days: int, seed: int, until: date) -> Iterator[tuple[Ticket, Planted]]:
    random = Random(seed)  # noqa: S311 - sample texts, nothing secret
    world = _world(random, count, until)
    issues = world.company.issues
    noise = NOISE_SHARE / (1 - NOISE_SHARE) * sum(issue.weight for issue in issues)
    weights = [*((issue.weight, issue.profile) for issue in issues), (noise, "steady")]
    width = max(5, len(str(count)))
    number = 0
    memory: deque[tuple[Ticket, Planted]] = deque(maxlen=_MEMORY)
    for offset, row in enumerate(calendar(count, days, until, weights, random)):
        day = until - timedelta(days=days - 1 - offset)
        midnight = datetime.combine(day, time(), _ZONE).astimezone(UTC)
        moments = sorted((second_of_day(random), index) for index, size in enumerate(row) for _ in range(size))
        for second, index in moments:
            number += 1
            issue = issues[index] if index < len(issues) else None
            made = _ticket(world, issue, midnight + timedelta(seconds=second), day, memory)
            memory.append(made)
            yield replace(made[0], id=f"D-{number:0{width}d}"), made[1]


def _world(random: Random, count: int, until: date) -> _World:
    company = load_company()
    agents = tuple(
        f"{pick(company.plain['first_de'], random)} {pick(company.plain['last_de'], random)}" for _ in range(14)
    )
    return _World(
        random=random,
        company=company,
        draws={language: draws_for(company, language) for language in LANGUAGES},
        small=frozenset(company.plain["small_after_comma"]),
        formal=frozenset(company.plain["formal"]),
        agents=agents,
        end=datetime.combine(until + timedelta(days=1), time(), _ZONE).astimezone(UTC),
        customers=max(30, count // 3),
    )


def _ticket(
    world: _World, issue: Issue | None, at: datetime, day: date, memory: deque[tuple[Ticket, Planted]]
) -> tuple[Ticket, Planted]:
    """One new ticket, or one that says once more what an earlier one said."""
    random = world.random
    again = random.random()
    if issue is not None and again < NEAR_REPEAT_SHARE + EXACT_REPEAT_SHARE:
        earlier = [made for made in memory if made[1].issue == issue.key]
        if earlier:
            return _repeat(world, *earlier[-1], at, exact=again < EXACT_REPEAT_SHARE)
    return _new(world, issue, at, day)


def _new(world: _World, issue: Issue | None, at: datetime, day: date) -> tuple[Ticket, Planted]:
    random = world.random
    language = _language(world, issue)
    channel = CHANNELS[bisect(CHANNEL_SHARES, random.random())]
    number = _customer(world, language)
    product = pick(issue.products if issue else world.company.products, random)
    version = (issue.version if issue else None) or pick(product.versions, random)
    said = _Occasion(number=number, product=product, version=version, day=day)
    if issue is None:
        part = _noise(random)
        channel = channel if part == "thanks" else "email"
        text, also = unprompted(_writer(world, language, said), part, channel), None
        severity, surveyed = 0.05, part == "thanks"
    else:
        text, also = _text(world, issue, language, channel, said)
        severity, surveyed = issue.severity, True
    named = issue is not None and (len(issue.products) < len(world.company.products) or random.random() < 0.5)
    contact = Contact(
        created_at=at,
        end=world.end,
        channel=channel,
        language=language,
        number=number,
        product=product.name if named else None,
        version=version if named else None,
        severity=severity,
        department=issue.department if issue else None,
        surveyed=surveyed,
        agents=world.agents,
    )
    facts = history(contact, random)
    if random.random() < NO_DATE_SHARE:
        facts = replace(facts, created_at=None, first_response_at=None, resolved_at=None)
    ticket = _as_ticket(text, facts)
    if issue is None:
        return ticket, Planted(None, None, None, language)
    return ticket, Planted(issue.key, issue.cause, issue.department, language, also.key if also else None)


def _as_ticket(text: str, facts: Facts) -> Ticket:
    return Ticket(id="", text=text, source=SOURCE, facts=facts, people=(facts.assignee,) if facts.assignee else ())


def _repeat(world: _World, ticket: Ticket, secret: Planted, at: datetime, *, exact: bool) -> tuple[Ticket, Planted]:
    """The same customer asks again: sent twice, or with a word of impatience."""
    text = ticket.text
    if not exact:
        language = secret.language if secret.language in LANGUAGES else "de"
        again = world.company.phrases[language]["again"]
        text = f"{render(pick(again, world.random), world.random, {}, {})} {text}"
    waiting = {"first_response_at": None, "resolved_at": None, "csat": None, "nps": None, "ces": None, "assignee": None}
    facts = replace(ticket.facts, created_at=at, status="new", reopened=0, **waiting)  # type: ignore[arg-type]
    return _as_ticket(text, facts), replace(secret, repeat=True)


def _language(world: _World, issue: Issue | None) -> str:
    luck = world.random.random()
    if luck < ENGLISH_SHARE:
        return "en"
    if issue is not None and issue.key in world.company.foreign and luck > 1 - FOREIGN_SHARE * 4:
        return "other"
    return "de"


def _customer(world: _World, language: str) -> int:
    """A customer's number: some write often, most once. Each keeps to one language."""
    rank = int(world.customers * world.random.random() ** 1.6)
    return 3 * rank + {"de": 1, "en": 2}.get(language, 3)


def _text(world: _World, issue: Issue, language: str, channel: str, said: _Occasion) -> tuple[str, Issue | None]:
    """A text about the issue, and the second issue that it mentions in passing, if any."""
    random, company = world.random, world.company
    writer = _writer(world, language, said)
    if language == "other":
        _, source = pick(company.foreign[issue.key], random)
        text = render(compile_phrase(source), random, writer.known, writer.draws)
        return f"{text}\n{writer.known['name']}" if random.random() < 0.6 else text, None
    luck = random.random()
    if luck < MIXED_SHARE:
        second = _writer(world, "en" if language == "de" else "de", said)
        return compose(writer, issue, channel, [second.say(issue.texts[second.language]["core"])]), None
    also = pick(company.issues, random) if luck < MIXED_SHARE + SECOND_TOPIC_SHARE and channel != "social" else None
    if also is None or also is issue or said.product not in also.products:
        return compose(writer, issue, channel, []), None
    after = [writer.say(writer.shared["by_the_way"]), writer.say(also.texts[language]["core"])]
    return compose(writer, issue, channel, after), also


def _writer(world: _World, language: str, said: _Occasion) -> Writer:
    """The person behind a customer number: always the same name."""
    plain = world.company.plain
    mother = "de" if language == "de" else "en"
    first, last = plain[f"first_{mother}"], plain[f"last_{mother}"]
    mixed = (said.number * 2654435761) >> 8
    first_name, last_name = first[mixed % len(first)], last[mixed // len(first) % len(last)]
    fixed = {
        DAY: str(said.day.toordinal()),
        "name": f"{first_name} {last_name}",
        "first_name": first_name,
        "last_name": last_name,
        "version": said.version,
    }
    return Writer(
        random=world.random,
        language=mother,
        known={**fixed, **said.product.words[mother]},
        shared=world.company.phrases[mother],
        draws=world.draws[mother],
        small=world.small,
        formal=world.formal,
    )


def _noise(random: Random) -> str:
    luck = random.random()
    if luck < 0.5:
        return "thanks"
    if luck < 0.65:
        return "astray"
    return "auto_reply" if luck < 0.8 else "spam" if luck < 0.9 else "unclear"
