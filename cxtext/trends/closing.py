"""The days on which a company is closed: public holidays of its region and days of its own."""

from collections.abc import Collection
from datetime import date

from cxtext.errors import ConfigurationError


def closing_days(region: str, first: date, last: date, own: Collection[date] = ()) -> frozenset[date]:
    """Return the closed days from the year of `first` to the year of `last`.

    Args:
        region: country, or country and part, in ISO 3166-2: DE, DE-BW, AT-9. Empty: no public holidays.
        first: first day of interest.
        last: last day of interest.
        own: days on which the company itself is closed.

    Raises:
        ConfigurationError: nobody knows the holidays of such a region.
    """
    if not region:
        return frozenset(own)
    import holidays  # noqa: PLC0415 – 0.2 s that only a night pays

    country, _, part = region.partition("-")
    try:
        public = holidays.country_holidays(country, subdiv=part or None, years=range(first.year, last.year + 1))
    except NotImplementedError as error:
        raise ConfigurationError(
            f"trends.region {region!r}: no such region; write it like DE, DE-BW or AT (ISO 3166-2)"
        ) from error
    return frozenset(own) | frozenset(public)
