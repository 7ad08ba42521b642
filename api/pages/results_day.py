"""A results day: a list of readiness and clearance, uploaded or pasted, looked at with its effect, and entered."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from allocator.lifecycle.answers import PlanEffect, ResultsEffect
from allocator.reading.results_list import RESULTS
from allocator.reading.sheets_people import STUDENTS
from allocator.views.compared import sentences, short_change
from api.inputs.sending import Sent, sent
from api.jobs.looking import FILES
from api.pages.asking import ask_for_plan
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.pages.withheld import withheld
from api.problems import UnusableError, as_problem
from api.routes.conditions import etag
from api.routes.results_day import list_entered, list_looked_at, typed_list
from api.store.listing import is_current
from api.store.runs import file_of, files_of
from api.store.tables import Run
from api.wire import OVER
from api.wire.results_day import ListToLookAt, ListTyped, ResultsView
from models.errors import AllocationError, InputUnusableError, Issue

router = APIRouter(include_in_schema=False)
_WHY = "Readiness and clearance of students are for the team."
TABLES = (b"PK", b"\xd0\xcf\x11\xe0")
"""How files begin that are workbooks and no text."""


@router.get("/rounds/{round}/results-day")
def results_day(visit: TheRoundVisit) -> Response:
    """Where a list is uploaded or pasted."""
    return _page(visit, "")


@router.post("/rounds/{round}/results-day")
async def take_list(visit: TheRoundVisit, request: Request) -> Response:
    """Look at a list, or enter it."""
    async with request.form() as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        text = _lines(fields.get("text", ""))
        try:
            listed = await _file(visit, form) or _pasted(text)
        except (AllocationError, ValidationError) as error:
            return await run_in_threadpool(_page, visit, text, None, error)
    service, person, round = visit.visit.service, visit.visit.person, visit.round.id
    try:
        if fields.get("do") == "enter":
            await list_entered(service, person, round, listed, etag(fields.get("version", "")))
            with suppress(AllocationError):  # what was entered is kept; what is wrong with the data, the runs say
                await ask_for_plan(visit)
            return to(f"/rounds/{round}/results-day", done="results-entered")
        text = "" if listed.data.startswith(TABLES) else _lines(listed.data.decode("utf-8-sig", "replace"))
        looked = await run_in_threadpool(_run_of, visit, text, fields)
        wanted = ListToLookAt(text=text or "-", plan=looked is None)
        view, _ = await list_looked_at(service, person, round, listed, wanted)
        view = view if looked is None else view.model_copy(update={"run": looked})
    except (AllocationError, ValidationError) as error:
        return await run_in_threadpool(_page, visit, text, None, error)
    return await run_in_threadpool(_page, visit, text or view.text, view)


async def _file(visit: RoundVisit, form: FormData) -> Sent | None:
    """The file, where one was chosen."""
    file = form.get("list")
    if isinstance(file, UploadFile) and file.filename:
        return sent(await file.read(), file.filename, visit.visit.service.settings.unpacked_bytes)
    return None


def _pasted(text: str) -> Sent:
    """What was pasted, as a file."""
    if not text.strip():
        raise UnusableError("There is no list. Choose a file, or paste the list into the field.")
    return typed_list(ListTyped(text=text))


def _lines(text: str) -> str:
    """Text of a field, whose lines browsers end in another way."""
    return text.replace("\r\n", "\n")


def _seal(text: str) -> str:
    """By which a list is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _run_of(visit: RoundVisit, text: str, fields: Mapping[str, str]) -> str | None:
    """The run that found the effect of this very list on these very data; None where it has to be asked for."""
    id = fields.get("run", "")
    with visit.visit.service.store.reading() as session:
        run = session.get(Run, id) if id and fields.get("of") == _seal(text) else None
        holds = run is not None and run.round == visit.round.id and run.kind == "results_day"
        return id if run is not None and holds and is_current(session, run) else None


def _page(
    visit: RoundVisit, text: str, view: ResultsView | None = None,
    error: AllocationError | ValidationError | None = None,
) -> Response:  # fmt: skip
    if (refused := withheld(visit, "Results day", _WHY)) is not None:
        return refused
    effect, run = None, None
    if view is not None and view.run is not None:
        with visit.visit.service.store.reading() as session:
            run = session.get_one(Run, view.run)
            if FILES["results_day"] in {file.path for file in files_of(session, run.id)}:
                effect = ResultsEffect.model_validate_json(file_of(session, run.id, FILES["results_day"]))
    status, message, issues = HTTPStatus.OK, "", tuple[Issue, ...]()
    if isinstance(error, ValidationError):
        status, message = HTTPStatus.UNPROCESSABLE_ENTITY, "The list is too long to be pasted: send it as a file."
    elif error is not None:
        status, message = HTTPStatus(as_problem(error)[0]), str(error)
        issues = error.issues if isinstance(error, InputUnusableError) else ()
    values = {
        "text": text, "seal": _seal(text), "view": view, "run": run, "over": run is not None and run.state in OVER,
        "effect": effect, "told": _told(effect.effect) if effect else (), "message": message, "issues": issues,
        "columns": [(name, STUDENTS.by_name[name].allowed_text) for name in RESULTS],
    }  # fmt: skip
    return page(visit, "results_day.html", status, **values)


def _told(effect: PlanEffect) -> tuple[str, ...]:
    """What the results do to the plan: in sentences, and each request that changes."""
    changes = (f"{change.request}: {short_change(change)}" for change in effect.comparison.requests or ())
    return (*sentences(effect.comparison), *changes)
