"""Every route of the service with every role and with none; a route that stands in no row here fails."""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.wire import Role
from tests.api.people import bearer

ROLES: tuple[Role, ...] = get_args(Role)
OPEN = frozenset[Role]()
"""No role is needed: nobody can sign in before signing in, and machines watch the health."""
EVERYBODY = frozenset(ROLES)
TEAM: frozenset[Role] = frozenset(["team"])
AGENCY: frozenset[Role] = frozenset(["agency"])
ALLIANCE: frozenset[Role] = frozenset(["alliance"])
ADMIN: frozenset[Role] = frozenset(["admin"])

WHO: Mapping[str, frozenset[Role]] = {
    # Open
    "GET /assets/{name}": OPEN,
    "GET /health/live": OPEN,
    "GET /health/ready": OPEN,
    "GET /invitation/{words}": OPEN,
    "POST /invitation/{words}": OPEN,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /sign-in/openid": OPEN,
    "GET /sign-in/openid/answer": OPEN,
    "POST /sign-out": OPEN,
    "POST /sign-out-everywhere": OPEN,
    # Pages
    "GET /": EVERYBODY,
    "GET /account": EVERYBODY,
    "POST /meeting-view": TEAM,
    "GET /rounds": TEAM,
    "GET /rounds/{round}": TEAM,
    "GET /rounds/{round}/board": TEAM,
    "GET /rounds/{round}/place": TEAM,
    "GET /rounds/{round}/student": TEAM,
    "GET /rounds/{round}/request": TEAM,
    "POST /rounds/{round}/fits": TEAM,
    "POST /rounds/{round}/fits/stop": TEAM,
    "GET /rounds/{round}/open": TEAM,
    "GET /rounds/{round}/open/next": TEAM,
    "GET /rounds/{round}/decide": TEAM,
    "POST /rounds/{round}/decide": TEAM,
    "GET /rounds/{round}/decisions": TEAM,
    "GET /rounds/{round}/moves": TEAM,
    "POST /rounds/{round}/moves": TEAM,
    "POST /rounds/{round}/moves/stop": TEAM,
    "GET /rounds/{round}/news": TEAM,
    "GET /rounds/{round}/scenarios": TEAM,
    "POST /rounds/{round}/scenarios": TEAM,
    "GET /rounds/{round}/scenarios/question": TEAM,
    "GET /rounds/{round}/scenarios/chart": TEAM,
    "POST /rounds/{round}/scenarios/stop": TEAM,
    "POST /rounds/{round}/scenarios/share": TEAM,
    "GET /alliance": ALLIANCE,
    "GET /alliance/numbers": ALLIANCE,
    "GET /rounds/{round}/students": TEAM,
    "GET /rounds/{round}/not-placed": TEAM,
    "GET /rounds/{round}/places": TEAM,
    "GET /rounds/{round}/agencies": TEAM,
    "GET /rounds/{round}/educators": TEAM,
    "GET /rounds/{round}/chase": TEAM,
    "GET /rounds/{round}/calendar": TEAM,
    "GET /rounds/{round}/tables/{file}": TEAM,
    "GET /rounds/{round}/agency": TEAM,
    "GET /rounds/{round}/educator": TEAM,
    "GET /rounds/{round}/map": TEAM,
    "GET /rounds/{round}/publish": TEAM,
    "POST /rounds/{round}/publish": TEAM,
    "GET /rounds/{round}/versions": TEAM,
    "GET /rounds/{round}/versions/{number}": TEAM,
    "GET /rounds/{round}/versions/{number}/tables/{file}": TEAM,
    "GET /rounds/{round}/compare": TEAM,
    "GET /rounds/{round}/letters": TEAM,
    "GET /rounds/{round}/letters/agency": TEAM,
    "GET /rounds/{round}/letters/student": TEAM,
    "GET /rounds/{round}/letters/{file}": TEAM,
    "GET /rounds/{round}/mark": TEAM,
    "POST /rounds/{round}/mark": TEAM,
    "POST /rounds/begin": TEAM,
    "POST /demonstrations/{demonstration}/rounds": TEAM,
    "GET /templates/{kind}.xlsx": TEAM,
    "GET /demonstrations/{name}.xlsx": TEAM,
    "GET /rounds/{round}/change": TEAM,
    "POST /rounds/{round}/change": TEAM,
    "POST /rounds/{round}/delete": TEAM,
    "GET /rounds/{round}/workbooks": TEAM,
    "POST /rounds/{round}/workbooks": TEAM,
    "GET /rounds/{round}/runs": TEAM,
    "POST /rounds/{round}/runs": TEAM,
    "GET /rounds/{round}/runs/{run}": TEAM,
    "GET /rounds/{round}/runs/{run}/progress": TEAM,
    "POST /rounds/{round}/runs/{run}/stop": TEAM,
    "POST /rounds/{round}/runs/{run}/delete": TEAM,
    "GET /rounds/{round}/figures": TEAM,
    "GET /rounds/{round}/charts/{chart}.svg": TEAM,
    "GET /rounds/{round}/return": TEAM,
    "GET /people": ADMIN,
    "POST /people": ADMIN,
    "GET /people/{id}": ADMIN,
    "POST /people/{id}": ADMIN,
    "POST /people/{id}/disabled": ADMIN,
    "POST /people/{id}/invitation": ADMIN,
    "POST /people/{id}/tokens/revoke": ADMIN,
    "GET /audit": ADMIN,
    "GET /retention": TEAM | ADMIN,
    "POST /account/tokens": EVERYBODY,
    "POST /account/tokens/revoke": EVERYBODY,
    "GET /agency": AGENCY,
    "POST /agency": AGENCY,
    "GET /rounds/{round}/share": TEAM,
    "POST /rounds/{round}/share": TEAM,
    "GET /rounds/{round}/replies": TEAM,
    "POST /rounds/{round}/replies": TEAM,
    "GET /rounds/{round}/results-day": TEAM,
    "POST /rounds/{round}/results-day": TEAM,
    "GET /metrics": OPEN,  # has a token of its own, and is not there without one
    "GET /v1/openapi.json": OPEN,
    # Oneself
    "GET /v1/me": EVERYBODY,
    "GET /v1/tokens": EVERYBODY,
    "POST /v1/tokens": EVERYBODY,
    "DELETE /v1/tokens/{id}": EVERYBODY,
    "GET /v1/sessions": EVERYBODY,
    "DELETE /v1/sessions": EVERYBODY,
    # People and audit
    "GET /v1/accounts": ADMIN,
    "POST /v1/accounts": ADMIN,
    "GET /v1/accounts/{id}": ADMIN,
    "PATCH /v1/accounts/{id}": ADMIN,
    "POST /v1/accounts/{id}/invitation": ADMIN,
    "GET /v1/accounts/{id}/tokens": ADMIN,
    "DELETE /v1/accounts/{id}/tokens/{token}": ADMIN,
    "GET /v1/audit": ADMIN,
    "GET /v1/members": ADMIN,
    "GET /v1/retention": TEAM | ADMIN,
    # What is the same for all
    "GET /v1/rules": EVERYBODY,
    "GET /v1/rules/{rule}": EVERYBODY,
    "GET /v1/policy": EVERYBODY,
    # Runs
    "GET /v1/runs": TEAM,
    "POST /v1/runs": TEAM,
    "GET /v1/runs/{run}": TEAM,
    "DELETE /v1/runs/{run}": TEAM,
    "POST /v1/runs/{run}/stop": TEAM,
    "GET /v1/runs/{run}/result": TEAM,
    "GET /v1/runs/{run}/files": TEAM,
    "GET /v1/runs/{run}/files/{path:path}": TEAM,
    "GET /v1/runs/{run}/events": TEAM,
    "GET /v1/runs/{run}/unplaced": TEAM,
    "GET /v1/runs/{run}/return": TEAM,
    "GET /v1/runs/{run}/answers": TEAM,
    "GET /v1/runs/{run}/effect": TEAM,
    "GET /v1/runs/{run}/moves": TEAM,
    "GET /v1/runs/{run}/fits": TEAM,
    "GET /v1/runs/{run}/replies": TEAM,
    "GET /v1/runs/{run}/results-day": TEAM,
    "POST /v1/checks": TEAM,
    "POST /v1/comparisons": TEAM,
    "GET /v1/scenarios": EVERYBODY,
    "GET /v1/demonstrations": TEAM,
    "POST /v1/demonstrations/{name}/runs": TEAM,
    # Rounds
    "GET /v1/rounds": TEAM,
    "POST /v1/rounds": TEAM,
    "GET /v1/rounds/{round}": TEAM,
    "PATCH /v1/rounds/{round}": TEAM,
    "DELETE /v1/rounds/{round}": TEAM,
    "GET /v1/rounds/{round}/plans": TEAM,
    "POST /v1/rounds/{round}/scenarios": TEAM,
    "GET /v1/rounds/{round}/datasets": TEAM,
    "POST /v1/rounds/{round}/datasets": TEAM,
    "GET /v1/rounds/{round}/datasets/{number}": TEAM,
    "GET /v1/rounds/{round}/datasets/{number}/file": TEAM,
    "GET /v1/rounds/{round}/workbook": TEAM,
    "GET /v1/rounds/{round}/decisions": TEAM,
    "POST /v1/rounds/{round}/decisions": TEAM,
    "POST /v1/rounds/{round}/decisions/effect": TEAM,
    "POST /v1/rounds/{round}/decisions/{number}/undo": TEAM,
    "POST /v1/rounds/{round}/publish": TEAM,
    "GET /v1/rounds/{round}/versions": TEAM,
    "GET /v1/rounds/{round}/versions/{number}": TEAM,
    "POST /v1/rounds/{round}/matches/{request:path}/status": TEAM,
    "POST /v1/rounds/{round}/moves": TEAM,
    "POST /v1/rounds/{round}/fits": TEAM,
    # What came in from outside
    "GET /v1/rounds/{round}/replies": TEAM,
    "POST /v1/rounds/{round}/replies": TEAM,
    "POST /v1/rounds/{round}/replies/look": TEAM,
    "POST /v1/rounds/{round}/replies/accept": TEAM,
    "POST /v1/rounds/{round}/replies/refuse": TEAM,
    "POST /v1/rounds/{round}/results-day": TEAM,
    "POST /v1/rounds/{round}/results-day/effect": TEAM,
    # What leaves the team
    "GET /v1/rounds/{round}/sharing": TEAM,
    "PUT /v1/runs/{run}/shared": TEAM,
    "DELETE /v1/runs/{run}/shared": TEAM,
    "GET /v1/shared": AGENCY | ALLIANCE,
    "GET /v1/shared/{run}/agency": AGENCY,
    "GET /v1/shared/{run}/agency/form": AGENCY,
    "GET /v1/shared/{run}/agency/reply": AGENCY,
    "PUT /v1/shared/{run}/agency/reply": AGENCY,
    "POST /v1/shared/{run}/agency/reply": AGENCY,
    "GET /v1/shared/{run}/alliance": ALLIANCE,
    "GET /v1/shared/{run}/answers": ALLIANCE,
}
"""Who may use a route. Which round or run of it is another question: those of these tests do not exist."""


def routes_of(app: FastAPI) -> list[str]:
    """``METHOD /path`` of every route, however it was added."""
    return sorted(
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in (getattr(route, "methods", None) or {"ANY"}) - {"HEAD"}
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('walk')}/placements.db")
    settings = Settings(requests_a_minute=1_000_000, sign_ins_a_minute=1_000_000)
    with TestClient(create_app(settings, store), follow_redirects=False) as opened:
        yield opened
    store.close()


@pytest.fixture(scope="module")
def headers(client: TestClient) -> dict[str | None, dict[str, str]]:
    store = client.app.state.service.store  # type: ignore[attr-defined]
    assert isinstance(store, Store)
    found: dict[str | None, dict[str, str]] = {None: {}}
    for role in ROLES:
        found[role] = bearer(store, role, agency="A1" if role == "agency" else None)
    return found


def test_every_route_says_who_may_use_it(client: TestClient) -> None:
    assert isinstance(client.app, FastAPI)
    found, known = set(routes_of(client.app)), set(WHO)
    assert not found - known, f"say in WHO who may use {sorted(found - known)}"
    assert not known - found, f"WHO has routes that there are not: {sorted(known - found)}"


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_with(role: Role | None, client: TestClient, headers: dict[str | None, dict[str, str]]) -> None:
    assert isinstance(client.app, FastAPI)
    wrong = []
    for route in routes_of(client.app):
        method, _, path = route.partition(" ")
        allowed = WHO.get(route, frozenset())
        answer = client.request(method, re.sub(r"\{[^}]*\}", "0" * 32, path), headers=headers[role])
        status = answer.status_code
        if allowed and role is None:
            led = status == 303 and answer.headers["location"].startswith("/sign-in")
            right = status == 401 if path.startswith("/v1/") else led
        elif allowed and role not in allowed:
            right = status == 403
        elif route == "GET /metrics":
            right = status == 404
        else:
            right = status not in (401, 403, 405) and status < 500
            right |= route in ("POST /sign-in", "POST /invitation/{words}") and status == 403  # without its form
        if not right:
            wrong.append((route, status))
    assert not wrong
