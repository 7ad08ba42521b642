"""The pages of a meeting: what they show and ask, and what they leave out on a projector."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.pages import board, decide, decided, moves, news, place, questions, student
from api.pages.deciding import looked_row, typed
from api.problems import ChangedMeanwhileError
from api.store.opening import Store, open_store
from api.wire.rounds import DecisionMade
from models.errors import RefusedError
from tests.api.pages import marked
from tests.api.pages.browsing import Visitor
from tests.api.pages.marked import AGAIN, MARKS
from tests.api.pages.planned import a_planned_round, an_answer

FIX = {"decision": "fix", "request": "S-NOWHERE/first", "offer": "O-BIRCH"}
CLASHING = {"decision": "fix", "request": "S-NOWHERE/first", "offer": "O-ALDER"}
PAGES = {
    "/board": ("?tranche=all", "?state=unused", "?state=changed"),
    "/place": ("?id=O-ALDER", "?id=O-BIRCH"),
    "/student": ("?id=S-ALDER", "?id=S-BIRCH", "?id=S-NOWHERE"),
    "/request": (),
    "/open": ("",),
    "/open/next": (),
    "/decide": (
        "", "?decision=fix&request=S-NOWHERE/first&offer=O-BIRCH", "?decision=fix&request=S-NOWHERE/first&offer=O-ALDER",
        "?decision=undo&value=D1",
    ),
    "/decisions": ("", "?show=today"),
    "/moves": ("",),
    "/news": ("?version=0",),
}  # fmt: skip
"""Every page of a meeting, in every state that the marked partnership has; those without one lead elsewhere."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('meeting')}/placements.db")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def round(store: Store) -> str:
    dataset = marked.marked()
    made = a_planned_round(store, dataset, marked.its_plan(dataset))
    for asked in ({"offer": "O-BIRCH"}, {"request": "S-NOWHERE/first"}):
        an_answer(store, made, "fits", asked, marked.fits())
    an_answer(store, made, "moves", {"most": 5, "settings": {}}, marked.moves())
    an_answer(store, made, "effect", {"row": looked_row(typed("fix", FIX))}, marked.step())
    an_answer(store, made, "effect", {"row": looked_row(typed("fix", CLASHING))}, marked.clashing_step())
    return made


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """No workbook is read: what a decision does to the data, and the log, are those of the marked partnership."""

    async def effect(*_: Any) -> DecisionMade:
        return marked.made()

    async def decisions(*_: Any) -> Any:
        return marked.log()

    monkeypatch.setattr(decide, "effect", effect)
    monkeypatch.setattr(decided, "decisions", decisions)
    monkeypatch.setattr(decided._LOGS, "get", lambda _: None)
    monkeypatch.setattr(decide._MADE, "get", lambda _: None)


@pytest.fixture
def team(store: Store, round: str, looking: None) -> Iterator[TestClient]:
    with Visitor(store, rounds=(round,)) as client:
        client.base_url = client.base_url.join(f"/rounds/{round}/")
        yield client


@pytest.fixture
def wall(store: Store, round: str, looking: None) -> Iterator[TestClient]:
    with Visitor(store, rounds=(round,), meeting=True) as client:
        client.base_url = client.base_url.join(f"/rounds/{round}/")
        yield client


def shown(client: TestClient, path: str) -> str:
    answer = client.get(path.removeprefix("/"))
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    return answer.text


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_every_page_of_a_meeting_is_looked_at() -> None:
    modules = (board, place, student, questions, decide, decided, moves, news)
    paths = {getattr(r, "path", "").removeprefix("/rounds/{round}") for m in modules for r in m.router.routes}
    assert paths - {"/fits", "/fits/stop", "/moves/stop"} == set(PAGES)


def test_a_projector_shows_nothing_that_is_a_students_own(wall: TestClient) -> None:
    for path in [path + query for path, queries in PAGES.items() for query in queries]:
        page = shown(wall, path)
        body = page.replace("districts, minutes, preferences and notes are left out", "")
        assert [mark for mark in MARKS if mark.casefold() in body.casefold()] == [], path
        assert AGAIN not in text_of(page), path


def test_the_team_sees_what_a_projector_does_not(team: TestClient) -> None:
    everything = "".join(shown(team, path + query) for path, queries in PAGES.items() for query in queries)
    # Not shown anywhere here: choices of internships, the team's notes in the data, who is excluded.
    unseen = {"INTERNWISH", "PE-EXCLUDED", "WishAgency", "PENOTE", "OFFERNOTE", "STUDENTNOTE", "REQUESTNOTE", "LOSTOUT"}
    assert [mark for mark in MARKS if mark not in everything and mark not in unseen] == []


def test_the_board_has_a_column_for_each_agency_and_a_card_for_each_place(team: TestClient) -> None:
    page = shown(team, "/board")
    # Alder Trust offers 3 places, 2 of them are used; Birch Council 2, of which 1 is.
    assert page.count('<li class="card is-provisional">') == 1
    assert page.count('<li class="card is-firm">') == 2
    assert page.count('<li class="card is-unused">') == 2
    assert page.count('<li class="card is-not-placed">') == 1
    assert text_of(shown(team, "/board?state=firm&agency=Alder Trust")).count("S-ALDER2") == 1


def test_a_place_names_who_fits_it_and_what_that_does(team: TestClient) -> None:
    page = text_of(shown(team, "/place?id=O-BIRCH"))
    assert "Places S-NOWHERE/first; takes it from S-BIRCH/first/2, who then has no place." in page
    assert "One becomes provisional (S-ALDER/first); One more statutory final" in page
    assert "Fix S-NOWHERE at O-BIRCH" in page


def test_a_request_leads_to_its_student_and_an_open_question_to_the_next(team: TestClient) -> None:
    assert team.get("request?id=S-NOWHERE/first").headers["location"].endswith("/student?id=S-NOWHERE")
    first = team.get("open/next").headers["location"]
    assert first.endswith("/student?id=S-NOWHERE&at=S-NOWHERE%2Ffirst")
    second = team.get("open/next?after=S-NOWHERE/first").headers["location"]
    assert "S-NOWHERE" not in second
    assert team.get("student?id=nobody").status_code == 404


def test_a_decision_says_what_it_does_before_it_is_taken(team: TestClient) -> None:
    page = text_of(shown(team, "/decide?decision=fix&request=S-NOWHERE/first&offer=O-BIRCH"))
    assert "One is placed (S-NOWHERE/first) One loses the place" in page
    assert "One more statutory final" in page
    assert "Take this decision" in page
    clash = shown(team, "/decide?decision=fix&request=S-NOWHERE/first&offer=O-ALDER")
    assert "rules clash" in clash
    assert "/decide?decision=undo&amp;value=D1" in clash


def test_a_form_has_the_fields_of_its_decision_alone(team: TestClient) -> None:
    hold = shown(team, "/decide?decision=hold")
    assert re.findall(r'id="f-(\w+)"', hold) == ["offer", "request", "places", "until"]
    assert "Take it" not in text_of(hold)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, str | None]]:
    """Decisions that were taken, and the state that was seen."""
    found: list[tuple[Any, str | None]] = []

    async def taken(_round: Any, _person: Any, _service: Any, wanted: Any, _answer: Any, version: str | None) -> None:
        found.append((wanted.row, version))

    async def planned(_visit: Any) -> str:
        return "0" * 32

    monkeypatch.setattr(decide, "decide", taken)
    monkeypatch.setattr(decide, "ask_for_plan", planned)
    return found


def test_a_decision_is_taken_with_the_state_that_was_seen(team: TestClient, asked: list[Any]) -> None:
    answer = team.post("decide", data=FIX | {"seen": "1", "by": "LM", "why": " "})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/board?done=decided")
    assert asked == [(FIX | {"by": "LM"}, '"1"')]
    assert "LM" in shown(team, "/decide?decision=fix&request=S-NOWHERE/first&offer=O-BIRCH")


def test_after_a_decision_the_next_question_is_the_one_after_what_was_decided(
    team: TestClient, asked: list[Any]
) -> None:  # fmt: skip
    second = team.get("open/next?after=S-NOWHERE/first").headers["location"]  # S-NOWHERE is asked about first
    team.cookies.clear()
    assert "S-NOWHERE" in team.get("open/next").headers["location"]
    team.cookies.clear()
    team.post("decide", data=FIX | {"seen": "1", "by": "LM"})
    assert team.get("open/next").headers["location"] == second  # from the board, where nobody names a question
    assert team.get("open/next").headers["location"] != second  # and on to a third


def test_who_was_second_is_shown_the_effect_anew(team: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def changed(*_: Any) -> None:
        raise ChangedMeanwhileError("You saw another.")

    monkeypatch.setattr(decide, "decide", changed)
    answer = team.post("decide", data=FIX | {"seen": "0", "by": "LM", "why": "since"})
    assert answer.status_code == 412
    page = answer.text
    assert "Somebody else was first" in page
    assert 'name="seen" value="1"' in page
    assert 'value="LM"' in page
    assert 'value="since"' in page
    assert "Take this decision" in text_of(page)


def test_a_refusal_keeps_what_was_typed_and_says_what_to_undo(
    team: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    async def refused(*_: Any) -> None:
        raise RefusedError("Refused: D2 (fix).\nIn force: D1 (do_not_match).", (), ("D1",))

    monkeypatch.setattr(decide, "decide", refused)
    answer = team.post("decide", data=FIX | {"seen": "1", "by": "LM"})
    assert answer.status_code == 422
    assert "In force: D1 (do_not_match)." in answer.text
    assert "/decide?decision=undo&amp;value=D1" in answer.text
    assert 'value="S-NOWHERE/first"' in answer.text


def test_news_are_told_to_whoever_has_not_seen_them(team: TestClient) -> None:
    plan = re.search(r'data-plan="(\w+)"', shown(team, "/board"))
    assert plan is not None
    assert team.get(f"news?version=1&plan={plan[1]}").status_code == 204
    told = team.get(f"news?version=0&plan={plan[1]}")
    assert told.json() == {"version": 1, "lines": ["The round was changed"], "plan": False}
    assert team.get("news?version=1").json()["plan"] is True
    again = team.get("news?version=0", headers={"If-None-Match": team.get("news?version=0").headers["etag"]})
    assert again.status_code == 304


def test_pages_say_by_which_day_they_go(team: TestClient) -> None:
    assert "What is overdue goes by 21 Nov 2025, the day of the plan." in text_of(shown(team, "/open"))
    assert "overdue on 21 Nov 2025, the day of the plan." in text_of(shown(team, "/chase"))
    assert "To chase, on 21 Nov 2025, the day of the plan" in text_of(shown(team, "/agency?id=Birch Council"))
    today = text_of(shown(team, "/decisions"))
    assert f"Decided today, {date.today().day} " in today
    assert "Today goes by the clock. The column On goes by 21 Nov 2025, the day of the plan" in today
