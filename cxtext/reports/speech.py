"""How numbers, days and intervals are written in German and English."""

from dataclasses import dataclass
from datetime import date, datetime
from math import exp, log, sqrt

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from cxtext.errors import ConfigurationError
from cxtext.reports.document import Number
from cxtext.reports.words_english import WORDS as ENGLISH
from cxtext.reports.words_german import WORDS as GERMAN

LANGUAGES = {"de": GERMAN, "en": ENGLISH}
Z = 1.959964  # 95 %
FEW = 5  # under so many nothing is said
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its fixed words, and how it writes."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key; `{name}` is filled in."""
        return LANGUAGES[self.language][key].format(**values)

    def number(self, value: float, digits: int = 0, *, sign: bool = False) -> str:
        """4,870 or 4.870; a minus is a minus, never a hyphen."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        told = format_decimal(round(value, digits) + 0.0, format=pattern, locale=self.language).replace("-", MINUS)
        return f"+{told}" if sign and value > 0 and round(value, digits) else told

    def percent(self, value: float, digits: int = 0, *, sign: bool = False) -> str:
        """A value of 0 to 100 with the sign of percent as the language sets it."""
        return self.number(value, digits, sign=sign) + ("\u202f%" if self.language == "de" else "%")

    def day(self, day: date, *, year: bool = True) -> str:
        """3. Mai 2026 or 3 May 2026."""
        if self.language == "de":
            return str(format_date(day, "d. MMMM y" if year else "d. MMM", locale="de"))
        return str(format_date(day, "d MMMM y" if year else "d MMM", locale="en"))

    def moment(self, moment: datetime) -> str:
        """With hours and minutes, in UTC."""
        form = "d. MMMM y, HH:mm" if self.language == "de" else "d MMMM y, HH:mm"
        return f"{format_datetime(moment, form, locale=self.language)} UTC"

    def count(self, value: int) -> Number:
        """A plain count; it is its own n."""
        return Number(self.number(value), float(value))

    def share(self, hits: int, of: int) -> Number:
        """A share of 0 to 100 with its Wilson interval; hidden under n = 5."""
        if of < FEW:
            return Number(self("thin", n=of), n=of, thin=True)
        low, high = wilson(hits, of)
        bounds = (100 * low, 100 * high)
        return self.bounded(100 * hits / of, bounds, n=of, percent=True)

    def bounded(
        self,
        value: float | None,
        interval: tuple[float, float] | None,
        *,
        n: int | None = None,
        digits: int = 0,
        sign: bool = False,
        percent: bool = False,
        unit: str = "",
        level: int = 95,
        thin: bool = False,
    ) -> Number:
        """A value with its interval and n; None is said to be too little to tell."""
        if value is None:
            return Number(self("thin", n=n or 0), n=n, thin=True)
        write = self.percent if percent else self.number
        told = write(value, digits, sign=sign) + (f"\u202f{unit}" if unit else "")
        between = ""
        if interval is not None:
            between = f"[{self.number(interval[0], digits, sign=sign)} {self('to')} {self.number(interval[1], digits, sign=sign)}]"
        return Number(told, value, interval, between, level, n, thin)

    def times(self, ratio: float, low: float, high: float, *, n: int | None = None, level: int = 90) -> Number:
        """How many times as often, with its interval."""
        told = self.number(ratio, 1)
        return Number(
            f"{told}×", ratio, (low, high), f"[{self.number(low, 1)} {self('to')} {self.number(high, 1)}]", level, n
        )

    def change(self, now: int, before: int) -> Number:
        """The change of a count in percent with its 95 % interval; hidden where either is under five."""
        if min(now, before) < FEW:
            return Number(self("thin", n=min(now, before)), n=min(now, before), thin=True)
        middle, wide = log(now / before), Z * sqrt(1 / now + 1 / before)
        bounds = (100 * (exp(middle - wide) - 1), 100 * (exp(middle + wide) - 1))
        return self.bounded(100 * (now / before - 1), bounds, n=now + before, sign=True, percent=True)

    def chance(self, share: float) -> str:
        """A probability as people understand it: about 1 in 20."""
        if share <= 0.0005:
            return self("chance_rare")
        if share > 0.4:
            return self("chance_often", k=self.number(min(round(10 * share), 10)))
        return self("chance", n=self.number(round(1 / share)))


def speech(language: str) -> Speech:
    """The language of a report.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if language not in LANGUAGES:
        raise ConfigurationError(f"no report in {language!r}: say de or en")
    return Speech(language)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, J Am Stat Assoc 22 (1927) 209), 0 to 1."""
    share = hits / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z / (1 + Z**2 / of) * sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def surely_changed(change: Number) -> bool:
    """Whether an interval of a change excludes "no change": only then a direction is said."""
    return change.interval is not None and (change.interval[0] > 0 or change.interval[1] < 0)
