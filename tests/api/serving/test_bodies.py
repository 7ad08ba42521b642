"""What is sent is held to limits before a route reads it, and what nobody expects is told without internals."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from structlog.testing import capture_logs

from api.inputs.json_text import judge_json, parsed
from api.problems import UnusableError
from api.routes import rules
from api.serving.app import create_app
from api.serving.bodies import Bodies
from api.settings import Settings
from api.store.opening import Store
from tests.api.conftest import ClientAs
from tests.api.people import bearer
from tests.api.routes.helping import book_of, refused
from tests.reading.sheets import sheets

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": [[[1]]]}', "more than 3 deep"),
        (b"[" * 100_000, "more than 3 deep"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "Infinity is no number"),
        (b'{"a": "\\ud83d"}', "half a character"),
        (b'{"a": "\\ude00\\ud83d"}', "half a character"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a\\\\\\u0000": 1}', "NUL"),
        (b'{"a": "\xff"}', "UTF-8"),
    ],
)
def test_json_that_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(UnusableError, match=said):
        judge_json(body, 3)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [[1]]}',
        b'{"a": "[[[[ NaN Infinity"}',
        b'{"a": "\\"[[[["}',
        b'{"a": "\\\\u0000"}',  # a backslash, and then u0000
        b'{"a": "\\ud83d\\ude00"}',  # a whole character
        b'{"a": "\\\\ud83d"}',
        b"no json \\ud83d",  # whoever reads it says so
        b"",
    ],
)
def test_json_that_passes(body: bytes) -> None:
    judge_json(body, 3)


def test_a_text_without_an_end_is_looked_through_once() -> None:
    judge_json(b'"' + b'\\"' * 2_000_000, 3)  # minutes, where each quote began anew


@pytest.mark.parametrize(
    ("text", "said"),
    [('{"a": 1, "a": 2}', "stands twice"), ("{", "Expecting"), ("[NaN]", "NaN"), ("[" * 9999, "recursion")],
)
def test_json_that_is_not_read(text: str, said: str) -> None:
    with pytest.raises(UnusableError, match=said):
        parsed(text, "The body")


def test_bodies_over_the_limit(client_as: ClientAs) -> None:
    team = client_as("team", upload_bytes=5_000)
    large = json.dumps({"sheets": {"Students": [{"note": "x" * 6_000}]}}).encode()

    def pieces(data: bytes) -> Iterator[bytes]:
        yield from (data[n : n + 500] for n in range(0, len(data), 500))

    form = {"workbook": ("a.xlsx", b"x" * 6_000)}
    for kwargs in ({"content": large, "headers": JSON}, {"content": pieces(large), "headers": JSON}, {"files": form}):
        assert "5,000 bytes that this service takes (upload_bytes)" in refused(team.post("/v1/runs", **kwargs), 413)
    # A form without its length, which the route itself reads.
    kind = {"content-type": "multipart/form-data; boundary=b"}
    part = (
        b'--b\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n\r\n'
        + b"x" * 6_000
        + b"\r\n--b--\r\n"
    )
    assert "upload_bytes" in refused(team.post("/v1/runs", content=pieces(part), headers=kind), 413)
    # A route of the framework's own reading.
    assert "upload_bytes" in refused(team.post("/v1/rounds", content=pieces(large), headers=JSON), 413)


@pytest.mark.parametrize("length", [b"30", None])
def test_what_is_refused_is_read_to_its_end(length: bytes | None) -> None:
    """Else its sender, who is still at it, sees a connection that was reset and not the answer."""
    left = [{"type": "http.request", "body": b"x" * 10, "more_body": more} for more in (True, True, False)]
    sent: list[Any] = []

    async def receive() -> Any:
        return left.pop(0)

    async def send(message: Any) -> None:
        assert not left
        sent.append(message)

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass

    headers = [(b"content-type", b"application/json")] + ([(b"content-length", length)] if length else [])
    scope = {"type": "http", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(Bodies(app, Settings(upload_bytes=5))(scope, receive, send))
    assert sent[0]["status"] == 413


def test_what_is_sent_to_the_framework_is_judged_too(client_as: ClientAs) -> None:
    team = client_as("team")
    for body, said in (
        (b"[" * 50, "body_depth"),
        (b'{"name": NaN}', "NaN"),
        (b'{"name": "\\ud800"}', "half"),
        (b"{", "body.1: JSON decode error"),
    ):
        assert said in refused(team.post("/v1/rounds", content=body, headers=JSON))


def test_addresses_with_what_no_text_holds(client_as: ClientAs) -> None:
    team = client_as("team")
    for path in ("/v1/rules/%00", "/v1/runs?after=%00"):
        assert "NUL" in refused(team.get(path), 400)
    page = team.get("/%00")
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "NUL" in page.text


def test_a_misspelt_parameter_is_refused(client_as: ClientAs) -> None:
    team = client_as("team")
    said = refused(team.get("/v1/runs?stat=failed&limit=1&x=1"))
    assert "no parameter 'stat' here. Allowed: after, limit, state." in said
    assert "no parameter 'x'" in said
    assert "Allowed: none" in refused(team.get("/v1/rules/E04?a=b"))
    assert team.get("/v1/runs?limit=1").status_code == 200


def test_other_addresses_and_methods(client_as: ClientAs) -> None:
    team = client_as("team")
    assert "nothing at this address" in refused(team.get("/v1/nothing"), 404)
    answer = team.put("/v1/rules")
    refused(answer, 405)
    assert answer.headers["allow"] == "GET"


def test_limits_of_inputs(client_as: ClientAs) -> None:
    book: Any = {"workbook": ("a.xlsx", book_of(sheets()))}
    assert "more than the 100 that this service reads (unpacked_bytes)." in refused(
        client_as("team", unpacked_bytes=100).post("/v1/runs", files=book), 413
    )
    assert "more than the 5 that are read here (rows)" in refused(
        client_as("team", rows=5).post("/v1/runs", files=book)
    )
    assert "more than the 5 that are read here (rows)" in refused(
        client_as("team", rows=5).post("/v1/checks", json={"sheets": sheets(), "plan": [{"student": "S1"}]})
    )


def test_a_fault_is_told_without_internals_and_logged_without_what_was_typed(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_rule: object) -> None:
        try:
            raise KeyError("S1234 of Elm Road")
        except KeyError as error:
            raise ValueError("S1234") from error

    monkeypatch.setattr(rules, "_stated", broken)
    with capture_logs() as logs:
        answer = client_as("team").get("/v1/rules/E04", headers={"X-Note": "S1234"})
    assert "S1234" not in refused(answer, 500) + answer.text
    assert answer.json()["code"] == "fault"
    fault = next(entry for entry in logs if entry["event"] == "fault")
    assert [error["kind"] for error in fault["errors"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert "broken" in fault["errors"][0]["where"][-1]
    assert "S1234" not in str(logs)


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/accounts", "GET, POST"), ("/v1/sessions", "DELETE, GET"), ("/health/live", "GET"),
     (f"/v1/runs/{'0' * 32}/files/agencies/A1.xlsx", "GET")],
)  # fmt: skip
def test_a_method_that_is_not_taken_is_told_all_that_are(client_as: ClientAs, path: str, methods: str) -> None:
    answer = client_as("admin").request("PUT", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_a_full_disk_is_told_and_what_is_there_can_be_read(store: Store) -> None:
    def small(connection: Any, *_: Any) -> None:  # one that may not grow says what one on a full disk says
        connection.execute("PRAGMA max_page_count = 1")

    team = TestClient(create_app(Settings(), store), headers=bearer(store, "team"))
    event.listen(store.engine, "checkout", small)
    with capture_logs() as logs:
        # what is free in its pages is used first
        made = (team.post("/v1/rounds", json={"name": "x", "tranches": ["y" * 100] * 50}) for _ in range(50))
        said = refused(next(answer for answer in made if answer.status_code != 201), 503)
    assert "disk of the store is full, so nothing was changed" in said
    assert [entry["said"] for entry in logs if entry["event"] == "store unavailable"] == ["database or disk is full"]
    assert team.get("/v1/rounds").status_code == 200
