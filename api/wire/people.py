"""Accounts, tokens and sessions over the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictBool

from api.defaults import MOST_TOKEN_DAYS, TOKEN_DAYS
from api.wire import PRINTED, Role, WholeNumber
from models.base import Record

RoundId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class Me(Record):
    """``GET /v1/me``: who you are. ``form_token`` goes with every change that a browser sends (``X-Form-Token``)."""

    account: str
    login: str
    role: Role
    agency: str | None
    rounds: tuple[str, ...]
    form_token: str | None


class NewAccount(Record):
    """An account to make. ``agency``, as the sheet Agencies names it, with the role agency and only then."""

    login: str = Field(min_length=1, max_length=200, pattern=PRINTED)
    role: Role
    agency: str | None = Field(default=None, max_length=200, pattern=PRINTED)
    rounds: tuple[RoundId, ...] = Field(default=(), max_length=1000)


class AccountChange(Record):
    """What an account is to be; what is left out, or null, stays."""

    role: Role | None = None
    agency: str | None = Field(default=None, max_length=200, pattern=PRINTED)
    rounds: tuple[RoundId, ...] | None = Field(default=None, max_length=1000)
    disabled: StrictBool | None = None


class AccountState(Record):
    """An account. ``has_password`` is false until its owner used the invitation."""

    id: str
    login: str
    role: Role
    agency: str | None
    rounds: tuple[str, ...]
    disabled: bool
    has_password: bool
    created: datetime


class AccountPage(Record):
    """Accounts by login; ``next`` is the cursor of those that follow."""

    items: tuple[AccountState, ...]
    next: str | None


class Invitation(Record):
    """A link by which the owner of an account sets its password, once; hand it over as you trust."""

    link: str
    expires: datetime


class NewToken(Record):
    """A token to make: what you call it, and for how many days it is to hold."""

    name: str = Field(min_length=1, max_length=200, pattern=PRINTED)
    days: Annotated[int, Field(ge=1, le=MOST_TOKEN_DAYS), WholeNumber] = TOKEN_DAYS


class TokenState(Record):
    """A token of yours; its words were shown once."""

    id: str
    name: str
    created: datetime
    expires: datetime | None
    used: datetime | None


class MadeToken(Record):
    """A token and its words, which are shown this once: send them as ``Authorization: Bearer WORDS``."""

    token: TokenState
    words: str


class SessionState(Record):
    """A browser in which you are signed in; ``here`` is the one that asks."""

    created: datetime
    seen: datetime
    expires: datetime
    here: bool


class RoundMembers(Record):
    """A round and the accounts that are its members, by id; who has none of the team is seen by nobody."""

    round: str
    name: str
    touched: datetime
    members: tuple[str, ...]


class AuditLine(Record):
    """An entry of the audit, without its details, which may name students."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str


class AuditPage(Record):
    """Entries, newest first; ``next`` is the cursor of those before."""

    items: tuple[AuditLine, ...]
    next: str | None
