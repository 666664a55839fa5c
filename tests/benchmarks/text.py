"""Measures the text room: language, words, cleaning, redaction, speed. Prints one JSON object; needs ../shared/data.

Run: nice .venv/bin/python tests/benchmarks/text.py [speed language words cleaning pii]
"""

import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from cxtext.domain import Facts, Ticket
from cxtext.evaluate.cleaning import evaluate_mails, evaluate_untouched
from cxtext.evaluate.language import evaluate_language
from cxtext.evaluate.pii import evaluate_false_redactions, evaluate_pii
from cxtext.evaluate.words import evaluate_compounds, evaluate_lemmas
from cxtext.text.clean import clean
from cxtext.text.language import identify, load_language
from cxtext.text.prepare import prepare
from cxtext.text.redact import Redactor

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
TESTS = ROOT / "tests" / "text"
NO_MAILS = {
    "konstanz": ("konstanz_maengelmelder_2020_2022/konstanz.parquet", "de"),
    "germeval_dev": ("germeval2017/dev.parquet", "de"),
    "germeval_syn": ("germeval2017/test_syn.parquet", "de"),
    "sb10k": ("sb10k/sb10k.parquet", "de"),
    "amazon": ("amazon_de_products/amazon_de.parquet", "de"),
    "umsab": ("umsab/umsab.parquet", "en"),
    "banking77": ("banking77/banking77.parquet", "en"),
    "clinc150": ("clinc150/clinc150.parquet", "en"),
    "airline": ("airline_tweets/airline.parquet", "en"),
    "viber": ("idea_viber/viber.parquet", "en"),
}
TOBI = ("multi_lang_4_20k", "multi_lang3_4k")


def column(path: str, name: str = "text") -> list[str]:
    return [str(text) for text in pd.read_parquet(DATA / path)[name].tolist() if isinstance(text, str)]


def tickets() -> list[tuple[str, str]]:
    rows = [(text, "de") for text in column(NO_MAILS["konstanz"][0])]
    for name in TOBI:
        frame = pd.read_parquet(DATA / f"tobi_tickets/{name}.parquet")
        rows += zip(map(str, frame["body"].tolist()), frame["language"].tolist(), strict=True)
    return rows


def utterances() -> list[tuple[str, str]]:
    """English questions, and the first sentences (15 to 60 characters) of German texts."""
    rows = [(text, "en") for text in column(NO_MAILS["clinc150"][0])[:3000] + column(NO_MAILS["banking77"][0])[:1500]]
    for name in ("konstanz", "amazon"):
        firsts = (re.split(r"(?<=[.!?])\s", text.strip())[0] for text in column(NO_MAILS[name][0]))
        rows += [(first, "de") for first in firsts if 15 <= len(first) <= 60]
    return rows


def english_marked_german(text: str, gold: str) -> bool:
    """Three English stop words and no German one: the translation of that row is missing in the source."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    german, english = load_language("de").stop_words, load_language("en").stop_words
    return (
        gold == "de"
        and sum(word in english - german for word in words) >= 3
        and not any(word in german - english for word in words)
    )


def language() -> dict[str, object]:
    all_tickets = tickets()
    rightly = [row for row in all_tickets if not english_marked_german(*row)]
    sets = {"tickets_as_given": all_tickets, "tickets": rightly, "utterances": utterances()}
    return {name: evaluate_language(*map(list, zip(*rows, strict=True))) for name, rows in sets.items()}


def words() -> dict[str, object]:
    treebanks = DATA / "universal_dependencies"
    return {
        "compounds": evaluate_compounds(TESTS / "compounds.tsv"),
        "compounds_blind": evaluate_compounds(TESTS / "compounds_blind.tsv"),
        "lemma_de": evaluate_lemmas(treebanks / "de_gsd_test.conllu.gz", "de"),
        "lemma_en": evaluate_lemmas(treebanks / "en_ewt_test.conllu.gz", "en"),
    }


def cleaning() -> dict[str, object]:
    texts = [text for path, _ in NO_MAILS.values() for text in column(path)]
    return {"mails": evaluate_mails(TESTS / "mails.txt"), "no_mails": evaluate_untouched(texts)}


def pii() -> dict[str, object]:
    real = {}
    for name, (path, code) in NO_MAILS.items():
        texts = column(path)
        random.Random(13).shuffle(texts)
        real[name] = evaluate_false_redactions(texts[:1000], [code] * 1000)
    return {
        "with_people": evaluate_pii(8000, 99),
        "without_people": evaluate_pii(8000, 99, with_people=False),
        "sentences": evaluate_pii(8000, 99, texts="sentences"),
        "sentences_without_people": evaluate_pii(8000, 99, with_people=False, texts="sentences"),
        "redactions_in_real_texts": real,
    }


def speed() -> dict[str, object]:
    redactor = Redactor(b"k" * 32)
    facts = Facts(customer_id="C-17", assignee="Sabine Meier")

    def per_second(work: Callable[[str], object], texts: list[str]) -> int:
        started = time.process_time()
        for text in texts:
            work(text)
        return round(len(texts) / (time.process_time() - started))

    def prepared(text: str) -> object:
        return prepare(
            Ticket(id="1", text=text, people=("Max Mustermann",), facts=facts),
            languages=("de", "en"),
            redactor=redactor,
        )

    prepared("Hallo, Tel. 0171 2345678, Hauptstraße 5")
    sets = {name: column(NO_MAILS[name][0])[:3000] for name in ("konstanz", "amazon", "viber", "banking77")}
    sets["tobi_german"] = column("tobi_tickets/german_normalized_50_5_2.parquet", "body")[:3000]
    steps: dict[str, Callable[[str], object]] = {
        "clean": clean,
        "identify": lambda text: identify(text, ("de", "en")),
        "redact": lambda text: redactor.redact(text, "de", ("Max Mustermann",)),
        "prepare": prepared,
    }
    return {
        name: {
            "characters": sum(map(len, texts)) // len(texts),
            **{step: per_second(work, texts) for step, work in steps.items()},
        }
        for name, texts in sets.items()
    }


if __name__ == "__main__":
    steps = {"speed": speed, "language": language, "words": words, "cleaning": cleaning, "pii": pii}
    figures: dict[str, object] = {name: step() for name, step in steps.items() if name in (sys.argv[1:] or steps)}
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures, indent=1))
