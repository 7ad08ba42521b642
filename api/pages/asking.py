"""Asking for a plan of the data in force of a round, as pages do it after whatever changes them."""

from fastapi.concurrency import run_in_threadpool

from api.access.people import Person
from api.pages.visiting import RoundVisit
from api.routes.accepting import Wanted, accepted
from api.routes.deciding import sent_of_round
from api.routes.runs import stop
from api.routes.service import Service
from api.store.listing import looking_at_old_data
from api.wire.runs import Accepted, RunLimits


async def ask_for_plan(visit: RoundVisit) -> str:
    """Ask for an allocation of the data in force.

    Parameters
    ----------
    visit
        Of a page of the round.

    Returns
    -------
    str
        The id of the run.

    Raises
    ------
    AllocationError
        The data cannot be used: with everything that is wrong.
    """
    return await plan_of_round(visit.visit.service, visit.visit.person, visit.round.id)


async def plan_of_round(service: Service, person: Person, round: str) -> str:
    """The same, of a round that has no page yet.

    Runs that look ahead from older data are stopped: a meeting's plan waits for no answer that nobody is shown.

    Parameters
    ----------
    service
        The running one.
    person
        Who asks.
    round
        Id.
    """
    await run_in_threadpool(_stop_old_looks, service, person, round)
    sent, decisions = await sent_of_round(service, round)
    wanted = Wanted(sent, {}, RunLimits(), round, decisions)
    answer = await accepted(service, person, wanted, None)
    return Accepted.model_validate_json(bytes(answer.body)).id


def _stop_old_looks(service: Service, person: Person, round: str) -> None:
    with service.store.transaction() as session:
        for run in looking_at_old_data(session, round):
            stop(person, run, session)
