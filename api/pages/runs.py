"""The runs of a round: how far one is while it works, stopped with the best so far, what came out, and its files."""

from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Response
from fastapi.concurrency import run_in_threadpool

from allocator.results import CLASH, PLAN
from allocator.views.aside import lost_words
from allocator.views.clash import clash_lines, clash_proof, clash_sentence
from allocator.views.working import working
from api.access import accounts
from api.access.seeing import seen_run
from api.pages.asking import ask_for_plan
from api.pages.meeting_view import shared_text
from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.uploads import issues_of, said_in_words
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError
from api.routes.runs import delete as delete_run
from api.routes.runs import stop as stop_run
from api.store.listing import ALLOCATE, listed
from api.store.moments import utc_now
from api.store.runs import FileOfRun, file_of, files_of
from api.store.tables import Run
from api.wire import OVER
from models.errors import AllocationError, Issue
from models.plan import Clash, Plan

router = APIRouter(include_in_schema=False)
RunId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
After = Annotated[str | None, Query(max_length=200)]
AT_A_TIME = 30
KINDS = {
    ALLOCATE: "Plan", "scenarios": "Scenarios", "effect": "Effect of a decision", "moves": "Moves of promises",
    "fits": "What fits best",
}  # fmt: skip
"""What a run finds, in words."""
STATES = {
    "created": "Accepted", "validated": "Accepted", "invalid": "Its input cannot be used",
    "queued": "Waits for its turn", "running": "At work", "stopped": "Stopped with the best so far", "failed": "Failed",
}  # fmt: skip
ANSWERS = {
    "proved": "Done and proved: nothing better is possible", "within_gap": "Done: the best found, not proved best",
    "clash": "No plan: rules clash", "nothing": "Done, without a result",
}  # fmt: skip
"""What came out, in words."""
PAPERS = {
    "report.xlsx": "The meeting workbook", "summary.html": "One page for everybody", "return.json": "The yearly return",
    "plan.json": "The plan as data", "check.json": "What the independent check found", "run.json": "What it cost",
    "data.json": "The facts that it was made from", "clash.txt": "Why there is no plan",
    "clash.json": "The same as data",
}  # fmt: skip
"""Files of results in words, what people open first first; others stand by their paths."""


class Row(NamedTuple):
    """A run in the list."""

    id: str
    kind: str
    words: str
    tone: str
    by: str
    created: datetime
    took: str
    over: bool


class Paper(NamedTuple):
    """A file of results: its path, what it is, and its size in kilobytes."""

    path: str
    words: str
    kilobytes: int


@router.get("/rounds/{round}/runs")
def runs(visit: TheRoundVisit, after: After = None) -> Response:
    """The runs of a round, newest first."""
    return _page(visit, after)


@router.post("/rounds/{round}/runs")
async def ask(visit: TheRoundVisit) -> Response:
    """Ask for a plan of the data in force."""
    try:
        run = await ask_for_plan(visit)
    except AllocationError as error:
        return await run_in_threadpool(_page, visit, None, error)
    return to(f"/rounds/{visit.round.id}/runs/{run}")


@router.get("/rounds/{round}/runs/{run}")
def run(visit: TheRoundVisit, run: RunId, follow: Annotated[bool, Query()] = False) -> Response:
    """A run. Who followed it until it had a plan is led to that."""
    return _of_run(visit, run, follow=follow)


@router.get("/rounds/{round}/runs/{run}/progress")
def progress(visit: TheRoundVisit, run: RunId) -> Response:
    """How far a run is, as a part of its page; scripts put it there whenever the run tells something."""
    found = _found(visit, run)
    return page(visit, "progress.html", run=found, **_progress(found))


@router.post("/rounds/{round}/runs/{run}/stop")
def stop(visit: TheRoundVisit, run: RunId) -> Response:
    """Stop with the best plan so far."""
    found = _found(visit, run)
    with visit.visit.service.store.transaction() as session:
        stop_run(visit.visit.person, found, session)
    return to(f"/rounds/{visit.round.id}/runs/{run}")


@router.post("/rounds/{round}/runs/{run}/delete")
def delete(visit: TheRoundVisit, run: RunId) -> Response:
    """Delete a run that is over, with its results."""
    try:
        delete_run(visit.visit.person, _found(visit, run), visit.visit.service)
    except AllocationError as error:
        return _of_run(visit, run, error)
    return to(f"/rounds/{visit.round.id}/runs", done="run-deleted")


def _page(visit: RoundVisit, after: str | None, error: AllocationError | None = None) -> Response:
    status = status_of(error)
    with visit.visit.service.store.reading() as session:
        found = listed(session, rounds=(visit.round.id,), after=after, limit=AT_A_TIME)
        logins = accounts.logins_of(session, {run.created_by for run in found.runs})
    rows = [_row(run, logins.get(run.created_by, "somebody else")) for run in found.runs]
    issues = issues_of(error) if error is not None else ()
    return page(visit, "runs.html", status, rows=rows, after=found.after, error=error, issues=issues)


def _row(run: Run, by: str) -> Row:
    took = "" if run.ended is None or run.started is None else span(run.ended - run.started)
    return Row(
        run.id, KINDS.get(run.kind, run.kind), state_words(run), tone(run), by, run.created, took, run.state in OVER
    )


def _of_run(visit: RoundVisit, id: str, error: AllocationError | None = None, *, follow: bool = False) -> Response:
    status, found = status_of(error), _found(visit, id)
    with visit.visit.service.store.reading() as session:
        files = files_of(session, id)
        clash = _clash_of(file_of(session, id, CLASH)) if any(f.path == CLASH for f in files) else None
        by = accounts.logins_of(session, {found.created_by}).get(found.created_by, "somebody else")
    has_plan = found.kind == ALLOCATE and any(file.path == PLAN for file in files)
    over = found.state in OVER
    issues = [Issue.model_validate(issue) for issue in found.issues]
    if follow and over and has_plan and clash is None:
        return to(f"/rounds/{visit.round.id}", done="planned")
    values = {
        "run": found, "row": _row(found, by), "over": over, "has_plan": has_plan, "papers": _papers(files),
        "of_agencies": [file for file in files if "/" in file.path], "error": error, "clash": clash,
        "clash_words": _clash_words(clash, visit.visit.meeting) if clash else None,
        "lost": lost_words(issues), "said_of_input": said_in_words(issues),
        "is_bad": any(issue.level != "warning" for issue in issues),
    }  # fmt: skip
    return page(visit, "run.html", status, **values, **_progress(found))


def _found(visit: RoundVisit, id: str) -> Run:
    with visit.visit.service.store.reading() as session:
        found = seen_run(session, visit.visit.person, id)
    if found.round != visit.round.id:
        raise NotFoundError("The round has no such run.")
    return found


def _progress(run: Run) -> dict[str, Any]:
    took = "" if run.started is None else span((run.ended or utc_now()) - run.started)
    return {"working": working(run.progress or {}), "words": state_words(run), "took": took}


def _papers(files: tuple[FileOfRun, ...]) -> list[Paper]:
    sizes = {file.path: -(-file.size // 1000) for file in files if "/" not in file.path}
    order = [path for path in PAPERS if path in sizes] + [path for path in sizes if path not in PAPERS]
    return [Paper(path, PAPERS.get(path, path), sizes[path]) for path in order]


def _clash_words(clash: Clash, meeting: bool) -> tuple[str, list[str], str]:
    """What a clash is, in the library's words; on a projector without what agencies may not see."""
    said = shared_text if meeting else str
    return said(clash_sentence(clash)), [said(line) for line in clash_lines(clash)], clash_proof(clash)


def _clash_of(data: bytes) -> Clash | None:
    return Plan.model_validate_json(data).clash


def state_words(run: Run) -> str:
    """How a run stands."""
    if run.state == "running" and run.stop_asked:
        return "Stops with the best so far"
    if run.state in ("complete", "stopped") and run.answer == "clash":
        return ANSWERS["clash"]
    return ANSWERS.get(run.answer or "", "Done") if run.state == "complete" else STATES[run.state]


def tone(run: Run) -> str:
    """The tone of these words."""
    if run.state in ("failed", "invalid") or run.answer == "clash":
        return "bad"
    return "quiet" if run.state not in OVER else "good" if run.answer == "proved" else "warn"


def span(took: timedelta) -> str:
    """A span of time as people read it: ``2 min 5 s``."""
    minutes, seconds = divmod(round(took.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
