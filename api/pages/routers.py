"""Every page of the service; nothing of it is in the OpenAPI."""

from fastapi import APIRouter

from api.pages import (
    account,
    alliance,
    board,
    decide,
    decided,
    files,
    home,
    moves,
    news,
    overview,
    place,
    questions,
    rounds,
    scenarios,
    signing,
    student,
)

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    signing.router,
    home.router,
    account.router,
    rounds.router,
    overview.router,
    board.router,
    place.router,
    student.router,
    questions.router,
    decide.router,
    decided.router,
    moves.router,
    news.router,
    scenarios.router,
    alliance.router,
)
