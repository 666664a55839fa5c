"""How much made-up personal data redaction finds, and how much it takes from texts that hold none."""

import random
import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxtext.errors import ConfigurationError
from cxtext.text.fold import fold
from cxtext.text.redact import Redactor

LOCALES = ("de_DE", "de_AT", "de_CH", "en_GB")
TEMPLATES = (
    "templates",
    "sentences",
)  # pii_templates.toml: all kinds of data; pii_sentences.toml: names in mid-sentence
_PLACE = re.compile(r"\{(\w+)\}")
_KIND_OF = {
    **dict.fromkeys(("phone", "phone2", "mobile", "mobile2"), "phone"),
    **dict.fromkeys(("email", "email2"), "email"),
    **dict.fromkeys(("iban", "iban_plain"), "iban"),
    **dict.fromkeys(("card", "card_spaced"), "card"),
    **dict.fromkeys(("ip", "ip6"), "ip"),
    **dict.fromkeys(("street", "zip_city"), "address"),
    **dict.fromkeys(("name", "first", "last", "agent", "agent_first", "agent_last"), "name"),
    **dict.fromkeys(("other", "other_first", "other_last"), "unknown_name"),
    **{kind: kind for kind in ("tax", "ahv", "dob", "plate")},
    "token": "url",
}
_KEPT = frozenset({"order", "invoice", "tracking", "serial", "ticket", "version", "hotline", "price", "date", "ean"})
STRUCTURED = frozenset({"phone", "email", "iban", "card", "ip", "tax", "ahv", "dob", "plate", "url"})


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One generated text: what is in it (place name, value) and the people the helpdesk would know."""

    text: str
    language: str
    values: tuple[tuple[str, str], ...]
    people: tuple[str, ...]


def make_texts(count: int, seed: int, texts: str = "templates") -> Iterator[MadeUp]:
    """Fill `pii_templates.toml` (all kinds of data) or `pii_sentences.toml` (names in mid-sentence) with Faker's data.

    Of four countries; the same seed gives the same texts.
    """
    try:
        from faker import Faker  # noqa: PLC0415 - only those who measure need it
    except ImportError as error:
        raise ConfigurationError("the evaluation of redaction makes up data with Faker: pip install faker") from error
    templates = tomllib.loads((Path(__file__).parent / f"pii_{texts}.toml").read_text(encoding="utf-8"))
    dice = random.Random(seed)  # noqa: S311 - test data, no secrets
    fakers = {locale: Faker(locale) for locale in LOCALES}
    for locale in LOCALES:
        fakers[locale].seed_instance(seed)
    for number in range(count):
        locale = LOCALES[number % len(LOCALES)]
        language = locale[:2]
        template = dice.choice(templates[language]["templates"])
        yield _fill(template, language, _values(fakers[locale], locale, dice))


def evaluate_pii(
    count: int = 4000, seed: int = 2026, *, with_people: bool = True, texts: str = "templates"
) -> dict[str, float]:
    """Measure recall on generated texts: a value counts as found if nothing of it is left in the redacted text.

    `address` is measured with the policy "full". `kept` is the share of order, invoice, tracking and other numbers left alone.
    """
    redactor = Redactor(b"evaluation only", addresses="full")
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for made in make_texts(count, seed, texts):
        left = redactor.redact(made.text, made.language, made.people if with_people else ()).text
        for place, value in made.values:
            kind = "kept" if place in _KEPT else _KIND_OF[place]
            total[kind] += 1
            found[kind] += (value in left) if kind == "kept" else not _leaks(value, left, kind)
    structured = sum(found[kind] for kind in STRUCTURED) / sum(total[kind] for kind in STRUCTURED)
    names = ("name", "unknown_name")
    return {
        "texts": count,
        "values": total.total(),
        "structured": structured,
        "all_names": sum(found[kind] for kind in names) / sum(total[kind] for kind in names),
        **{kind: found[kind] / total[kind] for kind in sorted(total)},
    }


def evaluate_marked(
    texts: Iterable[str], languages: Iterable[str], marked: Iterable[str], redactor: Redactor | None = None
) -> dict[str, float]:
    """Measure on texts of one's own: `marked` holds what must be hidden in each, values parted by ``|``.

    `recall` is the share of values that are gone from the redacted text; `more_hidden_per_100_texts` counts places that
    were hidden without being marked: a person must look whether they are false, or forgotten when marking.
    """
    redactor = redactor or Redactor(b"evaluation only", addresses="full")
    total = hidden = more = count = 0
    for text, language, values in zip(texts, languages, marked, strict=True):
        wanted = [value.strip() for value in values.split("|") if value.strip()]
        result = redactor.redact(text, language)
        count, total = count + 1, total + len(wanted)
        hidden += sum(value not in result.text for value in wanted)
        taken = [text[found.start : found.end] for found in result.found]
        more += sum(not any(piece in value or value in piece for value in wanted) for piece in taken)
    return {
        "texts": count,
        "values": total,
        "recall": hidden / max(total, 1),
        "more_hidden_per_100_texts": 100 * more / max(count, 1),
    }


def evaluate_false_redactions(
    texts: Iterable[str], languages: Iterable[str], redactor: Redactor | None = None
) -> dict[str, float]:
    """Count redactions in real texts; a person must look at `samples` to say which of them are false."""
    redactor = redactor or Redactor(addresses="full")
    kinds: Counter[str] = Counter()
    total = 0
    for text, language in zip(texts, languages, strict=False):
        total += 1
        kinds.update(found.kind for found in redactor.redact(text, language).found)
    return {
        "texts": total,
        "per_100_texts": 100 * kinds.total() / max(total, 1),
        **{kind: kinds[kind] for kind in sorted(kinds)},
    }


def _leaks(value: str, text: str, kind: str) -> bool:
    """Names and addresses leak by any of their words, other data as a whole."""
    if kind not in {"name", "unknown_name", "address"}:
        return value in text
    # Academic titles are not personal; a house number alone names nobody.
    words = [
        word
        for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", value)
        if len(word) > 2 and fold(word) not in _TITLES
    ]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", re.sub(r"<[^<>]*>", " ", text)) for word in words)


_TITLES = frozenset("prof dipl ing mba bsc msc mag univ herr frau mrs miss med".split())  # noqa: SIM905 - reads as words


def _fill(template: str, language: str, values: dict[str, str]) -> MadeUp:
    used = [(place, values[place]) for place in dict.fromkeys(_PLACE.findall(template))]
    return MadeUp(
        _PLACE.sub(lambda place: values[place.group(1)], template),
        language,
        tuple(used),
        (values["name"], values["agent"]),
    )


def _values(fake: Any, locale: str, dice: random.Random) -> dict[str, str]:
    first, last, agent_first, agent_last, other_first, other_last = (
        fake.first_name(),
        fake.last_name(),
        fake.first_name(),
        fake.last_name(),
        fake.first_name(),
        fake.last_name(),
    )
    iban, card = fake.iban(), fake.credit_card_number()
    digits: Callable[[int], str] = lambda count: "".join(dice.choices(string.digits, k=count))  # noqa: E731 - said once, used below
    return {
        "first": first, "last": last, "name": f"{first} {last}",
        "agent_first": agent_first, "agent_last": agent_last, "agent": f"{agent_first} {agent_last}",
        "other_first": other_first, "other_last": other_last, "other": f"{other_first} {other_last}",
        "phone": _personal(fake, locale), "phone2": _personal(fake, locale), "mobile": _mobile(locale, dice), "mobile2": _mobile(locale, dice),
        "email": fake.email(), "email2": fake.email(), "iban": " ".join(iban[place : place + 4] for place in range(0, len(iban), 4)),
        "iban_plain": iban, "card": card, "card_spaced": " ".join(card[place : place + 4] for place in range(0, len(card), 4)),
        "tax": _tax_id(dice), "ahv": _ahv(dice), "ip": fake.ipv4_public(), "ip6": fake.ipv6(), "plate": _plate(locale, dice),
        "dob": fake.date_of_birth(minimum_age=18, maximum_age=90).strftime(dice.choice(("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"))),
        "street": fake.street_address().replace("\n", ", "), "zip_city": f"{fake.postcode()} {fake.city()}",
        "token": "".join(dice.choices(string.ascii_letters + string.digits, k=24)),
        "order": dice.choice((f"{digits(3)}-{digits(7)}-{digits(7)}", f"B{digits(8)}", digits(8), f"4711-{digits(4)}")),
        "invoice": dice.choice((f"RE-2025-{digits(5)}", f"2025/{digits(6)}", digits(10))),
        "tracking": dice.choice((f"00340{digits(15)}", f"JJD{digits(17)}", digits(14), f"1Z{digits(6)}AA{digits(8)}")),
        "serial": dice.choice((f"SN{digits(10)}", f"{digits(4)}-XK-{digits(6)}", digits(12))),
        "ticket": dice.choice((f"#{digits(6)}", f"INC{digits(7)}", digits(9))),
        "version": f"{dice.randint(1, 9)}.{dice.randint(0, 20)}.{dice.randint(0, 9)}.{dice.randint(0, 250)}",
        "hotline": dice.choice(("0800 330 1000", "0180 5 123456", "0800 1234567") if locale != "en_GB" else ("0800 123 4567", "0345 600 1234")),
        "price": dice.choice((f"{dice.randint(1, 999)},{digits(2)} Euro", f"{dice.randint(1, 9)}.{digits(3)},00 €")),
        "date": f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.2025", "ean": f"40{digits(11)}",
    }  # fmt: skip


def _personal(fake: Any, locale: str) -> str:
    """A number outside the free, shared-cost, premium and company ranges, which redaction keeps on purpose."""
    companies = "800|808|84|87|90|18" + ("|3" if locale == "en_GB" else "")
    while True:
        number = str(fake.phone_number())
        if not re.match(rf"(?:\+\d\d|00\d\d|0)0?(?:{companies})", re.sub(r"[^\d+]", "", number)):
            return number


def _mobile(locale: str, dice: random.Random) -> str:
    digits = "".join(dice.choices(string.digits, k=7))
    prefix = {
        "de_DE": ("0171 ", "+49 151 ", "0160/"),
        "de_AT": ("0664 ", "+43 676 "),
        "de_CH": ("079 ", "+41 78 "),
        "en_GB": ("07700 9", "+44 7911 "),
    }
    return f"{dice.choice(prefix[locale])}{digits if locale != 'en_GB' else digits[:5]}"


def _tax_id(dice: random.Random) -> str:
    """A valid German Steuer-ID, by trying the check digits (ISO 7064 mod 11,10 written out once more)."""
    shuffled = dice.sample(string.digits, 9)
    ten = [*shuffled, dice.choice(shuffled)]
    dice.shuffle(ten)
    if ten[0] == "0":
        ten.reverse()
    if ten[0] == "0":
        return _tax_id(dice)
    product = 10
    for digit in ten:
        total = (int(digit) + product) % 10 or 10
        product = (2 * total) % 11
    number = "".join(ten) + str((11 - product) % 10)
    return number if dice.random() < 0.5 else f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"


def _ahv(dice: random.Random) -> str:
    twelve = "756" + "".join(dice.choices(string.digits, k=9))
    check = -sum(int(digit) * (3, 1)[place % 2 == 0] for place, digit in enumerate(twelve)) % 10
    number = f"{twelve}{check}"
    return f"{number[:3]}.{number[3:7]}.{number[7:11]}.{number[11:]}" if dice.random() < 0.7 else number


def _plate(locale: str, dice: random.Random) -> str:
    letters = "".join(dice.choices("ABCDEFGHKLMNPRSTUVWXYZ", k=4))
    number = dice.randint(1, 9999)
    forms = {
        "de_DE": f"{dice.choice(('KN', 'B', 'MUC', 'HH'))}-{letters[:2]} {number}",
        "de_AT": f"{dice.choice(('W', 'LL', 'SB'))}-{dice.randint(100, 9999)} {letters[:2]}",
        "de_CH": f"{dice.choice(('ZH', 'BE', 'SG'))} {dice.randint(1000, 999999)}",
        "en_GB": f"{letters[:2]}{dice.randint(10, 75)} {letters[1:]}",
    }
    return forms[locale]


def misses(
    count: int, seed: int, *, with_people: bool = True, texts: str = "templates"
) -> Iterator[tuple[str, str, str]]:
    """Yield what `evaluate_pii` counts as missed or wrongly taken: kind, value, redacted text."""
    redactor = Redactor(b"evaluation only", addresses="full")
    for made in make_texts(count, seed, texts):
        left = redactor.redact(made.text, made.language, made.people if with_people else ()).text
        for place, value in made.values:
            kind = "kept" if place in _KEPT else _KIND_OF[place]
            if (value not in left) if kind == "kept" else _leaks(value, left, kind):
                yield kind, value, left
