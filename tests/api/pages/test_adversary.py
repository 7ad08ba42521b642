"""Hostile and odd input at every page: nothing is a fault, nothing leaks, nothing that was typed becomes HTML."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook

from api.inputs.apart import Apart
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.wire import Role
from models.dataset import Dataset
from tests import builders as b
from tests.api.pages.planned import a_planned_round
from tests.api.people import a_round, bearer
from tests.report.looking import match, outcome

TAG, FORMULA = "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0"
STUDENT, AGENCY, TEAM, PE = f"S{TAG}", f"Agency {TAG}\"'&", f"@Team {TAG}", f"+PE{TAG}"
"""Ids and names that a workbook may have: they are shown as they are, and are nothing else. The offer is FORMULA."""
ODD = (
    TAG,
    "\"'><script>alert(1)</script>",
    "../../etc/passwd",
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "x" * 800,
    "-1",
    FORMULA,
)
NAMES = (
    "id", "sort", "group", "text", "show", "part", "decision", "request", "offer", "pe", "value", "by", "agency", "tranche",
    "state", "before", "after", "cursor", "question", "version", "plan", "decisions", "programme", "done", "step", "number",
    "chart", "next", "on", "effective", "student", "Agency", "Result", "at",
)  # fmt: skip
"""Parameters that some page has; a page gets those of all others too."""
FORM = (*NAMES, "login", "password", "role", "name", "tranches", "back", "view", "days", "seen", "why", "run", "token")
MADE_HTML = ("<img src=x", "<script>alert")


class Attacked(NamedTuple):
    """A service with a planned round, whose ids and names are hostile, and a round of other people."""

    app: FastAPI
    store: Store
    round: str
    others: str
    team: TestClient

    def of(self, role: Role) -> TestClient:
        """Somebody of another role, who is a member of the round."""
        agency = "Other" if role == "agency" else None
        headers = bearer(self.store, role, agency=agency, rounds=(self.round,))
        return TestClient(self.app, headers=headers, follow_redirects=False)

    def paths(self, method: str, round: str) -> list[str]:
        """Every address of a page, at a round; other parts of an address are an ``x``."""
        found = {
            route.path
            for route in iter_route_contexts(self.app.routes)
            if route.path is not None
            and method in (route.methods or ())
            and not route.path.startswith(("/v1", "/health"))
        }
        return sorted(re.sub(r"{\w+(:path)?}", "x", path.replace("{round}", round)) for path in found)


def hostile() -> Dataset:
    """Two students, one of whom is placed with the one PE at the one offer."""
    return b.dataset(
        students=(b.student(STUDENT, home=f"H{TAG}"), b.student("S2", home="H2", note=TAG)),
        requests=(b.request(f"{STUDENT}/first"), b.request("S2/first", note=FORMULA)),
        agencies=(b.agency(AGENCY, social_workers_fte=50),),
        offers=(b.offer(FORMULA, agency=AGENCY, team=TEAM, place=f"P{TAG}", capacity=2, note=TAG),),
        educators=(b.educator(PE, employed_by=AGENCY, team=TEAM, load=2),),
    )


def _here(_apart: Apart, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return work(*arguments)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """What is done in a process of its own is done here, so that hundreds of requests take seconds."""
    dataset = hostile()
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('attacked')}/placements.db")
    round = a_planned_round(store, dataset, outcome(dataset, match(f"{STUDENT}/first", FORMULA, PE)), TAG)
    app = create_app(Settings(requests_a_minute=1_000_000), store)
    team = TestClient(app, headers=bearer(store, "team", rounds=(round,)), follow_redirects=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Apart, "_run", _here)
        patch.setattr(Apart, "_run_again", _here)
        with team:
            yield Attacked(app, store, round, a_round(store, "Others"), team)
    store.close()


def judged(answer: Response, where: str) -> None:
    """No fault, no HTML that was typed, no header of it; what is shown is not kept by the browser."""
    assert answer.status_code < 500, where
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not [tag for tag in MADE_HTML if tag in answer.text], where
        assert answer.headers["cache-control"] == "no-store", where
    assert "a=b" not in answer.headers.get("set-cookie", ""), where


@pytest.mark.parametrize("odd", [*ODD, "twice"])
def test_no_page_stumbles_over_parameters(attacked: Attacked, odd: str) -> None:
    sent = [(name, odd) for name in NAMES] if odd != "twice" else [(name, v) for name in NAMES for v in ("a", "b")]
    for path in attacked.paths("GET", attacked.round):
        judged(attacked.team.get(f"{path}?{urlencode(sent)}"), path)


@pytest.mark.parametrize("known", [STUDENT, f"{STUDENT}/first", FORMULA, AGENCY, PE])
def test_what_a_workbook_says_is_text(attacked: Attacked, known: str) -> None:
    for path in attacked.paths("GET", attacked.round):
        judged(attacked.team.get(path, params={"id": known}), path)


def test_no_form_stumbles_over_what_is_sent(attacked: Attacked) -> None:
    bodies: tuple[tuple[str, bytes], ...] = (
        ("application/x-www-form-urlencoded", b"\xff\xfe&id=%ff"),
        ("application/json", b'{"a":'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"broken"),
        *(("application/x-www-form-urlencoded", urlencode(dict.fromkeys(FORM, odd)).encode()) for odd in ODD[:3]),
        ("application/x-www-form-urlencoded", urlencode([(name, v) for name in FORM for v in ("a", "b")]).encode()),
    )
    for path in attacked.paths("POST", attacked.round):
        for kind, body in bodies:
            judged(
                attacked.team.post(path, content=body, headers={"Content-Type": kind}), f"{path} {kind} {body[:40]!r}"
            )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"student,stage\n=1,2\n", b"\x00" * 999, b"{}"])
def test_no_upload_stumbles_over_a_file(attacked: Attacked, content: bytes) -> None:
    for path in attacked.paths("POST", attacked.round):
        for field in ("workbook", "file", "files", "forms", "list"):
            files = {field: (f"{TAG}.xlsx", content)}
            if path.endswith(("/workbooks", "/begin", "/replies", "/results-day", "/scenarios")):
                judged(attacked.team.post(path, files=files), f"{path} {field}")


@pytest.mark.parametrize("role", ["agency", "alliance", "admin"])
def test_other_roles_see_no_page_of_a_round(attacked: Attacked, role: Role) -> None:
    somebody, base = attacked.of(role), f"/rounds/{attacked.round}"
    for method in ("GET", "POST"):
        for path in attacked.paths(method, attacked.round):
            if path.startswith(base):
                answer = somebody.request(method, path)
                assert answer.status_code == 403, path
                assert "S2" not in answer.text


def test_a_team_sees_nothing_of_a_round_that_is_not_its_own(attacked: Attacked) -> None:
    base = f"/rounds/{attacked.others}"
    for method in ("GET", "POST"):
        for path in attacked.paths(method, attacked.others):
            if path.startswith(base):
                assert attacked.team.request(method, path).status_code in (403, 404), path


@pytest.mark.parametrize(
    "file",
    [f"tables/{name}" for name in ("students", "not-placed", "places", "agencies", "educators", "chase")]
    + [f"letters/{name}" for name in ("agencies", "placements", "students", "educators")],
)
def test_no_cell_that_is_taken_away_is_a_formula(attacked: Attacked, file: str) -> None:
    base = f"/rounds/{attacked.round}/{file}"
    answer = attacked.team.get(f"{base}.csv")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
    assert any(word in cell for cell in cells for word in ("cmd|", "<img", "S2"))  # what is hostile is in it
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    sheets = load_workbook(io.BytesIO(attacked.team.get(f"{base}.xlsx").content))
    assert not [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y", ""]
)
def test_a_form_leads_to_no_other_site(attacked: Attacked, back: str) -> None:
    answer = attacked.team.post("/meeting-view", data={"view": "off", "back": back})
    assert answer.headers["location"] == "/"
    shown = attacked.team.get("/sign-in", params={"next": back}).text
    assert '<input type="hidden" name="next" value="/">' in shown
