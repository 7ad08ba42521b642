"""What if: the questions of the Alliance and one's own, asked of the data of a round, and what was answered."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from allocator.views.words import counted
from api.access.gate import TheGate
from api.access.guarding import FILE_POLICY
from api.access.seeing import seen_run
from api.pages.answers import DOWNLOADS, AnsweredRun, answered_runs, chart_of, plans_of, questions
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import NotFoundError, UnusableError, as_problem
from api.routes import runs, shared
from api.routes.scenarios import run_scenarios
from api.routes.service import Transaction
from api.routes.submitting import record_of
from api.store.listing import SCENARIOS
from api.store.tables import Run
from api.wire.results import ScenariosRun
from models.errors import AllocationError
from scenarios.answers.answer import Answer
from scenarios.model import FromRows, Scenario
from scenarios.report.words import merged

router = APIRouter(include_in_schema=False)
ADDRESS = "/rounds/{round}/scenarios"
Name = Annotated[str, Query(max_length=200)]
RunOfForm = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]
MINUTE, HOUR = 60, 3600


class QuestionLine(NamedTuple):
    """A question of the library as the list shows it; ``newest`` has its newest answer, ``waiting`` is asked now."""

    name: str
    question: str
    takes: str
    newest: AnsweredRun | None
    waiting: AnsweredRun | None

    @property
    def answer(self) -> Answer | None:
        """The newest answer."""
        return self.newest.answers[self.name] if self.newest else None


@router.get(ADDRESS)
def scenarios(visit: TheRoundVisit) -> Response:
    """The library, what is being answered, and the runs so far."""
    return _library(visit)


@router.post(ADDRESS)
async def ask(
    visit: TheRoundVisit,
    key: Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")],
    what: Annotated[str, Form()] = "chosen",
    only: Annotated[Sequence[str], Form()] = (),
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Ask questions: those that were chosen, all, or those of one's own files."""
    try:
        own = {file.filename or "": await _text(file) for file in files if file.filename} if what == "own" else {}
        if what == "own" and not own:
            raise UnusableError("No file was chosen. Choose one or more files that end in .toml.")
        if what == "chosen" and not only:
            raise UnusableError("No question was chosen. Tick one or more, or ask all.")
        asked = record_of(ScenariosRun, {"only": tuple(only) if what == "chosen" else (), "files": own})
        await run_scenarios(visit.round.id, visit.visit.person, visit.visit.service, asked, key)
    except AllocationError as error:
        status, body, _ = as_problem(error)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return _library(visit, HTTPStatus(status), what, str(body["detail"]).split("\n"), only)
    return to(f"/rounds/{visit.round.id}/scenarios", done="asked")


@router.get(f"{ADDRESS}/question")
def question(visit: TheRoundVisit, name: Name, run: Name = "") -> Response:
    """A question and its answer: the newest, or that of a run."""
    found = _runs_of(visit)
    answered = [one for one in found if name in one.answers]
    shown = next((one for one in answered if one.run.id == run), None) if run else next(iter(answered), None)
    of_library = questions().get(name)
    if (run and shown is None) or (shown is None and of_library is None):
        raise NotFoundError("There is no such question, or this run has no answer to it.")
    answer = shown.answers[name] if shown else None
    headings, rows, numeric = merged(answer.table) if answer else ([], [], [])
    return page(
        visit, "scenario.html", name=name, shown=shown, answer=answer, of_library=of_library, files=DOWNLOADS,
        headings=list(zip(headings, numeric, strict=True)), rows=[list(zip(row, numeric, strict=True)) for row in rows],
        earlier=[one for one in answered if shown is None or one.run.id != shown.run.id], key=secrets.token_hex(16),
        waiting=next((one for one in found if not one.over and name in one.names), None),
        takes=_takes(of_library, answer, found) if of_library else "",
        text=of_library.question if of_library else answer.question if answer else "",
        reason=" ".join((of_library.reason if of_library else answer.reason if answer else "").split()),
        chart=bool(answer and answer.chart.kind != "none" and answer.chart.labels and answer.chart.series),
    )  # fmt: skip


@router.get(f"{ADDRESS}/chart")
def chart(visit: TheRoundVisit, name: Name, run: Name) -> Response:
    """The chart of an answer, as a picture."""
    found = next((one for one in _runs_of(visit) if one.run.id == run and name in one.answers), None)
    if found is None:
        raise NotFoundError("There is no such chart.")
    headers = {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "private, max-age=86400"}
    return Response(chart_of(found.answers[name]), media_type="image/svg+xml", headers=headers)


@router.post(f"{ADDRESS}/stop")
def stop(visit: TheRoundVisit, session: Transaction, run: RunOfForm) -> Response:
    """Stop a run; questions that it has not answered stay open."""
    runs.stop(visit.visit.person, _run_of_round(visit, session, run), session)
    return to(f"/rounds/{visit.round.id}/scenarios", done="stop-asked")


@router.post(f"{ADDRESS}/share")
def share(
    visit: TheRoundVisit, session: Transaction, gate: TheGate, run: RunOfForm, back: Annotated[str, Form()] = "",
    view: Annotated[str, Form()] = "on",
) -> Response:  # fmt: skip
    """Share the answers of a run with the Alliance, or take them back; ``back``: the question that is looked at."""
    found = _run_of_round(visit, session, run)
    if view == "on":
        shared.share(visit.visit.person, found, session, gate)
    else:
        shared.share_no_more(visit.visit.person, found, session, gate)
    done, base = "answers-shared" if view == "on" else "answers-not-shared", f"/rounds/{visit.round.id}/scenarios"
    return to(f"{base}/question", name=back, run=run, done=done) if back else to(base, done=done)


def _library(
    visit: RoundVisit, status: HTTPStatus = HTTPStatus.OK, what: str = "", problems: Sequence[str] = (),
    chosen: Sequence[str] = (),
) -> Response:  # fmt: skip
    found, seconds = _runs_of(visit), _seconds_of_plan(visit)
    lines = [
        QuestionLine(
            name, one.question, _takes(one, newest.answers[name] if newest else None, found), newest,
            next((run for run in found if not run.over and name in run.names), None),
        )
        for name, one in questions().items()
        for newest in [next((run for run in found if name in run.answers), None)]
    ]  # fmt: skip
    values: dict[str, Any] = {"lines": lines, "runs": found, "files": DOWNLOADS, "key": secrets.token_hex(16)}
    values |= {"what": what, "problems": problems, "chosen": chosen, "plan_seconds": _words(seconds)}
    return page(visit, "scenarios.html", status, **values)


def _runs_of(visit: RoundVisit) -> tuple[AnsweredRun, ...]:
    with visit.visit.service.store.reading() as session:
        return answered_runs(session, visit.round.id)


def _run_of_round(visit: RoundVisit, session: Transaction, id: str) -> Run:
    run = seen_run(session, visit.visit.person, id)
    if run.round != visit.round.id or run.kind != SCENARIOS:
        raise NotFoundError("There is no such run of scenarios of this round.")
    return run


async def _text(file: UploadFile) -> str:
    try:
        return (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableError(f"{file.filename} is not text in UTF-8. Save it as plain text in UTF-8.") from error


def _takes(question: Scenario, answer: Answer | None, found: Sequence[AnsweredRun]) -> str:
    """How long a question takes: its plans, and the time that its last run took where it was asked alone."""
    number = plans_of(question) if answer is None else answer.plans
    rows = [f"{one.column} of the sheet {one.sheet}" for one in question.grid.values() if isinstance(one, FromRows)]
    plans = counted(number, "plan") if number is not None else f"a plan for each {' and '.join(rows)}"
    alone = next((one.run for one in found if one.names == (question.name,) and one.answers), None)
    if alone is None or alone.started is None or alone.ended is None:
        return plans
    return f"{plans}, {_words((alone.ended - alone.started).total_seconds())} last time"


def _seconds_of_plan(visit: RoundVisit) -> float | None:
    """How long the newest plan took; None where there is none, or it is not yet at its end."""
    if visit.plan is None:
        return None
    with visit.visit.service.store.reading() as session:
        run = session.get_one(Run, visit.plan.run)
    return (run.ended - run.started).total_seconds() if run.started and run.ended else None


def _words(seconds: float | None) -> str:
    """So much time as people say it; blank where it is not known."""
    if seconds is None:
        return ""
    if seconds < 2 * MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / MINUTE)} min" if seconds < 2 * HOUR else f"{round(seconds / HOUR)} h"
