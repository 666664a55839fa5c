"""One spelling for matching: umlauts written out, accents and invisible characters gone, small letters."""

import re
import unicodedata
from functools import lru_cache

_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "ʼ": "'"}
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")
# Within a character class: capitals of all Latin alphabets, Ł and Ş as well.
CAPITAL = "A-ZÀ-ÖØ-Þ" + "".join(chr(code) for code in range(0x100, 0x250) if chr(code).isupper())
_ACCENT = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return the matching key of `text`; never show it to a person.

    NFKC, casefold, soft hyphens and zero-width characters out, ä→ae, ö→oe, ü→ue, ß→ss, accents stripped.
    Umlauts are folded towards two letters because the way back breaks "neue" and "Steuer". Idempotent.

    >>> fold("Straßenlaternen­reinigung über Café")
    'strassenlaternenreinigung ueber cafe'
    """
    if text.isascii():
        return text.lower()
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())
    # Five times as fast as one `translate`, and nearly all German text needs no more.
    key = key.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("’", "'")
    if key.isascii():
        return key
    # Letters such as ǣ only turn into æ once their accent is gone, so the rest is spelt out last.
    return unicodedata.normalize("NFKC", _ACCENT.sub("", unicodedata.normalize("NFKD", key))).translate(_SPELT_OUT)


@lru_cache(maxsize=100_000)
def fold_word(word: str) -> str:
    """`fold` for single words, which come again: about ten times as fast. Not for whole texts, which it would keep."""
    return fold(word)
