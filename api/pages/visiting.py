"""Who visits a page: the person, what their forms carry, and whether the page is on a projector."""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from api.access.people import Person, only
from api.access.seeing import may_see_round
from api.pages.plans import Shown, ShownPlans
from api.routes.rounds import RoundId, round_view
from api.routes.service import Service, TheService
from api.store.listing import newest_plan, working_on
from api.store.rounds import round_of
from api.store.tables import Run
from api.store.versions import published_as_shown, versions_of
from api.wire import OVER, Role
from api.wire.rounds import RoundView

MEETING = "placements-meeting"
"""Cookie of a browser whose pages are on a projector: agencies of the meeting see them."""


class Visit(NamedTuple):
    """A visit of a page.

    ``form_token`` goes with every form; ``meeting``: what an agency may not see of others' students is left out.
    """

    request: Request
    service: Service
    person: Person
    login: str
    form_token: str
    meeting: bool


class RoundVisit(NamedTuple):
    """A visit of a page of a round.

    ``plan`` is the newest plan of the round, None before there is one; ``current``: it is of the data in force.
    ``published``: the number of the version in force, where that is this plan and nothing was changed since.
    ``in_force`` is the number of that version, whichever plan is shown.
    ``working`` is the allocation that is under way, or the last one that came after the plan and has none.
    """

    visit: Visit
    round: RoundView
    plan: Shown | None
    current: bool
    published: int | None
    in_force: int | None
    working: Run | None

    @property
    def shown_run(self) -> str:
        """The last allocation that the page tells of: one that is over and came to nothing, else that of the plan."""
        if self.working is not None and self.working.state in OVER:
            return self.working.id
        return self.plan.run if self.plan else ""


def visiting(*roles: Role) -> Callable[..., Awaitable[Visit]]:
    """A dependency of a page: a visit of somebody who has one of these roles."""

    async def visit(request: Request, person: Annotated[Person, Depends(only(*roles))], service: TheService) -> Visit:
        meeting = person.role == "team" and request.cookies.get(MEETING) == "on"
        form_token = getattr(request.state, "form_token", "")  # who comes with a token sends no forms
        return Visit(request, service, person, person.login, form_token, meeting)

    return visit


TeamVisit = Annotated[Visit, Depends(visiting("team"))]
AgencyVisit = Annotated[Visit, Depends(visiting("agency"))]
AllianceVisit = Annotated[Visit, Depends(visiting("alliance"))]
AdminVisit = Annotated[Visit, Depends(visiting("admin"))]
TeamOrAdminVisit = Annotated[Visit, Depends(visiting("team", "admin"))]
AnyVisit = Annotated[Visit, Depends(visiting("team", "agency", "alliance", "admin"))]


def of_round(request: Request, visit: TeamVisit, round: RoundId) -> RoundVisit:
    """A visit of a page of a round, of whose members whoever visits is one."""
    may_see_round(visit.person, round)
    plans = request.app.state.plans
    assert isinstance(plans, ShownPlans)
    with visit.service.store.reading() as session:
        view = round_view(session, round_of(session, round))
        newest = newest_plan(session, round)
        working = working_on(session, round, newest.run if newest else None)
        plan = plans.shown(session, newest.run) if newest else None
        version = published_as_shown(session, round, newest.run) if newest and not newest.current else None
        versions = versions_of(session, round)
    published, in_force = version.number if version else None, versions[-1].number if versions else None
    return RoundVisit(visit, view, plan, newest is not None and newest.current, published, in_force, working)


TheRoundVisit = Annotated[RoundVisit, Depends(of_round)]
