from hypothesis import given
from hypothesis import strategies as st

from cxtext.domain import SentimentLabel
from cxtext.sentiment.thresholds import choose_thresholds


def test_thresholds_separate_what_can_be_separated() -> None:
    labels: list[SentimentLabel] = ["negative", "negative", "neutral", "neutral", "positive", "positive"]
    scores = [-0.8, -0.52, -0.3, 0.3, 0.62, 0.9]
    low, high = choose_thresholds(scores, labels)
    assert -0.52 <= low < -0.3
    assert 0.3 < high <= 0.62


@given(st.lists(st.tuples(st.floats(-1, 1), st.sampled_from(["negative", "neutral", "positive"])), min_size=1))
def test_thresholds_never_cross(rows: list[tuple[float, SentimentLabel]]) -> None:
    low, high = choose_thresholds([score for score, _ in rows], [label for _, label in rows])
    assert low < high
