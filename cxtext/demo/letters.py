"""Composes the text of a ticket from an issue's sentences, in the manner of its channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from cxtext.demo.blemish import blemish
from cxtext.demo.company import Issue
from cxtext.demo.phrases import Draw, Phrase, pick, render

Parts = Mapping[str, tuple[Phrase, ...]]

_PLAIN_WORDS = 0.55  # share of mails that open with the matter itself
_CALM, _ANGRY = 0.35, 0.6  # severity below which nobody curses, above which some threaten


@dataclass(frozen=True, slots=True)
class Writer:
    """Everything needed to write one ticket in one language."""

    random: Random
    language: str
    known: dict[str, str]
    shared: Parts
    draws: Mapping[str, Draw]
    small: frozenset[str]  # German words written small after a greeting with a comma
    formal: frozenset[str]  # polite address, never written small

    def say(self, phrases: tuple[Phrase, ...]) -> str:
        """One sentence of a list, in one wording."""
        text = " ".join(render(pick(phrases, self.random), self.random, self.known, self.draws).split()).replace(
            " .", "."
        )
        return text[:-1] if text.endswith("..") else text  # a date such as "12.03." has its own full stop

    def lines(self, phrases: tuple[Phrase, ...]) -> str:
        """The same, line breaks kept."""
        return render(pick(phrases, self.random), self.random, self.known, self.draws).strip()

    def often(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.random.random() < share


def compose(writer: Writer, issue: Issue, channel: str, after: list[str]) -> str:
    """The text of a ticket about `issue`; the sentences of `after` follow the matter itself."""
    return _CHANNELS[channel](writer, issue, after)


def unprompted(writer: Writer, part: str, channel: str) -> str:
    """The text of a ticket that is about nothing: thanks, spam, something sent to the wrong shop."""
    text = writer.lines(writer.shared[part])
    if channel != "email" or part not in {"thanks", "astray"}:
        return text
    greeting = writer.say(writer.shared["greetings"])
    return f"{_greeted(writer, greeting, text)}\n\n{writer.lines(writer.shared['closings'])}"


def _sentences(writer: Writer, issue: Issue, length: int) -> list[str]:
    """The matter itself: always a core sentence, then details, effects and what is asked for, as long as there is room."""
    parts = issue.texts[writer.language]
    matter = [writer.say(parts["core"])]
    wanted = [
        ("details", 0.75), ("effects", 0.6), ("core", 0.14), ("details", 0.35), ("feelings", 0.4), ("requests", 0.65),
    ]  # fmt: skip
    talkative = 0.3 if length > 5 else 0.0
    for part, share in wanted:
        if len(matter) < length and writer.often(share + talkative) and not (part == "feelings" and _calm(issue)):
            sentence = writer.say(writer.shared[part] if part == "feelings" else parts[part])
            if sentence not in matter:
                matter.append(sentence)
    return matter


def _email(writer: Writer, issue: Issue, after: list[str]) -> str:
    angry, money = issue.severity > _ANGRY, issue.department == "billing"
    body = [] if _calm(issue) or writer.often(_PLAIN_WORDS) else [writer.say(writer.shared["openings"])]
    body += _sentences(writer, issue, 2 + int(writer.random.random() * 6)) + after
    if writer.often(0.22):
        body.append(writer.say(writer.shared["bank" if money and writer.often(0.5) else "data"]))
    if writer.often(0.45):
        body.append(writer.say(writer.shared["threats" if angry and writer.often(0.4) else "last_words"]))
    text = blemish(_paragraphs(writer, body), writer.random, careless=0.12)
    greeting = writer.say(writer.shared["greetings"])
    mail = f"{_greeted(writer, greeting, text)}\n\n{writer.lines(writer.shared['closings'])}"
    if writer.often(0.35):
        mail += "\n" + writer.lines(writer.shared["signatures"])
    if writer.often(0.12):
        mail += "\n\n" + writer.lines(writer.shared["quoted"])
    elif writer.often(0.08):
        mail += "\n\n" + writer.lines(writer.shared["footers"])
    return mail


def _chat(writer: Writer, issue: Issue, after: list[str]) -> str:
    said = _sentences(writer, issue, 1 + int(writer.random.random() * 3)) + after
    if writer.often(0.45):
        said.insert(0, writer.say(writer.shared["hellos"]))
    if writer.often(0.35):
        said.append(writer.say(writer.shared["numbers"]))
    return _with_emoji(writer, issue, blemish(" ".join(said), writer.random, careless=0.45), 0.16)


def _review(writer: Writer, issue: Issue, after: list[str]) -> str:
    said = _sentences(writer, issue, 1 + int(writer.random.random() * 4)) + after
    if writer.often(0.5) and not _calm(issue):
        said.append(writer.say(writer.shared["verdicts"]))
    text = blemish(" ".join(said), writer.random, careless=0.2)
    if writer.often(0.35):
        text = f"{writer.say(issue.texts[writer.language]['short'])}\n{text}"
    return _with_emoji(writer, issue, text, 0.12)


def _form(writer: Writer, issue: Issue, after: list[str]) -> str:
    said = _sentences(writer, issue, 2 + int(writer.random.random() * 3)) + after
    text = blemish(" ".join(said), writer.random, careless=0.18)
    if writer.often(0.6):
        text = f"{writer.say(issue.texts[writer.language]['short'])}\n\n{text}"
    return f"{text}\n\n{writer.lines(writer.shared['form_fields'])}" if writer.often(0.5) else text


def _phone(writer: Writer, issue: Issue, after: list[str]) -> str:
    said = [writer.say(writer.shared["on_the_phone"])]
    said += _sentences(writer, issue, 2 + int(writer.random.random() * 3)) + after
    return " ".join(said)


def _social(writer: Writer, issue: Issue, after: list[str]) -> str:
    parts = issue.texts[writer.language]
    said = [writer.say(writer.shared["calls"]), writer.say(parts["core"]), *after]
    if writer.often(0.4) and not _calm(issue):
        said.append(writer.say(writer.shared["verdicts"]))
    text = blemish(" ".join(said), writer.random, careless=0.3)
    return _with_emoji(writer, issue, text, 0.45)


def _calm(issue: Issue) -> bool:
    return issue.severity < _CALM


def _with_emoji(writer: Writer, issue: Issue, text: str, share: float) -> str:
    if _calm(issue) or not writer.often(share):
        return text
    return f"{text} {writer.say(writer.shared['emojis'])}"


def _greeted(writer: Writer, greeting: str, text: str) -> str:
    """A German letter goes on in small letters after "Guten Tag," - unless it goes on with a noun."""
    if writer.language != "de" or not greeting.endswith(","):
        return f"{greeting}\n\n{text}"
    first = text.split(maxsplit=1)[0].rstrip(",")
    if first in writer.formal:
        return f"{greeting}\n\n{text}"
    if first in writer.small:
        return f"{greeting}\n\n{text[0].lower()}{text[1:]}"
    return f"{greeting[:-1]}!\n\n{text}" if text[0].isupper() else f"{greeting}\n\n{text}"


def _paragraphs(writer: Writer, sentences: list[str]) -> str:
    if len(sentences) < 4 or writer.often(0.4):
        return " ".join(sentences)
    middle = len(sentences) // 2
    return f"{' '.join(sentences[:middle])}\n\n{' '.join(sentences[middle:])}"


_CHANNELS: dict[str, Callable[[Writer, Issue, list[str]], str]] = {
    "email": _email,
    "chat": _chat,
    "review": _review,
    "form": _form,
    "phone": _phone,
    "social": _social,
}
