"""How people really type: slips of the finger, no umlauts, no capitals, too many exclamation marks."""

from random import Random

from cxtext.demo.phrases import pick

_NO_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_NEIGHBOURS = {
    "a": "s", "e": "r", "i": "o", "n": "m", "t": "z", "r": "t", "s": "d", "h": "j", "l": "k", "d": "f", "u": "i",
    "g": "h", "o": "p", "m": "n", "c": "v", "k": "l", "b": "v", "w": "e",
}  # fmt: skip
_ENDS = ("!", "!!", "!!!", "...", "", "")


def blemish(text: str, random: Random, *, careless: float) -> str:
    """The same text as a hurried person types it; `careless` in 0…1 says how hurried."""
    if random.random() < careless:
        for _ in range(1 + int(random.random() * 2)):
            text = _slip(text, random)
    if random.random() < 0.22 * careless + 0.02:
        text = text.translate(_NO_UMLAUTS)
    if random.random() < 0.7 * careless:
        text = text.lower()
    if text.endswith(".") and random.random() < 0.1 + 0.4 * careless:
        text = text[:-1] + pick(_ENDS, random)
    return text


def _slip(text: str, random: Random) -> str:
    """One slip inside a word: two letters swapped, one lost, doubled or replaced by its neighbour on the keyboard."""
    place = int(random.random() * (len(text) - 3)) + 1 if len(text) > 5 else 0
    around = text[place - 1 : place + 3]
    if place == 0 or len(around) < 4 or not (around.isalpha() and around.islower()):
        return text
    end = text.find(" ", place)
    if "@" in text[text.rfind(" ", 0, place) + 1 : end if end > 0 else len(text)]:
        return text  # a slip in a mail address could make it somebody's
    kind = random.random()
    if kind < 0.35:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind < 0.65:
        return text[:place] + text[place + 1 :]
    if kind < 0.8:
        return text[:place] + text[place] + text[place:]
    return text[:place] + _NEIGHBOURS.get(text[place], text[place]) + text[place + 1 :]
