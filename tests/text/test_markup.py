import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.text.markup import without_markup


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("<p>Gr&ouml;&szlig;e &amp; Farbe</p>", "Größe & Farbe"),
        ("<p>eins</p><p>zwei</p>", "eins\n\nzwei"),
        ("eins<br>zwei<br/>drei", "eins\nzwei\ndrei"),
        ("<style>p{}</style><script>x()</script><p>da</p>", "da"),
        ("<td>a</td><td>b</td>", "a b"),
        ("<b>fett</b>e Sache", "fette Sache"),
        ("Hallo <name>, 3 < 5 und 7 > 6", "Hallo <name>, 3 < 5 und 7 > 6"),
        ("<div>Hallo <name></div>", "Hallo <name>"),
        ("if a <b and c> d", "if a <b and c> d"),
        ("A &amp; B", "A & B"),
        ("AT&T und 3 & 4", "AT&T und 3 & 4"),
        ("<!-- weg --><p>da</p>", "da"),
    ],
)
def test_visible_text(text: str, visible: str) -> None:
    assert without_markup(text)[0] == visible


def test_quotes_are_dropped_and_returned() -> None:
    assert without_markup("<div>neu</div><blockquote>alt</blockquote>") == ("neu", "alt")
    assert without_markup('<div>neu</div><div class="gmail_quote"><p>alt</p></div>') == ("neu", "alt")


def test_a_message_that_is_all_quote_is_shown() -> None:
    assert without_markup("<blockquote>nur das</blockquote>") == ("nur das", "")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/&;!- pdivbr\"'="), max_size=80))
def test_no_markup_breaks_the_reader(text: str) -> None:
    visible, quoted = without_markup(text)
    assert isinstance(visible, str)
    assert isinstance(quoted, str)
