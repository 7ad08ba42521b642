"""Parameters of an address that its route does not have: refused, since a misspelt one would change nothing unsaid."""

from fastapi import Request

from api.problems import UnusableError, shown
from models.errors import Issue


def refuse_unknown(request: Request) -> None:
    """Let a request go on whose address has only parameters that its route has.

    Raises
    ------
    UnusableError
        It has others; all of them.
    """
    given = set(request.query_params)
    if not given:
        return
    context = request.scope.get("fastapi", {}).get("effective_route_context") or request.scope["route"]
    path = str(context.path).replace(":path}", "}")
    operation = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    known = sorted(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
    unknown = sorted(given - set(known))
    if unknown:
        allowed = ", ".join(known) or "none"
        issues = [
            Issue(level="stop", code="request", subject=f"query.{shown(name)}", found=shown(name), allowed=allowed,
                  message=f"There is no parameter '{shown(name)}' here. Allowed: {allowed}.")
            for name in unknown
        ]  # fmt: skip
        raise UnusableError(" ".join(issue.message for issue in issues), issues)
