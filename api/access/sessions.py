"""Signed-in browsers: begun with a fresh cookie each time, ended by time, by signing out, or all at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.access.hashing import digest, new_secret
from api.store.tables import SignedIn

SEEN_EVERY = timedelta(minutes=5)
"""How often it is noted that somebody is still there: a read is not to cost a write each time."""


def begin(session: Session, account: str, now: datetime, hours: float) -> tuple[SignedIn, str]:
    """Sign an account in; the cookie is always a new one, so nobody can have prepared it.

    Parameters
    ----------
    session
        Of the store.
    account
        Who proved to be it.
    now
        The time.
    hours
        Until it ends.

    Returns
    -------
    tuple
        The row, and the cookie, which is kept nowhere else.
    """
    session.execute(delete(SignedIn).where(SignedIn.expires <= now))
    cookie = new_secret()
    row = SignedIn(
        digest=digest(cookie), account=account, form_token=new_secret(), created=now, seen=now,
        expires=now + timedelta(hours=hours),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, cookie


def signed_in(session: Session, cookie: str, now: datetime) -> SignedIn | None:
    """The session of a cookie, where there is one that has not ended."""
    row = session.get(SignedIn, digest(cookie))
    return row if row is not None and row.expires > now else None


def end(session: Session, cookie: str) -> None:
    """Sign out here."""
    session.execute(delete(SignedIn).where(SignedIn.digest == digest(cookie)))


def end_all(session: Session, account: str) -> None:
    """Sign out everywhere."""
    session.execute(delete(SignedIn).where(SignedIn.account == account))


def sessions_of(session: Session, account: str, now: datetime) -> Sequence[SignedIn]:
    """Where an account is signed in, oldest first."""
    of_account = select(SignedIn).where(SignedIn.account == account, SignedIn.expires > now)
    return session.scalars(of_account.order_by(SignedIn.created)).all()
