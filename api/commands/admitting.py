"""``placements accounts ...``: who may sign in, for whoever administers the machine that the service runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from allocator.commands.options import AsJson
from allocator.commands.printing import print_json, progress_console, say
from api.commands.opening import Database, opened
from api.defaults import MOST_TOKEN_DAYS, TOKEN_DAYS

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
    with opened(database=database) as (store, settings):
        from api.problems import ProblemError
        from models.errors import UsageError

        try:
            with store.transaction() as session:
                yield session, settings
        except ProblemError as error:  # what the service would answer with is wrong with what was typed
            raise UsageError(error.detail.rstrip(".")) from error


def _refuse(words: str) -> NoReturn:
    from models.errors import UsageError

    raise UsageError(words)


def _account(session: "Session", login: str) -> "Account":
    from sqlalchemy import select

    from api.access.accounts import login_words
    from api.store.tables import Account

    found = session.scalar(select(Account).where(Account.login == login_words(login)))
    if found is None:
        _refuse(f"there is no account '{login}': see 'placements accounts list'")
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

    if role not in get_args(Role):
        _refuse(f"there is no role '{role}'. Allowed: {', '.join(get_args(Role))}")
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


@accounts.command(epilog="Example: placements accounts token placements.team@example.org --days 30")
def token(
    login: Login,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int, typer.Option(min=1, max=MOST_TOKEN_DAYS, help="After which it holds no more.")] = TOKEN_DAYS,
    database: Database = None,
) -> None:
    """Make a token for programs, and print it, once: PLACEMENTS_TOKEN of 'placements remote'."""
    from datetime import timedelta

    from api.access.tokens import API, make_token
    from api.store.audit import record
    from api.store.moments import utc_now

    with _store(database) as (session, _):
        found = _account(session, login)
        if found.disabled:
            _refuse(f"the account '{found.login}' is disabled, and its tokens would not hold: enable it first")
        now = utc_now()
        ends = now + timedelta(days=days)
        row, words = make_token(session, found.id, name, API, now, ends)
        record(session, HERE, "token_made", found.id, {"token": row.id, "expires": ends.isoformat()}, now)
    say(words)
    progress_console.print(f"It holds until {ends:%-d %B %Y}, and is shown this once.", highlight=False)


@accounts.command(epilog="Example: placements accounts tokens placements.team@example.org")
def tokens(
    login: Annotated[str | None, typer.Argument(help="Only of this account.", show_default=False)] = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Tokens of everybody, or of one account, that are not revoked: whose, what for, until when, used when."""
    from api.access.tokens import tokens_of_all
    from api.store.moments import utc_now

    now = utc_now()
    with _store(database) as (session, _):
        found = tokens_of_all(session, None if login is None else _account(session, login).id)
    if as_json:
        print_json(
            {
                "tokens": [
                    {
                        "login": owner, "token": t.id, "name": t.name, "created": t.created.isoformat(),
                        "expires": t.expires and t.expires.isoformat(), "used": t.used and t.used.isoformat(),
                    }
                    for owner, t in found
                ]
            }
        )  # fmt: skip
        return
    for owner, t in found:
        ended = t.expires is not None and t.expires <= now
        until = f"{'ended' if ended else 'until'} {t.expires:%Y-%m-%d}" if t.expires else "without end"
        used = f"last used {t.used:%Y-%m-%d}" if t.used else "never used"
        say(f"{t.id} {owner}: {t.name}, {until}, {used}")
    if not found:
        say("There is no token that is not revoked.")


@accounts.command(epilog="Example: placements accounts revoke placements.team@example.org --all")
def revoke(
    login: Login,
    token: Annotated[
        list[str] | None,
        typer.Option(help="Id of a token, as 'placements accounts tokens' shows it; several are named one by one."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every token of the account.")] = False,
    database: Database = None,
) -> None:
    """Revoke tokens of an account for good: whoever sends one is refused from now on."""
    from api.access.tokens import revoke as revoked
    from api.access.tokens import tokens_of
    from api.store.audit import record
    from api.store.moments import utc_now

    if bool(token) == every:
        _refuse("say which: --token ID, or --all for every token of the account")
    with _store(database) as (session, _):
        account = _account(session, login)
        there = {row.id for row in tokens_of(session, account.id)}
        if strange := sorted(set(token or ()) - there):
            _refuse(f"'{account.login}' has no token {', '.join(strange)}: see 'placements accounts tokens {login}'")
        done = sorted(there if every else set(token or ()))
        now = utc_now()
        for id in done:
            revoked(session, id)
            record(session, HERE, "token_revoked", account.id, {"token": id}, now)
    from allocator.views.words import counted

    say(f"{counted(len(done), 'token')} of {account.login} revoked.")


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
