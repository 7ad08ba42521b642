"""What is done to show an input: rows as they stand in what was sent, in a process of its own."""

from collections.abc import Collection, Mapping

from allocator.reading.as_sent import SheetAsSent, rows_as_sent
from api.inputs.sending import Sent
from api.inputs.tasks import written


def rows_of_sent(sent: Sent, wanted: Mapping[str, Collection[int]]) -> dict[str, SheetAsSent]:
    """Rows of a workbook as they stand in it.

    Parameters
    ----------
    sent
        The workbook.
    wanted
        Row numbers by our name of the sheet.
    """
    with written(sent) as (path,):
        return rows_as_sent(path, wanted)
