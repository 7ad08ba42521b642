"""Styles, scripts and pictures of the pages: shipped with the program, from this machine alone."""

from pathlib import PurePosixPath

from fastapi import APIRouter, Response

from api.pages.rendering import asset
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
ASSETS = ("style.css", "page.js", "icon.svg", "outside.css", "outside.js")
"""What there is; nothing else of the package can be asked for."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/assets/{name}")
def asset_of_pages(name: str) -> Response:
    """How the pages look, and what makes them live where scripts run."""
    if name not in ASSETS:
        raise NotFoundError(f"There is no such file. There are: {', '.join(ASSETS)}.")
    kind = TYPES[PurePosixPath(name).suffix]
    return Response(asset(name), media_type=kind, headers={"Cache-Control": "public, max-age=3600"})
