"""Styles, scripts and pictures of the pages: shipped with the program, from this machine alone."""

from importlib.resources import files
from pathlib import PurePosixPath

from fastapi import APIRouter, Response

from api.pages.rendering import asset
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
ASSETS = frozenset(file.name for file in files("api.pages").joinpath("assets").iterdir())
"""What there is; nothing else of the package can be asked for."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/assets/{name}")
def asset_of_pages(name: str) -> Response:
    """How the pages look, and what makes them live where scripts run."""
    if name not in ASSETS:
        raise NotFoundError(f"There is no such file. There are: {', '.join(sorted(ASSETS))}.")
    kind = TYPES[PurePosixPath(name).suffix]
    return Response(asset(name), media_type=kind, headers={"Cache-Control": "public, max-age=3600"})
