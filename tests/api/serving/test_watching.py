import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from api.serving.logs import log_as_json
from tests.api.conftest import ClientAs

TOKEN = "sixteen-letters-or-more"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What the service logs; afterwards logs go where they went before."""
    root, written = logging.getLogger(), StringIO()
    handlers, level = list(root.handlers), root.level
    log_as_json(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_for_each_request_without_what_was_asked(client_as: ClientAs, logged: StringIO) -> None:
    client = client_as("team")
    answer = client.get("/v1/rules?student=S001")
    client.get("/v1/students/S002")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    seen = [(line["method"], line["route"], line["status"]) for line in lines if line["event"] == "request"]
    assert seen == [("GET", "/v1/rules", 422), ("GET", "unknown", 404)]  # a parameter that no route has
    assert answer.headers["x-request-id"] == lines[0]["request"]
    assert "S00" not in logged.getvalue()


def test_metrics_need_their_token_and_count_by_route(client_as: ClientAs) -> None:
    client = client_as("team", metrics_token=TOKEN)
    client.get("/v1/rules")
    client.get("/v1/rules")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another-token-of-it"}).status_code == 401
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert 'placements_requests_total{method="GET",route="/v1/rules",status="200"} 2.0' in page
    assert "placements_database_bytes" in page


def test_without_a_token_there_are_no_metrics(client_as: ClientAs) -> None:
    assert client_as("team").get("/metrics").status_code == 404


def test_health(client_as: ClientAs) -> None:
    client = client_as(None)
    assert client.get("/health/live").json()["status"] == "ok"
    assert client.get("/health/ready").json()["status"] == "ok"
