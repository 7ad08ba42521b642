"""The rows of Published that a plan asks for: kept where the match is, cleared where it is not, added where it is new.

Rows of matches that are over or came to nothing are history, and no row of a request that the plan is not about is
touched: of somebody who was withdrawn, of a placement that an employer found, of a request that no row names clearly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from allocator.reading.editing import CellTyped, Edit, RowAdded, RowCleared
from allocator.reading.sheets_record import SHEETS
from allocator.settling.directories import Directory
from allocator.settling.published import requests_meant
from allocator.views.published import has_changed
from models.base import natural_key
from models.dataset import Dataset
from models.plan import Match, Plan
from models.register import Page, Register, Row, Special
from models.statuses import FREED, OVER

SHEET = "Published"
OF_THE_MATCH = ("status", "student_told_on", "meeting_on", "owner", "due", "note")
"""What is typed about a match, and is no longer true of another one."""


class Cleared(NamedTuple):
    """A request whose row does not say any more what it said, and what it said, by column."""

    request: str
    said: Mapping[str, str]


class PublishedRows(NamedTuple):
    """What is typed into Published, and the rows of which something was cleared."""

    edits: tuple[Edit, ...]
    cleared: tuple[Cleared, ...]


def published_rows(register: Register, dataset: Dataset, plan: Plan) -> PublishedRows:
    """What has to be typed into Published so that a plan is the one in force.

    Parameters
    ----------
    register
        The input that is published.
    dataset
        What it says.
    plan
        Made from it.

    Returns
    -------
    PublishedRows
        In the order of requests. A match that is the same keeps what was typed about it.
    """
    live = _live_rows(register, dataset)
    made = _Made(dataset, _new_columns(register))
    for match in sorted(plan.matches, key=lambda m: natural_key(m.request)):
        made.put(match, live.get(match.request, []))
    for request in sorted((u.request for u in plan.unplaced), key=natural_key):
        row = dataset.published_by_request.get(request)
        if row is not None and row.standing == "in_force":
            made.take_out(request, live[request])
    return PublishedRows(tuple(made.edits), tuple(made.cleared))


def _live_rows(register: Register, dataset: Dataset) -> dict[str, list[Row]]:
    """The rows whose matches neither failed nor ended, by request; what counts comes first."""
    requests, students = Directory("Requests", dataset.request_by_id), Directory("Students", dataset.student_by_id)
    requests_of: dict[str, tuple[str, ...]] = {}
    for request in dataset.requests:
        requests_of[request.student] = (*requests_of.get(request.student, ()), request.request)
    found: dict[str, list[Row]] = {}
    for row in register.pages.get(SHEET, Page(SHEET)).rows:
        typed = row.get("request") or row.unreadable.get("request")
        if typed is None or row.get("status") in (*FREED, *OVER):
            continue
        _, meant = requests_meant(typed, requests, students, requests_of)
        if len(meant) == 1:
            found.setdefault(meant[0], []).append(row)
    return {request: sorted(rows, key=lambda row: bool(row.reasons)) for request, rows in found.items()}


def _new_columns(register: Register) -> tuple[str, ...]:
    """The columns of a sheet that has to be made: all, since people type into them."""
    page = register.pages.get(SHEET)
    return () if page is not None and page.columns else tuple(SHEETS[SHEET].by_name)


class _Made:
    """The edits, as they come."""

    def __init__(self, dataset: Dataset, new_columns: Iterable[str]) -> None:
        self._published = dataset.published_by_request
        self._blank: dict[str, Any] = dict.fromkeys(new_columns)
        self.edits: list[Edit] = []
        self.cleared: list[Cleared] = []

    def put(self, match: Match, rows: Sequence[Row]) -> None:
        """Have one row say a match."""
        cells: dict[str, Any] = {"offer": match.offer, "pe": match.pe}
        if match.start is None or match.end is None or match.start <= match.end:
            cells |= {"start": match.start, "end": match.end}  # else the day that is published counts alone
        if not rows:
            filled = {column: cell for column, cell in cells.items() if cell is not None}
            self.edits.append(RowAdded(SHEET, self._blank | {"request": match.request, "status": "proposed"} | filled))
            return
        row, *others = rows
        self.take_out(match.request, others, row)
        published = self._published.get(match.request)
        self.edits += self._typed(row, {"request": match.request} | cells)
        if published is None or row.reasons or has_changed(published, match):
            said = _said(row)
            self.edits += [CellTyped(SHEET, row.number, c, "proposed" if c == "status" else None) for c in said]
            self._note(match.request, said)

    def take_out(self, request: str, rows: Iterable[Row], left: Row | None = None) -> None:
        """Have rows say nothing; what one of them said is gone, unless the row that is left says the same."""
        for row in rows:
            self.edits.append(RowCleared(SHEET, row.number))
            if left is None or row.content != left.content:
                self._note(request, _said(row))

    def _note(self, request: str, said: Mapping[str, str]) -> None:
        if said:
            self.cleared.append(Cleared(request, said))

    def _typed(self, row: Row, cells: Mapping[str, Any]) -> Iterator[CellTyped]:
        """The cells that do not say yet what they are to say."""
        for column, cell in cells.items():
            if row.get(column) != cell or column in row.unreadable:
                yield CellTyped(SHEET, row.number, column, cell)


def _said(row: Row) -> dict[str, str]:
    """What is typed about the match of a row, by column."""
    found = {c: v.value if isinstance(v, Special) else str(v) for c, v in (row.values | row.unreadable).items()}
    said = {column: found[column] for column in OF_THE_MATCH if column in found}
    return {column: text for column, text in said.items() if (column, text) != ("status", "proposed")}
