"""Tokens: keys of programs for the API, and one-time links with which somebody sets a password."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from api.access.hashing import digest, hash_secret, is_secret, new_secret, parts_of_token, token_words
from api.store.tables import Account, Token

API, LINK = "api", "link"
"""Purposes: a key of a program; a link that lets somebody set a password, once."""
REMEMBERED_SECONDS, REMEMBERED = 60.0, 10_000
SEEN_EVERY = timedelta(hours=1)
"""How often it is noted that a token is used: a read is not to cost a write each time."""


class Verified:
    """Tokens that were verified a moment ago, by digest of hash and secret, so that not every request hashes anew.

    It says only that the secret is that of the hash. Whether the token is revoked, has expired or belongs to an
    account that is disabled is read from the store at every request.
    """

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def is_secret(self, secret: str, hashed: str) -> bool:
        """Whether it is the secret of the hash."""
        key, now = digest(hashed + secret), monotonic()
        if self._until.get(key, 0.0) > now:
            return True
        if not is_secret(secret, hashed):
            return False
        self._until[key] = now + REMEMBERED_SECONDS
        while len(self._until) > REMEMBERED:
            self._until.popitem(last=False)
        return True


def make_token(
    session: Session, account: str, name: str, purpose: str, now: datetime, expires: datetime | None
) -> tuple[Token, str]:
    """Make a token; its words are shown once and kept nowhere.

    Parameters
    ----------
    session
        Of the store.
    account
        Whose token it is: it may what the account may.
    name
        What its owner calls it.
    purpose
        ``API`` or ``LINK``.
    now
        The time.
    expires
        When it ends; None: never.

    Returns
    -------
    tuple
        The row, and the words of the token.
    """
    secret = new_secret()
    token = Token(
        id=uuid4().hex, account=account, name=name, purpose=purpose, secret_hash=hash_secret(secret), created=now,
        expires=expires, used=None, revoked=False,
    )  # fmt: skip
    session.add(token)
    session.flush()
    return token, token_words(token.id, secret)


def token_of(session: Session, words: str, purpose: str, now: datetime, verified: Verified) -> Token | None:
    """The token that these words are of, where it holds; its account may be disabled.

    Parameters
    ----------
    session
        Of the store.
    words
        What was presented.
    purpose
        What it has to be for.
    now
        The time.
    verified
        Those verified a moment ago.
    """
    parts = parts_of_token(words)
    token = session.get(Token, parts[0]) if parts else None
    if parts is None or token is None or token.purpose != purpose or token.revoked:
        return None
    if token.expires is not None and token.expires <= now:
        return None
    return token if verified.is_secret(parts[1], token.secret_hash) else None


def tokens_of(session: Session, account: str) -> Sequence[Token]:
    """The keys of an account that are not revoked, oldest first."""
    of_account = select(Token).where(Token.account == account, Token.purpose == API, Token.revoked.is_(False))
    return session.scalars(of_account.order_by(Token.created, Token.id)).all()


def tokens_of_all(session: Session, account: str | None = None) -> list[tuple[str, Token]]:
    """Every key that is not revoked with its owner's login, or those of one account; by login, oldest first."""
    wanted = select(Account.login, Token).join(Account, Account.id == Token.account)
    wanted = wanted.where(Token.purpose == API, Token.revoked.is_(False))
    if account is not None:
        wanted = wanted.where(Token.account == account)
    rows = session.execute(wanted.order_by(Account.login, Token.created, Token.id))
    return [(login, token) for login, token in rows]


def revoke(session: Session, token: str) -> bool:
    """End a token for good; whether it was us who did (of two who use a link at once, one does)."""
    ended = update(Token).where(Token.id == token, Token.revoked.is_(False)).values(revoked=True)
    return cast("CursorResult[Any]", session.execute(ended)).rowcount == 1


def revoke_links(session: Session, account: Account) -> None:
    """End every link by which a password of an account could still be set."""
    session.execute(update(Token).where(Token.account == account.id, Token.purpose == LINK).values(revoked=True))


def revoke_all(session: Session, account: Account) -> int:
    """End every key and every link of an account for good; how many keys."""
    revoke_links(session, account)
    ended = update(Token).where(Token.account == account.id, Token.revoked.is_(False)).values(revoked=True)
    return cast("CursorResult[Any]", session.execute(ended)).rowcount
