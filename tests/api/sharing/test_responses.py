"""Every response that an agency and the Alliance can get, looked through for what they must not see."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from allocator.report.layout import HEADER_ROW
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.store.replies import add_answer, add_reply, replies_of
from api.store.tables import Run
from tests.api.outside import typed
from tests.api.people import NOW, a_round, a_token, an_account
from tests.api.sharing.partnership import HIDDEN, MINE, OTHER, a_run, an_answered_run
from tests.api.test_every_route import WHO, routes_of

PEOPLE = ("S-ALDER", "S-BIRCH", "S-NOWHERE", "PE-ALDER", "PE-BIRCH", "PE-CONSULTANT")


class Tiny(NamedTuple):
    """A service with one round of two agencies, a run of it that is shared, one that is not, and one elsewhere."""

    client: TestClient
    headers: dict[str, dict[str, str]]
    runs: dict[str, str]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('tiny')}/placements.db")
    round, other = a_round(store, "May"), a_round(store, "OTHERROUND")
    people = {
        "team": an_account(store, "team", rounds=(round, other)),
        "agency": an_account(store, "agency", agency=MINE, rounds=(round,)),
        "other agency": an_account(store, "agency", agency=OTHER, rounds=(round,)),
        "stranger": an_account(store, "agency", agency="Nobody's", rounds=(round,)),
        "alliance": an_account(store, "alliance", rounds=(round,)),
    }
    headers = {name: {"Authorization": f"Bearer {a_token(store, account)}"} for name, account in people.items()}
    runs = {"shared": a_run(store, round), "kept": a_run(store, round), "elsewhere": a_run(store, other)}
    runs["asked"] = an_answered_run(store, round)
    with TestClient(create_app(Settings(requests_a_minute=100_000), store), follow_redirects=False) as client:
        for name in ("shared", "elsewhere", "asked"):
            assert client.put(f"/v1/runs/{runs[name]}/shared", headers=headers["team"]).json()["note"] is None
        yield Tiny(client, headers, runs)
    store.close()


def text_of(answer: Response) -> str:
    """What somebody reads in an answer: its headers, and its body, unpacked where it is a workbook."""
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            body = "\n".join(book.read(name).decode() for name in book.namelist())
    else:
        body = answer.text
    return f"{answer.headers}\n{body}"


def every_answer(tiny: Tiny, role: str, who: str, run: str) -> dict[str, Response]:
    """What every route that a role may read answers, about one run."""
    assert isinstance(tiny.client.app, FastAPI)
    routes = [r for r in routes_of(tiny.client.app) if r.startswith("GET ") and (not WHO[r] or role in WHO[r])]
    paths = {r: re.sub(r"\{[^}]*\}", tiny.runs[run], r.removeprefix("GET ")) for r in routes}
    return {r: tiny.client.get(path, headers=tiny.headers[who]) for r, path in paths.items()}


@pytest.mark.parametrize("run", ["shared", "kept", "elsewhere", "asked"])
def test_an_agency_sees_nothing_of_others(tiny: Tiny, run: str) -> None:
    answers = every_answer(tiny, "agency", "agency", run)
    seen = {route for route, answer in answers.items() if answer.status_code == 200 and "{run}" in route}
    assert bool(seen) is (run == "shared")
    for route, answer in answers.items():
        text = text_of(answer)
        for kind, words in HIDDEN.items():
            for word in (*words, "OTHERROUND"):
                assert word not in text, f"{route}: {kind}: {word}"
    if run == "shared":
        assert "S-ALDER" in text_of(answers["GET /v1/shared/{run}/agency"])
        assert "S-ALDER" in text_of(answers["GET /v1/shared/{run}/agency/form"])
        assert "large print" in text_of(answers["GET /v1/shared/{run}/agency/form"])


@pytest.fixture
def replied(tiny: Tiny) -> Tiny:
    """Both agencies have replied, and typed more since; the team answered both, and read a form that lies whose it is."""
    path, store = f"/v1/shared/{tiny.runs['shared']}/agency/reply", tiny.client.app.state.service.store  # type: ignore[attr-defined]
    assert isinstance(store, Store)
    for who, word in (("agency", "MINEWORD"), ("other agency", "BirchTeam")):
        rows = [
            typed("Reply form", HEADER_ROW + 1, outcome="no", supervisor=word),
            typed("Unused places", HEADER_ROW + 1, stays="yes"),
        ]
        assert tiny.client.post(path, json={"rows": rows}, headers=tiny.headers[who]).status_code == 201
        assert tiny.client.put(path, json={"rows": rows}, headers=tiny.headers[who]).status_code == 200
    with store.transaction() as session:
        round = session.get_one(Run, tiny.runs["shared"]).round or ""
        mine, others = (replies_of(session, round, name)[-1] for name in (MINE, OTHER))
        lie = {**others.form, "agency": MINE}
        wrong = add_reply(session, round, name="a lie.xlsx", agency=MINE, run=None, form=lie, by="team1", now=NOW)
        for reply, student in ((mine, "S-ALDER"), (others, "S-BIRCH"), (wrong, "S-BIRCH")):
            said = {"place": f"Reply form, row {HEADER_ROW + 1}", "says": f"{student}/first at a place: no (no PE)"}
            add_answer(session, reply, **said, accepted=False, reason="agreed otherwise", by="team1", now=NOW)
    return tiny


def test_an_agency_sees_nothing_of_others_on_any_page(replied: Tiny) -> None:
    """Pages as they are, with what was typed wrongly, and what was sent to pages that are none of an agency's."""
    answers = list(every_answer(replied, "agency", "agency", "shared").values())
    run, headers = replied.runs["shared"], replied.headers["agency"]
    first = f"f0.{HEADER_ROW + 1}"
    form = {"run": run, "do": "send", f"{first}.0": "perhaps", f"{first}.1": "S-B", f"{first}.2": "soon"}
    answers.append(replied.client.get(f"/agency?run={run}", headers=headers))
    assert answers[-1].status_code == 200
    for content, status in ((form, 422), (form | {"do": "keep"}, 422), ({"run": run}, 303)):
        answers.append(replied.client.post("/agency", data=content, headers=headers))
        assert answers[-1].status_code == status
    for other in ("kept", "elsewhere", "asked"):
        for path in (f"/agency?run={replied.runs[other]}", f"/v1/shared/{replied.runs[other]}/agency/reply"):
            answers.append(replied.client.get(path, headers=headers))
            assert answers[-1].status_code == 404
    for answer in answers:
        for kind, words in HIDDEN.items():
            for word in (*words, "OTHERROUND"):
                assert word not in text_of(answer), f"{answer.url}: {kind}: {word}"
    page = text_of(replied.client.get("/agency", headers=headers))
    assert all(word in page for word in ("S-ALDER", "large print", "MINEWORD", "agreed otherwise"))


@pytest.mark.parametrize("run", ["shared", "kept", "elsewhere", "asked"])
def test_the_alliance_sees_nobody(tiny: Tiny, run: str) -> None:
    answers = every_answer(tiny, "alliance", "alliance", run)
    for route, answer in answers.items():
        text = text_of(answer)
        hidden = [word for kind, words in HIDDEN.items() if kind != "other agency" for word in words]
        for word in (*hidden, *PEOPLE, "OTHERROUND"):
            assert word not in text, f"{route}: {word}"
    status = answers["GET /v1/shared/{run}/alliance"].status_code
    assert status == (200 if run == "shared" else 404)


def test_the_alliance_sees_no_group_under_ten(tiny: Tiny) -> None:
    """The whole partnership has four students and three PEs, so no number of persons is shown at all."""
    rows = tiny.client.get(f"/v1/shared/{tiny.runs['shared']}/alliance", headers=tiny.headers["alliance"]).json()[
        "rows"
    ]
    values = [(row["row"], value) for row in rows for value in row["values"].values()]
    assert len(values) > 10
    shown = {(row, str(value)) for row, value in values if not value.get("withheld")}
    assert all(re.fullmatch(r"\{'number': (0|None|0\.0)(, 'of': 0, 'percent': None)?\}", value) for _, value in shown), shown  # fmt: skip


def test_an_agency_that_the_plan_does_not_know_gets_nothing(tiny: Tiny) -> None:
    for path in ("agency", "agency/form"):
        answer = tiny.client.get(f"/v1/shared/{tiny.runs['shared']}/{path}", headers=tiny.headers["stranger"])
        assert answer.status_code == 404
        assert "Alder" not in answer.text


def test_runs_that_are_shared_are_listed_and_no_others(tiny: Tiny) -> None:
    for who, names in (("agency", ["shared"]), ("alliance", ["asked", "shared"])):
        listed = tiny.client.get("/v1/shared", headers=tiny.headers[who]).json()
        assert [(run["id"], run["round"]) for run in listed] == [(tiny.runs[name], "May") for name in names]


def test_answers_of_scenarios_for_the_alliance(tiny: Tiny) -> None:
    [answer] = tiny.client.get(f"/v1/shared/{tiny.runs['asked']}/answers", headers=tiny.headers["alliance"]).json()
    # 7 moved are withheld; 298 is rounded to 300, so that it is the same as the base.
    assert answer["rows"] == [["as it is", 300, 350, 85.7, 0], ["withheld", 300, 350, 85.7, "withheld"]]
    assert (answer["question"], answer["sentence"]) == ("withheld", "")
    assert answer["assumes"] == ["withheld", "All else as it is."]


def test_what_is_not_shared_is_as_what_is_not_there(tiny: Tiny) -> None:
    answers = [tiny.client.get(f"/v1/shared/{run}/agency", headers=tiny.headers["agency"]) for run in (tiny.runs["kept"], tiny.runs["elsewhere"], "0" * 32)]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_one_plan_at_a_time_and_beside_an_earlier_one_rounded(tiny: Tiny) -> None:
    team, kept = tiny.headers["team"], tiny.runs["kept"]
    refused = tiny.client.put(f"/v1/runs/{kept}/shared", headers=team)
    assert refused.status_code == 409
    assert f"The plan of run {tiny.runs['shared']} is shared" in refused.json()["detail"]
    alliance = f"/v1/shared/{tiny.runs['shared']}/alliance"
    assert tiny.client.get(alliance, headers=tiny.headers["alliance"]).json()["rounded_to"] is None
    assert tiny.client.delete(f"/v1/runs/{tiny.runs['shared']}/shared", headers=team).status_code == 204
    shared = tiny.client.put(f"/v1/runs/{kept}/shared", headers=team).json()
    assert shared["note"].startswith("Another plan of this round was shared before")
    seen = f"/v1/shared/{kept}/agency"
    assert tiny.client.get(seen, headers=tiny.headers["other agency"]).status_code == 200
    found = tiny.client.get(f"/v1/shared/{kept}/alliance", headers=tiny.headers["alliance"]).json()
    assert found["rounded_to"] == 10
    assert tiny.client.delete(f"/v1/runs/{kept}/shared", headers=team).status_code == 204
    assert tiny.client.get(seen, headers=tiny.headers["other agency"]).status_code == 404
    assert tiny.client.put(f"/v1/runs/{tiny.runs['shared']}/shared", headers=team).status_code == 200


def test_a_download_is_noted(tiny: Tiny) -> None:
    path = f"/v1/shared/{tiny.runs['shared']}/agency/form"
    answer = tiny.client.get(path, headers=tiny.headers["other agency"])
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Birch%20Council.xlsx"
    store = tiny.client.app.state.service.store  # type: ignore[attr-defined]
    admin = {"Authorization": f"Bearer {a_token(store, an_account(store, 'admin'))}"}
    assert isinstance(store, Store)
    entries = tiny.client.get("/v1/audit?limit=5", headers=admin).json()["items"]
    assert ("downloaded", tiny.runs["shared"]) in [(e["action"], e["subject"]) for e in entries]


def test_only_a_plan_of_a_round_can_be_shared(tiny: Tiny) -> None:
    store = tiny.client.app.state.service.store  # type: ignore[attr-defined]
    me = tiny.client.get("/v1/me", headers=tiny.headers["team"]).json()["account"]
    alone = a_run(store, None, by=me)
    assert tiny.client.put(f"/v1/runs/{alone}/shared", headers=tiny.headers["team"]).status_code == 409
