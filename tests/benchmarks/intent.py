"""Measures intent on developers' issues of ../shared/data (bug: complaint, feature: wish, question), and its speed. One JSON object.

Run: nice .venv/bin/python tests/benchmarks/intent.py
"""

import json
import time
from pathlib import Path

import pandas as pd
from sklearn.metrics import f1_score

from cxtext.domain import Case
from cxtext.intent.cues import Cues, settle
from cxtext.sentiment.lexicon import Lexicon

DATA = Path(__file__).parents[3] / "shared" / "data"
MEANT = {"bug": "complaint", "feature": "wish", "question": "question"}
READ = 600  # characters of an issue's body: below come logs


def main() -> None:
    (file,) = (DATA / "nlbse24_github_issues").glob("*.parquet")
    issues = pd.read_parquet(file)
    texts = [f"{title}\n{(body or '')[:READ]}" for title, body in zip(issues["title"], issues["body"], strict=True)]
    cases = [Case(id=str(number), source="nlbse", text=text, language="en") for number, text in enumerate(texts)]
    aims, moods = Cues().read(cases), Lexicon().score(cases)
    answers = [settle(aim, mood).intent for aim, mood in zip(aims, moods, strict=True)]
    gold = [MEANT[label] for label in issues["label"]]
    names = list(MEANT.values())
    single = f1_score(gold, answers, labels=names, average=None)
    figures: dict[str, object] = {"texts": len(texts)}
    figures |= {f"f1_{name}": round(float(value), 3) for name, value in zip(names, single, strict=True)}
    for kind in ("micro", "macro"):
        figures[f"f1_{kind}"] = round(float(f1_score(gold, answers, labels=names, average=kind)), 3)
    print(json.dumps(figures | speed()))


def speed() -> dict[str, int]:
    tweets = pd.read_parquet(DATA / "umsab" / "umsab.parquet")
    tweets = tweets[(tweets.language == "de") & (tweets.split == "test")]
    cues, texts = Cues(), tweets.text.tolist()
    for _ in range(2):  # the second time every word is known, as after some weeks of tickets
        started = time.process_time()
        for text in texts:
            cues.find_aim(text, "de")
        spent = time.process_time() - started
    return {"short_texts_per_cpu_second_warm": round(len(texts) / spent)}


if __name__ == "__main__":
    main()
