"""How well topics are named: what the words of a name cover, whether names are unique, whether they hold debris.

    python tests/benchmarks/names.py ../shared/data [cxtext-demo/cxtext.db]

Gold groups (banking77 train, CLINC150 in scope, Konstanz without "Hinweise", at most 200 texts each) are named as if they
were topics; of a database the topics that were found, by the texts in their memory. Prints one line per set, and with
`--show` every name.
"""

import argparse
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from cxtext.text.compounds import parts
from cxtext.text.fold import fold
from cxtext.text.words import lemma, stop_words
from cxtext.topics.label import name_topics
from cxtext.topics.memory import Memory

WORD = re.compile(r"[^\W_]+")
NEGATION = {"nicht", "kein", "keine", "nie", "not", "no", "never", "without", "t"}
MOST = 200  # texts a group, as many as a topic's memory keeps
Texts = dict[str, list[tuple[str, str]]]


def content(text: str, language: str) -> set[str]:
    """Folded dictionary forms of the words that say something."""
    found = {fold(lemma(word, language)) for word in WORD.findall(text) if fold(word) not in stop_words(language)}
    return {word for word in found if len(word) > 2 and word not in NEGATION}


def with_parts(words: Iterable[str]) -> set[str]:
    """The words and the parts of German compounds among them."""
    return {fold(lemma(part, "de")) for word in words for part in (word, *parts(word))} | set(words)


def gold(folder: Path) -> dict[str, Texts]:
    """Per set the texts of every category."""
    banking = pd.read_parquet(folder / "banking77/banking77.parquet").query("split == 'train'")
    clinc = pd.read_parquet(folder / "clinc150/clinc150.parquet").query("intent != 'oos'")
    city = pd.read_parquet(folder / "konstanz_maengelmelder_2020_2022/konstanz.parquet")
    city = city[city.sub_category.notna() & (city.sub_category != "Hinweise") & city.text.notna()]
    return {
        "banking77": _grouped(banking.text, banking.category, "en"),
        "clinc150": _grouped(clinc.text, clinc.intent, "en"),
        "Konstanz": _grouped(city.text, city.sub_category, "de"),
    }


def _grouped(texts: Iterable[str], categories: Iterable[str], language: str) -> Texts:
    found: Texts = {}
    for text, category in zip(texts, categories, strict=True):
        if len(several := found.setdefault(category, [])) < MOST:
            several.append((text, language))
    return found


def found_topics(database: Path) -> Texts:
    """The texts of every topic in the newest memory of a database."""
    query = "select content from memory order by run_id desc limit 1"
    with sqlite3.connect(database) as connection:
        memory = Memory.from_bytes(connection.execute(query).fetchone()[0])
    texts: Texts = {}
    for member in memory.members:
        texts.setdefault(member.topic_id, []).append((member.text, member.language))
    return texts


def measure(title: str, texts: Texts, *, has_gold: bool, show: bool) -> None:
    """Name the topics of one set and print what the names are worth."""
    name_topics(dict(list(texts.items())[:1]))  # word lists are loaded before the clock starts
    started = time.process_time()
    names = name_topics(texts)
    seconds = time.process_time() - started
    written = Counter(word for several in texts.values() for text, _ in several for word in WORD.findall(text.lower()))
    count: Counter[str] = Counter()
    for topic, name in names.items():
        language = next((code for code in name.languages if name.labels.get(code) == name.label), name.languages[0])
        says = content(name.label, language)
        covered = sum(bool(says & content(text, spoken)) for text, spoken in texts[topic]) / len(texts[topic])
        words = WORD.findall(name.label)
        ends = {fold(name.label.split()[0]), fold(name.label.split()[-1])} - NEGATION
        count["covers"] += covered >= 0.25
        count["ends"] += bool(ends & stop_words(language))
        count["mask"] += bool(re.search(r"[<\[]|NAME_|EMAIL_|PHONE_", name.label))
        count["long"] += len(name.label) > 45
        count["joined"] += bool({"und", "and", "&"} & set(words))
        count["one word"] += len(words) == 1
        count["lost umlaut"] += any(
            not written[word.lower()] and any(fold(other) == fold(word) for other in written)
            for word in words
            if re.search("ae|oe|ue|ss", word)
        )
        count["gold"] += bool(
            with_parts(says) & with_parts(content(re.sub("[_/]", " ", topic), language)) if has_gold else set()
        )
        if show:
            print(f"  {topic[:34]:34} {len(texts[topic]):4} {covered:4.0%}  {name.label}")
    named_alike = f"{count['gold'] / len(names):.0%}" if has_gold else "-"
    print(
        f"{title}: {len(names)} names, {sum(map(len, texts.values()))} texts, {seconds:.2f} CPU-s; covers >= 25 % "
        f"{count['covers'] / len(names):.0%}; unique {len({name.label for name in names.values()}) / len(names):.0%}; "
        f"shares a word with the category {named_alike}; "
        + "; ".join(f"{what} {count[what]}" for what in ("joined", "one word", "ends", "mask", "lost umlaut", "long"))
    )


def main() -> None:
    """Name every set that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("databases", type=Path, nargs="*")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    for title, texts in gold(given.data).items():
        measure(title, texts, has_gold=True, show=given.show)
    for database in given.databases:
        measure(str(database), found_topics(database), has_gold=False, show=given.show)


if __name__ == "__main__":
    main()
