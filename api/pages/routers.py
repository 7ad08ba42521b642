"""Every page of the service; nothing of it is in the OpenAPI."""

from fastapi import APIRouter

from api.pages import (
    account,
    comparing,
    files,
    home,
    letters,
    mapping,
    marking,
    overview,
    parties,
    publishing,
    rounds,
    signing,
    tables,
)

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    signing.router,
    home.router,
    account.router,
    rounds.router,
    overview.router,
    tables.router,
    parties.router,
    publishing.router,
    comparing.router,
    letters.router,
    marking.router,
    mapping.router,
)
