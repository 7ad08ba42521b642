"""What the client sends again, and which error an answer is."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from api.client import Placements, ServiceFaultError, ServiceRefusedError, UnreachableError
from api.wire.runs import RunEnd, RunTold
from models.errors import InputUnusableError, PolicyError

RUN = "0" * 32
EMPTY: dict[str, object] = {"runs": [], "after": None}
Answering = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def client(answer: Answering) -> Placements:
    return Placements("http://service/", "secret", transport=httpx2.MockTransport(answer))


def problem(status: int, code: str, **more: object) -> httpx2.Response:
    body = {"type": "urn:x", "title": "t", "status": status, "detail": "What was found.", "code": code, "issues": []}
    return httpx2.Response(status, json=body | more)


def answers(*given: httpx2.Response | Exception) -> tuple[Answering, list[httpx2.Request]]:
    """Answers in order, the last again and again; and the requests that came."""
    left, asked = list(given), []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    return answer, asked


def test_who_asks_is_in_every_request() -> None:
    answer, asked = answers(httpx2.Response(200, json=EMPTY))
    assert client(answer).runs().runs == ()
    assert asked[0].headers["authorization"] == "Bearer secret"
    assert str(asked[0].url) == "http://service/v1/runs?limit=50"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_looking_is_tried_again(status: int) -> None:
    answer, asked = answers(httpx2.Response(status), httpx2.ConnectError("no"), httpx2.Response(200, json=EMPTY))
    client(answer).runs()
    assert len(asked) == 3


def test_a_run_is_asked_for_again_under_the_same_key(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text("{}")
    accepted = {
        "id": RUN, "state": "queued", "dataset_digest": "d", "policy_digest": "p", "counts": {}, "warnings": 0,
    }  # fmt: skip
    answer, asked = answers(httpx2.ReadTimeout("slow"), httpx2.Response(202, json=accepted))
    assert client(answer).run(tmp_path / "input.json").id == RUN
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert len(asked) == 2


def test_a_decision_is_sent_once() -> None:
    answer, asked = answers(httpx2.ReadTimeout("slow"))
    with pytest.raises(UnreachableError, match="no service answers at http://service"):
        client(answer).decide(RUN, {"decision": "fix"}, seen=3)
    assert len(asked) == 1
    assert asked[0].headers["if-match"] == '"3"'


def test_what_the_library_refuses_is_the_library_s_error() -> None:
    issue = {"level": "stop", "code": "V107", "message": "The sheet Offers is missing."}
    with pytest.raises(InputUnusableError) as refused:
        client(answers(problem(422, "input_unusable", issues=[issue]))[0]).runs()
    assert [i.code for i in refused.value.issues] == ["V107"]
    with pytest.raises(PolicyError, match="What was found"):
        client(answers(problem(422, "policy"))[0]).runs()


def test_what_the_service_refuses_and_what_is_its_fault() -> None:
    with pytest.raises(ServiceRefusedError, match="What was found") as refused:
        client(answers(problem(404, "not_found"))[0]).run_view(RUN)
    assert refused.value.problem.status == 404
    with pytest.raises(ServiceFaultError):
        client(answers(problem(500, "fault"))[0]).run_view(RUN)
    with pytest.raises(ServiceFaultError, match="answered 404 without saying why"):
        client(answers(httpx2.Response(404, text="nginx"))[0]).run_view(RUN)


def test_what_is_wrong_is_said_with_each_of_its_issues() -> None:
    issues = [{"level": "stop", "code": "request", "message": f"query.{name}: too long"} for name in ("state", "limit")]
    with pytest.raises(ServiceRefusedError, match=r"query\.state: too long query\.limit: too long$"):
        client(answers(problem(422, "unusable", issues=issues))[0]).runs()


def test_an_answer_of_another_version() -> None:
    with pytest.raises(ServiceFaultError, match="none that this version knows"):
        client(answers(httpx2.Response(200, json={"runs": "none"}))[0]).runs()


def told(number: int) -> str:
    content = '{"at": "2026-01-05T09:00:00Z", "kind": "state", "content": {"state": "running"}}'
    return f"id: {number}\nevent: state\ndata: {content}\n\n"


def test_a_stream_that_breaks_off_goes_on_after_its_last_event() -> None:
    end = 'event: end\ndata: {"state": "complete", "answer": "proved"}\n\n'
    answer, asked = answers(
        httpx2.Response(200, text=": hello\n\n" + told(1) + told(2)),
        httpx2.ConnectError("restarting"),
        httpx2.Response(200, text=told(3) + end),
    )
    seen = [event for event in client(answer).events(RUN) if event is not None]
    assert [type(event) for event in seen] == [RunTold, RunTold, RunTold, RunEnd]
    assert [request.headers["last-event-id"] for request in asked] == ["0", "2", "2"]


def test_a_stream_of_a_run_that_is_not_there() -> None:
    with pytest.raises(ServiceRefusedError):
        list(client(answers(problem(404, "not_found"))[0]).events(RUN))
