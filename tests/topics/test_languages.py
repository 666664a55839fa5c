"""One issue in two languages is one topic; what only shares a language stays apart."""

import numpy as np
import pytest

from cxtext.topics.communities import find_communities
from cxtext.topics.graph import Index, Matrix
from cxtext.topics.languages import codes, join_languages

ISSUES = 4
EACH = 30  # texts of an issue in a language


def two_languages() -> tuple[Matrix, Index, Index]:
    """Rows of four issues in two languages: what a language shares weighs more than what an issue does."""
    draw = np.random.default_rng(3)
    axes = np.linalg.qr(draw.standard_normal((40, ISSUES + 2)))[0].T
    issue = np.repeat(np.arange(2 * ISSUES) % ISSUES, EACH)
    spoken = np.repeat(np.arange(2 * ISSUES) // ISSUES, EACH)
    rows = axes[issue] + 1.5 * axes[ISSUES + spoken] + 0.03 * draw.standard_normal((len(issue), 40))
    unit: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit, issue, spoken


def test_topics_of_two_languages_that_mean_the_same_are_one() -> None:
    rows, issue, spoken = two_languages()
    joined = join_languages(rows, issue + ISSUES * spoken, spoken)
    assert len(np.unique(joined)) == ISSUES
    for one in range(ISSUES):
        assert len(np.unique(joined[issue == one])) == 1


def test_an_issue_that_the_other_language_lacks_stays_alone() -> None:
    rows, issue, spoken = two_languages()
    kept = (spoken == 0) | (issue != 2)
    labels = (issue + ISSUES * spoken)[kept]
    joined = join_languages(rows[kept], labels, spoken[kept])
    assert len(np.unique(joined)) == ISSUES
    alone = issue[kept] == 2
    assert not set(joined[alone].tolist()) & set(joined[~alone].tolist())


def test_a_language_of_a_few_texts_and_topics_of_several_languages_are_left_alone() -> None:
    rows, issue, spoken = two_languages()
    few = (spoken == 0) | (np.arange(len(spoken)) % 5 == 0)  # 24 texts of the second language
    labels = issue + ISSUES * spoken
    assert (join_languages(rows[few], labels[few], spoken[few]) == labels[few]).all()
    shuffled = np.random.default_rng(1).permutation(spoken)
    assert (join_languages(rows, labels, shuffled) == labels).all()


def test_rows_without_a_topic_stay_without_one() -> None:
    rows, issue, spoken = two_languages()
    labels = issue + ISSUES * spoken
    labels[::7] = -1
    joined = join_languages(rows, labels, spoken)
    assert ((joined < 0) == (labels < 0)).all()
    nothing = np.full(len(rows), -1, dtype=np.int64)
    assert (join_languages(rows, nothing, spoken) == nothing).all()


def test_equal_rows_of_several_languages_count_for_one_of_them_in_any_order() -> None:
    kind = np.array([0, 1, 0, 2])
    assert codes(["en", "fr", "de", "en"], kind).tolist() == [0, 2, 1]
    assert codes(["de", "fr", "en", "en"], kind).tolist() == [0, 2, 1]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_engine_joins_what_its_neighbours_part_in_any_order(seed: int) -> None:
    rows, issue, spoken = two_languages()
    names = ["de" if one == 0 else "en" for one in spoken.tolist()]
    apart, together = find_communities(rows).labels, find_communities(rows, languages=names).labels
    assert len(np.unique(apart)) == 2 * ISSUES
    assert len(np.unique(together)) == ISSUES
    assert all(len(np.unique(together[issue == one])) == 1 for one in range(ISSUES))
    order = np.random.default_rng(seed).permutation(len(rows))
    again = find_communities(rows[order], languages=[names[row] for row in order.tolist()]).labels
    assert (again == together[order]).all()
