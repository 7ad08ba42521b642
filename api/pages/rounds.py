"""The rounds of a team: which there are and how each stands, and beginning one, with a demonstration or one's own."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from allocator.demonstrations import demonstrations
from api.inputs.folding import facts_in_force
from api.inputs.sending import Sent
from api.pages.asking import plan_of_round
from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.uploads import OfSheet, beside_rows, issues_of, workbook_of
from api.pages.visiting import TeamVisit, Visit
from api.problems import NotFoundError
from api.routes.conditions import etag
from api.routes.rounds import add_sent, make_round, rounds
from api.routes.submitting import record_of
from api.store.listing import newest_plan, working_on
from api.store.versions import published_as_shown, versions_of
from api.wire import OVER
from api.wire.rounds import NewRound, RoundView
from models.errors import AllocationError, UsageError

router = APIRouter(include_in_schema=False)
DEMONSTRATION = "developing-together"
"""The one that somebody new begins with."""


class Standing(NamedTuple):
    """A round in the list: how its plan stands in words, its tone, and where to go on."""

    round: RoundView
    words: str
    tone: str
    path: str


@router.get("/rounds")
def list_of_rounds(visit: TeamVisit) -> Response:
    """Your rounds, the one that was touched last first."""
    return _page(visit)


@router.post("/rounds/begin")
async def begin(visit: TeamVisit, request: Request) -> Response:
    """Make a round; where a workbook comes with it, it is read first, and its plan is asked for."""
    form = await request.form()
    typed = {name: str(form.get(name, "")) for name in ("name", "tranches")}
    sent: Sent | None = None
    try:
        sent = await workbook_of(request, visit.service)
        name = typed["name"].strip() or (PurePath(sent.filename).stem if sent else "")
        if not name:
            raise UsageError("Nothing was chosen: choose a workbook, or type a name to begin a round without one.")
        wanted = record_of(NewRound, {"name": name, "tranches": tranches_of(typed["tranches"])})
        if sent is not None:  # what cannot be used makes no round
            await visit.service.apart.run(facts_in_force, sent, (), visit.service.settings.rows)
    except AllocationError as error:
        found = await beside_rows(visit.service, sent, issues_of(error)) if sent else ()
        return await run_in_threadpool(_page, visit, error, found, typed)
    return await _begun(visit, wanted, sent)


@router.post("/demonstrations/{demonstration}/rounds")
async def begin_demonstration(
    visit: TeamVisit, demonstration: Annotated[str, Path(max_length=100)]
) -> Response:  # fmt: skip
    """A round with the workbook of a demonstration, and its plan asked for, in one step."""
    path = demonstrations().get(demonstration)
    if path is None:
        raise NotFoundError(f"There is no such demonstration. Allowed: {', '.join(demonstrations())}.")
    sent = Sent(await run_in_threadpool(path.read_bytes), path.name)
    return await _begun(visit, NewRound(name=f"Demonstration: {title_of(demonstration)}"), sent)


async def _begun(visit: Visit, wanted: NewRound, sent: Sent | None) -> Response:
    """Make the round, send its workbook, ask for its plan; to wherever that leads."""
    service, person, answer = visit.service, visit.person, Response()
    made = await run_in_threadpool(make_round, person, service, wanted, answer)
    if sent is None:
        return to(f"/rounds/{made.id}/workbooks", done="round-made")
    await add_sent(made.id, person, service, sent, answer, etag(made.version))
    run = await plan_of_round(service, person, made.id)
    return to(f"/rounds/{made.id}/runs/{run}")


def _page(
    visit: Visit, error: AllocationError | None = None, found: tuple[OfSheet, ...] = (), typed: object = None
) -> Response:
    views = rounds(visit.person, visit.service).rounds
    with visit.service.store.reading() as session:
        standing = [_standing(session, view) for view in views]
    names = [(name, title_of(name), name == DEMONSTRATION) for name in demonstrations()]
    return page(
        visit, "rounds.html", status_of(error), rounds=standing,
        demonstrations=names, error=error, sheets=found, typed=typed or {"name": "", "tranches": ""},
    )  # fmt: skip


def _standing(session: Session, view: RoundView) -> Standing:
    newest = newest_plan(session, view.id)
    working = working_on(session, view.id, newest.run if newest else None)
    if not view.datasets:
        return Standing(view, "No workbook yet", "warn", "/workbooks")
    if working is not None and working.state not in OVER:
        return Standing(view, "A plan is being worked out", "quiet", f"/runs/{working.id}")
    if newest is None:
        none = "No plan yet" if working is None else "The last run came to no plan"
        return Standing(view, none, "warn" if working is None else "bad", "/runs")
    if not newest.current and published_as_shown(session, view.id, newest.run) is None:
        return Standing(view, "Its plan is of before the last change of the data", "warn", "")
    versions = versions_of(session, view.id)
    if not versions:
        return Standing(view, "Planned, not published yet", "good", "")
    if versions[-1].run == newest.run:
        return Standing(view, f"Published: version {versions[-1].number}", "good", "")
    return Standing(view, f"Version {versions[-1].number} in force, a newer plan beside it", "good", "")


def tranches_of(typed: str) -> Sequence[str]:
    """Tranches as somebody types them: with commas between."""
    return [name for part in typed.split(",") if (name := part.strip())]


def title_of(demonstration: str) -> str:
    """A demonstration's name as people read it."""
    return demonstration.replace("-", " ").capitalize()
