"""People, for an administrator: accounts made, invited, changed and disabled; their tokens revoked. No student rows."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.orm import Session

from api.access.gate import TheGate
from api.pages.refusals import status_of
from api.pages.rendering import page, to
from api.pages.visiting import AdminVisit, Visit
from api.problems import UnusableError
from api.routes.accounts import (
    Id,
    change_account,
    create_account,
    get_account,
    invite,
    list_accounts,
    members,
    revoke_token_of_account,
    tokens_of_account,
)
from api.routes.submitting import record_of
from api.wire.people import AccountChange, AccountState, Invitation, NewAccount
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
Words = Annotated[str, Form()]
Rounds = Annotated[list[str] | None, Form()]
Cursor = Annotated[str, Query(max_length=200)]
ROLES = (
    ("team", "Placements team: everything of its rounds"),
    ("agency", "Agency: its own places and students"),
    ("alliance", "Alliance: aggregates and scenarios"),
    ("admin", "Administrator: people, retention and audit, no students"),
)
"""What each role may see, in words."""
AT_A_TIME = 50


@router.get("/people")
def people(visit: AdminVisit, cursor: Cursor = "") -> Response:
    """Accounts by login."""
    return _page(visit, cursor)


@router.post("/people")
def make(
    visit: AdminVisit, gate: TheGate, request: Request, login: Words = "", role: Words = "team", agency: Words = "",
    rounds: Rounds = None,
) -> Response:  # fmt: skip
    """Make an account and a link by which its owner sets a password; the link is shown this once."""
    try:
        content = {"login": login, "role": role, "agency": agency.strip() or None, "rounds": rounds or []}
        wanted = record_of(NewAccount, content)
        with visit.service.store.transaction() as session:
            made = create_account(visit.person, wanted, session, gate)
            invitation = invite(visit.person, made.id, session, gate, request)
    except AllocationError as error:
        return _page(visit, "", error, {"login": login, "role": role, "agency": agency, "rounds": rounds or []})
    return _page(visit, "", invited=(made, invitation))


@router.get("/people/{id}")
def one(visit: AdminVisit, id: Id) -> Response:
    """One account."""
    return _one(visit, id)


@router.post("/people/{id}")
def change(
    visit: AdminVisit, gate: TheGate, id: Id, role: Words = "", agency: Words = "", rounds: Rounds = None
) -> Response:
    """Change role, agency and rounds."""
    try:
        content = {"role": role, "agency": agency.strip() or None, "rounds": rounds or []}
        if role != "agency" and agency.strip():
            raise UnusableError(f"Only the role agency speaks for an agency; the role {role} does not.")
        with visit.service.store.transaction() as session:
            change_account(visit.person, id, record_of(AccountChange, content), session, gate)
    except AllocationError as error:
        return _one(visit, id, error)
    return to(f"/people/{id}", done="account-changed")


@router.post("/people/{id}/disabled")
def disable(visit: AdminVisit, gate: TheGate, id: Id, disabled: Annotated[bool, Form()] = True) -> Response:
    """Disable an account, which ends everything that lets it in, or enable it again."""
    try:
        with visit.service.store.transaction() as session:
            change_account(visit.person, id, AccountChange(disabled=disabled), session, gate)
    except AllocationError as error:
        return _one(visit, id, error)
    return to(f"/people/{id}", done="account-disabled" if disabled else "account-enabled")


@router.post("/people/{id}/invitation")
def link(visit: AdminVisit, gate: TheGate, request: Request, id: Id) -> Response:
    """A new link to set a password by; earlier ones end, and this one is shown once."""
    try:
        with visit.service.store.transaction() as session:
            invitation = invite(visit.person, id, session, gate, request)
    except AllocationError as error:
        return _one(visit, id, error)
    return _one(visit, id, invitation=invitation)


@router.post("/people/{id}/tokens/revoke")
def revoke(visit: AdminVisit, gate: TheGate, id: Id, token: Words = "") -> Response:
    """Revoke a token of an account."""
    try:
        with visit.service.store.transaction() as session:
            revoke_token_of_account(visit.person, id, token, session, gate)
    except AllocationError as error:
        return _one(visit, id, error)
    return to(f"/people/{id}", done="token-revoked")


def _page(
    visit: Visit, cursor: str, error: AllocationError | None = None, typed: dict[str, object] | None = None,
    invited: tuple[AccountState, Invitation] | None = None,
) -> Response:  # fmt: skip
    status = status_of(error) if invited is None else HTTPStatus.CREATED
    with visit.service.store.reading() as session:
        listed = list_accounts(visit.person, session, cursor, AT_A_TIME)
        names = _names(visit, session)
    needs_team = not cursor and not listed.next and all(account.role != "team" for account in listed.items)
    blank: dict[str, object] = {"login": "", "role": "team", "agency": "", "rounds": []}
    return page(
        visit, "people.html", status, accounts=listed.items, next=listed.next, names=names, roles=ROLES, error=error,
        typed=typed or blank, invited=invited, needs_team=needs_team,
    )  # fmt: skip


def _one(
    visit: Visit, id: str, error: AllocationError | None = None, invitation: Invitation | None = None
) -> Response:  # fmt: skip
    status = status_of(error)
    with visit.service.store.reading() as session:
        account = get_account(visit.person, id, session)
        tokens = tokens_of_account(visit.person, id, session)
        names = _names(visit, session)
    return page(
        visit, "person.html", status, account=account, tokens=tokens, names=names, roles=ROLES, error=error,
        invitation=invitation,
    )  # fmt: skip


def _names(visit: Visit, session: Session) -> dict[str, str]:
    """Every round's name by its id."""
    return {found.round: found.name for found in members(visit.person, session)}
