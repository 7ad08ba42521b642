"""Every page of the service; nothing of it is in the OpenAPI."""

from fastapi import APIRouter

from api.pages import account, agency, files, home, overview, replies, results_day, rounds, share, signing

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    signing.router,
    home.router,
    account.router,
    rounds.router,
    overview.router,
    agency.router,
    replies.router,
    results_day.router,
    share.router,
)
