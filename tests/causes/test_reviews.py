import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cxtext.causes.reviews import next_reviews

TEXTS = [f"text number {n}" for n in range(40)] + ["drone battery swelling", "drone battery swelling again"]
PROBABILITIES = np.stack([np.linspace(0.5, 0.99, 42), 1 - np.linspace(0.5, 0.99, 42)], axis=1)


def test_half_doubt_a_quarter_random_a_quarter_new_words() -> None:
    reviews = next_reviews(PROBABILITIES, TEXTS, [False] * 42, count=20)
    kinds = [review.why for review in reviews]
    assert (kinds.count("doubt"), kinds.count("random"), kinds.count("new words")) == (10, 5, 5)


def test_new_vocabulary_is_shown_first() -> None:
    reviewed = [n < 30 for n in range(42)]
    new = [r.place for r in next_reviews(PROBABILITIES, TEXTS, reviewed, count=4) if r.why == "new words"]
    assert set(new) <= {40, 41}


def test_the_smallest_margin_comes_first() -> None:
    reviews = next_reviews(PROBABILITIES, TEXTS, [False] * 42, count=8)
    doubts = [review.place for review in reviews if review.why == "doubt"]
    assert max(doubts) < 12


@given(st.lists(st.booleans(), min_size=42, max_size=42), st.integers(0, 60), st.integers(0, 9))
def test_nobody_is_asked_twice(reviewed: list[bool], count: int, seed: int) -> None:
    reviews = next_reviews(PROBABILITIES, TEXTS, reviewed, count=count, seed=seed)
    places = [review.place for review in reviews]
    assert len(set(places)) == len(places) == min(count, reviewed.count(False))
    assert not any(reviewed[place] for place in places)


def test_the_random_quarter_depends_on_the_seed_only() -> None:
    def random_places(seed: int) -> list[int]:
        return [r.place for r in next_reviews(PROBABILITIES, TEXTS, [False] * 42, seed=seed) if r.why == "random"]

    assert random_places(1) == random_places(1)
    assert random_places(1) != random_places(2)
