"""Distil a sentence transformer into the static English word vectors that ship with cxtext.

    python models/vectors/build.py --model FOLDER   (a local copy of all-MiniLM-L6-v2; nothing is downloaded)

Every word goes through the sentence transformer alone, a principal component analysis keeps the directions in which
words differ, and each row is stored as 8-bit integers with one scale. Method after model2vec (van Dongen and Tulkens,
2024); weights for frequent words are not baked in, because `Static` takes them from the corpus at hand.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import spacy_lookups_data
import srsly
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

HERE = Path(__file__).parent
LEXICONS = HERE.parent / "lexicons"
WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]|n't|'(?:s|re|ve|ll|d|m)")
PIECE_LENGTH = 3  # shorter wordpieces carry no meaning of their own

Floats = NDArray[np.float32]


def general_probabilities() -> dict[str, float]:
    """Probability of each lower-case English word in general text, from `spacy-lookups-data` (MIT)."""
    path = Path(spacy_lookups_data.__file__).parent / "data" / "en_lexeme_prob.json.gz"
    merged: dict[str, float] = defaultdict(float)
    for form, logarithm in srsly.read_gzip_json(path).items():
        word = form.lower()
        if WORD.fullmatch(word):
            merged[word] += exp(logarithm)
    return dict(merged)


def translations() -> tuple[set[str], set[str]]:
    """English words and English phrases that the own dictionaries translate to."""
    words: set[str] = set()
    phrases: set[str] = set()
    for path in sorted(LEXICONS.glob("de_en*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            for meaning in line.split("\t")[1].split(";"):
                parts = meaning.strip().lower().split()
                words.update(parts)
                if len(parts) > 1:
                    phrases.add(" ".join(parts))
    return words, phrases


def choose(probabilities: dict[str, float], size: int) -> list[str]:
    """Dictionary words first, then the most frequent; sorted so that the file is the same for the same input."""
    wanted, phrases = translations()
    frequent = sorted(probabilities, key=lambda word: (-probabilities[word], word))
    chosen = dict.fromkeys(sorted(wanted | phrases))
    for word in frequent:
        if len(chosen) >= size:
            break
        chosen.setdefault(word)
    return sorted(chosen)


def distil(words: list[str], folder: str, dimensions: int) -> Floats:
    """Rows of `words`, shape (words, dimensions): transformer, mean out, principal components."""
    whole = SentenceTransformer(folder, device="cpu")
    model = SentenceTransformer(
        modules=[whole[0], whole[1]]
    )  # transformer and mean, without the norm: length says weight
    raw = np.asarray(model.encode(words, batch_size=256, show_progress_bar=False), dtype=np.float64)
    centred = raw - raw.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    kept = directions[:, np.argsort(-values)[:dimensions]]
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])  # eigenvectors come with either sign
    return np.asarray(centred @ (kept * signs), dtype=np.float32)


def quantise(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Eight bits a number and one scale a row: row = integers * scale."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / 127.0
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def write(
    path: Path, words: list[str], vectors: Floats, probabilities: dict[str, float], about: dict[str, Any]
) -> None:
    """One npz without pickle; `words` is UTF-8 text, one word or phrase a line."""
    integers, scales = quantise(vectors)
    np.savez(
        path,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        vectors=integers,
        scales=scales,
        probabilities=np.array([probabilities.get(word, 0.0) for word in words], dtype=np.float32),
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8),
    )


def main() -> None:
    """Build `models/vectors/english.npz`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--size", type=int, default=26_000, help="words and phrases")
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--output", type=Path, default=HERE / "english.npz")
    options = parser.parse_args()
    probabilities = general_probabilities()
    words = choose(probabilities, options.size)
    vectors = distil(words, options.model, options.dimensions)
    about = {
        "source": "all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "dimensions": options.dimensions,
        "words": len(words),
    }
    write(options.output, words, vectors, probabilities, about)
    sys.stdout.write(f"{options.output}: {len(words)} rows, {options.output.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
