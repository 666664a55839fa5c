"""In which language the command line speaks: the one that was set, else that of the system; German and English."""

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

LANGUAGES = ("en", "de")
FILE = "cxtext.toml"


def spoken(environment: Mapping[str, str] = os.environ, words: Sequence[str] | None = None) -> str:
    """Which of LANGUAGES people are spoken to in.

    `CXTEXT_LANGUAGE` wins, then `language` in the configuration, then what the system says (LC_ALL, LC_MESSAGES, LANG); English where
    none of these names a language that there is. A configuration that cannot be read is for its own reader to complain about.
    """
    told = environment.get("CXTEXT_LANGUAGE") or _configured(sys.argv if words is None else words)
    if told in LANGUAGES:
        return told
    system = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return system[:2] if system[:2] in LANGUAGES and system[2:3] in ("", "_", ".") else "en"


def _configured(words: Sequence[str]) -> str:
    file = Path(FILE)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--config":
            file = Path(following)
        elif word.startswith("--config="):
            file = Path(word.partition("=")[2])
    try:
        return str(tomllib.loads(file.read_text(encoding="utf-8")).get("language", ""))
    except (OSError, ValueError):
        return ""
