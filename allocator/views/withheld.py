"""Small groups in a table that leaves the team: which cells are withheld, so that none follows from the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

TOTAL = "All"
"""The row and the column of totals."""
WITHHELD = "withheld"
Key = tuple[str, str]
"""Row and column."""


def with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """A table with a total row and a total column."""
    table = dict(counts)
    for (row, column), number in counts.items():
        for key in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            table[key] = table.get(key, 0) + number
    return table


def withheld(counts: Mapping[Key, int], smallest: int) -> frozenset[Key]:
    """The cells to withhold, totals among them.

    Every cell of 1 to ``smallest`` - 1 persons is withheld. A row or column of which one cell alone is withheld, or
    fewer persons than a group in all, would give it away by its total: its next smallest cell goes too, until none
    does. A cell of nobody is shown.

    Parameters
    ----------
    counts
        Persons by row and column, without totals.
    smallest
        Persons of the smallest group that is shown.
    """
    table = with_totals(counts)
    hidden = {key for key, number in table.items() if 0 < number < smallest}
    while True:
        found = next((key for line in _lines(table) if (key := _also(line, table, hidden, smallest))), None)
        if found is None:
            return frozenset(hidden)
        hidden.add(found)


def _lines(table: Mapping[Key, int]) -> Iterator[list[Key]]:
    """Cells that add up to the last of them: rows, then columns."""
    for place in (0, 1):
        for name in dict.fromkeys(key[place] for key in table):
            line = [key for key in table if key[place] == name]
            yield sorted(line, key=lambda key: key[1 - place] == TOTAL)


def _also(line: Sequence[Key], table: Mapping[Key, int], hidden: Iterable[Key], smallest: int) -> Key | None:
    """The next cell of a line to withhold; None where what is withheld already does not follow."""
    gone = [key for key in line if key in hidden]
    inner = sum(table[key] for key in gone if key != line[-1])
    if not gone or (len(gone) > 1 and (inner >= smallest or line[-1] in gone)):
        return None
    rest = [key for key in line if key not in hidden and table[key]]
    # The total goes last: it is what readers look for.
    return min(rest, key=lambda key: (key == line[-1], table[key]), default=None)
