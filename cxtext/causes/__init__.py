"""Root causes and departments: what made a customer write, and who owns it."""

from cxtext.registry import Registry

TAGGERS = Registry(
    "causes",
    {
        "taxonomy": "cxtext.causes.taxonomy_tagger:TaxonomyTagger",
        "learned": "cxtext.causes.learned_tagger:LearnedTagger",
    },
)
