"""The small language in which rules are written, read into slots that words of a text can fill."""

from dataclasses import dataclass

from cxtext.errors import ConfigurationError

GAP = 5  # words that "..." may stand for; German verb brackets rarely hold more that still belong together


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase: the words that may fill it, and how many others may stand before it."""

    words: tuple[str, ...]
    gap: int = 0


Run = tuple[Step, ...]


def parse_phrase(phrase: str) -> tuple[Run, ...]:
    """Read a phrase of a rule. All runs must be found within the scope of the rule, in any order.

    ``Paket/Lieferung ... nicht angekommen`` is one run: words in this order, `/` between alternatives, `...` for
    up to five other words. ``Rechnung + falsch*`` are two runs. ``falsch*``, ``*ausfall`` and ``*wasser*`` match
    beginnings, ends and insides of words, ``=los`` matches only that very form; all other words also match
    their inflected forms and as parts of German compounds.

    Raises:
        ConfigurationError: the phrase is empty or begins or ends with a gap.
    """
    runs = tuple(_parse_run(part, phrase) for part in phrase.split(" + "))
    if any(word.strip("*=") == "" for run in runs for step in run for word in step.words):
        raise ConfigurationError(f"phrase {phrase!r}: a place without a word; write words between / and around +")
    return runs


def _parse_run(part: str, phrase: str) -> Run:
    steps: list[Step] = []
    gap = 0
    for token in part.split():
        if token in {"...", "…"}:
            gap = GAP
            continue
        steps.append(Step(tuple(token.split("/")), gap if steps else 0))
        if gap and len(steps) == 1:
            raise ConfigurationError(f"phrase {phrase!r}: begins with ..., which says nothing; leave it out")
        gap = 0
    if gap or not steps:
        raise ConfigurationError(f"phrase {phrase!r}: ends with ... or is empty; leave the ... out or add a word")
    return tuple(steps)
