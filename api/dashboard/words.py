"""The words of the pages in German and English, and how dates and numbers are written there."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from starlette.requests import Request

LANGUAGES = ("de", "en")
COOKIE = "cxtext_language"
FOLDER = Path(__file__).parent / "texts"
Words = Mapping[str, str | Mapping[str, str]]
OFTEN = (2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1000)  # what "one in so many" is rounded to


@cache
def words(language: str) -> Words:
    """The words of one language, read from its file when they are first needed; a plural has `one` and `other`."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


class Speech:
    """One language of the pages: words, numbers, dates."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.other = "en" if language == "de" else "de"
        self._words = words(language)

    def say(self, key: str, **values: object) -> str:
        """The words for a key, with numbers and days written as people write them; `n` chooses one or many."""
        written = {name: self.write(value) for name, value in values.items()}
        found = self._words[key]
        if not isinstance(found, str):
            found = found["one" if values.get("n") == 1 else "other"]
        return found.format(**written)

    def knows(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._words

    def word(self, group: str, key: str) -> str:
        """The word for a value of ours, such as a status; the value itself where there is none."""
        return self.say(f"{group}_{key}") if self.knows(f"{group}_{key}") else key

    def status(self, word: str) -> str:
        """The word for where a topic stands."""
        return self.word("status", word)

    def short(self, day: date) -> str:
        """A day where there is little room."""
        return format_date(day, "d. MMM" if self.language == "de" else "d MMM", locale=self.language)

    def moment(self, at: datetime | None) -> str:
        """A point in time to the minute, UTC."""
        if at is None:
            return "–"
        pattern = "d. MMM y, HH:mm" if self.language == "de" else "d MMM y, HH:mm"
        return format_datetime(at, pattern, locale=self.language)

    def write(self, value: object) -> str:
        """A number or a day as people write it."""
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return format_date(value, "long" if self.language == "de" else "d MMMM y", locale=self.language)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "–" if value is None else str(value)
        return self.round(value, 2)

    def round(self, value: float | None, digits: int = 1) -> str:
        """A number with at most so many digits after the point."""
        if value is None:
            return "–"
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return format_decimal(round(value, digits) + 0.0, f"{pattern};−{pattern}", locale=self.language)

    def signed(self, value: float | None, digits: int = 2) -> str:
        """A number with its sign."""
        if value is None:
            return "–"
        tail = "." + "0" * digits if digits else ""
        return format_decimal(round(value, digits) + 0.0, f"+0{tail};−0{tail}", locale=self.language)

    def percent(self, value: float | None) -> str:
        """A share of 1."""
        pattern = "0 %" if self.language == "de" else "0%"
        if value is not None and 0 < value < 0.005:
            return f"<{format_percent(0.01, pattern, locale=self.language)}"
        return "–" if value is None else format_percent(value, pattern, locale=self.language)

    def fine(self, value: float) -> str:
        """A small share, with one decimal."""
        return format_percent(value, "0.0 %" if self.language == "de" else "0.0%", locale=self.language)

    def between(self, bounds: tuple[float | None, float | None] | None, *, scale: float = 100, digits: int = 0) -> str:
        """An interval in brackets; nothing where there is none. Shares are told in percent."""
        if bounds is None or bounds[0] is None or bounds[1] is None:
            return ""
        low, high = self.round(bounds[0] * scale, digits), self.round(bounds[1] * scale, digits)
        return f"[{low} … {high}]" if "−" in low + high else f"[{low}–{high}]"

    def one_in(self, share: float) -> str:
        """A small probability as a frequency, such as "about 1 in 20"."""
        if share > 0.4:
            return self.say("chance_often")
        if share < 1 / OFTEN[-1]:
            return self.say("chance_rare", many=OFTEN[-1])
        return self.say("chance", many=min(OFTEN, key=lambda many: abs(share - 1 / many)))

    def title(self, titles: Mapping[str, str], key: str) -> str:
        """The name of a cause or department."""
        return titles.get(self.language) or titles.get("en") or key


def speech_for(request: Request) -> Speech:
    """The reader's language: chosen on the page, else what the browser prefers, else German."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    if asked in LANGUAGES:
        return Speech(asked)
    for preferred in request.headers.get("accept-language", "").split(","):
        code = preferred.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return Speech(code)
    return Speech("de")
