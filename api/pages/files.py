"""Styles, scripts and pictures of the pages: shipped with the program, from this machine alone."""

from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.pages.rendering import asset
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
ASSETS = frozenset(file.name for file in files("api.pages").joinpath("assets").iterdir())
"""What there is; nothing else of the package can be asked for."""
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/assets/{name}")
def asset_of_pages(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """How the pages look, and what makes them live where scripts run.

    Browsers keep it and ask whether it is still so: after an upgrade no page is shown in the looks of the old one.
    """
    if name not in ASSETS:
        raise NotFoundError(f"There is no such file. There are: {', '.join(sorted(ASSETS))}.")
    text = asset(name)
    headers = {"Cache-Control": "public, no-cache", "ETag": f'"{sha256(text.encode()).hexdigest()[:32]}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(text, media_type=TYPES[PurePosixPath(name).suffix], headers=headers)
