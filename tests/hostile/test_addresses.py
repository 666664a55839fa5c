"""No way of writing an address leads into one's own network."""

from tests.hostile.addresses import URLS, reached


def test_not_even_a_connection_is_tried(socket_enabled):
    assert len(set(URLS)) >= 60
    found = reached()
    assert (found["wrong"], found["examples"]) == (0, [])
