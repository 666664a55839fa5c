"""Every example in models/taxonomy is a test: a cause is added by writing its block, nothing else."""

from typing import get_args

import pytest

from cxtext.causes.taxonomy import Example
from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.causes.taxonomy_tagger import TaxonomyTagger
from cxtext.domain import Dimension, RootCause

TAXONOMY = load_taxonomy()
TAGGER = TaxonomyTagger(TAXONOMY)


@pytest.mark.parametrize("example", TAXONOMY.examples, ids=lambda e: f"{e.label}-{e.language}-{e.text[:40]}")
def test_example(example: Example) -> None:
    tags = TAGGER.diagnose(example.text, example.language).tags
    found = {tag.cause: tag.evidence for tag in tags}
    assert (example.label in found) == example.expected, found


@pytest.mark.parametrize("cause", TAXONOMY.causes, ids=lambda cause: cause.key)
def test_cause_is_complete(cause: RootCause) -> None:
    assert set(cause.titles) >= {"de", "en"}
    assert cause.dimension in get_args(Dimension)
    assert cause.touchpoint
    for language in ("de", "en"):
        examples = [e for e in TAXONOMY.examples if e.label == cause.key and e.language == language]
        assert sum(e.expected for e in examples) >= 4, language
        assert sum(not e.expected for e in examples) >= 2, language
        rules = [r for r in TAXONOMY.rules if r.label == cause.key and r.language == language and not r.exclude]
        assert len(rules) >= 25, language


def test_all_recurring_causes_are_there() -> None:
    assert len(TAXONOMY.causes) >= 28
    assert {d.key for d in TAXONOMY.departments} == {cause.department for cause in TAXONOMY.causes}
