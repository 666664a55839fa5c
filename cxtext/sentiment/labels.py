"""Labels as people write them, and as they gave them by clicking: stars, satisfaction, recommendation."""

from typing import Final

from cxtext.domain import Facts, SentimentLabel

SYNONYMS: Final[dict[str, SentimentLabel]] = {
    **dict.fromkeys(("negative", "negativ", "neg", "-1", "bad", "1", "2", "1.0", "2.0"), "negative"),
    **dict.fromkeys(("neutral", "neu", "0", "3", "3.0"), "neutral"),
    **dict.fromkeys(("positive", "positiv", "pos", "+1", "good", "4", "5", "4.0", "5.0"), "positive"),
}  # numbers are stars


def named(label: str) -> SentimentLabel | None:
    """The label that somebody means: other words for it, German ones and stars are understood; None if it is none.

    >>> named("Negativ"), named("5"), named("angry")
    ('negative', 'positive', None)
    """
    return SYNONYMS.get(label.strip().lower())


def label_of(facts: Facts) -> SentimentLabel | None:
    """The label that a rating implies: stars or csat 1-2 bad, 3 neutral, 4-5 good; nps 0-6, 7-8, 9-10. Else None.

    A rating judges the case, not the words: learn from it only where no person has labelled the text.
    """
    for rating, bad, good in ((facts.stars, 2, 4), (facts.csat, 2, 4), (facts.nps, 6, 9)):
        if rating is not None:
            return "negative" if rating <= bad else "positive" if rating >= good else "neutral"
    return None
