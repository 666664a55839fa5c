"""Sentences as the customer wrote them: stretches of the text, nothing reformatted."""

import re

_SHORT = (
    "abs art bspw bzw ca co dr etc evtl exkl ggf ggü inkl ing jr lt max med min mio mr mrd mrs ms nr prof sog st std str "
    "tel usw vgl vs zzgl"
)
SHORT_FORMS = frozenset(_SHORT.split())
_END = re.compile(r"\n+|[.!?…]+[\"'“”»«)\]]*(?=\s|\Z)")
_LAST_WORD = re.compile(r"[\w.]+\Z")


def sentences(text: str) -> list[str]:
    """Cut `text` after full stops, question and exclamation marks and at line breaks; what holds no word is left out.

    Short forms ("Nr. 5"), single letters ("z. B.") and ordinals ("am 3. Mai") end nothing.

    >>> sentences("Die Lieferung kam am 3. Mai. Die App ist toll!")
    ['Die Lieferung kam am 3. Mai.', 'Die App ist toll!']
    """
    found, start = [], 0
    for end in _END.finditer(text):
        if end.group() == "." and _is_short(text[start : end.start()]):
            continue
        found.append(text[start : end.end()])
        start = end.end()
    found.append(text[start:])
    return [stripped for sentence in found if any(map(str.isalnum, stripped := sentence.strip()))]


def _is_short(before: str) -> bool:
    """Whether the full stop after these words belongs to the last of them."""
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found.group().rpartition(".")[2].lower()
    return len(word) == 1 or word in SHORT_FORMS or (word.isdigit() and len(word) < 3)
