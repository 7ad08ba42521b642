"""Small groups in a table that leaves the team: which cells are withheld, so that none follows from the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

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
    does. So does another one where a small cell follows from all rows and columns together. A cell of nobody is shown.

    Parameters
    ----------
    counts
        Persons by row and column, without totals.
    smallest
        Persons of the smallest group that is shown.
    """
    table = with_totals(counts)
    small = [key for key, number in table.items() if 0 < number < smallest]
    hidden = set(small)
    while True:
        found = next((key for line in _lines(table) if (key := _also(line, table, hidden, smallest))), None)
        if found is None:
            given_away = next((key for key in small if follows(key, table, hidden)), None)
            found = None if given_away is None else _beside(given_away, table, hidden)
        if found is None:
            return frozenset(hidden)
        hidden.add(found)


def follows(key: Key, table: Mapping[Key, int], hidden: Set[Key]) -> bool:
    """Whether a withheld cell can only be what it is, by all rows and columns, and by nobody being shown.

    Numbers of withheld cells can be other ones only in a ring: one row gives what its column takes, and so on, until
    the first row has back what it gave; and none falls below one person, since a cell of nobody would be shown.

    Parameters
    ----------
    key
        The cell.
    table
        Persons by row and column, with totals.
    hidden
        Cells that are withheld.
    """
    rises: dict[tuple[int, str], set[tuple[int, str]]] = {}

    def step(cell: Key, *, rising: bool) -> tuple[tuple[int, str], tuple[int, str]]:
        """The lines from which and to which something goes where a cell rises; totals count the other way round."""
        row, column = (0, cell[0]), (1, cell[1])
        total = (cell[0] == TOTAL) != (cell[1] == TOTAL)
        return (row, column) if rising != total else (column, row)

    for cell in hidden - {key}:
        for rising in (True, False):
            if rising or table[cell] > 1:
                start, end = step(cell, rising=rising)
                rises.setdefault(start, set()).add(end)
    for rising in (True, False):
        if rising or table[key] > 1:
            start, end = step(key, rising=rising)
            if _leads(rises, end, start):
                return False
    return True


def _leads(steps: Mapping[tuple[int, str], Set[tuple[int, str]]], start: tuple[int, str], end: tuple[int, str]) -> bool:
    seen, left = {start}, [start]
    while left:
        here = left.pop()
        if here == end:
            return True
        new = steps.get(here, set()) - seen
        seen |= new
        left += new
    return False


def _beside(key: Key, table: Mapping[Key, int], hidden: Set[Key]) -> Key | None:
    """The next cell to withhold where one follows from the others: the smallest, first of its row and its column."""
    rest = [other for other, number in table.items() if number and other not in hidden]
    near = [other for other in rest if key[0] == other[0] or key[1] == other[1]]
    return min(near or rest, key=lambda other: (TOTAL in other, table[other]), default=None)


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
