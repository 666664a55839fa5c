"""Collects the names, numbers and addresses of persons that the columns of a row tell, so that they can be redacted."""

from collections.abc import Iterable, Iterator

from cxtext.connectors import values

MOST_LETTERS = 200  # of one name


def names_of(cells: Iterable[object], customer: str = "") -> tuple[str, ...]:
    """Every name once, in the order of the cells; lists are taken apart, numbers of agents are no names.

    `customer` is the customer's id: where that is itself a name or an address, it counts too.
    """
    found = dict.fromkeys(name for cell in cells for part in _parts(cell) if (name := _name(part)))
    if " " in customer or "@" in customer:
        found[customer] = None
    return tuple(found)


def _parts(cell: object) -> Iterator[object]:
    if isinstance(cell, list | tuple):
        yield from cell
    else:
        yield cell


def _name(value: object) -> str:
    if values.is_absent(value):
        return ""
    name = values.plain(value)[:MOST_LETTERS]
    letters, digits = sum(map(str.isalpha, name)), sum(map(str.isdigit, name))
    is_number_of_agent = isinstance(value, int | float) or (name.isdecimal() and len(name) < 7)
    return name if letters >= 2 or (digits >= 5 and not is_number_of_agent) else ""
