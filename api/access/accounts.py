"""Accounts: made, changed and disabled by an admin; their owners set the password by a link. No e-mail is sent."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.access.hashing import hash_password, is_password
from api.access.sessions import end_all
from api.access.tokens import LINK, Verified, make_token, revoke, revoke_all, revoke_links, token_of
from api.problems import ConflictError, NotFoundError, UnusableError
from api.store.audit import record
from api.store.tables import Account, Membership, Round
from api.wire import Role
from models.errors import Issue

FIRST_LOGIN = "admin"
PROGRAM = "service"
"""Who does what the service does by itself, in the audit."""
LINK_DAYS = 7
LINK_PATH = "/invitation/"
_ADMINS = (Account.role == "admin", Account.disabled.is_(False))
_TAKEN = "There is an account of this login. Change that one, or take another login."


def login_words(login: str) -> str:
    """A login as it is kept: one spelling of what looks the same."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def create(
    session: Session, *, login: str, role: Role, agency: str | None, rounds: Collection[str], by: str, now: datetime
) -> Account:
    """Make an account; nobody can sign in to it until its owner has set a password.

    Parameters
    ----------
    session
        Of the store.
    login
        An e-mail address or a word.
    role
        What it may do.
    agency
        Whom it speaks for: with the role agency, and only then.
    rounds
        Which it may see.
    by, now
        Who does it, when.

    Returns
    -------
    Account
        Kept.

    Raises
    ------
    UnusableError
        The login is empty, a role has no agency or one too many, or a round does not exist.
    ConflictError
        There is such a login.
    """
    words = login_words(login)
    if not words or not all(c.isprintable() and not c.isspace() for c in words):
        raise _unusable("login", f"A login is an e-mail address or a word, without spaces; found {login!r}.")
    if session.scalar(select(Account.id).where(Account.login == words)) is not None:
        raise ConflictError(_TAKEN)
    account = Account(
        id=uuid4().hex, login=words, role=role, agency=_agency(role, agency), password_hash=None, disabled=False,
        created=now,
    )  # fmt: skip
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else made it a moment ago
        raise ConflictError(_TAKEN) from error
    _set_rounds(session, account, rounds)
    record(session, by, "account_created", account.id, {"role": role, "rounds": sorted(rounds)}, now)
    return account


def account_of(session: Session, account: str) -> Account:
    """An account by its id.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(Account, account)
    if found is None:
        raise NotFoundError("There is no such account.")
    return found


def listed(session: Session, after: str, limit: int) -> Sequence[Account]:
    """Accounts by login, those after one."""
    return session.scalars(select(Account).where(Account.login > after).order_by(Account.login).limit(limit)).all()


def logins_of(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Logins of accounts by their ids."""
    found = session.execute(select(Account.id, Account.login).where(Account.id.in_(ids)))
    return {id: login for id, login in found}  # noqa: C416  (rows are no pairs to mypy)


def rounds_of(session: Session, account: Account) -> tuple[str, ...]:
    """The rounds that an account is a member of."""
    rounds = select(Membership.round).where(Membership.account == account.id).order_by(Membership.round)
    return tuple(session.scalars(rounds))


def change(
    session: Session,
    account: Account,
    *,
    role: Role | None = None,
    agency: str | None = None,
    rounds: Collection[str] | None = None,
    disabled: bool | None = None,
    by: str,
    now: datetime,
) -> None:
    """Change what an account is; None leaves as it is. A new role or a disabled account is signed out everywhere.

    Parameters
    ----------
    session
        Of the store.
    account
        Whom it is about.
    role, agency, rounds, disabled
        What it is to be. An account that is disabled keeps nothing that lets it in: sessions, links and tokens
        end for good, and enabling it brings none of them back.
    by, now
        Who does it, when.

    Raises
    ------
    UnusableError
        A role has no agency or one too many, or a round does not exist.
    ConflictError
        Nobody would be left who administers.
    """
    done: dict[str, Any] = {}
    was = (account.role, account.agency, account.disabled)
    # Their rows are held until the end: two admins who disable each other at once would leave nobody.
    others = session.scalars(select(Account).where(*_ADMINS).order_by(Account.id).with_for_update()).all()
    if role is not None or agency is not None:
        account.role = role or account.role
        account.agency = _agency(account.role, agency if agency is not None or role is not None else account.agency)
    if disabled is not None:
        account.disabled = disabled
    if (account.role, account.agency, account.disabled) != was:
        done |= {"role": account.role, "agency": account.agency, "disabled": account.disabled}
        end_all(session, account.id)
        if account.disabled != was[2]:  # enabled, too: a token may have been made while it was disabled
            done["tokens_revoked"] = revoke_all(session, account)
    session.flush()
    if was[0] == "admin" and not was[2] and not any(a.role == "admin" and not a.disabled for a in others):
        raise ConflictError("Nobody would be left who administers. Make another admin first.")
    if rounds is not None:
        _set_rounds(session, account, rounds)
        done["rounds"] = sorted(rounds)
    record(session, by, "account_changed", account.id, done, now)


def invite(session: Session, account: Account, by: str, now: datetime) -> tuple[str, datetime]:
    """A link by which the owner of an account sets its password, once; earlier links end.

    Parameters
    ----------
    session
        Of the store.
    account
        Whom to invite.
    by, now
        Who does it, when.

    Returns
    -------
    tuple
        Path of the link, and when it ends.

    Raises
    ------
    ConflictError
        The account is disabled.
    """
    if account.disabled:
        raise ConflictError("The account is disabled. Enable it first.")
    revoke_links(session, account)
    expires = now + timedelta(days=LINK_DAYS)
    _, words = make_token(session, account.id, "invitation", LINK, now, expires)
    record(session, by, "account_invited", account.id, {}, now)
    return LINK_PATH + words, expires


def invited(session: Session, words: str, now: datetime, verified: Verified) -> Account | None:
    """Whose link it is; None where it does not hold (any more)."""
    token = token_of(session, words, LINK, now, verified)
    account = session.get(Account, token.account) if token else None
    return None if account is None or account.disabled else account


def set_password(session: Session, words: str, password: str, now: datetime, verified: Verified) -> Account | None:
    """Set a password by a link, which ends with that; whoever was signed in is so no more.

    Parameters
    ----------
    session
        Of the store.
    words
        The token of the link.
    password
        What its owner chose.
    now
        The time.
    verified
        Tokens verified a moment ago.

    Returns
    -------
    Account or None
        Whose password it is now; None where the link does not hold.

    Raises
    ------
    UnusableError
        The password cannot be used; the link still holds.
    """
    token = token_of(session, words, LINK, now, verified)
    account = session.get(Account, token.account) if token else None
    if token is None or account is None or account.disabled:
        return None
    hashed = hash_password(password, account.login)
    if not revoke(session, token.id):
        return None
    account.password_hash = hashed
    revoke_links(session, account)
    end_all(session, account.id)
    record(session, account.id, "password_set", account.id, {}, now)
    return account


def by_password(session: Session, login: str, password: str) -> Account | None:
    """The account of a login and its password; takes as long where there is none, or where it is disabled."""
    account = by_login(session, login)
    right = is_password(password, account.password_hash if account else None)
    return account if right and account is not None and not account.disabled else None


def by_login(session: Session, login: str) -> Account | None:
    """The account of a login; what no login can be is not looked for."""
    words = login_words(login)
    return session.scalar(select(Account).where(Account.login == words)) if words.isprintable() else None


def first_link(session: Session, base_url: str) -> str | None:
    """The link for the first admin, while no admin has a password; each start makes a new one, and the last holds.

    Parameters
    ----------
    session
        Of the store.
    base_url
        Where the service is reached.

    Returns
    -------
    str or None
        The link, to be printed where the administrator sees it; None where an admin can sign in.
    """
    now = datetime.now(UTC)
    admins = session.scalars(select(Account).where(*_ADMINS).order_by(Account.login)).all()
    if any(admin.password_hash for admin in admins):
        return None
    admin = next((a for a in admins if a.login == FIRST_LOGIN), None) or next(iter(admins), None)
    if admin is None:
        taken = session.scalar(select(Account.id).where(Account.login == FIRST_LOGIN)) is not None
        login = f"{FIRST_LOGIN}-{uuid4().hex[:6]}" if taken else FIRST_LOGIN
        admin = create(session, login=login, role="admin", agency=None, rounds=(), by=PROGRAM, now=now)
    path, _ = invite(session, admin, PROGRAM, now)
    return base_url.rstrip("/") + path


def _agency(role: str, agency: str | None) -> str | None:
    if (role == "agency") != bool(agency):
        raise _unusable(
            "agency",
            "Somebody of an agency speaks for one: name it as the sheet Agencies does."
            if role == "agency"
            else f"Only the role agency speaks for an agency; the role {role} does not.",
        )
    return agency or None


def _set_rounds(session: Session, account: Account, rounds: Collection[str]) -> None:
    known = set(session.scalars(select(Round.id).where(Round.id.in_(rounds)))) if rounds else set()
    if unknown := sorted(set(rounds) - known):
        raise _unusable("rounds", f"There is no round {', '.join(unknown)}.")
    session.execute(delete(Membership).where(Membership.account == account.id))
    session.add_all(Membership(account=account.id, round=round) for round in sorted(known))
    session.flush()


def _unusable(column: str, message: str) -> UnusableError:
    return UnusableError(message, [Issue(level="stop", code="account", message=message, column=column)])
