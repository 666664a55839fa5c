"""Cut a text into the pieces that carry feeling: words, numbers, emojis, emoticons, marks that end a clause."""

import re
from typing import Final

_EMOJI: Final = "[\u2190-\u2bff\u2600-\u27bf\U0001f000-\U0001faff][\U0001f3fb-\U0001f3ff]?\ufe0f?"
# One alternation instead of a tokenizer: the spaCy one splits emoticons and costs ten times as much per text.
_PIECE: Final = re.compile(
    rf"""https?://\S+ | www\.\S+ | @\w+                                 # addresses and handles feel nothing
      | <[A-Za-z][A-Za-z_]{{1,30}}(?:_[0-9a-f]{{4,12}})?>                 # what redaction put there: the same for every key
      | [<>]?[:;=8xX][-o*']?[)\](\[dDpP/\\|}}{{@3*]+(?![\w]) | (?:<|&lt;)3+ | \^_*\^ | [-.]_+[-.] | -\.-'? | [oO][_.][oO]\b | [(][:;]   # emoticons
      | \d{{1,2}}\.(?=\s\w) | \d+(?:[.,:]\d+)*                           # numbers, and ordinals: the 1. class ends nothing
      | [^\W\d_]+(?:['’.&+-][^\W\d_]+)*\+?                              # words, with WLAN-Router and geht's
      | [!?]+ | \.{{2,}} | …+ | [.,;:()"„“\n–—-]                            # marks
      | [\U0001f1e6-\U0001f1ff]{{2}} | {_EMOJI}(?:\u200d{_EMOJI})*          # flags; emojis with skin tone, joined ones
    """,
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")  # left over by exports that escape JSON twice
SENTENCE_END: Final = frozenset({".", "\n"})
CLAUSE_END: Final = frozenset({",", ";", ":", "(", ")", "–", "—", "-", '"', "„", "“"})


def pieces(text: str) -> list[str]:
    """The pieces of `text` in order, as written."""
    if "\\u" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _PIECE.findall(text)


def ends_sentence(piece: str) -> bool:
    """Whether a piece closes a sentence: full stop, line break, exclamation or question marks, dots."""
    return piece in SENTENCE_END or piece[0] in "!?…" or piece.startswith("..")


def ends_clause(piece: str) -> bool:
    """Whether a negation stops working at this piece."""
    return piece in CLAUSE_END or ends_sentence(piece)
