"""How customers feel: a lexicon that works on day one, a model that learns on site, a transformer from a folder."""

from cxtext.registry import Registry

SENTIMENT = Registry(
    "sentiment",
    {
        "lexicon": "cxtext.sentiment.lexicon:Lexicon",
        "learned": "cxtext.sentiment.learned:Learned",
        "transformer": "cxtext.sentiment.transformer:Transformer",
    },
)
