"""``/v1/me``, ``/v1/tokens``, ``/v1/sessions`` for everybody; ``/v1/accounts`` and ``/v1/audit`` for an admin."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import accounts, sessions, tokens
from api.access.gate import TheGate, base_of
from api.access.hashing import digest
from api.access.people import Admin, AnyRole
from api.problems import ConflictError, NotFoundError
from api.routes.parameters import InDigits
from api.routes.service import Reading, Transaction
from api.store.audit import Sought, listed, record
from api.store.tables import Account, Membership, Round, Token
from api.wire import PRINTED, Role
from api.wire.people import (
    AccountChange,
    AccountPage,
    AccountState,
    AuditLine,
    AuditPage,
    Invitation,
    MadeToken,
    Me,
    NewAccount,
    NewToken,
    RoundMembers,
    SessionState,
    TokenState,
)

router = APIRouter(tags=["people"])
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Limit = Annotated[int, Query(ge=1, le=200), InDigits]
Cursor = Annotated[str, Query(max_length=200, pattern=PRINTED)]
Before = Annotated[int | None, Query(ge=0, le=2**31 - 1), InDigits]
MOST_TOKENS = 50


@router.get("/me")
def me(person: AnyRole, session: Reading, gate: TheGate, request: Request) -> Me:
    """Who asks."""
    account = accounts.account_of(session, person.account)
    row = sessions.signed_in(session, request.cookies.get(gate.cookie, ""), gate.now())
    return Me(
        account=account.id, login=account.login, role=person.role, agency=person.agency,
        rounds=tuple(sorted(person.rounds)),
        form_token=row.form_token if row is not None and row.account == person.account else None,
    )  # fmt: skip


@router.get("/tokens")
def my_tokens(person: AnyRole, session: Reading) -> list[TokenState]:
    """Your tokens that are not revoked, oldest first."""
    return [_token_state(token) for token in tokens.tokens_of(session, person.account)]


@router.post("/tokens", status_code=HTTPStatus.CREATED)
def make_token(person: AnyRole, wanted: NewToken, session: Transaction, gate: TheGate) -> MadeToken:
    """Make a token. It may what you may, as you may it at the time."""
    now = gate.now()
    if len(tokens.tokens_of(session, person.account)) >= MOST_TOKENS:
        raise ConflictError(f"An account has at most {MOST_TOKENS} tokens. Revoke those that nobody uses.")
    token, words = tokens.make_token(
        session, person.account, wanted.name, tokens.API, now, now + timedelta(days=wanted.days)
    )
    record(session, person.account, "token_made", token.id, {}, now)
    return MadeToken(token=_token_state(token), words=words)


@router.delete("/tokens/{id}", status_code=HTTPStatus.NO_CONTENT)
def revoke_token(person: AnyRole, id: Id, session: Transaction, gate: TheGate) -> None:
    """Revoke a token of yours; it holds no more from now on."""
    token = session.get(Token, id)
    if token is None or token.account != person.account or not tokens.revoke(session, token.id):
        raise NotFoundError("You have no such token.")
    record(session, person.account, "token_revoked", token.id, {}, gate.now())


@router.get("/sessions")
def my_sessions(person: AnyRole, session: Reading, gate: TheGate, request: Request) -> list[SessionState]:
    """Browsers in which you are signed in, oldest first."""
    here = digest(request.cookies.get(gate.cookie, ""))
    return [
        SessionState(created=row.created, seen=row.seen, expires=row.expires, here=row.digest == here)
        for row in sessions.sessions_of(session, person.account, gate.now())
    ]


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT)
def sign_out_everywhere(person: AnyRole, session: Transaction, gate: TheGate) -> None:
    """Sign out everywhere; tokens stay."""
    sessions.end_all(session, person.account)
    record(session, person.account, "signed_out_everywhere", person.account, {}, gate.now())


@router.get("/accounts")
def list_accounts(_person: Admin, session: Reading, cursor: Cursor = "", limit: Limit = 50) -> AccountPage:
    """Accounts by login."""
    found = accounts.listed(session, cursor, limit + 1)
    items = tuple(_state(session, account) for account in found[:limit])
    return AccountPage(items=items, next=items[-1].login if len(found) > limit else None)


@router.post("/accounts", status_code=HTTPStatus.CREATED)
def create_account(person: Admin, wanted: NewAccount, session: Transaction, gate: TheGate) -> AccountState:
    """Make an account; then invite its owner."""
    account = accounts.create(
        session, login=wanted.login, role=wanted.role, agency=wanted.agency, rounds=wanted.rounds, by=person.account,
        now=gate.now(),
    )  # fmt: skip
    return _state(session, account)


@router.get("/accounts/{id}")
def get_account(_person: Admin, id: Id, session: Reading) -> AccountState:
    """One account."""
    return _state(session, accounts.account_of(session, id))


@router.patch("/accounts/{id}")
def change_account(person: Admin, id: Id, wanted: AccountChange, session: Transaction, gate: TheGate) -> AccountState:
    """Change role, agency or rounds, disable or enable. A new role or a disabled account is signed out everywhere."""
    account = accounts.account_of(session, id)
    accounts.change(
        session, account, role=wanted.role, agency=wanted.agency, rounds=wanted.rounds, disabled=wanted.disabled,
        by=person.account, now=gate.now(),
    )  # fmt: skip
    return _state(session, account)


@router.post("/accounts/{id}/invitation", status_code=HTTPStatus.CREATED)
def invite(person: Admin, id: Id, session: Transaction, gate: TheGate, request: Request) -> Invitation:
    """A link by which the owner of the account sets its password, once. Earlier links end; no e-mail is sent."""
    path, expires = accounts.invite(session, accounts.account_of(session, id), person.account, gate.now())
    return Invitation(link=base_of(request, gate) + path, expires=expires)


@router.get("/accounts/{id}/tokens")
def tokens_of_account(_person: Admin, id: Id, session: Reading) -> list[TokenState]:
    """The tokens of an account that are not revoked, oldest first; never their words."""
    return [_token_state(token) for token in tokens.tokens_of(session, accounts.account_of(session, id).id)]


@router.delete("/accounts/{id}/tokens/{token}", status_code=HTTPStatus.NO_CONTENT)
def revoke_token_of_account(person: Admin, id: Id, token: Id, session: Transaction, gate: TheGate) -> None:
    """Revoke a token of an account, for instance one in the wrong hands; the others stay, and so do its sessions."""
    account = accounts.account_of(session, id)
    if token not in {held.id for held in tokens.tokens_of(session, account.id)}:
        raise NotFoundError(f"{account.login} has no such token that is not revoked.")
    tokens.revoke(session, token)
    record(session, person.account, "token_revoked", account.id, {"token": token}, gate.now())


@router.get("/members")
def members(_person: Admin, session: Reading) -> list[RoundMembers]:
    """Every round and its members, the one that was touched last first; set them with `PATCH /v1/accounts/{id}`."""
    of_round: dict[str, list[str]] = {}
    for row in session.scalars(select(Membership).order_by(Membership.account)):
        of_round.setdefault(row.round, []).append(row.account)
    return [
        RoundMembers(round=r.id, name=r.name, touched=r.touched, members=tuple(of_round.get(r.id, ())))
        for r in session.scalars(select(Round).order_by(Round.touched.desc(), Round.id))
    ]


@router.get("/audit")
def audit(_person: Admin, session: Reading, before: Before = None, limit: Limit = 50) -> AuditPage:
    """Who did what when, newest first; without details, which may name students."""
    return audit_page(session, Sought(), before, limit)


def audit_page(session: Session, sought: Sought, before: int | None, limit: int) -> AuditPage:
    """Some entries of the audit as they go over the wire."""
    found = listed(session, sought, before, limit + 1)
    items = tuple(
        AuditLine(number=e.number, at=e.at, who=e.who, action=e.action, subject=e.subject) for e in found[:limit]
    )
    return AuditPage(items=items, next=str(items[-1].number) if len(found) > limit else None)


def _state(session: Session, account: Account) -> AccountState:
    return AccountState(
        id=account.id, login=account.login, role=cast("Role", account.role), agency=account.agency,
        rounds=accounts.rounds_of(session, account), disabled=account.disabled,
        has_password=account.password_hash is not None, created=account.created,
    )  # fmt: skip


def _token_state(token: Token) -> TokenState:
    return TokenState(id=token.id, name=token.name, created=token.created, expires=token.expires, used=token.used)
