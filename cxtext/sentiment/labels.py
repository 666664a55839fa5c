"""What customers said by clicking: stars, satisfaction and recommendation as labels to learn from."""

from cxtext.domain import Facts, SentimentLabel


def label_of(facts: Facts) -> SentimentLabel | None:
    """The label that a rating implies: stars or csat 1-2 bad, 3 neutral, 4-5 good; nps 0-6, 7-8, 9-10. Else None.

    A rating judges the case, not the words: learn from it only where no person has labelled the text.
    """
    for rating, bad, good in ((facts.stars, 2, 4), (facts.csat, 2, 4), (facts.nps, 6, 9)):
        if rating is not None:
            return "negative" if rating <= bad else "positive" if rating >= good else "neutral"
    return None
