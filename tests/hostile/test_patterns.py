"""Patterns of users cost time in proportion to the text, whatever they say."""

import pytest

from cxtext.errors import ConfigurationError
from cxtext.text import phrases
from tests.hostile import patterns


@pytest.mark.parametrize("pattern", patterns.REFUSED)
def test_what_needs_a_backtracking_matcher_is_refused(pattern):
    assert patterns._refused(pattern)


def test_evil_patterns_are_matched_by_an_automaton():
    """No clock: RE2 counts the states of a pattern, so what compiles within its memory runs in proportion to the text."""
    assert len(set(patterns.EVIL)) >= 30
    assert patterns._taxonomy() < 5  # a backtracking matcher would need years


def test_a_phrase_has_few_gaps():
    with pytest.raises(ConfigurationError, match="at most 3 times"):
        phrases.starts_with(["a…b…c…d…e"])
    with pytest.raises(ConfigurationError, match="at most 1 times"):
        phrases.anywhere(["a…b…c"])
