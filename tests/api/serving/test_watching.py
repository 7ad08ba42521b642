import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from api.jobs.leases import Watch, register
from api.serving.logs import log_as_json
from api.serving.metrics import Metrics
from api.store import runs
from api.store.deleting import delete_run
from api.store.migrating import newest
from api.store.opening import Store
from api.store.tables import Worker
from api.wire import RunState
from tests.api.conftest import ClientAs
from tests.api.store.making import NOON, after, kept_run

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


@pytest.fixture
def metrics(store: Store) -> Callable[..., dict[str, float]]:
    """The samples of a page of metrics a time after noon, by name and labels; those of one process throughout."""
    clock = [NOON]
    made = Metrics(store, Watch(), lambda: clock[0])

    def page(**passed: float) -> dict[str, float]:
        clock[0] = after(**passed)
        families = text_string_to_metric_families(made.page().decode())
        return {" ".join((s.name, *s.labels.values())): s.value for family in families for s in family.samples}

    return page


def test_the_queue_is_measured(store: Store, metrics: Callable[..., dict[str, float]]) -> None:
    found = metrics()
    names = ("placements_runs queued", "placements_oldest_queued_seconds", "placements_workers")
    assert [found[name] for name in names] == [0, 0, 0]
    with store.transaction() as session:
        kept_run(session, now=after(seconds=10))
        kept_run(session, now=after(seconds=40))
        register(session, "w1", 1)
    found = metrics(seconds=70)
    assert [found[name] for name in names] == [2, 60, 1]


def test_seconds_of_solving_are_counted_once_by_how_runs_ended(
    store: Store, metrics: Callable[..., dict[str, float]]
) -> None:
    def ended(began: float, end: float, state: RunState) -> str:
        with store.transaction() as session:
            run = kept_run(session)
            attempt = runs.begin_attempt(session, run.id, after(seconds=began))
            assert attempt is not None
            runs.finish(session, run.id, attempt, state, now=after(seconds=end))
            return run.id

    ended(-60, -1, "complete")  # before this process began: of the one before it
    deleted = ended(0, 20, "complete")
    ended(10, 15, "failed")
    for _ in range(2):
        found = metrics(minutes=1)
        assert found["placements_solving_seconds_sum allocate complete"] == 20
        assert found["placements_solving_seconds_count allocate complete"] == 1
        assert found["placements_solving_seconds_sum allocate failed"] == 5
    delete_run(store, deleted, "team1", NOON)
    ended(20, 50, "complete")  # comes into the store after a look that was later than its end
    found = metrics(minutes=2)
    assert found["placements_solving_seconds_sum allocate complete"] == 50
    assert metrics(hours=5)["placements_solving_seconds_count allocate complete"] == 2


def test_alive(client_as: ClientAs) -> None:
    assert client_as(None).get("/health/live").json()["status"] == "ok"


def test_ready_in_parts(client_as: ClientAs, store: Store) -> None:
    client = client_as(None)

    def ready() -> tuple[int, str, str, str]:
        answer = client.get("/health/ready")
        said = answer.json()
        return answer.status_code, said["status"], said["reading"]["status"], said["solving"]["status"]

    assert ready() == (200, "ok", "ok", "not_ready")  # nobody waits for a worker
    with store.transaction() as session:
        kept_run(session)
    assert ready() == (503, "not_ready", "ok", "not_ready")
    assert client.get("/health/ready").json()["detail"].startswith("Runs wait. No worker lives")
    with store.transaction() as session:
        register(session, "w1", 1)
    assert ready() == (200, "ok", "ok", "ok")
    with store.transaction() as session:  # a process that has ended, of this machine
        session.execute(update(Worker).values(process="1 0"))
    assert ready() == (503, "not_ready", "ok", "not_ready")


def test_not_ready_with_tables_of_another_program(client_as: ClientAs, store: Store) -> None:
    client = client_as(None)
    with store.transaction() as session:
        register(session, "w1", 1)
        session.execute(text("update alembic_version set version_num = '0001'"))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert f"tables are 0001, and this program's are {newest()}" in answer.json()["detail"]
    store.close()


def test_not_ready_without_the_database(client_as: ClientAs, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connect", {}, Exception("gone"))

    client = client_as(None)
    monkeypatch.setattr(store, "reading", away)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["detail"]) == (503, "The database cannot be reached.")
