"""Which part of a text is the bad one: every sentence with its own mood, cause and department."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxtext.domain import Case, Diagnosis, Mood
from cxtext.ports import Sentiment, Tagger
from cxtext.text.language import UNDETERMINED, identify
from cxtext.text.sentences import sentences

_ENOUGH_LETTERS = 40  # of a paragraph; a shorter one is taken to be in the language of the text


@dataclass(frozen=True, slots=True)
class Aspect:
    """One sentence as written, its language, how it feels, and what it says is the matter (often nothing)."""

    text: str
    language: str
    mood: Mood
    diagnosis: Diagnosis


def aspects(text: str, language: str, sentiment: Sentiment, tagger: Tagger) -> list[Aspect]:
    """The sentences of a text, each judged by itself; a paragraph in another language than the text's is read in its own.

    A sentence that names no cause has none here, even where the text as a whole has: `moods_by_cause` puts them together.
    Costs about as much as reading the text once more.
    """
    cases = [
        Case(id=str(number), source="aspect", text=sentence, language=spoken)
        for number, (sentence, spoken) in enumerate(_sentences(text, language))
    ]
    moods, diagnoses = sentiment.score(cases), tagger.tag(cases)
    return [
        Aspect(case.text, case.language, mood, diagnosis)
        for case, mood, diagnosis in zip(cases, moods, diagnoses, strict=True)
    ]


def moods_by_cause(found: Sequence[Aspect]) -> dict[str, float]:
    """The mood of each cause in -1…+1: the strongest of its sentences, in the order of the text.

    A sentence without a cause speaks of the one before it ("Das Paket fehlt. Ich bin wütend."), and so does a line
    before the first cause of the one to come.
    """
    moods: dict[str, float] = {}
    waiting: list[float] = []
    present: str | None = None
    for aspect in found:
        present = aspect.diagnosis.cause.value or present
        waiting.append(aspect.mood.score)
        if present is not None:
            for score in waiting:
                moods[present] = max(moods.get(present, 0.0), score, key=abs)
            waiting.clear()
    return moods


def _sentences(text: str, language: str) -> Iterator[tuple[str, str]]:
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
    for paragraph in paragraphs:
        spoken = language
        if len(paragraphs) > 1 and sum(map(str.isalpha, paragraph)) >= _ENOUGH_LETTERS:
            code, _ = identify(paragraph, (language,) if language != UNDETERMINED else (), hint=language)
            spoken = code if code != UNDETERMINED else language
        for sentence in sentences(paragraph):
            yield sentence, spoken
