"""What leaves the team: a run that it shares, and what agencies and the Alliance get of it."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.results import PLAN
from allocator.views.agency_forms import hosts
from allocator.views.facts import Facts
from api.access.gate import TheGate
from api.access.people import Person, Team, only
from api.access.seeing import seen_run
from api.inputs.sending import Sent
from api.problems import ConflictError
from api.routes.rounds import VisibleRound
from api.routes.runs import RunId, VisibleRun
from api.routes.service import Reading, TheService, Transaction
from api.sharing.agency import agency_plan, form_of
from api.sharing.alliance import alliance_answer, alliance_plan, answers_of
from api.sharing.facts import facts_of_run
from api.sharing.people import people_of
from api.store import runs
from api.store.audit import record
from api.store.contents import content
from api.store.listing import SCENARIOS, newest_plan
from api.store.tables import Account, Membership, Round, Run
from api.wire import OVER
from api.wire.sharing import (
    AgencyPlan,
    AlliancePlan,
    RoundMember,
    RoundSharing,
    SharedAnswer,
    SharedRun,
    Sharing,
)
from scenarios.answers.answer import Answer
from scenarios.report.writing import DATA as ANSWERS

router = APIRouter(tags=["sharing"])
Outside = Annotated[Person, Depends(only("agency", "alliance"))]
OfAgency = Annotated[Person, Depends(only("agency"))]
OfAlliance = Annotated[Person, Depends(only("alliance"))]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TWO = 2
BESIDE = (
    "Another plan of this round was shared before, and whoever saved it has both. So the Alliance gets the numbers of "
    "this one rounded to tens."
)


@router.put("/runs/{run}/shared")
def share(person: Team, found: VisibleRun, session: Transaction, gate: TheGate) -> Sharing:
    """Let agencies and the Alliance, as members of the run's round, see their part of its plan. It has to be over.

    Of a round one plan is shared at a time. Where another was before, the Alliance gets numbers that are rounded to
    tens, and the answer says so.
    """
    run, now = runs.run_of(session, found.id), gate.now()
    if run.round is None:
        raise ConflictError("Only a run of a round can be shared: it is the round that has members.")
    if run.state not in OVER or {PLAN, ANSWERS}.isdisjoint(file.path for file in runs.files_of(session, run.id)):
        raise ConflictError("Only a run that is over and has a plan or answers can be shared.")
    round = session.get_one(Round, run.round, with_for_update=True)
    if run.kind != SCENARIOS:
        _one_plan_at_a_time(session, run)
        if run.id not in round.plans_shared:
            round.plans_shared = [*round.plans_shared, run.id]
    if run.shared is None:
        run.shared = now
        record(session, person.account, "run_shared", run.id, {"round": run.round}, now)
    return Sharing(run=run.id, shared=run.shared, note=None if _alone(round) or run.kind == SCENARIOS else BESIDE)


def _one_plan_at_a_time(session: Session, run: Run) -> None:
    wanted = select(Run.id).where(Run.round == run.round, Run.id != run.id, Run.kind != SCENARIOS)
    other = session.scalar(wanted.where(Run.shared.is_not(None)).order_by(Run.shared).limit(1))
    if other is not None:
        raise ConflictError(
            f"The plan of run {other} is shared, and of a round one plan is at a time: take that one back first. "
            "Whoever has two can subtract them, and learns of the few persons by whom they differ."
        )


def _alone(round: Round) -> bool:
    """Whether of a round no more than one plan ever left the team."""
    return len(round.plans_shared) < TWO


@router.delete("/runs/{run}/shared", status_code=HTTPStatus.NO_CONTENT)
def share_no_more(person: Team, found: VisibleRun, session: Transaction, gate: TheGate) -> None:
    """Take it back: agencies and the Alliance do not see it any more. What they have saved, they have."""
    run = runs.run_of(session, found.id)
    if run.shared is not None:
        run.shared = None
        record(session, person.account, "run_shared_no_more", run.id, {"round": run.round}, gate.now())


@router.get("/rounds/{round}/sharing")
def sharing(round: VisibleRound, session: Reading) -> RoundSharing:
    """Which plan of a round is shared, and who are the members of the round that see their part of it."""
    newest = newest_plan(session, round)
    return round_sharing(session, round, facts_of_run(session, newest.run) if newest else None)


def round_sharing(session: Session, round: str, facts: Facts | None) -> RoundSharing:
    """What of a round leaves the team.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    facts
        Of its newest plan; None where it has none.
    """
    wanted = select(Run).where(Run.round == round, Run.kind != SCENARIOS, Run.shared.is_not(None))
    run, newest = session.scalar(wanted.limit(1)), newest_plan(session, round)
    others = set(session.get_one(Round, round).plans_shared) - {newest.run if newest else ""}
    of_round = select(Account).join(Membership, Membership.account == Account.id).where(Membership.round == round)
    accounts = session.scalars(of_round.where(~Account.disabled).order_by(Account.role, Account.login)).all()
    facts_of = ({"login": one.login, "role": one.role, "agency": one.agency} for one in accounts)
    members, speak_for = tuple(map(RoundMember.model_validate, facts_of)), {account.agency for account in accounts}
    return RoundSharing(
        run=run.id if run else None, shared=run.shared if run else None, newest=newest.run if newest else None,
        note=BESIDE if others else None,
        members=members,
        without_account=tuple(sorted(hosts(facts) - speak_for)) if facts else (),
    )  # fmt: skip


@router.get("/shared")
def shared(person: Outside, session: Reading) -> list[SharedRun]:
    """Runs that the team shared in your rounds, newest first."""
    wanted = select(Run, Round.name).join(Round, Round.id == Run.round).where(Run.shared.is_not(None))
    if person.role == "agency":
        wanted = wanted.where(Run.kind != SCENARIOS)
    rows = session.execute(wanted.where(Run.round.in_(person.rounds)).order_by(Run.shared.desc(), Run.id)).all()
    return [SharedRun(id=run.id, round=name, kind=run.kind, answer=run.answer, shared=run.shared) for run, name in rows]


@router.get("/shared/{run}/agency")
def for_agency(person: OfAgency, run: RunId, session: Reading) -> AgencyPlan:
    """Your agency's part of a plan: its offers, its account, its reply form with its students' references."""
    seen_run(session, person, run)
    return agency_plan(facts_of_run(session, run), person.agency or "")


@router.get("/shared/{run}/agency/form", response_class=Response, responses={200: {"content": {WORKBOOK: {}}}})
def form(person: OfAgency, run: RunId, session: Transaction, gate: TheGate) -> Response:
    """Your agency's reply form, as a workbook to fill in and send back."""
    seen_run(session, person, run)
    path = form_of(facts_of_run(session, run), person.agency or "")
    data = runs.file_of(session, run, path)
    record(session, person.account, "downloaded", run, {"path": path}, gate.now())
    name = path.rpartition("/")[2]
    return Response(
        data, media_type=WORKBOOK, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )


@router.get("/shared/{run}/alliance")
def for_alliance(person: OfAlliance, run: RunId, session: Reading) -> AlliancePlan:
    """Aggregates of a plan; groups under ten are withheld, and what they would follow from.

    Numbers are exact as long as no other plan of the round was ever shared, and rounded to tens from then on.
    """
    found = seen_run(session, person, run)
    round = session.get_one(Round, found.round)
    return alliance_plan(facts_of_run(session, run), alone=_alone(round))


@router.get("/shared/{run}/answers")
async def answers(person: OfAlliance, run: RunId, service: TheService) -> list[SharedAnswer]:
    """Answers of scenarios; numbers under ten are withheld, all others rounded to tens; nobody is named."""

    def kept() -> tuple[tuple[Answer, ...], Sent]:
        with service.store.reading() as session:
            found = seen_run(session, person, run)
            return answers_of(runs.file_of(session, run, ANSWERS)), Sent(content(session, found.source), found.filename)

    of_run, source = await run_in_threadpool(kept)
    people = await service.apart.run(people_of, source, service.settings.rows)
    return [alliance_answer(answer, people) for answer in of_run]
