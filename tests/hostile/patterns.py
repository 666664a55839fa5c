"""Patterns that make a backtracking matcher run for years, at every place where users may write one."""

import time
from collections.abc import Callable
from typing import Any

MOST_SECONDS = 0.05  # of one processor, for a pattern against a text of the greatest length
LONGEST = 20_000  # characters that are kept of a ticket

EVIL = (
    "(a+)+$", "([a-zA-Z]+)*$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}$", "(a*)*b", "(a*)*$", "((a+)+)+$", "(x+x+)+y",
    "(.+)+b", "(\\w+\\s?)*$", "(\\w*)*\\.$", "([^\\s]+)+@", "(a?){30}a{30}", "^(([a-z])+.)+[A-Z]([a-z])+$", "(\\d+)*x$",
    "(a|b|ab)*c", "(.*)(.*)(.*)(.*)(.*)(.*)b", ".*.*.*.*.*.*=.*", "(?:a{1,30}){1,30}b", "(aa|aab?)+$", "(\\s*)*x",
    "((ab)*)*c", "(a+b?)+c", "^(a?a?a?a?a?a?a?a?)*$", "(?i)(Z*)*y", "([ab]*)*c", "(?:(?:a|a)*)*b", "(.|\\s)*x",
    "(foo|fo+)*bar$",
)  # fmt: skip
REFUSED = ("(a)\\1", "(?=a+)b", "(?!a+)b", "(?<=a)b", "(?>a+)b", "a{1001}", "(((((a{50}){50}){50})", "(?P<n>a)(?P=n)")
TEXTS = ("a" * LONGEST, "a" * (LONGEST - 1) + "!", "ab" * (LONGEST // 2), "a " * (LONGEST // 2), "x" * LONGEST, " " * LONGEST,
         "fo" * (LONGEST // 2), "1" * LONGEST, "Z" * LONGEST)  # fmt: skip
PHRASES = ("a…" * 3 + "b", "… … a", "a … a … a … b", "…a…a…", "…", "a…b…c…", "aa … aa …")


def seconds(work: Callable[[], Any]) -> float:
    """Processor time of one call; the better of two, since a machine may be busy."""
    spent = []
    for _ in range(2):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return min(spent)


def slowest() -> dict[str, object]:
    """The slowest use of an evil pattern at each place, in milliseconds, and how many are over the limit."""
    found = {"taxonomy": _taxonomy(), "intent": _intents(), "languages": _languages(), "kept words": _kept(),
             "files of a folder": _globs()}  # fmt: skip
    let_in = [pattern for pattern in REFUSED if not _refused(pattern)]
    slow = {place: round(1000 * spent, 1) for place, spent in found.items()}
    wrong = sum(spent > MOST_SECONDS for spent in found.values()) + len(let_in)
    return {"patterns": len(EVIL), "phrases": len(PHRASES), "refused": len(REFUSED) - len(let_in), "slowest in ms": slow,
            "wrong": wrong, "examples": let_in}  # fmt: skip


def _taxonomy() -> float:
    from cxtext.causes.matcher import _compile

    compiled = [_compile(pattern) for pattern in EVIL]
    return max(seconds(lambda one=one, text=text: one.search(text)) for one in compiled for text in TEXTS)  # type: ignore[misc]


def _refused(pattern: str) -> bool:
    from cxtext.causes.taxonomy_file import _check_pattern
    from cxtext.errors import ConfigurationError

    try:
        _check_pattern(pattern)
    except ConfigurationError:
        return True
    return False


def _intents() -> float:
    import re2

    from cxtext.intent.cue_files import as_pattern

    written = [as_pattern(cue) for cue in ("a* … a* … a* … b", "a* a* a* a* b", "… … … a", *EVIL)]
    compiled = [re2.compile(pattern) for pattern in written]
    return max(seconds(lambda one=one, text=text: one.search(f" {text} ")) for one in compiled for text in TEXTS)  # type: ignore[misc]


def _languages() -> float:
    from cxtext.errors import ConfigurationError
    from cxtext.text import phrases

    spent = 0.0
    for phrase in PHRASES:
        for make, use in ((phrases.starts_with, "match"), (phrases.whole, "match"), (phrases.anywhere, "search")):
            try:
                find = getattr(make([phrase]), use)
            except ConfigurationError:
                continue
            spent = max(spent, *(seconds(lambda find=find, text=text: find(text)) for text in TEXTS))  # type: ignore[misc]
    return spent


def _kept() -> float:
    from cxtext.text.redact import Redactor

    plain = Redactor(b"a key")
    base = {text: seconds(lambda text=text: plain.redact(text, "de")) for text in TEXTS[:3]}  # type: ignore[misc]
    return max(
        seconds(lambda one=one, text=text: one.redact(text, "de")) - base[text]  # type: ignore[misc]
        for one in (Redactor(b"a key", keep=[pattern]) for pattern in EVIL[:3])
        for text in TEXTS[:3]
    )


def _globs() -> float:
    import fnmatch

    return max(
        seconds(lambda pattern=pattern, text=text: fnmatch.fnmatch(text, pattern))  # type: ignore[misc]
        for pattern in ("*a" * 20 + "b", "*?" * 30 + "x", "[!a]*" * 20)
        for text in ("a" * 255, "ab" * 127)
    )
