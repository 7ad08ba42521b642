"""Parameters of an address: what their route would not read is refused, since nothing of it would be said.

That is a misspelt one, one that stands there twice, and a number that Python alone takes for one (``1_0``, `` 5``).
"""

import re

from fastapi import Request
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from api.problems import UnusableError, shown
from models.errors import Issue

DIGITS = re.compile("0|-?[1-9][0-9]*")


def _in_digits(value: object) -> object:
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise PydanticCustomError("digits", "Input should be a whole number, written with digits alone")
    return value


InDigits = BeforeValidator(_in_digits)
"""Of a number in an address or in a header."""


def refuse_unread(request: Request) -> None:
    """Let a request go on whose address has only parameters that its route has, each once.

    Raises
    ------
    UnusableError
        It has others, or one twice; all of them.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if not names:
        return
    given = set(names)
    context = request.scope.get("fastapi", {}).get("effective_route_context") or request.scope["route"]
    path = str(context.path).replace(":path}", "}")
    operation = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    known = sorted(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
    unknown = sorted(given - set(known))
    twice = sorted(name for name in given & set(known) if names.count(name) > 1)
    if unknown or twice:
        allowed = ", ".join(known) or "none"
        issues = [
            Issue(level="stop", code="request", subject=f"query.{shown(name)}", found=shown(name), allowed=allowed,
                  message=f"There is no parameter '{shown(name)}' here. Allowed: {allowed}.")
            for name in unknown
        ]  # fmt: skip
        issues += [
            Issue(level="stop", code="request", subject=f"query.{name}",
                  message=f"'{name}' stands there twice: send it once.")
            for name in twice
        ]  # fmt: skip
        raise UnusableError(" ".join(issue.message for issue in issues), issues)
