"""Which lines of a mail the customer wrote: an automaton over its lines."""

import re
from collections.abc import Sequence

from cxtext.text.fold import fold
from cxtext.text.phrases import MailPhrases

# What a line turned out to be; None is the customer's.
Kind = str | None
_LONGEST_LINE = 400  # characters looked at; longer lines are prose
_LONGEST_SIGNATURE = 20  # lines
_DASHES = re.compile(r"[-–—_=*~]{5,}|[-–—]{2}\s*\Z")
_RULE = re.compile(r"[-–—_=*~#\s]{5,}\Z")
_POSTCODE = re.compile(r"(?:[a-z]{1,2}-)?\d{4,5}\s+[a-z]|\b[a-z]{1,2}\d{1,2}[a-z]?\s\d[a-z]{2}\b")
_STREET_OR_CONTACT = re.compile(
    r"@[\w.-]+\.\w|www\.|https?:|(?:strasse|str\.|weg|platz|allee|gasse|ring)\s+\d|\+?\d[\d /()-]{7,}\d"
)
_HAS_DATE_OR_ADDRESS = re.compile(r"\d|@")


def mail_lines(lines: Sequence[str], phrases: MailPhrases) -> list[Kind]:
    """Say for each line what it is: quote, header, notice, signature, closing, greeting, courtesy, or None: the customer's."""
    keys = [fold(line[:_LONGEST_LINE]).strip() for line in lines]
    kinds: list[Kind] = [None] * len(lines)
    for step in (_thread, _notices, _signature, _contact_block, _courtesy):
        step(keys, kinds, phrases)
    _greeting(lines, kinds, phrases)
    return kinds


def _thread(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Mark what was written earlier in the thread, by others or by the customer."""
    place, written = 0, False
    while place < len(keys):
        key = keys[place]
        if key.startswith((">", "|>")):
            kinds[place] = "quote"
        elif phrases.reply_above.search(key):
            kinds[place] = "notice"
            if written:
                return _mark_rest(keys, kinds, place, "quote")
        elif _is_reply_mark(key, phrases):
            if written:
                return _mark_rest(keys, kinds, place, "quote")
            kinds[place] = "header"
        elif length := _quote_header(keys, place, phrases) or _head(keys, place, phrases):
            kinds[place : place + length] = ["header"] * length
            if written and not _next_is_quoted(keys, place + length):
                return _mark_rest(keys, kinds, place, "quote")
            place += length - 1
        elif key and not _RULE.match(key) and not _is_polite(key, phrases):
            written = True
        place += 1
    return _unmark_own_words(keys, kinds, phrases)


def _unmark_own_words(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Some people paste their whole message with quote marks: nothing names another writer, and little else is there."""
    if "quote" not in kinds or "header" in kinds:
        return
    quoted = sum(len(key) for key, kind in zip(keys, kinds, strict=True) if kind == "quote")
    own = [
        (len(key), place)
        for place, key in enumerate(keys)
        if key and kinds[place] is None and not phrases.greeting.match(key)
    ]
    first_quote = kinds.index("quote")
    if sum(length for length, _ in own) < quoted / 4 and all(place > first_quote for _, place in own):
        kinds[:] = [None if kind == "quote" else kind for kind in kinds]


def _is_reply_mark(key: str, phrases: MailPhrases) -> bool:
    bare = key.strip("-_=* ")
    return bool(phrases.reply_mark.match(bare)) and len(bare) < 60 and (bare != key or bare.endswith(":"))


def _quote_header(keys: list[str], place: int, phrases: MailPhrases) -> int:
    """The number of lines (0 to 3) of "On … X wrote:" from here on; a date or an address must be in it."""
    joined = ""
    for length in range(1, 4):
        if place + length > len(keys) or not keys[place + length - 1]:
            return 0
        joined = f"{joined} {keys[place + length - 1]}".strip()
        if (
            joined.endswith(":")
            and _HAS_DATE_OR_ADDRESS.search(joined)
            and phrases.quote_header.match(joined[:_LONGEST_LINE])
        ):
            return length
    return 0


def _head(keys: list[str], place: int, phrases: MailPhrases) -> int:
    """The number of lines of a mail's head (From, Sent, To, Subject) from here on; three fields, or two and an address."""
    if not phrases.header_field.match(keys[place]):
        return 0
    found: set[str] = set()
    end, address = place, False
    for number in range(place, min(place + 12, len(keys))):
        field = phrases.header_field.match(keys[number])
        if field:
            found.add(field.group(1))
            end, address = number + 1, address or "@" in keys[number]
        elif not keys[number] or number - end > 1:
            break
    return end - place if len(found) >= 3 or (len(found) == 2 and address) else 0


def _next_is_quoted(keys: list[str], place: int) -> bool:
    following = next((key for key in keys[place:] if key), "")
    return following.startswith((">", "|>"))


def _mark_rest(keys: list[str], kinds: list[Kind], place: int, kind: str) -> None:
    while place and kinds[place - 1] is None and (not keys[place - 1] or _RULE.match(keys[place - 1])):
        place -= 1  # the line that a mail program draws above
    kinds[place:] = [kind] * (len(kinds) - place)


def _notices(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Mark what mail programs and legal departments add; a legal notice goes on to the end of its paragraph."""
    legal = False
    for place, key in enumerate(keys):
        if not key:
            legal = False
        elif kinds[place] is None:
            legal = legal or bool(phrases.disclaimer.match(key))
            if legal:
                kinds[place] = "disclaimer"
            elif phrases.notice.match(key) and len(key) < 160:
                kinds[place] = "notice"


def _signature(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Mark from a closing or a line "--" to the end, except a postscript and lines that are prose."""
    start = _signature_start(keys, kinds, phrases)
    if start is None:
        return
    for place in range(start, len(keys)):
        if kinds[place] is not None:
            continue
        if phrases.postscript.match(keys[place]):
            return
        if place == start or not keys[place] or _is_signature_line(keys[place], phrases):
            kinds[place] = "closing" if place == start else "signature"


def _signature_start(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> int | None:
    written = False
    for place, key in enumerate(keys):
        if kinds[place] is not None or not key:
            continue
        if written and (key in {"--", "—"} or _is_closing(key, phrases)) and _room_for_signature(keys, kinds, place):
            return place
        written = True
    return None


def _room_for_signature(keys: list[str], kinds: list[Kind], place: int) -> bool:
    return (
        sum(kind is None and bool(key) for key, kind in zip(keys[place:], kinds[place:], strict=True))
        <= _LONGEST_SIGNATURE
    )


def _is_closing(key: str, phrases: MailPhrases) -> bool:
    """A closing and at most four more words, which are a name: no question, no clause."""
    found = phrases.closing.match(key)
    if not found:
        return False
    rest = key[found.end() :].strip(" ,.!;-")
    return (
        len(rest.split()) <= 4
        and "?" not in rest
        and "," not in rest
        and not re.search(r"\b(?:fuer|for|dass|that|aber|but|nicht|not)\b", rest)
    )


def _is_signature_line(key: str, phrases: MailPhrases) -> bool:
    if _is_contact(key, phrases) or _RULE.match(key):
        return len(key) < 160
    return len(key) <= 60 and len(key.split()) <= 7 and not key.endswith(("?", "!"))


def _is_contact(key: str, phrases: MailPhrases) -> bool:
    return bool(
        phrases.contact.search(key)
        or phrases.company.search(key)
        or _POSTCODE.match(key)
        or _STREET_OR_CONTACT.search(key)
    )


def _contact_block(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Mark a last paragraph that is a signature by its lines alone: two or more of them say how to reach somebody."""
    end = len(keys)
    while end and (kinds[end - 1] is not None or not keys[end - 1]):
        end -= 1
    start = end
    while start and keys[start - 1] and kinds[start - 1] is None:
        start -= 1
    block = [key for key in keys[start:end] if not _RULE.match(key)]
    contacts = sum(_is_contact(key, phrases) for key in block)
    others_left = any(key and kinds[place] is None for place, key in enumerate(keys[:start]))
    ruled = any(_RULE.match(key) for key in keys[start:end]) and contacts > 0
    if (
        others_left
        and (contacts >= 2 or ruled)
        and all(len(key) <= 80 and _is_signature_line(key, phrases) for key in block)
    ):
        kinds[start:end] = ["signature"] * (end - start)


def _greeting(lines: Sequence[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    """Mark the first of the customer's lines if it is a greeting."""
    for place, line in enumerate(lines):
        if kinds[place] is None and line.strip():
            if _is_greeting(line.strip(), phrases):
                kinds[place] = "greeting"
            return


def _is_greeting(line: str, phrases: MailPhrases) -> bool:
    """A greeting and then only names and "team": "Hallo Internet geht nicht" is none, and neither is a chat's "hi"."""
    key = fold(line[:_LONGEST_LINE])
    found = phrases.greeting.match(key)
    if not found or len(line) > 80 or "?" in line or not (line[0].isupper() or line[-1] in ",!"):
        return False
    # Folding may change lengths, so the words after the greeting are counted from the end.
    rest = key[found.end() :].split()
    written = line.split()[-len(rest) :] if rest else []
    return len(rest) <= 7 and all(
        word.strip(",.!:;-/") in phrases.greeting_words or as_written[:1].isupper() or not word.strip(",.!:;-/")
        for word, as_written in zip(rest, written, strict=True)
    )


def _courtesy(keys: list[str], kinds: list[Kind], phrases: MailPhrases) -> None:
    for place, key in enumerate(keys):
        if kinds[place] is None and _is_polite(key, phrases):
            kinds[place] = "courtesy"


def _is_polite(key: str, phrases: MailPhrases) -> bool:
    return bool(phrases.courtesy.match(key)) and len(key.split()) <= 14 and not re.search(r"[.!?]\s+\w", key)
