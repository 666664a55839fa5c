"""Measure sentiment on the public sets of ../shared/data, one JSON line each: `sentiment.py [NAME|NAME:PART ...]`."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cxtext.evaluate.labelled import Labelled
from cxtext.evaluate.sentiment import evaluate_sentiment

DATA = Path(__file__).parents[3] / "shared" / "data"
NAMES = {"positiv": "positive", "negativ": "negative"}


def labelled(frame: pd.DataFrame, language: str, label: str = "label") -> Labelled:
    labels = [NAMES.get(one, one) for one in frame[label].tolist()]
    return Labelled(frame.text.tolist(), [language] * len(frame), labels)


def sets() -> Iterator[tuple[str, Labelled, Labelled]]:
    """Name, what may be learnt or tuned on, what is measured."""
    folder = DATA / "germeval2017"
    dev, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("dev", "test_syn"))
    yield "germeval", labelled(dev, "de", "sentiment"), labelled(test, "de", "sentiment")
    frame = pd.read_parquet(DATA / "sb10k" / "sb10k.parquet")
    yield "sb10k", labelled(frame[frame.split != "test"], "de"), labelled(frame[frame.split == "test"], "de")
    frame = pd.read_parquet(DATA / "umsab" / "umsab.parquet")
    for language in ("de", "en"):
        part = frame[frame.language == language]
        yield (
            f"umsab-{language}",
            labelled(part[part.split != "test"], language),
            labelled(part[part.split == "test"], language),
        )
    frame = pd.read_parquet(DATA / "amazon_de_products" / "amazon_de.parquet")
    half = frame.asin.map(lambda asin: hashlib.md5(str(asin).encode(), usedforsecurity=False).digest()[-1] % 2)
    yield "amazon-de", labelled(frame[half == 0], "de"), labelled(frame[half == 1], "de")
    frame = pd.read_parquet(DATA / "airline_tweets" / "airline.parquet").drop_duplicates("text")
    fifth = frame.text.map(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).digest()[0] % 5 == 0)
    yield "airline", labelled(frame[~fifth], "en", "sentiment"), labelled(frame[fifth], "en", "sentiment")


def main(wanted: list[str]) -> None:
    for name, train, test in sets():
        for part in ("lexicon", "learned"):
            if wanted and not {name, f"{name}:{part}"} & {*wanted}:
                continue
            against = ("majority", "vader", "textblob-de", "tfidf-svm", "minilm-lr") if part == "lexicon" else ()
            measured = evaluate_sentiment(
                test.texts, test.languages, test.gold, part=part, train=train, against=against
            )
            print(json.dumps({"set": name, **measured}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
