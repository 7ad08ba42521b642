"""Letters to agencies and students as they are printed, tables for mail merge, and the agencies' reply forms."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import quote
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Response

from allocator.report.agencies import form_names
from allocator.report.letters import CSV, WORKBOOK, letters_of, write_letter_table
from allocator.report.writing import AGENCIES
from allocator.views.counts import names_of
from allocator.views.letters import CHANGED, NOT_PUBLISHED
from allocator.views.table import CellValue, Table
from api.pages.plans import Shown
from api.pages.rendering import page
from api.pages.tables import downloaded
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.pages.withheld import withheld
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
Letter = Mapping[str, CellValue]
"""The cells of a row, by heading."""
_WHY = "Letters name students and what was agreed with them."
_KEPT: WeakKeyDictionary[Shown, Mapping[str, Table]] = WeakKeyDictionary()


def _tables(plan: Shown) -> Mapping[str, Table]:
    """The tables of the letters of a plan, by the name of their files."""
    found = _KEPT.get(plan)
    if found is None:
        found = _KEPT[plan] = letters_of(plan.facts, {})
    return found


def _rows(table: Table) -> list[Letter]:
    headings = [column.title for column in table.columns]
    return [dict(zip(headings, row, strict=True)) for row in table.rows]


def _plan(visit: RoundVisit) -> Shown:
    if visit.plan is None:
        raise NotFoundError("This round has no plan yet, so there are no letters.")
    return visit.plan


@router.get("/rounds/{round}/letters")
def letters(visit: TheRoundVisit) -> Response:
    """Who gets a letter, what is different from what is published, and what there is to download."""
    if (refused := withheld(visit, "Letters", _WHY)) is not None:
        return refused
    if visit.plan is None:
        return page(visit, "letters.html", agencies=None)
    tables, facts = _tables(visit.plan), visit.plan.facts
    forms = {
        agency: f"/v1/runs/{visit.plan.run}/files/{AGENCIES}/{quote(name)}"
        for agency, name in form_names(facts).items()
    }
    return page(
        visit, "letters.html", agencies=_rows(tables["agencies"]), students=_rows(tables["students"]), forms=forms,
        counts={name: len(table.rows) for name, table in tables.items()}, changed=CHANGED,
        deciding=names_of(facts.deciding), later=len(facts.horizon_tranches) > len(facts.deciding),
    )  # fmt: skip


@router.get("/rounds/{round}/letters/agency")
def agency_letters(visit: TheRoundVisit, id: str = "") -> Response:
    """The letter of an agency; without an id those of all, a page for each on paper."""
    if (refused := withheld(visit, "Letters to agencies", _WHY)) is not None:
        return refused
    tables = _tables(_plan(visit))
    found = [row for row in _rows(tables["agencies"]) if id in ("", row["Agency"])]
    if not found:
        raise NotFoundError(f"The agency '{id}' gets no letter: it offers no place now, and nobody is placed there.")
    placements: dict[CellValue, list[Letter]] = {}
    for row in _rows(tables["placements"]):
        placements.setdefault(row["Agency"], []).append(row)
    return page(
        visit, "letters-agencies.html", letters=found, placements=placements, one=bool(id), changed=CHANGED,
        nothing=NOT_PUBLISHED,
    )  # fmt: skip


@router.get("/rounds/{round}/letters/student")
def student_letters(visit: TheRoundVisit, id: str = "") -> Response:
    """The letters of a student, one for each placement; without an id those of all."""
    if (refused := withheld(visit, "Letters to students", _WHY)) is not None:
        return refused
    found = [row for row in _rows(_tables(_plan(visit))["students"]) if id in ("", row["Student"])]
    if not found:
        raise NotFoundError(f"The student '{id}' gets no letter: no placement that is decided now, and none told of.")
    return page(visit, "letters-students.html", letters=found, one=bool(id), changed=CHANGED)


@router.get("/rounds/{round}/letters/{file}")
def mail_merge(visit: TheRoundVisit, file: str) -> Response:
    """A table for mail merge: the same file as ``placements letters`` writes, without names."""
    if (refused := withheld(visit, "Letters", _WHY)) is not None:
        return refused
    plan, path = _plan(visit), PurePosixPath(file)
    table = _tables(plan).get(path.stem)
    if table is None or path.suffix not in (CSV, WORKBOOK):
        raise NotFoundError("There is no such file.")
    with TemporaryDirectory(prefix="placements-") as folder:
        target = Path(folder) / file
        write_letter_table(target, table, plan.facts)
        return downloaded(visit, file, target.read_bytes())
