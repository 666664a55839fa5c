import numpy as np

from cxtext.topics.advise import advise
from cxtext.topics.assign import Floats


def bundles(*sizes: int) -> Floats:
    """Rows of length 1 around one direction per size, all directions at right angles."""
    draw = np.random.default_rng(5)
    centres = np.linalg.qr(draw.standard_normal((24, len(sizes))))[0].T
    rows = np.vstack([centres[one] + 0.02 * draw.standard_normal((size, 24)) for one, size in enumerate(sizes)])
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def test_where_the_fit_agrees_there_is_no_advice() -> None:
    vectors = bundles(40, 30, 30)
    told = advise(vectors, ["T-1"] * 40 + ["T-2"] * 30 + ["T-3"] * 30, ["de"] * len(vectors), seed=0)
    assert (told.apart, told.same) == ((), ())


def test_two_topics_in_one_place_are_one_and_the_larger_remains() -> None:
    vectors = bundles(40, 30, 30)
    told = advise(vectors, ["T-1"] * 10 + ["T-4"] * 30 + ["T-2"] * 30 + ["T-3"] * 30, ["de"] * len(vectors), seed=0)
    assert told.same == (("T-1", "T-4"),)


def test_a_group_of_nobody_is_a_topic_of_its_own() -> None:
    vectors = bundles(40, 30, 30)
    told = advise(vectors, ["T-1"] * 40 + ["T-2"] * 30 + [None] * 30, ["de"] * len(vectors), seed=0)
    assert [set(rows) for rows in told.apart] == [set(range(70, 100))]
