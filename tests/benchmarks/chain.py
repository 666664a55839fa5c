"""Measures the whole chain of one ticket: clean, language, redact, sentiment, causes, intent. One JSON line per set.

Run: nice .venv/bin/python tests/benchmarks/chain.py [NAME ...]   (each set in a fresh process; needs ../shared/data)
`answers` is a hash of all that was said: a faster version must say the same.
"""

import hashlib
import json
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from cxtext.assemble import Parts, load_parts
from cxtext.domain import Ticket
from cxtext.settings import Settings
from cxtext.text.prepare import prepare_all

DATA = Path(__file__).parents[3] / "shared" / "data"
SETS = {  # file, column, goal in texts per CPU-second
    "konstanz": ("konstanz_maengelmelder_2020_2022/konstanz.parquet", "text", 1500),
    "umsab": ("umsab/umsab.parquet", "text", 1500),
    "tobi": ("tobi_tickets/multi_lang_4_20k.parquet", "body", 600),
    "tobi_german": ("tobi_tickets/german_normalized_50_5_2.parquet", "body", 600),
}
WARM = 500  # texts that come first: they load models and word lists
MOST = 3000
BATCH = 500
STEPS = ("prepare", "sentiment", "causes", "intent")


def texts_of(name: str) -> list[str]:
    from pyarrow import parquet

    path, column, _ = SETS[name]
    texts = parquet.read_table(DATA / path, columns=[column])[column].to_pylist()
    return list(dict.fromkeys(text for text in texts if text))[: WARM + MOST]


def measure(name: str, texts: list[str]) -> dict[str, object]:
    tickets = [Ticket(id=str(number), text=text) for number, text in enumerate(texts)]
    started = time.process_time()
    parts = load_parts(Settings(), key=b"benchmark")
    loaded = time.process_time()
    run(tickets[:WARM], parts)
    first = time.process_time()
    spent, answers = run(tickets[WARM:], parts)
    again, same = run(tickets[WARM:], parts)
    assert answers == same
    count = len(texts) - WARM
    return {
        "set": name,
        "texts": count,
        "characters": sum(map(len, texts[WARM:])) // count,
        "texts_per_cpu_second": round(count / sum(spent)),
        "words_already_met": round(count / sum(again)),
        "goal": SETS[name][2],
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load_seconds": round(loaded - started, 2),
        "first_texts_seconds": round(first - loaded, 2),
        "seconds": {step: round(seconds, 2) for step, seconds in zip(STEPS, spent, strict=True)},
        "answers": answers,
    }


def run(tickets: list[Ticket], parts: Parts) -> tuple[list[float], str]:
    """CPU seconds of each step, and a hash of everything that was said."""
    spent, told = [0.0] * len(STEPS), hashlib.sha256()
    for start in range(0, len(tickets), BATCH):
        marks = [time.process_time()]
        cases = list(prepare_all(tickets[start : start + BATCH], languages=parts.languages, redactor=parts.redactor))
        marks.append(time.process_time())
        moods = parts.sentiment.score(cases)
        marks.append(time.process_time())
        diagnoses = parts.tagger.tag(cases)
        marks.append(time.process_time())
        aims = parts.intent.read(cases)
        marks.append(time.process_time())
        told.update(repr((cases, moods, diagnoses, aims)).encode())
        spent = [sum(pair) for pair in zip(spent, (late - early for early, late in pairwise(marks)), strict=True)]
    return spent, told.hexdigest()[:16]


def main(wanted: list[str]) -> None:
    if wanted[:1] == ["--here"]:
        print(json.dumps(measure(wanted[1], json.load(sys.stdin))), flush=True)
        return
    for name in wanted or SETS:
        subprocess.run(
            [sys.executable, __file__, "--here", name], input=json.dumps(texts_of(name)), text=True, check=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
