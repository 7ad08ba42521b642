"""One's own account: who is signed in, where, and the way out."""

from fastapi import APIRouter, Response

from api.pages.rendering import page
from api.pages.visiting import AnyVisit

router = APIRouter(include_in_schema=False)


@router.get("/account")
def account(visit: AnyVisit) -> Response:
    """Who is signed in."""
    return page(visit, "account.html")
