"""Reads numbers, yes and no, lists and channels as people and programs write them, in German and English."""

import math
import re
from collections.abc import Iterable

_YES = frozenset(
    {"1", "ja", "j", "yes", "y", "true", "t", "wahr", "x", "on", "✓", "1.0", "gekündigt", "churned", "cancelled"}
)
_NO = frozenset({"0", "nein", "n", "no", "false", "f", "falsch", "off", "0.0", "aktiv", "active"})
_ABSENT = frozenset(
    {"n/a", "na", "nan", "none", "null", "nat", "-", "–", "—", "k.a.", "k. a.", "#n/a", "#nv", "<na>", "(null)"}
)
_WORDS = {"good": 5.0, "bad": 1.0, "goodwithcomment": 5.0, "badwithcomment": 1.0, "offered": None, "unoffered": None}
_UNITS = re.compile(r"[€$£%\s\u00a0\u202f'’]|eur(?:o)?|usd|gbp|chf", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:e[+-]?\d{1,3})?|[+-]?[.,]\d+", re.ASCII | re.IGNORECASE)
_OUT_OF = re.compile(
    r"\s*(?:/|von|out of|of)\s*(?:5|10|7|100)(?:[.,]0)?\b.*|\s*(?:sterne?|stars?|punkte?|points?)\b.*", re.IGNORECASE
)

CHANNELS = {
    word: channel
    for channel, words in {
        "email": "email e-mail mail emails e-mails mailbox posteingang",
        "chat": "chat livechat live-chat chatbot messenger messaging whatsapp intercom telegram native_messaging sunshine",
        "phone": "phone telefon call anruf telefonat hotline voice telefonisch tel callcenter voicemail",
        "social": "social facebook twitter x instagram tweet linkedin youtube tiktok socialmedia social-media forum mastodon",
        "review": "review bewertung rezension trustpilot google-review playstore appstore google-play app-store reviews",
        "form": "form formular web webform web-form webformular kontaktformular portal online website widget feedback-widget "
        "helpcenter self-service webformularanfrage app",
        "sms": "sms text textnachricht mms",
    }.items()
    for word in words.split()
} | {
    "social media": "social", "live chat": "chat", "web form": "form", "app store": "review", "google play": "review",
    "play store": "review", "facebook feed post": "social", "facebook feed comment": "social", "twitter status": "social",
    "twitter direct-message": "social", "telegram personal-message": "chat", "help center": "form", "sms/text": "sms",
    "any_channel": "form", "feedback widget": "form", "contact form": "form", "phone call": "phone",
}  # fmt: skip


def is_absent(value: object) -> bool:
    """Whether a cell says nothing: empty, NaN, or a word such as "n/a" or "null"."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.isspace() if len(value) >= 8 else (not (word := value.strip()) or word.casefold() in _ABSENT)
    return isinstance(value, float) and math.isnan(value)


def number(value: object, *, decimal: str = "") -> float:
    """A finite number, German ("1.234,56") or English ("1,234.56").

    `decimal` decides where one value alone cannot tell ("1.234"); without it a single mark is the decimal mark.

    Raises:
        ValueError: this is no finite number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
    else:
        found = _from_digits(_UNITS.sub("", str(value)), decimal)
    if not math.isfinite(found):
        raise ValueError("a finite number")
    return found


def decimal_mark(values: Iterable[str], *, german: bool) -> str:
    """The mark before the decimals in a column, from the values that can only be read one way; else by language."""
    votes = {",": 0, ".": 0}
    for value in values:
        digits = _UNITS.sub("", value)
        marks = [mark for mark in digits if mark in ",."]
        if not marks:
            continue
        last = digits.rpartition(marks[-1])[2]
        if len(set(marks)) == 2 or (len(marks) == 1 and len(last) != 3):
            votes[marks[-1]] += 1
        elif len(marks) > 1:
            votes["." if marks[0] == "," else ","] += 1
    if votes[","] == votes["."]:
        return "," if german else "."
    return max(votes, key=lambda mark: votes[mark])


def score(value: object) -> float:
    """A rating: a number, "4/5", "4 von 5", "4,5 Sterne", or stars that are drawn.

    Raises:
        ValueError: no rating can be read.
    """
    if isinstance(value, str):
        drawn = value.count("★") or value.count("⭐")
        if drawn:
            return drawn + 0.5 * ("½" in value)
        return number(_OUT_OF.sub("", value.strip()))
    return number(value)


def satisfaction(value: object) -> float | None:
    """A rating, or one of Zendesk's words; None where a customer was asked and did not answer.

    Raises:
        ValueError: no rating can be read.
    """
    word = str(value).strip().casefold().replace(" ", "").replace("_", "")
    return _WORDS[word] if word in _WORDS else score(value)


def whole(value: object) -> int:
    """A whole number, also where yes or no is written for 1 or 0.

    Raises:
        ValueError: this is no whole number.
    """
    if isinstance(value, bool):
        return int(value)
    try:
        plain = number(value, decimal="")
    except ValueError:
        return int(yes(value))
    if not plain.is_integer():
        raise ValueError("a whole number")
    return int(plain)


def yes(value: object) -> bool:
    """Yes or no.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("yes or no (ja, nein, true, false, 1, 0)")


def channel(value: object) -> str:
    """One of email, chat, phone, social, review, form, sms; a channel of one's own stays as given, in lower case."""
    word = plain(value).casefold()
    return CHANNELS.get(word, word)


def tags(value: object) -> tuple[str, ...]:
    """Tags from a list, or from words divided by comma, semicolon, bar or (without any of these) blanks."""
    if isinstance(value, list | tuple):
        parts = [plain(part) for part in value if part is not None]
    else:
        text = plain(value).strip("[]")
        parts = re.split(r"[,;|]", text) if re.search(r"[,;|]", text) else text.split()
    return tuple(dict.fromkeys(part.strip().strip("'\"") for part in parts if part.strip().strip("'\"")))


def plain(value: object) -> str:
    """Any cell as text: 12.0 from a spreadsheet is "12", NUL and lone surrogates are gone."""
    if isinstance(value, str):
        return value.strip() if value.isascii() and "\0" not in value else _clean(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(plain(part) for part in value if part is not None)
    return _clean(str(value))


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _from_digits(digits: str, decimal: str) -> float:
    if digits.isdecimal():
        return float(digits)
    if not _NUMBER.fullmatch(digits):
        raise ValueError("a number")
    marks = [mark for mark in digits if mark in ",."]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise ValueError("a number")
    elif len(marks) > 1:
        decimal = "." if marks[0] == "," else ","
    elif marks and (not decimal or len(digits.rpartition(marks[0])[2]) != 3):
        decimal = marks[0]
    thousands = "." if decimal == "," else ","
    return float(digits.replace(thousands, "").replace(decimal or ".", "."))
