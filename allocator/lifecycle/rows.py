"""Where a thing stands in an input: the rows of a sheet that hold its id, typed there or given by reading."""

from allocator.reading.folding import fold
from allocator.settling.settling import Reading
from models.register import Register


def rows_of_id(register: Register, reading: Reading, sheet: str, column: str, id: str) -> tuple[int, ...]:
    """The numbers of the rows of a sheet that are about a thing.

    Parameters
    ----------
    register, reading
        The rows, and what they settle into.
    sheet, column
        The sheet, and its column of ids.
    id
        As reading spells it.

    Returns
    -------
    tuple of int
        Several where the same row stands there twice.
    """
    page = register.pages.get(sheet)
    if page is None:
        return ()
    name = page.origin.sheet if page.origin is not None else sheet
    given = {n.row for n in reading.numbered if (n.sheet, n.id) == (name, id)}
    return tuple(
        row.number
        for row in page.rows
        if row.number in given or (row.get(column) is not None and fold(str(row.get(column))) == fold(id))
    )
