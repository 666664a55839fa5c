"""Nothing in the demo or the pairs is taken from the public texts that we measure with."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxtext.domain import Ticket

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
LEAST_WORDS = 8  # shorter ones are formulas that everybody writes: "I look forward to hearing from you."


def sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"[.!?\n\t]+", text):
        words = re.findall(r"\w+", sentence.casefold())
        if len(words) >= LEAST_WORDS:
            yield " ".join(words)


@pytest.mark.skipif(not DATA.is_dir(), reason="the public texts in ../shared/data are not here")
def test_no_sentence_is_somebody_elses(sample: list[tuple[Ticket, object]]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    own = {sentence for ticket, _ in sample for sentence in sentences(ticket.text)}
    own |= set(sentences((ROOT / "tests" / "golden" / "pairs.tsv").read_text("utf-8")))
    assert len(own) > 3000
    for path in sorted(DATA.glob("**/*.parquet")):
        table = parquet.read_table(path)
        for name in table.column_names:
            if str(table.schema.field(name).type) in {"string", "large_string"}:
                theirs = {sentence for text in table[name].to_pylist() if text for sentence in sentences(text)}
                assert not own & theirs, (path.name, own & theirs)
