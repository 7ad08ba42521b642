"""People for tests: accounts of every role, and the tokens that they send."""

from datetime import UTC, datetime
from uuid import uuid4

from api.access import accounts
from api.access.tokens import API, make_token
from api.store.opening import Store
from api.store.tables import Round
from api.wire import Role

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def an_account(
    store: Store, role: Role, *, agency: str | None = None, rounds: tuple[str, ...] = (), login: str | None = None
) -> str:
    """The id of a new account."""
    with store.transaction() as session:
        name = login or f"{role}-{uuid4().hex[:8]}"
        made = accounts.create(session, login=name, role=role, agency=agency, rounds=rounds, by="test", now=NOW)
        return made.id


def a_token(store: Store, account: str) -> str:
    """A token of an account, in words."""
    with store.transaction() as session:
        return make_token(session, account, "tests", API, datetime.now(UTC), None)[1]


def bearer(store: Store, role: Role, *, agency: str | None = None, rounds: tuple[str, ...] = ()) -> dict[str, str]:
    """The header that a new account of a role sends."""
    account = an_account(store, role, agency=agency, rounds=rounds)
    return {"Authorization": f"Bearer {a_token(store, account)}"}


def a_round(store: Store, name: str = "May") -> str:
    """The id of a new, empty round."""
    with store.transaction() as session:
        row = Round(id=uuid4().hex, name=name, tranches=["May"], version=1, created=NOW, touched=NOW, announced=None)
        session.add(row)
        return row.id
