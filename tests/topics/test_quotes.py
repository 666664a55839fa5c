import numpy as np

from cxtext.topics.quotes import QUOTES, choose_quotes


def rows(*values: tuple[float, float, float]) -> np.ndarray:
    matrix = np.array(values, dtype=np.float32)
    unit: np.ndarray = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit


def test_the_most_central_text_comes_first_and_near_equal_ones_once() -> None:
    vectors = rows((1, 0, 0), (1, 0.01, 0), (1, 0.5, 0), (1, 0, 0.5), (0.2, 1, 0))
    chosen = choose_quotes(vectors, [f"Ein Text von üblicher Länge {n}" for n in range(5)])
    assert chosen[0] in (0, 1, 2)
    assert len({0, 1} & set(chosen)) == 1


def test_of_equally_central_texts_the_short_one_is_shown_first() -> None:
    vectors = rows((1, 0.3, 0), (1, -0.3, 0))
    assert choose_quotes(vectors, ["lang " * 200, "Die Lampe vor dem Haus ist dunkel"])[0] == 1
    assert choose_quotes(vectors, ["hm", "Die Lampe vor dem Haus ist dunkel"])[0] == 1


def test_never_more_than_asked_and_none_of_nothing() -> None:
    vectors = np.eye(9, dtype=np.float32)
    assert len(set(choose_quotes(vectors, ["Ein Text von üblicher Länge"] * 9))) == QUOTES
    assert choose_quotes(vectors[:0], []) == ()
