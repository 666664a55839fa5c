"""What cxtext knows about a language (`models/languages/xx.toml`), and which language a text is in."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cxtext.errors import ConfigurationError
from cxtext.resources import model_file, model_files

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNDETERMINED = "und"
# Not every text is in a configured language; these are common enough in European support to be noticed as foreign.
NOTICED = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "tr")
ENOUGH_LETTERS = 20
ENOUGH_PROBABILITY = 0.7
_BETTER_THAN_NOTHING = 0.55  # between the configured languages alone, where nothing else helps
_LONGEST_READ = 150  # characters; with 2,000 the answers are the same and cost three times as much
_NO_LISTS = frozenset({"code", "name", "stop_words", "first_names", "surnames", "compounds"})
_LETTER_RUN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language as data. Phrases are matched folded; `…` in a phrase stands for any run of characters."""

    code: str
    name: str
    stop_words: frozenset[str] = frozenset()
    first_names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    greetings: tuple[str, ...] = ()
    greeting_words: tuple[str, ...] = ()
    closings: tuple[str, ...] = ()
    courtesy: tuple[str, ...] = ()
    quote_headers: tuple[str, ...] = ()
    reply_marks: tuple[str, ...] = ()
    reply_above: tuple[str, ...] = ()
    header_fields: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    signature_cues: tuple[str, ...] = ()
    company_forms: tuple[str, ...] = ()
    postscripts: tuple[str, ...] = ()
    auto_replies: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    name_cues: tuple[str, ...] = ()
    own_name_cues: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()  # firms and products that are called like a person
    full_name_cues: tuple[str, ...] = ()  # a name may stand behind them, or anything else
    caller_frames: tuple[str, ...] = ()
    surname_frames: tuple[str, ...] = ()
    no_callers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    birth_cues: tuple[str, ...] = ()
    plate_cues: tuple[str, ...] = ()
    phone_cues: tuple[str, ...] = ()
    card_cues: tuple[str, ...] = ()
    tax_cues: tuple[str, ...] = ()
    address_cues: tuple[str, ...] = ()
    keep_cues: tuple[str, ...] = ()
    compounds: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Mapping[str, Any], ...] = field(default=())


@lru_cache(maxsize=32)
def load_language(code: str) -> Language:
    """Read `models/languages/<code>.toml` (a company's own file wins).

    Raises:
        ConfigurationError: there is no such language, or its file says something cxtext does not know.
    """
    if code not in known_languages():
        raise ConfigurationError(
            f"no language {code!r} in models/languages; known: {', '.join(known_languages())}; "
            f"add it by writing languages/{code}.toml in your own models folder"
        )
    path = model_file(f"languages/{code}.toml")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"language file {path}: {error}") from error
    known = {entry.name for entry in fields(Language)}
    if unknown := sorted(set(content) - known):
        raise ConfigurationError(f"language file {path}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")
    return _language(str(path), content)


@lru_cache(maxsize=1)
def known_languages() -> tuple[str, ...]:
    """The codes of all languages that have a file, sorted."""
    return tuple(sorted(path.stem for path in model_files("languages/*.toml")))


def identify(text: str, languages: Sequence[str], *, hint: str | None = None) -> tuple[str, float]:
    """Return the language of `text` (ISO 639-1, or ``und``) and a probability.

    The naive Bayes model of py3langid (Lui and Baldwin 2011) decides between `languages` and a few common others. Below
    20 letters or a probability of .7 `hint` (what the source, the thread or the customer says) is taken, then the vote
    of the stop words, then the model once more between `languages` alone; ``und`` where it is not sure either.
    """
    head = text[:_LONGEST_READ]
    letters = len("".join(_LETTER_RUN.findall(head)))
    if not letters:
        return (hint or UNDETERMINED), 0.0
    code, probability = _noticing(tuple(languages)).classify(head)
    if letters >= ENOUGH_LETTERS and probability >= ENOUGH_PROBABILITY:
        return code, probability
    if hint:
        return hint, probability
    if voted := _stop_word_vote(head, languages):
        return voted, probability
    code, probability = _identifier(tuple(sorted(languages))).classify(head)
    return (code if probability >= _BETTER_THAN_NOTHING else UNDETERMINED), probability


def _stop_word_vote(text: str, languages: Sequence[str]) -> str | None:
    """The configured language with the most stop words in `text`; None if two share the first place or none has any."""
    found = [word.lower() for word in _LETTER_RUN.findall(text)]
    votes = sorted(
        ((sum(word in load_language(code).stop_words for word in found), code) for code in languages), reverse=True
    )
    if not votes or not votes[0][0] or (len(votes) > 1 and votes[0][0] == votes[1][0]):
        return None
    return votes[0][1]


@lru_cache(maxsize=8)
def _noticing(languages: tuple[str, ...]) -> "LanguageIdentifier":
    return _identifier(tuple(sorted({*NOTICED, *languages})))


@lru_cache(maxsize=8)
def _identifier(codes: tuple[str, ...]) -> "LanguageIdentifier":
    # An own instance: the package's module-level one is shared with whoever else uses it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loads a model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in codes if code in identifier.labels])
    return identifier


def _language(where: str, content: Mapping[str, Any]) -> Language:
    try:
        return Language(
            code=content["code"],
            name=content["name"],
            stop_words=frozenset(content.get("stop_words", "").split()),
            first_names=frozenset(content.get("first_names", "").split()),
            surnames=frozenset(content.get("surnames", "").split()),
            compounds=dict(content.get("compounds", {})),
            **{key: tuple(value) for key, value in content.items() if key not in _NO_LISTS},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"language file {where}: {error!r}; code and name are needed, the rest are lists"
        ) from error
