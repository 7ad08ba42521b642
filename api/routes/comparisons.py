"""``/v1/comparisons``: what is different between the plans of two runs; nothing is solved, nothing is kept."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from allocator.results import CLASH, PLAN
from api.access.people import Person, Team
from api.access.seeing import seen_run
from api.inputs.comparing import NEEDED, compared
from api.routes.run_files import NoResultYetError
from api.routes.service import Service, TheService
from api.store.contents import content
from api.store.runs import files_of
from api.wire.results import ComparisonAsked, ComparisonView

router = APIRouter(tags=["comparisons"])


@router.post("/comparisons")
async def comparison(person: Team, service: TheService, asked: ComparisonAsked) -> ComparisonView:
    """Compare two runs: inputs, tiers, figures, requests, and who is better or worse off.

    It is the one comparison of the library, as `placements compare` shows it.
    """
    before = await run_in_threadpool(_results, service, person, asked.before)
    after = await run_in_threadpool(_results, service, person, asked.after)
    return await service.apart.run(compared, before, after, (f"run {asked.before}", f"run {asked.after}"))


def _results(service: Service, person: Person, id: str) -> Mapping[str, bytes]:
    """The files of a run that a comparison reads; of rules that clash, the clash in the place of the plan."""
    with service.store.reading() as session:
        run = seen_run(session, person, id)
        there = {file.path: file.digest for file in files_of(session, id)}
        if CLASH in there:
            there[PLAN] = there[CLASH]
        if PLAN not in there:
            raise NoResultYetError(f"The run {id} is {run.state} and has no plan to compare.")
        return {name: content(session, there[name]) for name in NEEDED if name in there}
