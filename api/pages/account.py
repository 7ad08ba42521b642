"""One's own account: where one is signed in, the tokens of one's programs, and the way out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.access.gate import Gate, TheGate
from api.defaults import MOST_TOKEN_DAYS, TOKEN_DAYS
from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.visiting import AnyVisit, Visit
from api.routes.accounts import make_token, my_sessions, my_tokens, revoke_token
from api.routes.submitting import record_of
from api.wire.people import MadeToken, NewToken
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
Words = Annotated[str, Form()]


@router.get("/account")
def account(visit: AnyVisit, gate: TheGate, request: Request) -> Response:
    """Who is signed in, where, and which programs may do what they may."""
    return _page(visit, gate, request)


@router.post("/account/tokens")
def make(visit: AnyVisit, gate: TheGate, request: Request, name: Words = "", days: Words = "") -> Response:
    """Make a token; its words are shown this once."""
    try:
        wanted = record_of(NewToken, {"name": name, "days": int(days) if days.isdecimal() else days})
        with visit.service.store.transaction() as session:
            made = make_token(visit.person, wanted, session, gate)
    except AllocationError as error:
        return _page(visit, gate, request, error, typed=(name, days))
    return _page(visit, gate, request, made=made)


@router.post("/account/tokens/revoke")
def revoke(visit: AnyVisit, gate: TheGate, request: Request, token: Words = "") -> Response:
    """Revoke a token of one's own."""
    try:
        with visit.service.store.transaction() as session:
            revoke_token(visit.person, token, session, gate)
    except AllocationError as error:
        return _page(visit, gate, request, error)
    return to("/account", done="token-revoked")


def _page(
    visit: Visit, gate: Gate, request: Request, error: AllocationError | None = None, made: MadeToken | None = None,
    typed: tuple[str, str] = ("", str(TOKEN_DAYS)),
) -> Response:  # fmt: skip
    status = status_of(error) if made is None else HTTPStatus.CREATED
    with visit.service.store.reading() as session:
        sessions = my_sessions(visit.person, session, gate, request)
        tokens = my_tokens(visit.person, session)
    return page(
        visit, "account.html", status, sessions=sessions, tokens=tokens, made=made, error=error, typed=typed,
        most_days=MOST_TOKEN_DAYS,
    )  # fmt: skip
