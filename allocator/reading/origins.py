"""Where numbered ids stand in the file that was read, so that they can be written back."""

from models.base import Record, compact
from models.register import Origin


class NumberedId(Record):
    """An id given to a row that had none, and the cell where it belongs.

    ``sheet`` and ``heading`` are the file's own words; ``header`` and ``row`` are rows as the user sees them,
    ``position`` is the column from 0 (the first free one where the sheet has no such column).
    """

    sheet: str
    header: int
    row: int
    position: int
    heading: str
    id: str


def numbered_at(origin: Origin, column: str, row: int, id: str) -> NumberedId:
    """The cell of an id.

    Parameters
    ----------
    origin
        Where the table stands.
    column
        The id column, by our name.
    row
        The row, as the user sees it.
    id
        The id given.

    Returns
    -------
    NumberedId
        In the column of that name, or in a new one behind the others.
    """
    position, heading = origin.headings.get(column, (origin.width, column))
    return compact(
        NumberedId(sheet=origin.sheet, header=origin.header, row=row, position=position, heading=heading, id=id)
    )
