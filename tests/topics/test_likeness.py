"""Likeness of topics looks past the language."""

import numpy as np

from cxtext.domain import Topic
from cxtext.topics.likeness import likeness
from cxtext.topics.memory import Known, Member, Memory, with_members


def bilingual(each: int) -> Memory:
    """Topics a-de, a-en, b-de, b-en, c-de, c-en: three issues in two languages, `each` texts a topic."""
    draw = np.random.default_rng(2)
    axes = np.linalg.qr(draw.standard_normal((30, 5)))[0].T
    rows, members = [], []
    for issue, name in enumerate("abc"):
        for place, language in enumerate(("de", "en")):
            block = axes[issue] + 1.5 * axes[3 + place] + 0.03 * draw.standard_normal((each, 30))
            rows.append(block / np.linalg.norm(block, axis=1, keepdims=True))
            for number in range(each):
                key = f"x:{issue}{place}{number:03d}"
                members.append(Member(key, key, "text", language, f"{name}-{language}", 0.9))
    ids = sorted({member.topic_id for member in members})
    known = tuple(Known(Topic(id=one, label=one, keywords=())) for one in ids)
    return with_members(Memory(recipe="r", known=known), members, np.vstack(rows))


def test_the_same_issue_in_another_language_is_nearest_of_all() -> None:
    memory = bilingual(25)
    ids = ["a-de", "a-en", "b-de", "b-en", "c-de", "c-en"]
    near = likeness(memory, ids)
    assert np.allclose(np.diag(near), 1)
    np.fill_diagonal(near, -1)
    assert near.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]
    assert near.max(axis=1).min() > 0.9
    assert near[0, 2] < 0.1


def test_in_small_samples_a_language_is_no_issue_either_and_nothing_gives_nothing() -> None:
    assert likeness(bilingual(5), ["a-de", "b-de"]).shape == (2, 2)
    assert likeness(Memory(recipe="r"), []).shape == (0, 0)
    assert likeness(Memory(recipe="r"), ["a"]).tolist() == [[0.0]]
