"""A round itself: its name and tranches changed, and the round deleted, with what will be lost."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Response

from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.rounds import tranches_of
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.problems import UnusableError
from api.routes.rounds import change_round
from api.routes.rounds import delete as delete_round
from api.routes.submitting import record_of
from api.store.deleting import Losses, losses_of
from api.wire.rounds import RoundChange
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
Words = Annotated[str, Form()]


class Typed(NamedTuple):
    """What stands in the fields."""

    name: str
    tranches: str
    confirmed: str = ""


@router.get("/rounds/{round}/change")
def change_page(visit: TheRoundVisit) -> Response:
    """The forms."""
    return _page(visit)


@router.post("/rounds/{round}/change")
def change(
    visit: TheRoundVisit, name: Words = "", tranches: Words = "", version: Words = ""
) -> Response:  # fmt: skip
    """Give it another name, or other tranches."""
    try:
        wanted = record_of(RoundChange, {"name": name.strip(), "tranches": tranches_of(tranches)})
        service, person = visit.visit.service, visit.visit.person
        change_round(visit.round.id, person, service, wanted, Response(), f'"{version}"')
    except AllocationError as error:
        return _page(visit, error, "change", Typed(name, tranches))
    return to(f"/rounds/{visit.round.id}/change", done="round-changed")


@router.post("/rounds/{round}/delete")
def delete(visit: TheRoundVisit, confirmed: Words = "", version: Words = "") -> Response:
    """Delete it for good, where its name was typed."""
    service, person, round = visit.visit.service, visit.visit.person, visit.round
    try:
        if confirmed.strip() != round.name.strip():
            raise UnusableError(f"Type the round's name to delete it. You typed '{confirmed}', it is '{round.name}'.")
        delete_round(round.id, person, service, f'"{version}"')
    except AllocationError as error:
        return _page(visit, error, "delete", Typed(round.name, ", ".join(round.tranches), confirmed))
    return to("/rounds", done="round-deleted")


def _page(
    visit: RoundVisit, error: AllocationError | None = None, of: str = "change", typed: Typed | None = None
) -> Response:  # fmt: skip
    with visit.visit.service.store.reading() as session:
        lost: Losses = losses_of(session, visit.round.id)
    return page(
        visit, "round.html", status_of(error), lost=lost,
        errors={"change": None, "delete": None, of: error},
        typed=typed or Typed(visit.round.name, ", ".join(visit.round.tranches)),
    )  # fmt: skip
