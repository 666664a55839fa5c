"""Facts about closed days: public holidays of the region, and the company's own."""

from datetime import date

import pytest

from cxtext.errors import ConfigurationError
from cxtext.trends.closing import closing_days

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    germany, south = closing_days("DE", *YEAR), closing_days("DE-BW", *YEAR)
    assert date(2026, 10, 3) in germany
    assert date(2026, 1, 6) in south - germany


def test_own_days_count_too_and_no_region_means_no_holidays() -> None:
    assert closing_days("", *YEAR, own=[date(2026, 12, 24)]) == {date(2026, 12, 24)}


def test_an_unknown_region_is_named() -> None:
    with pytest.raises(ConfigurationError, match="'XX'"):
        closing_days("XX", *YEAR)
    with pytest.raises(ConfigurationError, match="ISO 3166-2"):
        closing_days("DE-XX", *YEAR)
