"""Every page of the service; nothing of it is in the OpenAPI."""

from fastapi import APIRouter

from api.pages import account, alliance, files, home, overview, rounds, scenarios, signing

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    signing.router,
    home.router,
    account.router,
    rounds.router,
    overview.router,
    scenarios.router,
    alliance.router,
)
