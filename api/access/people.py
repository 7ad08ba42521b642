"""Whoever asks: found by cookie or token, asked by each route for its role."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request
from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from api.access.gate import Gate, gate_of
from api.access.limiting import address_of
from api.access.origins import HEADER, SAFE, FormToken, from_our_pages
from api.access.sessions import SEEN_EVERY as BROWSER_SEEN_EVERY
from api.access.sessions import signed_in
from api.access.tokens import API, token_of
from api.access.tokens import SEEN_EVERY as KEY_SEEN_EVERY
from api.problems import NotAllowedError, SignInNeededError
from api.store.tables import Account, Membership, SignedIn, Token
from api.wire import Role
from models.base import Record

CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Person(Record):
    """Who asks: an account, its role, the agency that it speaks for, and the rounds that it may see.

    ``rounds`` is empty for an admin, who sees no student rows; ``login`` is what pages call the account.
    """

    account: str
    role: Role
    login: str = ""
    agency: str | None = None
    rounds: frozenset[str] = frozenset()


def person_of(request: Request, form_token: FormToken, afterwards: BackgroundTasks) -> Person:
    """Whoever signed the request: by ``Authorization: Bearer TOKEN``, or by the cookie of a session.

    Role, agency, rounds and whether the account is disabled are read anew each time. That somebody was here is noted
    afterwards, so that no answer waits for a writer.

    Raises
    ------
    SignInNeededError
        Nobody did, or what was presented does not hold (any more).
    NotAllowedError
        A browser sent it that another site's page told to.
    TooManyRequestsError
        Too many requests of this account, or too many tokens from this address that do not hold.
    """
    gate = gate_of(request)
    presented = request.headers.get("authorization")
    if presented is not None:
        person = _by_token(gate, presented, address_of(request), afterwards)
    else:
        person = _by_cookie(gate, request, form_token, afterwards)
    gate.limits.request_of(person.account)
    request.state.account = person.account  # for the log
    return person


def _by_token(gate: Gate, presented: str, address: str, afterwards: BackgroundTasks) -> Person:
    scheme, _, words = presented.partition(" ")
    now = gate.now()
    with gate.store.reading() as session:
        token = token_of(session, words.strip(), API, now, gate.verified) if scheme.lower() == "bearer" else None
        person = _person(session, token.account) if token else None
        used = token.used if token else None
    if person is None or token is None:
        gate.limits.sign_in_from(address)
        raise SignInNeededError(
            "The token is none that holds: it is misspelt, revoked or has expired. Make one in your account, or have "
            "one made ('placements accounts token LOGIN'), and send it as Authorization: Bearer TOKEN.",
            headers=CHALLENGE,
        )
    if used is None or used + KEY_SEEN_EVERY <= now:
        afterwards.add_task(_note, gate, update(Token).where(Token.id == token.id).values(used=now))
    return person


def _by_cookie(gate: Gate, request: Request, form_token: str | None, afterwards: BackgroundTasks) -> Person:
    cookie, now = request.cookies.get(gate.cookie), gate.now()
    with gate.store.reading() as session:
        row = signed_in(session, cookie, now) if cookie else None
        person = _person(session, row.account) if row else None
    if person is None or row is None:
        raise SignInNeededError(
            "Nobody is signed in. Sign in, or send a token: Authorization: Bearer TOKEN.", headers=CHALLENGE
        )
    if request.method not in SAFE:
        from_our_pages(request, gate.settings.public_url)
        if not compare_digest((form_token or "").encode(), row.form_token.encode()):
            raise NotAllowedError(f"The form's token is missing or old. Load the page again, or send it as {HEADER}.")
    request.state.form_token = row.form_token  # for the forms of the page that is asked for
    if row.seen + BROWSER_SEEN_EVERY <= now:
        afterwards.add_task(_note, gate, update(SignedIn).where(SignedIn.digest == row.digest).values(seen=now))
    return person


def is_another(session: Session, person: Person) -> bool:
    """Whether an account is no more what it was when it asked: disabled, of another role, or out of a round.

    For answers that go on for long. An account is never deleted, so one that is not there was never asked for.
    """
    return session.get(Account, person.account) is not None and _person(session, person.account) != person


def _note(gate: Gate, said: Update) -> None:
    with gate.store.transaction() as session:
        session.execute(said)


def _person(session: Session, account: str) -> Person | None:
    """An account as it is now; None where it is disabled."""
    found = session.get(Account, account)
    if found is None or found.disabled:
        return None
    rounds = session.scalars(select(Membership.round).where(Membership.account == account)).all()
    return Person.model_validate(
        {"account": found.id, "login": found.login, "role": found.role, "agency": found.agency}
        | {"rounds": frozenset(() if found.role == "admin" else rounds)}
    )


Somebody = Annotated[Person, Depends(person_of)]


def only(*roles: Role) -> Callable[[Person], Awaitable[Person]]:
    """A dependency of a route: whoever asks has one of these roles. Every route has one, or is listed as open."""

    async def check(person: Somebody) -> Person:  # async, as all that waits for nothing: it takes no thread
        if person.role not in roles:
            raise NotAllowedError(f"The role {person.role} may not do this. Allowed: {', '.join(roles)}.")
        return person

    check.roles = roles  # type: ignore[attr-defined]  # read by the test that walks every route
    return check


Team = Annotated[Person, Depends(only("team"))]
Admin = Annotated[Person, Depends(only("admin"))]
AnyRole = Annotated[Person, Depends(only("team", "agency", "alliance", "admin"))]
