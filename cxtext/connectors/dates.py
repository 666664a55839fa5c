"""Reads the dates that people and programs write, in German and English; nothing is guessed per row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

EXPECTED = "a date such as 2026-05-03 14:22, 03.05.2026 or May 3, 2026"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january jaenner jänner", "feb februar february feber", "mar maerz märz march mrz mär", "apr april",
            "may mai", "jun juni june", "jul juli july", "aug august", "sep sept september", "oct okt oktober october",
            "nov november", "dec dez dezember december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "bst": 60, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
_CLOCK = re.compile(
    r"(?:[\s,;T-]|um|at|kl\.)*\s*(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?)?\s*(uhr|h)?\s*([ap]\.?m\.?)?"
    r"\s*\(?(z|utc|gmt|[a-z]{3,4})?\)?\s*([+-]\d{2}:?\d{2})?\s*(?:\([a-z ,]+\))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag"
    r"|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s+(?:den\s+)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s/-]*([^\W\d_]{3,10})\.?[\s,/-]*(\d{4}|\d{2})(?!\d)", re.IGNORECASE
)
_NAME_DAY = re.compile(r"([^\W\d_]{3,10})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?[\s,-]+(\d{4})(?!\d)", re.IGNORECASE)
_YEARS = range(1970, 2200)


@dataclass(frozen=True)
class Reader:
    """Reads one column: which number comes first where both could be the day, and the zone where none is given."""

    zone: ZoneInfo
    day_first: bool = True

    def read(self, value: object) -> datetime:
        """An aware UTC datetime.

        Raises:
            ValueError: this is no date, or no possible one.
        """
        try:
            found = self._read(value)
            aware = found if found.tzinfo is not None else found.replace(tzinfo=self.zone)
            result = aware.astimezone(UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(EXPECTED) from error
        if result.year not in _YEARS:
            raise ValueError(
                f"a date between 1970 and 2199, written such as {EXPECTED.removeprefix('a date such as ')}"
            )
        return result

    def _read(self, value: object) -> datetime:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _from_number(float(value))
        return _from_text(str(value).strip(), self.day_first)


def day_first(values: Iterable[str], *, german: bool, enough: int = 1_000) -> tuple[bool, str]:
    """Whether 5/3/2026 is the fifth of March in a column, and how that is known, in words.

    Reads `enough` values; goes on only as long as nothing decides. Where nothing ever does: day first with dots and in
    German files, else month first.
    """
    days, months, dotted, plain = 0, 0, False, 0
    for count, value in enumerate(values):
        if count >= enough and (days or months or not plain):
            break
        match = _NUMERIC.match(_WEEKDAY.sub("", value.strip(), count=1))
        if match is None or len(match[1]) > 2:
            german = german or bool(match is None and _german_month(value))
            continue
        plain += 1
        dotted = dotted or match[2] == "."
        days += int(match[1]) > 12
        months += int(match[3]) > 12
    if not plain:
        return True, ""
    if days != months:
        return days > months, "day first" if days > months else "month first"
    first = dotted or german
    return first, f"{'day' if first else 'month'} first, assumed: no date above the 12th"


def _german_month(value: str) -> bool:
    match = _DAY_NAME.search(value)
    return match is not None and match[2].casefold() in {
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "dez",
        "okt",
        "mrz",
    }


@lru_cache(maxsize=8192)
def _from_text(text: str, day_leads: bool) -> datetime:  # noqa: FBT001 - a cached function takes no keywords cheaply
    if text.isdecimal() and len(text) != 8:
        return _from_number(float(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if len(text) > 80:
        raise ValueError(EXPECTED)
    plain = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    for pattern, read in ((_NUMERIC, _numeric), (_DAY_NAME, _day_name), (_NAME_DAY, _name_day)):
        match = pattern.match(plain)
        if match is not None and (found := read(match, day_leads)) is not None:
            return _with_clock(found, plain[match.end() :])
    if re.fullmatch(r"\d+\.\d+", text):
        return _from_number(float(text))
    raise ValueError(EXPECTED)


def _numeric(match: re.Match[str], day_leads: bool) -> datetime | None:  # noqa: FBT001 - see _from_text
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return _day(first, second, third)
    if len(match[1]) == 3:
        return None
    day, month = (first, second) if day_leads else (second, first)
    if month > 12 and day <= 12:
        order = "day.month.year" if day_leads else "month/day/year"
        raise ValueError(f"{order}, as elsewhere in this column")
    return _day(_year(match[4]), month, day)


def _day_name(match: re.Match[str], _: bool) -> datetime | None:  # noqa: FBT001 - see _from_text
    month = _MONTHS.get(match[2].casefold())
    return None if month is None else _day(_year(match[3]), month, int(match[1]))


def _name_day(match: re.Match[str], _: bool) -> datetime | None:  # noqa: FBT001 - see _from_text
    month = _MONTHS.get(match[1].casefold())
    return None if month is None else _day(_year(match[3]), month, int(match[2]))


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> datetime:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - the zone follows in Reader.read
    except ValueError as error:
        raise ValueError(f"a day that exists ({error}), such as 2026-05-03 or 03.05.2026") from error


def _with_clock(day: datetime, rest: str) -> datetime:
    if not rest.strip():
        return day
    match = _CLOCK.fullmatch(rest.rstrip())
    if match is None or (match[2] is None and not (match[4] or match[5])):
        raise ValueError(EXPECTED)
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[5]:
        if not 1 <= hour <= 12:
            raise ValueError(EXPECTED)
        hour = hour % 12 + (12 if match[5][0] in "pP" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return _zoned(day + timedelta(days=1), match)
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("a time between 00:00 and 23:59")
    return _zoned(day.replace(hour=hour, minute=minute, second=min(second, 59)), match)


def _zoned(moment: datetime, match: re.Match[str]) -> datetime:
    if match[7]:
        digits = match[7].replace(":", "")
        minutes = int(digits[1:3]) * 60 + int(digits[3:5])
        if minutes >= 24 * 60:
            raise ValueError(EXPECTED)
        return moment.replace(tzinfo=timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes)))
    if match[6]:
        if match[6].casefold() not in _ZONES:
            raise ValueError(EXPECTED)
        return moment.replace(tzinfo=timezone(timedelta(minutes=_ZONES[match[6].casefold()])))
    return moment


def _from_number(number: float) -> datetime:
    """Seconds, milli-, micro- or nanoseconds since 1970, 20260503, or the day count of a spreadsheet."""
    if 19_700_101 <= number <= 21_991_231 and number.is_integer():
        digits = str(int(number))
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if 30_000 <= number < 80_000:
        return datetime(1899, 12, 30) + timedelta(seconds=round(number * 86_400))  # noqa: DTZ001 - local time
    for unit in (1, 1e3, 1e6, 1e9):
        if 1e8 <= number / unit < 7.2e9:
            return datetime.fromtimestamp(number / unit, UTC)
    raise ValueError(EXPECTED)
