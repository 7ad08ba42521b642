"""``placements accounts ...``: who may sign in, for whoever administers the machine that the service runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import print_json, say
from api.commands.serving import Database, needed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from api.settings import Settings
    from api.store.tables import Account

group = typer.Typer()
accounts = typer.Typer(no_args_is_help=True, help="Who may sign in: added, invited, listed, given tokens for programs.")
group.add_typer(accounts, name="accounts")
HERE = "administrator of the machine"
"""As the audit names whoever types these commands."""
Login = Annotated[str, typer.Argument(help="An e-mail address or a word.", show_default=False)]


@contextmanager
def _store(database: str | None) -> "Iterator[tuple[Session, Settings]]":
    """A transaction of the store, and the service's settings."""
    needed()
    import os

    from api.problems import ProblemError
    from api.settings import settings_from
    from api.store.opening import open_store
    from models.errors import UsageError

    settings = settings_from(os.environ, {"database": database})
    store = open_store(settings.database)
    try:
        with store.transaction() as session:
            yield session, settings
    except ProblemError as error:  # what the service would answer with is wrong with what was typed
        raise UsageError(error.detail.rstrip(".")) from error
    finally:
        store.close()


def _account(session: "Session", login: str) -> "Account":
    from sqlalchemy import select

    from api.access.accounts import login_words
    from api.store.tables import Account
    from models.errors import UsageError

    found = session.scalar(select(Account).where(Account.login == login_words(login)))
    if found is None:
        raise UsageError(f"there is no account '{login}': see 'placements accounts list'")
    return found


@accounts.command(epilog="Example: placements accounts add placements.team@example.org --role team")
def add(
    login: Login,
    role: Annotated[str, typer.Option(help="team, agency, alliance or admin.", show_default=False)],
    agency: Annotated[str | None, typer.Option(help="Of the role agency: whom it speaks for, as on Agencies.")] = None,
    database: Database = None,
) -> None:
    """Make an account, and print the link at which its owner sets a password, once."""
    from typing import cast, get_args

    from api.access.accounts import create
    from api.store.moments import utc_now
    from api.wire import Role
    from models.errors import UsageError

    if role not in get_args(Role):
        raise UsageError(f"there is no role '{role}'. Allowed: {', '.join(get_args(Role))}")
    with _store(database) as (session, settings):
        made = create(
            session, login=login, role=cast("Role", role), agency=agency, rounds=(), by=HERE, now=utc_now()
        )  # fmt: skip
        _invite(session, settings, made)


@accounts.command(epilog="Example: placements accounts invite placements.team@example.org")
def invite(login: Login, database: Database = None) -> None:
    """Print a new link at which an account's owner sets a password, once; earlier links end."""
    with _store(database) as (session, settings):
        _invite(session, settings, _account(session, login))


def _invite(session: "Session", settings: "Settings", account: "Account") -> None:
    from api.access.accounts import invite as invited
    from api.serving.exposing import address_of
    from api.store.moments import utc_now

    path, ends = invited(session, account, HERE, utc_now())
    address = (settings.public_url or address_of(settings, settings.port)).rstrip("/")
    say(f"{account.login} ({account.role}) sets a password here, once, until {ends:%Y-%m-%d}: {address}{path}")


@accounts.command(epilog="Example: placements accounts token placements.team@example.org")
def token(
    login: Login,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    database: Database = None,
) -> None:
    """Make a token for programs, and print it, once: PLACEMENTS_TOKEN of 'placements remote'."""
    from api.access.tokens import API, make_token
    from api.store.audit import record
    from api.store.moments import utc_now

    with _store(database) as (session, _):
        found = _account(session, login)
        now = utc_now()
        row, words = make_token(session, found.id, name, API, now, None)
        record(session, HERE, "token_made", found.id, {"token": row.id}, now)
    say(words)


@accounts.command("list", epilog="Example: placements accounts list")
def list_(database: Database = None, as_json: AsJson = False) -> None:
    """Every account."""
    from api.access.accounts import listed

    with _store(database) as (session, _):
        found = [
            (a.login, a.role, a.agency, a.disabled, a.password_hash is not None) for a in listed(session, "", 10**6)
        ]
    if as_json:
        keys = ("login", "role", "agency", "disabled", "has_password")
        print_json({"accounts": [dict(zip(keys, row, strict=True)) for row in found]})
        return
    for login, role, agency, disabled, signed_up in found:
        state = "disabled" if disabled else "active" if signed_up else "invited"
        say(f"{login}: {role}{f' of {agency}' if agency else ''}, {state}")
