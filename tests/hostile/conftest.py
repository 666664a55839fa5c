"""What the tests of hostile input share."""

from tests.connectors.conftest import hands

__all__ = ["hands"]
