"""How well compounds are cut and dictionary forms found, against lists with the answer."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from cxtext.text.compounds import pieces
from cxtext.text.words import lemma


def evaluate_compounds(path: Path) -> dict[str, float]:
    """Measure the splitter on a TSV of `word` and `pieces` (`|` must be cut, `+` may be cut, neither: must stay whole).

    `boundary` is the share of compounds whose every required cut is found with no other; `recall` and `precision` count cuts.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [(row["word"], row["pieces"]) for row in csv.DictReader(lines, delimiter="\t")]
    required = found = made = wrong = exact = compounds = false_splits = 0
    for word, marked in rows:
        must, may, cuts = _places(marked, "|"), _places(marked, "+"), _places("|".join(pieces(word)), "|")
        if not must:
            false_splits += bool(cuts - may)
            continue
        compounds += 1
        required, found, made, wrong = (
            required + len(must),
            found + len(must & cuts),
            made + len(cuts),
            wrong + len(cuts - must - may),
        )
        exact += must <= cuts <= must | may
    return {
        "compounds": compounds,
        "boundary": found / required,
        "precision": 1 - wrong / made,
        "exact": exact / compounds,
        "whole_words": len(rows) - compounds,
        "false_splits": false_splits,
    }


def evaluate_lemmas(path: Path, language: str) -> dict[str, float]:
    """Measure lemmas on a CoNLL-U file (may be gzipped): share of word tokens whose lemma is the treebank's."""
    right = right_folded = total = 0
    for form, gold in _conllu(path):
        mine = lemma(form, language)
        total += 1
        right += mine == gold
        right_folded += mine.casefold() == gold.casefold()
    return {"tokens": total, "accuracy": right / total, "accuracy_ignoring_case": right_folded / total}


def _places(marked: str, mark: str) -> set[int]:
    places, length = set(), 0
    for character in marked:
        if character == mark:
            places.add(length)
        elif character not in "|+":
            length += 1
    return places


def _conllu(path: Path) -> Iterator[tuple[str, str]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in raw.decode().splitlines():
        fields = line.split("\t")
        if (
            len(fields) == 10
            and fields[0].isdigit()
            and fields[3] not in {"PUNCT", "SYM", "X", "NUM"}
            and fields[2] != "_"
        ):
            yield fields[1], fields[2]
