"""Every page of the service; nothing of it is in the OpenAPI."""

from fastapi import APIRouter

from api.pages import (
    account,
    audit,
    figures,
    files,
    home,
    overview,
    people,
    retention,
    round,
    rounds,
    runs,
    signing,
    workbooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    signing.router,
    home.router,
    account.router,
    rounds.router,
    overview.router,
    round.router,
    workbooks.router,
    runs.router,
    figures.router,
    people.router,
    audit.router,
    retention.router,
)
