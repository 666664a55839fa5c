"""Measure what the static vectors add: coverage, neighbours and clusters on labelled data, German-English pairs.

python models/vectors/measure.py --data ../shared/data
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score

from cxtext.embedding.fast import Fast
from cxtext.embedding.static import Static

Floats = NDArray[np.float32]
PAIRS = Path(__file__).parents[2] / "tests" / "embedding" / "pairs.tsv"
SHARES = (0.0, 0.25, 0.5)


def sets(data: Path) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Name, language, texts and gold labels."""
    table = pd.read_parquet(data / "konstanz_maengelmelder_2020_2022" / "konstanz.parquet")
    table = table[table.sub_category.notna() & (table.sub_category != "Hinweise")]
    yield "konstanz", "de", table.text.tolist(), table.sub_category.tolist()
    table = pd.read_parquet(data / "tobi_tickets" / "german_normalized_50_5_2.parquet")
    texts = (table.subject.fillna("") + " " + table.body.fillna("")).str.replace("\\n", " ")
    yield "tobi 50_5_2", "de", texts.tolist(), table["queue"].tolist()
    table = pd.read_parquet(data / "banking77" / "banking77.parquet")
    table = table[table["split"] == "train"]
    yield "banking77", "en", table.text.tolist(), table.category.tolist()


def purity(rows: Floats, gold: list[str], neighbours: int = 10) -> float:
    """Mean share of the ten nearest texts that carry the same label."""
    labels = np.unique(gold, return_inverse=True)[1]
    shares = []
    for start in range(0, len(rows), 1000):
        likeness = rows[start : start + 1000] @ rows.T
        likeness[np.arange(len(likeness)), start + np.arange(len(likeness))] = -np.inf
        nearest = np.argpartition(-likeness, neighbours, axis=1)[:, :neighbours]
        shares.append(labels[nearest] == labels[start : start + 1000, None])
    return float(np.concatenate(shares).mean())


def information(rows: Floats, gold: list[str]) -> float:
    """NMI of k-means with as many clusters as labels: the space alone, without the topic engine."""
    found = KMeans(len(set(gold)), n_init=3, random_state=0).fit_predict(rows)
    return float(normalized_mutual_info_score(gold, found))


def unit(rows: Floats) -> Floats:
    """Rows of length 1."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def measure_set(name: str, language: str, texts: list[str], gold: list[str], dictionary: str) -> None:
    """Print one line for the static rows alone and one for each share beside the fast embedder."""
    languages = [language] * len(texts)
    started = time.process_time()
    static = Static(dictionary=dictionary)
    static.fit(texts, languages)
    meanings = static.encode(texts, languages)
    seconds = time.process_time() - started
    fast = Fast()
    fast.fit(texts, languages)
    shapes = fast.encode(texts, languages)
    say(f"{name}: {len(texts)} texts, coverage {static.coverage(texts, languages):.3f}, {seconds:.1f} CPU-s")
    say(f"  static alone   kNN {purity(meanings, gold):.3f} NMI {information(meanings, gold):.3f}")
    for share in SHARES:
        joined = unit(np.hstack([shapes, share * meanings]))
        say(f"  fast + {share} static   kNN {purity(joined, gold):.3f} NMI {information(joined, gold):.3f}")


def measure_pairs(dictionary: str) -> None:
    """Print how often the nearest sentence of the other language is the right one."""
    pairs = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    static = Static(dictionary=dictionary)
    german = static.encode([pair[0] for pair in pairs], ["de"] * len(pairs))
    english = static.encode([pair[1] for pair in pairs], ["en"] * len(pairs))
    likeness, right = german @ english.T, np.arange(len(pairs))
    forth, back = (likeness.argmax(axis=1) == right).mean(), (likeness.argmax(axis=0) == right).mean()
    say(f"{len(pairs)} pairs: de-en {forth:.3f}, en-de {back:.3f}")


def say(line: str) -> None:
    """One line of result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument("--dictionary", default="", help="a table that `cxtext lexicon import` wrote")
    options = parser.parse_args()
    measure_pairs(options.dictionary)
    for name, language, texts, gold in sets(options.data):
        measure_set(name, language, texts, gold, options.dictionary)


if __name__ == "__main__":
    main()
