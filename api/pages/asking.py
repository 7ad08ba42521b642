"""Asking for a plan of the data in force of a round, as pages do it after whatever changes them."""

from api.pages.visiting import RoundVisit
from api.routes.accepting import Wanted, accepted
from api.routes.deciding import sent_of_round
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
    sent, decisions = await sent_of_round(visit.visit.service, visit.round.id)
    wanted = Wanted(sent, {}, RunLimits(), visit.round.id, decisions)
    answer = await accepted(visit.visit.service, visit.visit.person, wanted, None)
    return Accepted.model_validate_json(bytes(answer.body)).id
