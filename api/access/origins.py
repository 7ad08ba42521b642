"""Protection of what a browser sends by itself: where a form came from, and the token that only our pages know."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.problems import NotAllowedError

SAFE = ("GET", "HEAD", "OPTIONS")
HEADER, FIELD = "X-Form-Token", "form_token"
FORM, UPLOAD = "application/x-www-form-urlencoded", "multipart/form-data"
API = "/v1/"
"""Uploads to the API are read as they come, by the routes that take them: they name the token in the header. Pages send
it in the form, as they work without a script."""


async def form_token_of(request: Request) -> str | None:
    """The form token of a request: in its header, or in the form that it sends."""
    if request.method in SAFE or "cookie" not in request.headers or "authorization" in request.headers:
        return None
    if (sent := request.headers.get(HEADER)) is not None:
        return sent
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM and (kind != UPLOAD or request.url.path.startswith(API)):
        return None
    field = (await request.form()).get(FIELD)
    return field if isinstance(field, str) else None


FormToken = Annotated[str | None, Depends(form_token_of)]


def from_our_pages(request: Request, public_url: str | None) -> None:
    """Let requests pass that our own pages make, or no browser.

    Parameters
    ----------
    request
        Not a safe one.
    public_url
        Where people reach the service, if the administrator said so.

    Raises
    ------
    NotAllowedError
        A page of another site made it.
    """
    ours = {request.headers.get("host", "").lower()}
    if public_url:
        ours.add(urlsplit(public_url).netloc.lower())
    came_from = request.headers.get("origin") or request.headers.get("referer")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
        came_from is not None and _host(came_from) not in ours
    ):
        raise NotAllowedError("A page of another site asked for this. Do it from the pages of this service.")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).netloc.lower() or None
    except ValueError:
        return None
