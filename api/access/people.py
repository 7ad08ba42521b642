"""Whoever asks: found by cookie or token, asked by each route for its role."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.problems import NotAllowedError, SignInNeededError
from api.wire import Role
from models.base import Record


class Person(Record):
    """Who asks: an account, its role, the agency that it speaks for, and the rounds that it may see.

    ``rounds`` is empty for an admin, who sees no student rows.
    """

    account: str
    role: Role
    agency: str | None = None
    rounds: frozenset[str] = frozenset()


def person_of(request: Request) -> Person:
    """Whoever signed the request.

    Raises
    ------
    SignInNeededError
        Nobody did.
    """
    raise SignInNeededError("Nobody is signed in. Sign in, or send a token: Authorization: Bearer TOKEN.")


Somebody = Annotated[Person, Depends(person_of)]


def only(*roles: Role) -> Callable[[Person], Person]:
    """A dependency of a route: whoever asks has one of these roles. Every route has one, or is listed as open."""

    def check(person: Somebody) -> Person:
        if person.role not in roles:
            raise NotAllowedError(f"The role {person.role} may not do this. Allowed: {', '.join(roles)}.")
        return person

    check.roles = roles  # type: ignore[attr-defined]  # read by the test that walks every route
    return check


Team = Annotated[Person, Depends(only("team"))]
Admin = Annotated[Person, Depends(only("admin"))]
AnyRole = Annotated[Person, Depends(only("team", "agency", "alliance", "admin"))]
