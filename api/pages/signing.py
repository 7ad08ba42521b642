"""Pages without a script: signing in and out, and setting a password by a link. No role is needed to see them."""

import re
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access import accounts, sessions
from api.access.gate import Gate, TheGate, base_of
from api.access.hashing import LONGEST, SHORTEST, is_secret_shaped, new_secret
from api.access.limiting import address_of
from api.access.origins import FormToken, from_our_pages
from api.access.people import person_of
from api.pages.navigation import NOTICES
from api.pages.rendering import bare_page, to
from api.problems import NotAllowedError, NotFoundError, ProblemError, SignInNeededError, UnusableError
from api.store.audit import record
from api.store.tables import Account

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form()]
_SIGN_IN, _INVITATION = ("Sign in", "sign-in.html"), ("Set your password", "invitation.html")
_PASSWORD_SET = "password-set"
OPENID_ANSWER = "/sign-in/openid/answer"
_NO_PROVIDER = "Signing in by OpenID Connect is off."
_OLD_FORM = "The page was open for too long, or cookies are off. Try again."


@router.get("/sign-in")
def sign_in_page(request: Request, gate: TheGate, next: str = "/", done: str = "") -> Response:
    """The form; ``next`` is the page of ours that somebody wanted, ``done`` what led here."""
    notice = NOTICES[done] if done == _PASSWORD_SET else ""
    return _form(request, gate, _SIGN_IN, openid=gate.openid is not None, next=local(next), notice=notice)


@router.post("/sign-in")
def sign_in(
    request: Request, gate: TheGate, login: Field = "", password: Field = "", form_token: Field = "", next: Field = "/"
) -> Response:
    """Sign in by login and password; the cookie is a new one, and what it replaces has ended."""
    more = {"openid": gate.openid is not None, "next": local(next)}
    try:
        _check_form(request, gate, form_token)
        gate.limits.sign_in_from(address_of(request))
        gate.limits.sign_in_as(accounts.login_words(login[:200]))
    except ProblemError as error:
        return _form(request, gate, _SIGN_IN, error, **more)
    with gate.store.reading() as session:
        account = accounts.by_password(session, login[:200], password)
        known = accounts.by_login(session, login[:200])
    if account is None:
        note_failed(gate, known.id if known else None, address_of(request), "password")
        wrong = SignInNeededError("No account of this login and password. Check both, or ask for a new link.")
        return _form(request, gate, _SIGN_IN, wrong, **more)
    return enter(request, gate, account, "password", local(next))


@router.get("/sign-in/openid")
def openid(request: Request, gate: TheGate) -> Response:
    """To the provider of the organisation's accounts, where there is one."""
    if gate.openid is None:
        raise NotFoundError(_NO_PROVIDER)
    try:
        gate.limits.sign_in_from(address_of(request))
        address, cookie = gate.openid.begin(base_of(request, gate) + OPENID_ANSWER)
    except ProblemError as error:
        return _form(request, gate, _SIGN_IN, error, openid=True, next="/")
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        gate.openid_cookie, cookie, max_age=600, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls
    )
    return answer


@router.get(OPENID_ANSWER)
def openid_answer(request: Request, gate: TheGate) -> Response:
    """Back from the provider: whoever it vouches for is signed in, if an admin made an account of that login."""
    if gate.openid is None:
        raise NotFoundError(_NO_PROVIDER)
    try:
        gate.limits.sign_in_from(address_of(request))
        login = gate.openid.finish(request.cookies.get(gate.openid_cookie, ""), request.query_params)
        with gate.store.reading() as session:
            account = accounts.by_login(session, login)
        if account is None or account.disabled:
            raise SignInNeededError("You have no account here. Ask your administrator for one.")
    except SignInNeededError as error:
        note_failed(gate, None, address_of(request), "openid")
        return _form(request, gate, _SIGN_IN, error, openid=True, next="/")
    except ProblemError as error:
        return _form(request, gate, _SIGN_IN, error, openid=True, next="/")
    answer = enter(request, gate, account, "openid")
    answer.delete_cookie(gate.openid_cookie, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, gate: TheGate, form_token: FormToken) -> Response:
    """Sign out in this browser."""
    return _leave(request, gate, form_token, everywhere=False)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(request: Request, gate: TheGate, form_token: FormToken) -> Response:
    """Sign out in every browser; tokens stay."""
    return _leave(request, gate, form_token, everywhere=True)


@router.get("/invitation/{words}")
def invitation_page(request: Request, gate: TheGate, words: str) -> Response:
    """The form to set a password; looking at it does not use the link."""
    return _invitation(request, gate, words)


@router.post("/invitation/{words}")
def set_password(
    request: Request, gate: TheGate, words: str, password: Field = "", again: Field = "", form_token: Field = ""
) -> Response:
    """Set the password; the link ends with that."""
    try:
        _check_form(request, gate, form_token)
        if password != again:
            raise UnusableError("The two are not the same.")
        with gate.store.transaction() as session:
            account = accounts.set_password(session, words, password, gate.now(), gate.verified)
    except ProblemError as error:
        return _invitation(request, gate, words, error)
    return _invitation(request, gate, words) if account is None else to("/sign-in", done=_PASSWORD_SET)


def enter(request: Request, gate: Gate, account: Account, how: str, next: str = "/") -> Response:
    """Begin a session of somebody who proved who they are, at the page that they wanted."""
    now, hours = gate.now(), gate.settings.session_hours
    with gate.store.transaction() as session:
        if before := request.cookies.get(gate.cookie):
            sessions.end(session, before)
        _, cookie = sessions.begin(session, account.id, now, hours)
        record(session, account.id, "signed_in", account.id, {"address": address_of(request), "how": how}, now)
    answer = to(next)
    answer.set_cookie(
        gate.cookie, cookie, max_age=int(hours * 3600), path="/", httponly=True, samesite="lax", secure=gate.speaks_tls
    )
    answer.delete_cookie(gate.form_cookie, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    return answer


def note_failed(gate: Gate, account: str | None, address: str, how: str) -> None:
    """Note a failed attempt. A login that is unknown is not kept: people type passwords there."""
    with gate.store.transaction() as session:
        record(session, accounts.PROGRAM, "sign_in_failed", account or "unknown", {"address": address, "how": how},
               gate.now())  # fmt: skip


def _leave(request: Request, gate: Gate, form_token: str | None, *, everywhere: bool) -> Response:
    try:
        person = person_of(request, form_token, BackgroundTasks())
    except SignInNeededError:
        return to("/sign-in")
    with gate.store.transaction() as session:
        if everywhere:
            sessions.end_all(session, person.account)
        else:
            sessions.end(session, request.cookies.get(gate.cookie, ""))
        action = "signed_out_everywhere" if everywhere else "signed_out"
        record(session, person.account, action, person.account, {}, gate.now())
    answer = to("/sign-in")
    answer.delete_cookie(gate.cookie, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    return answer


def _invitation(request: Request, gate: Gate, words: str, error: ProblemError | None = None) -> Response:
    with gate.store.reading() as session:
        account = accounts.invited(session, words, gate.now(), gate.verified)
    if account is None:
        try:
            gate.limits.sign_in_from(address_of(request))
        except ProblemError as over:
            return _form(request, gate, _INVITATION, over, login="")
        note_failed(gate, None, address_of(request), "link")
        return _page(_INVITATION, {}, HTTPStatus.NOT_FOUND)
    return _form(request, gate, _INVITATION, error, login=account.login, shortest=SHORTEST, longest=LONGEST)


def _check_form(request: Request, gate: Gate, form_token: str) -> None:
    """A form that is sent before anybody is signed in comes from our page, in the browser that it was made for."""
    from_our_pages(request, gate.settings.public_url)
    if not compare_digest(form_token.encode(), request.cookies.get(gate.form_cookie, new_secret()).encode()):
        raise NotAllowedError(_OLD_FORM)


def _form(
    request: Request, gate: Gate, page: tuple[str, str], error: ProblemError | None = None, **values: Any
) -> Response:
    known = request.cookies.get(gate.form_cookie, "")
    token = known if is_secret_shaped(known) else new_secret()
    status = HTTPStatus.OK if error is None else error.status
    values |= {"form_token": token, "message": error.detail if error else ""}
    answer = _page(page, values, status)
    answer.headers.update(error.headers if error else {})
    answer.set_cookie(gate.form_cookie, token, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    return answer


def _page(page: tuple[str, str], values: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    title, template = page
    return bare_page(template, {"title": title, "message": "", "notice": "", "login": ""} | values, status)


def local(path: str) -> str:
    """A path of ours to go to, or the first page where what was sent is none."""
    plain = re.fullmatch(r"/(?![/\\])[!-~]*", path) is not None
    return path if plain else "/"
