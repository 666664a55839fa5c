"""Texts as rows of numbers in which near means alike; every recipe names one embedder."""

from cxtext.registry import Registry

EMBEDDERS = Registry(
    "embedding",
    {
        "fast": "cxtext.embedding.fast:Fast",
        "sentence": "cxtext.embedding.sentence:SentenceModel",
        "static": "cxtext.embedding.static:Static",
    },
)
