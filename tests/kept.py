"""What libraries work out anew for every test, though it never changes: once in a process is enough."""

import functools
from collections.abc import Callable, Hashable
from typing import Any

import fastapi.routing
import typer.main
import typer.testing

ROUTE = "_populate_api_route_state"
OF_AN_APPLICATION = ("original_route", "app", "dependency_overrides_provider")
"""What each application has of its own of a route."""


def keep_command() -> None:
    """Keep the command line that typer makes of an application whenever one of its commands is run in a test."""
    vars(typer.testing)["_get_command"] = functools.cache(typer.main.get_command)


def keep_routes() -> None:
    """Keep what FastAPI finds out of a route that an application includes, whichever application asks.

    Most tests of the service have an application of their own, whose first request asks for every route.
    """
    populate: Callable[..., None] = getattr(fastapi.routing, ROUTE)
    kept: dict[Hashable, dict[str, Any]] = {}

    def populate_once(route: Any, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        if isinstance(route, fastapi.routing.APIRoute):  # of a router, made when its module is imported
            populate(route, path, endpoint, **settings)
            return
        about = (path, endpoint, frozenset(settings["methods"]), tuple(settings["dependencies"]))
        if about not in kept:
            populate(route, path, endpoint, **settings)
            kept[about] = {name: value for name, value in vars(route).items() if name not in OF_AN_APPLICATION}
        vars(route).update(kept[about], dependency_overrides_provider=settings["dependency_overrides_provider"])

    setattr(fastapi.routing, ROUTE, populate_once)
