"""Styles, scripts and pictures of the pages: shipped with the program, from this machine alone."""

from http import HTTPStatus
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.pages.rendering import asset, asset_version
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
ASSETS = frozenset(file.name for file in files("api.pages").joinpath("assets").iterdir())
"""What there is; nothing else of the package can be asked for."""
YEAR = 31_536_000
"""Seconds for which browsers keep what never changes."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/assets/{name}")
def asset_of_pages(name: str, v: str | None = None, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """How the pages look, and what makes them live where scripts run.

    Pages ask for it with its version, and browsers keep that without asking again; after an upgrade the version is
    another, so that no page is shown in the looks of the old one. Without the version they ask whether it is still so.
    """
    if name not in ASSETS:
        raise NotFoundError(f"There is no such file. There are: {', '.join(sorted(ASSETS))}.")
    version = asset_version(name)
    kept = f"public, max-age={YEAR}, immutable" if v == version else "public, no-cache"
    headers = {"Cache-Control": kept, "ETag": f'"{version}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(asset(name), media_type=TYPES[PurePosixPath(name).suffix], headers=headers)
