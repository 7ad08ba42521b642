"""Each operation of the API that a team or an administrator uses has a method, and no method sends what is malformed."""

import json
import re
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.client import Placements, ServiceRefusedError
from api.store.opening import Store
from models.errors import AllocationError, InputUnusableError
from tests.api.pages.browsing import Visitor
from tests.api.people import a_round

RUN = "0" * 32
LEFT = {
    "/health/": "for whoever watches the machine",
    "/v1/me": "of pages", "/v1/sessions": "of browsers", "/v1/tokens": "of pages: a token is shown once",
    "/v1/members": "of pages", "/v1/accounts": "of pages: links are handed to people", "/v1/audit": "of pages",
    "/v1/shared": "for agencies and the Alliance, who have pages",
}  # fmt: skip
"""Operations without a method, by the beginning of their path, and whose they are."""


def asked_of(service: Placements, round: str, file: Path) -> dict[str, Callable[[], Any]]:
    """Every method of the client, with something to send."""
    s, r = service, round
    return {
        "accept_replies": lambda: s.accept_replies(r, RUN, [1], "LM", 1), "answers": lambda: s.answers(RUN),
        "change_round": lambda: s.change_round(r, 1, name="May"), "check": lambda: s.check(file, file),
        "compare": lambda: s.compare(RUN, RUN), "dataset": lambda: s.dataset(r, 1),
        "dataset_file": lambda: s.dataset_file(r, 1), "datasets": lambda: s.datasets(r),
        "decide": lambda: s.decide(r, {"decision": "fix"}, 1), "decisions": lambda: s.decisions(r),
        "delete": lambda: s.delete(RUN), "delete_round": lambda: s.delete_round(RUN, 1),
        "demonstrations": s.demonstrations, "effect": lambda: s.effect(RUN),
        "enter_results": lambda: s.enter_results(r, "student,readiness\nS1,passed\n", 1),
        "events": lambda: list(s.events(RUN)), "file": lambda: s.file(RUN, "plan.json"), "files": lambda: s.files(RUN),
        "fits": lambda: s.fits(RUN), "look_at": lambda: s.look_at(r, {"decision": "fix"}),
        "look_at_replies": lambda: s.look_at_replies(r),
        "look_at_results": lambda: s.look_at_results(r, "student,readiness\nS1,passed\n"),
        "look_for_fits": lambda: s.look_for_fits(r, offer="O1"), "look_for_moves": lambda: s.look_for_moves(r),
        "looked_replies": lambda: s.looked_replies(RUN), "mark": lambda: s.mark(r, "S1/first", "sent_to_agency", 1, date(2027, 1, 4)),
        "moves": lambda: s.moves(RUN), "new_round": lambda: s.new_round("June"), "plans": lambda: s.plans(r),
        "policy": s.policy, "publish": lambda: s.publish(r, RUN, "LM", 1), "read_forms": lambda: s.read_forms(r, [file, file]),
        "refuse_replies": lambda: s.refuse_replies(r, "sent by mistake", replies=[1]), "replies": lambda: s.replies(r),
        "result": lambda: s.result(RUN), "results_effect": lambda: s.results_effect(RUN), "retention": s.retention,
        "round_view": lambda: s.round_view(r), "rounds": s.rounds, "rule": lambda: s.rule("E04"), "rules": s.rules,
        "run": lambda: s.run(file), "run_demonstration": lambda: s.run_demonstration("no/such one"),
        "run_of_round": lambda: s.run_of_round(r), "run_scenarios": lambda: s.run_scenarios(r, ["none"]),
        "run_view": lambda: s.run_view(RUN), "runs": s.runs, "scenarios": s.scenarios,
        "send_workbook": lambda: s.send_workbook(r, file, 1), "share": lambda: s.share(RUN),
        "share_no_more": lambda: s.share_no_more(RUN), "sharing": lambda: s.sharing(r), "stop": lambda: s.stop(RUN),
        "undo": lambda: s.undo(r, 1, "LM", 1), "unplaced": lambda: s.unplaced(RUN),
        "version": lambda: s.version(r, 1), "versions": lambda: s.versions(r), "workbook": lambda: s.workbook(r),
        "yearly_return": lambda: s.yearly_return(RUN),
    }  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "May.json").write_text("{}")
    return tmp_path / "May.json"


def operations() -> dict[tuple[str, str], re.Pattern[str]]:
    """By method and path of each operation: what a path of it looks like; ids of requests and files have slashes."""
    found = json.loads(files("api").joinpath("openapi.json").read_text(encoding="utf-8"))["paths"]
    with_slashes = re.compile(r"\{(path|request)\}")
    return {
        (method.upper(), path): re.compile(re.sub(r"\{\w+\}", "[^/]+", with_slashes.sub(".+", path)))
        for path, methods in found.items()
        for method in methods
    }


def test_every_operation_has_a_method_or_is_somebody_elses(file: Path) -> None:
    came = set[tuple[str, str]]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        came.update(o for o, of in operations().items() if o[0] == request.method and of.fullmatch(path))
        return httpx2.Response(404)

    with Placements("http://service/", "t", httpx2.MockTransport(answer)) as service:
        methods = asked_of(service, RUN, file)
        assert set(methods) == {name for name in vars(Placements) if not name.startswith("_")}
        for ask in methods.values():
            with pytest.raises(AllocationError):
                ask()
    without = {operation for operation in operations() if operation not in came}
    assert {o for o in without if not o[1].startswith(tuple(LEFT))} == set()
    assert all(any(path.startswith(left) for _, path in without) for left in LEFT)


def test_nothing_that_is_sent_is_malformed(store: Store, file: Path) -> None:
    round = a_round(store, "Spring")
    client = Visitor(store, rounds=(round,))
    refused = dict[str, AllocationError]()
    with Placements("http://testserver", client.headers["authorization"].split()[1], client._transport) as service:
        for name, ask in asked_of(service, round, file).items():
            try:
                ask()
            except (ServiceRefusedError, InputUnusableError) as error:
                refused[name] = error
    codes = {e.problem.code for e in refused.values() if isinstance(e, ServiceRefusedError)}
    assert codes <= {"not_found", "changed_meanwhile", "conflict", "usage", "unusable", "no_result_yet", "refused"}, (
        codes
    )
    # the round has no workbook and no run is there: what needs neither is answered
    assert {"policy", "rules", "rule", "scenarios", "demonstrations", "datasets", "replies", "sharing"} & set(
        refused
    ) == set()
