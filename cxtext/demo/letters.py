"""Composes the text of a ticket from an issue's sentences, in the manner of its channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from cxtext.demo.blemish import blemish
from cxtext.demo.company import Company, Issue
from cxtext.demo.phrases import Draw, Phrase, pick, render

Parts = Mapping[str, tuple[Phrase, ...]]

_PLAIN_WORDS = 0.55  # share of mails that open with the matter itself


@dataclass(frozen=True, slots=True)
class Writer:
    """Everything needed to write one ticket in one language."""

    random: Random
    language: str
    known: dict[str, str]
    shared: Parts
    draws: Mapping[str, Draw]
    small: frozenset[str]  # words written small after a greeting with a comma

    def say(self, phrases: tuple[Phrase, ...]) -> str:
        """One sentence of a list, in one wording."""
        return " ".join(render(pick(phrases, self.random), self.random, self.known, self.draws).split())

    def lines(self, phrases: tuple[Phrase, ...]) -> str:
        """The same, line breaks kept."""
        return render(pick(phrases, self.random), self.random, self.known, self.draws).strip()

    def often(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.random.random() < share


def compose(writer: Writer, issue: Issue, channel: str, other: Issue | None) -> str:
    """The text of a ticket about `issue`, and about `other` as an afterthought where there is one."""
    return _CHANNELS[channel](writer, issue, other)


def small_words(company: Company) -> frozenset[str]:
    """The German words that are written small after a greeting with a comma."""
    return frozenset(company.plain["small_after_comma"])


def _sentences(writer: Writer, issue: Issue, length: int) -> list[str]:
    """The matter itself: always a core sentence, then details, effects and what is asked for, as long as there is room."""
    parts = issue.texts[writer.language]
    matter = [writer.say(parts["core"])]
    wanted = [
        ("details", 0.75), ("effects", 0.6), ("core", 0.3), ("details", 0.35), ("feelings", 0.4), ("requests", 0.65),
    ]  # fmt: skip
    for part, share in wanted:
        if len(matter) < length and writer.often(share):
            sentence = writer.say(writer.shared[part] if part == "feelings" else parts[part])
            if sentence not in matter:
                matter.append(sentence)
    return matter


def _afterthought(writer: Writer, other: Issue | None) -> list[str]:
    if other is None:
        return []
    return [writer.say(writer.shared["by_the_way"]), writer.say(other.texts[writer.language]["core"])]


def _email(writer: Writer, issue: Issue, other: Issue | None) -> str:
    body = [] if writer.often(_PLAIN_WORDS) else [writer.say(writer.shared["openings"])]
    body += _sentences(writer, issue, 2 + int(writer.random.random() * 6)) + _afterthought(writer, other)
    if writer.often(0.22):
        body.append(writer.say(writer.shared["data"]))
    if writer.often(0.45):
        body.append(writer.say(writer.shared["last_words"]))
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


def _chat(writer: Writer, issue: Issue, other: Issue | None) -> str:
    said = _sentences(writer, issue, 1 + int(writer.random.random() * 3)) + _afterthought(writer, other)
    if writer.often(0.4):
        said.insert(0, writer.say(writer.shared["hellos"]))
    text = blemish(" ".join(said), writer.random, careless=0.45)
    return f"{text} {writer.say(writer.shared['emojis'])}" if writer.often(0.16) else text


def _review(writer: Writer, issue: Issue, other: Issue | None) -> str:
    said = _sentences(writer, issue, 1 + int(writer.random.random() * 4)) + _afterthought(writer, other)
    if writer.often(0.5):
        said.append(writer.say(writer.shared["verdicts"]))
    text = blemish(" ".join(said), writer.random, careless=0.2)
    if writer.often(0.35):
        text = f"{writer.say(issue.texts[writer.language]['short'])}\n{text}"
    return f"{text} {writer.say(writer.shared['emojis'])}" if writer.often(0.12) else text


def _form(writer: Writer, issue: Issue, other: Issue | None) -> str:
    said = _sentences(writer, issue, 2 + int(writer.random.random() * 3)) + _afterthought(writer, other)
    text = blemish(" ".join(said), writer.random, careless=0.18)
    if writer.often(0.6):
        text = f"{writer.say(issue.texts[writer.language]['short'])}\n\n{text}"
    return f"{text}\n\n{writer.lines(writer.shared['form_fields'])}" if writer.often(0.5) else text


def _phone(writer: Writer, issue: Issue, other: Issue | None) -> str:
    said = [writer.say(writer.shared["on_the_phone"])]
    said += _sentences(writer, issue, 2 + int(writer.random.random() * 3)) + _afterthought(writer, other)
    return " ".join(said)


def _social(writer: Writer, issue: Issue, _: Issue | None) -> str:
    parts = issue.texts[writer.language]
    said = [writer.say(writer.shared["calls"]), writer.say(parts["core"])]
    if writer.often(0.4):
        said.append(writer.say(writer.shared["verdicts"]))
    text = blemish(" ".join(said), writer.random, careless=0.3)
    return f"{text} {writer.say(writer.shared['emojis'])}" if writer.often(0.45) else text


def _greeted(writer: Writer, greeting: str, text: str) -> str:
    """A German letter goes on in small letters after "Guten Tag," - unless it goes on with a noun."""
    if writer.language != "de" or not greeting.endswith(","):
        return f"{greeting}\n\n{text}"
    first = text.split(maxsplit=1)[0].rstrip(",")
    if first in writer.small:
        return f"{greeting}\n\n{text[0].lower()}{text[1:]}"
    return f"{greeting[:-1]}!\n\n{text}" if text[0].isupper() else f"{greeting}\n\n{text}"


def _paragraphs(writer: Writer, sentences: list[str]) -> str:
    if len(sentences) < 4 or writer.often(0.4):
        return " ".join(sentences)
    middle = len(sentences) // 2
    return f"{' '.join(sentences[:middle])}\n\n{' '.join(sentences[middle:])}"


_CHANNELS: dict[str, Callable[[Writer, Issue, Issue | None], str]] = {
    "email": _email,
    "chat": _chat,
    "review": _review,
    "form": _form,
    "phone": _phone,
    "social": _social,
}
