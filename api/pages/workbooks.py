"""The workbooks of a round: sent by drag and drop, with everything that is said of them beside the rows themselves."""

from datetime import datetime
from functools import cache
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Literal, NamedTuple, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from allocator.demonstrations import demonstrations
from allocator.reading import write_template
from allocator.views.aside import lost_words
from allocator.views.compared import Line, input_lines
from api.access import accounts
from api.inputs.recent import Recent
from api.inputs.sending import Sent
from api.pages.asking import ask_for_plan
from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.uploads import OfSheet, beside_rows, chosen, issues_of, said_in_words, workbook_of
from api.pages.visiting import RoundVisit, TeamVisit, TheRoundVisit
from api.pages.withheld import withheld
from api.problems import NotFoundError
from api.routes.parameters import InDigits
from api.routes.rounds import add_sent, dataset, download
from api.store.rounds import data_of, dataset_of, datasets_of
from api.store.tables import RoundDataset
from api.wire.rounds import DatasetView
from models.errors import AllocationError, Issue

router = APIRouter(include_in_schema=False)
Number = Annotated[int | None, Query(ge=1, le=10**9), InDigits]
Kind = Literal["least", "full"]
_WHY = "Rows of the workbook say where students live, what they need and what they prefer."
MOST = 64
"""Workbooks whose problems and changes are kept at a time."""


class Sheet(NamedTuple):
    """A workbook in the list."""

    number: int
    filename: str
    added: datetime
    by: str
    said: str


class Looked(NamedTuple):
    """What is said of a workbook, what rows that are set aside cost, and what differs from the workbook before it."""

    view: DatasetView
    sheets: tuple[OfSheet, ...]
    aside: bool
    lost: tuple[str, ...]
    changes: tuple[Line, ...]


_KEPT: Recent[Looked] = Recent(MOST)
"""What was looked at: reading two workbooks takes longer than a page may."""


@router.get("/rounds/{round}/workbooks")
async def workbooks(visit: TheRoundVisit, number: Number = None) -> Response:
    """The workbooks of a round, and what is said of one of them: by default of the one in force."""
    if (refused := withheld(visit, "Workbooks", _WHY)) is not None:
        return refused
    return await _page(visit, number)


@router.post("/rounds/{round}/workbooks")
async def send(visit: TheRoundVisit, request: Request) -> Response:
    """Take the next workbook, and ask for its plan; of one that cannot be used everything is shown, and it is gone."""
    if (refused := withheld(visit, "Workbooks", _WHY)) is not None:
        return refused
    form, service = await request.form(), visit.visit.service
    sent: Sent | None = None
    try:
        sent = chosen(await workbook_of(request, service))
        version = f'"{form.get("version", "")}"'
        await add_sent(visit.round.id, visit.visit.person, service, sent, Response(), version)
        run = await ask_for_plan(visit)
    except AllocationError as error:
        found = await beside_rows(service, sent, issues_of(error)) if sent else ()
        return await _page(visit, None, error, found, sent.filename if sent else "")
    return to(f"/rounds/{visit.round.id}/runs/{run}")


@router.get("/templates/{kind}.xlsx")
def template(_visit: TeamVisit, kind: str) -> Response:
    """An empty workbook with drop-downs, notes and a filled example."""
    if kind not in get_args(Kind):
        raise NotFoundError(f"There is no such template. Allowed: {', '.join(get_args(Kind))}.")
    return download(_template(kind), f"partnership-{kind}.xlsx")


@router.get("/demonstrations/{name}.xlsx")
def demonstration(_visit: TeamVisit, name: str) -> Response:
    """The workbook of a demonstration, to be looked at."""
    path = demonstrations().get(name)
    if path is None:
        raise NotFoundError(f"There is no such demonstration. Allowed: {', '.join(demonstrations())}.")
    return download(path.read_bytes(), path.name)


async def _page(
    visit: RoundVisit, number: int | None, error: AllocationError | None = None, found: tuple[OfSheet, ...] = (),
    filename: str = "",
) -> Response:  # fmt: skip
    status = status_of(error)
    listed = await run_in_threadpool(_listed, visit)
    looked = None if error is not None or not listed else await _looked(visit, number or listed[-1].number)
    return await run_in_threadpool(
        page, visit, "workbooks.html", status, workbooks=listed, looked=looked, error=error, sheets=found,
        filename=filename,
    )  # fmt: skip


def _listed(visit: RoundVisit) -> list[Sheet]:
    with visit.visit.service.store.reading() as session:
        rows = datasets_of(session, visit.round.id)
        logins = accounts.logins_of(session, {row.added_by for row in rows})
        return [
            Sheet(r.number, r.filename, r.added, logins.get(r.added_by, "somebody else"), said_in_words(_issues(r)))
            for r in rows
        ]


async def _looked(visit: RoundVisit, number: int) -> Looked:
    """What is said of a workbook; kept, since what it is compared with changes with the round alone."""
    service, round = visit.visit.service, visit.round
    row, sent = await run_in_threadpool(_of_store, visit, number)
    key = (row.id, round.version)
    if (kept := _KEPT.get(key)) is not None:
        return kept
    view = await dataset(round.id, service, number)
    issues = _issues(row)
    sheets = await beside_rows(service, sent, issues)
    lines = () if view.changes is None else tuple(input_lines(view.changes))
    found = Looked(view, sheets, any(i.level != "warning" for i in issues), lost_words(issues), lines)
    _KEPT.put(key, found)
    return found


def _issues(row: RoundDataset) -> tuple[Issue, ...]:
    return tuple(Issue.model_validate(issue) for issue in row.issues)


def _of_store(visit: RoundVisit, number: int) -> tuple[RoundDataset, Sent]:
    with visit.visit.service.store.reading() as session:
        row = dataset_of(session, visit.round.id, number)
        return row, Sent(data_of(session, row), row.filename)


@cache
def _template(kind: Kind) -> bytes:
    with TemporaryDirectory(prefix="placements-") as folder:
        path = FilePath(folder) / "template.xlsx"
        write_template(path, kind)
        return path.read_bytes()
