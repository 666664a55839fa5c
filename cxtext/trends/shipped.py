"""How much was shipped: a file of the company's own, so that twice the sales do not look like twice the trouble."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from cxtext.errors import ConfigurationError

COLUMNS = ("day", "product", "units")


@dataclass(frozen=True, slots=True)
class Shipped:
    """Units by product and day."""

    units: Mapping[str, Mapping[date, float]] = field(default_factory=dict)

    def between(self, product: str | None, first: date, last: date) -> float:
        """Units of one product (None: of all) from the first to the last day."""
        chosen = self.units.values() if product is None else [self.units.get(product, {})]
        days = [first + timedelta(offset) for offset in range((last - first).days + 1)]
        return sum(of_product.get(day, 0.0) for of_product in chosen for day in days)


def read_shipped(path: Path | None) -> Shipped:
    """Read a CSV file with the columns day (2026-05-03), product and units; None: nothing is known.

    Raises:
        ConfigurationError: no such file, a column is missing, or a cell is no day or no number; with its line.
    """
    if path is None:
        return Shipped()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            delimiter = max(",;\t", key=head.count)
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"trends.units {path}: not a readable CSV file in UTF-8 ({error})") from error
    units: dict[str, dict[date, float]] = {}
    for line, row in enumerate(rows, start=2):
        missing = [name for name in COLUMNS if row.get(name) is None]
        if missing:
            raise ConfigurationError(
                f"trends.units {path}, line {line}: no {missing[0]}; columns: {', '.join(COLUMNS)}"
            )
        try:
            day, count = date.fromisoformat(row["day"].strip()), float(row["units"])
        except ValueError as error:
            raise ConfigurationError(f"trends.units {path}, line {line}: {error}") from error
        of_product = units.setdefault(row["product"].strip(), {})
        of_product[day] = of_product.get(day, 0.0) + count
    return Shipped(units)
