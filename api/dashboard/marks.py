"""Texts with the words that were found in them highlighted; everything else is escaped."""

from collections.abc import Sequence

from markupsafe import Markup, escape

LONG = 600  # characters of a text in a list
BEFORE = 160  # of them before the first hit


def marked(text: str, spans: Sequence[tuple[int, int]], *, most: int | None = LONG) -> Markup:
    """The text with `<mark>` around the given spans (start, end), cut around the first hit where it is long."""
    start, end = 0, len(text)
    if most is not None and len(text) > most:
        start = max(0, min(spans[0][0] - BEFORE, len(text) - most)) if spans else 0
        end = start + most
    parts = [Markup("… ") if start else Markup("")]
    at = start
    for left, right in sorted(spans):
        if left < at or right > end:
            continue
        parts += [escape(text[at:left]), Markup("<mark>{}</mark>").format(text[left:right])]
        at = right
    return Markup("").join([*parts, escape(text[at:end]), Markup(" …") if end < len(text) else Markup("")])


def places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, whatever their case; each place once, the longest word first."""
    low = text.casefold()
    if len(low) != len(text):  # ß and its like change the length: then nothing is marked rather than the wrong letters
        low = text.lower()
    found: list[tuple[int, int]] = []
    for word in sorted(
        {one.casefold() for one in words if any(map(str.isalnum, one))}, key=lambda one: (-len(one), one)
    ):
        start = low.find(word)
        while start >= 0 and len(low) == len(text):
            span = (start, start + len(word))
            if all(span[1] <= left or right <= span[0] for left, right in found):
                found.append(span)
            start = low.find(word, start + 1)
    return sorted(found)
