"""A mail whose line breaks were lost: the greeting at its beginning and the closing at its end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cxtext.text.fold import fold
from cxtext.text.language import load_language

_LONGEST_FRAME = 160  # characters at either end that are looked at: a greeting, or a closing with a name
_FEWEST_WORDS = 3  # that must be left, else the line stays as it is
_THANKS = re.compile(r"thank|dank|merci")
_NAME = r"[A-ZÄÖÜÉ][\w'’.-]{0,30}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What begins and what ends a line of a mail in several languages."""

    greeting: re.Pattern[str]
    closing: re.Pattern[str]


def split_frame(line: str, codes: tuple[str, ...]) -> tuple[str, str, str]:
    """Greeting, what the customer wrote, closing; the first and the last may be empty.

    A greeting goes only up to a comma or an exclamation mark, and only with words of a greeting ("Team"), a title with
    its name or a listed first name between: "Hallo Laterne, Seestraße: defekt" keeps its lantern. A closing needs the end
    of a sentence before it or a name behind it; short ones and thanks need both, because "Thank you!" may be meant.
    """
    frame = _frame(codes)
    head = frame.greeting.match(line, 0, min(len(line), _LONGEST_FRAME))
    start = head.end() if head else 0
    tail = frame.closing.search(line, max(start, len(line) - _LONGEST_FRAME))
    end = tail.start() if tail else len(line)
    if len(re.findall(r"[^\W\d_]+", line[start:end])) < _FEWEST_WORDS:
        return "", line, ""
    return line[:start].strip(), line[start:end].strip(), line[end:].strip()


@lru_cache(maxsize=8)
def _frame(codes: tuple[str, ...]) -> Frame:
    languages = [load_language(code) for code in codes]

    def either(phrases: Iterable[str]) -> str:
        written = {re.escape(one).replace(r"\ ", r"\s") for phrase in phrases for one in (phrase, fold(phrase))}
        return "|".join(sorted(written, key=lambda pattern: (-len(pattern), pattern)))

    greetings = [phrase for language in languages for phrase in language.greetings]
    closings = [phrase for language in languages for phrase in language.closings]
    known = either(word for language in languages for word in (*language.greeting_words, *language.first_names))
    titled = rf"(?i:{either(title for language in languages for title in language.titles)})(?:\s{_NAME}){{1,3}}"
    name, end = rf"(?:[\s,]+(?:(?:aus|from)\s)?{_NAME}){{1,5}}", r"[\s,.!]*\Z"
    formal = either(phrase for phrase in closings if " " in phrase and not _THANKS.search(phrase))
    after_sentence = r"(?<=[.!?…)]\s)"
    return Frame(
        greeting=re.compile(rf"\s*(?i:{either(greetings)})(?:\s(?:{titled}|(?i:{known})(?!\w))){{0,7}}\s?[,!]+\s"),
        closing=re.compile(
            rf"(?:{after_sentence}(?i:{either(closings)})(?!\w){name}|(?<=\s)(?i:{formal})(?!\w){name}|{after_sentence}(?i:{formal})){end}"
        ),
    )
