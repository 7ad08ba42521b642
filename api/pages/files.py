"""Styles and script of the pages: shipped with the program, from this machine alone."""

from fastapi import APIRouter, Response

from api.pages.rendering import asset

router = APIRouter(include_in_schema=False)
CACHE = {"Cache-Control": "public, max-age=3600"}


@router.get("/assets/style.css")
def style() -> Response:
    """How the pages look."""
    return Response(asset("style.css"), media_type="text/css", headers=CACHE)


@router.get("/assets/icon.svg")
def icon() -> Response:
    """The mark in the browser's tab."""
    return Response(asset("icon.svg"), media_type="image/svg+xml", headers=CACHE)


@router.get("/assets/page.js")
def script() -> Response:
    """What makes pages live where scripts run."""
    return Response(asset("page.js"), media_type="text/javascript", headers=CACHE)
