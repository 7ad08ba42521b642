"""The list of a results day, read beside the data in force of a round, in a process of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from allocator.lifecycle.results_day import enter_results, not_listed, own_headings
from allocator.reading.next_input import plain
from allocator.reading.reader import read_register
from allocator.reading.results_list import RESULTS, ResultsList, read_results_list
from api.inputs.folding import Entry, cells_typed, with_log
from api.inputs.sending import Sent
from api.inputs.tasks import written
from api.problems import UnusableError
from api.wire.results_day import NewResultLine
from models.base import Record
from models.errors import Issue, UsageError


class ResultsRead(Record):
    """What a list of results holds, and what it would type (``cells``: sheet, row, column, cell).

    ``as_before``: how many results say what was known; ``set_aside``: rows that were not used, and why; ``issues``:
    cells that cannot be read; ``not_listed``: students without a row and with a result that is pending; ``remarks``:
    what is said of the data now and was not; ``text``: the list as it was read, as CSV.
    """

    results: tuple[NewResultLine, ...]
    as_before: int
    set_aside: tuple[str, ...]
    issues: tuple[Issue, ...]
    sheets_not_read: tuple[str, ...]
    not_listed: tuple[str, ...]
    remarks: tuple[Issue, ...]
    cells: tuple[tuple[str, int, str, Any], ...]
    text: str
    dataset_digest: str


def results_read(
    sent: Sent, entries: Sequence[Entry], listed: Sent, most_rows: int, today: date
) -> ResultsRead:  # fmt: skip
    """Read a list of results.

    Parameters
    ----------
    sent, entries
        The workbook in force of the round, and what is typed into it.
    listed
        The list, a CSV file or a workbook.
    most_rows
        How many rows an input may have.
    today
        The day on which it is read.

    Raises
    ------
    AllocationError
        The list cannot be opened, has not the columns, or names persons; or the data cannot be used.
    """
    with written(sent, listed) as (source, path):
        register = with_log(read_register(source), entries, most_rows)
        try:
            came = read_results_list(path, own_headings(register))
        except UsageError as error:
            raise UnusableError(str(error).replace(str(path), listed.filename)) from error
    entered = enter_results(register, came.rows, {}, today)
    return ResultsRead(
        results=tuple(NewResultLine(**new._asdict()) for new in entered.news), as_before=entered.as_before,
        set_aside=entered.said, issues=came.issues, sheets_not_read=came.left_out,
        not_listed=not_listed(entered, came.rows), remarks=entered.remarks,
        cells=cells_typed(entered.edits),
        text=_text(came), dataset_digest=entered.reading.dataset.digest,
    )  # fmt: skip


def _text(came: ResultsList) -> str:
    rows: list[tuple[str, ...]] = [("student", *RESULTS)]
    rows += [(row.student, *(str(plain(row.cells.get(column)) or "") for column in RESULTS)) for row in came.rows]
    return "\n".join(",".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if {",", '"'} & set(cell) else cell
