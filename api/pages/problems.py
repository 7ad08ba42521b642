"""What a page says where it cannot be shown: the problem that the API would say, as HTML, or the way to sign in."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from api.pages.rendering import bare_page, to

NO_PAGES = ("/v1/", "/health/", "/metrics", "/assets/")
"""Beginnings of addresses that programs ask for."""


def is_page(request: Request) -> bool:
    """Whether somebody asked for a page."""
    return not request.url.path.startswith(NO_PAGES)


def problem_page(request: Request, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A problem as a page.

    Parameters
    ----------
    request
        That met it.
    body
        As the API would say it.
    headers
        Of that answer.
    """
    status = HTTPStatus(int(body["status"]))
    if status == HTTPStatus.UNAUTHORIZED:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if request.method == "GET" and path != "/":
            return to("/sign-in", next=path)
        return to("/sign-in")
    issues = [issue["message"] for issue in body.get("issues", ()) if issue["message"] not in str(body["detail"])]
    values = {"title": body["title"], "detail": body["detail"], "issues": issues, "message": ""}
    answer = bare_page("problem.html", values, status)
    answer.headers.update({name: value for name, value in headers.items() if name in ("Retry-After", "Allow")})
    return answer
