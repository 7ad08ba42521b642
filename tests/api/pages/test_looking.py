"""Best fits and moves on the pages: what is known so far, the button that stops it, and the one for the rest."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

import pytest

from api.pages import place
from api.store import runs
from api.store.opening import Store, open_store
from api.wire import RunState
from api.wire.looking import FitsWanted
from models.base import Record
from tests.api.jobs.helping import seen
from tests.api.pages import marked
from tests.api.pages.browsing import Visitor, led_to
from tests.api.pages.planned import a_planned_round, a_run_at_work

FEW, ALL = {"offer": "O-BIRCH", "judged": 20}, {"offer": "O-BIRCH", "most": 1000}


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('looking')}/placements.db")
    yield opened
    opened.close()


@pytest.fixture
def round(store: Store) -> str:
    dataset = marked.marked()
    return a_planned_round(store, dataset, marked.its_plan(dataset))


@pytest.fixture
def team(store: Store, round: str) -> Iterator[Visitor]:
    with Visitor(store, rounds=(round,)) as client:
        client.base_url = client.base_url.join(f"/rounds/{round}/")
        yield client


def under_way(store: Store, round: str, kind: str, asked: Mapping[str, object], found: Record, done: int) -> str:
    """A run that looks ahead, in the middle of it: what it has found so far, and of how many (4)."""
    run = a_run_at_work(store, round, kind, asked, {f"{kind}.json": found.model_dump_json().encode()})
    with store.transaction() as session:
        runs.tell(session, run, 1, "progress", {"phase": kind, "done": done, "of": 4})
    return run


def ended(store: Store, run: str, state: RunState) -> None:
    with store.transaction() as session:
        runs.finish(session, run, 1, state, "within_gap", None)


def fits(judged: int, *, complete: bool = False) -> Record:
    return marked.fits().model_copy(update={"looked_at": judged, "of": 4, "complete": complete})


def buttons(page: str) -> list[str]:
    main = page[page.index("<main") :]
    found = re.findall(r"<button[^>]*>(.*?)</button>", main)
    return [unescape(button) for button in found if "kbd" not in button]


def test_what_was_judged_is_shown_while_the_others_are_and_can_be_stopped(
    store: Store, round: str, team: Visitor
) -> None:
    run = under_way(store, round, "fits", FEW, fits(2), 2)
    said, shown = team.page("place?id=O-BIRCH"), team.get("place?id=O-BIRCH").text
    assert "Being worked out: 2 of 4" in said
    assert "2 of 4 judged, the likeliest first. Each is exact; there may be better ones among the 2" in said
    assert "Places S-NOWHERE/first; takes it from" in said
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert "Stop with what there is" in buttons(shown)

    where = led_to(team.post("fits/stop", data={"run": run, "offer": "O-BIRCH"}))
    assert where == f"/rounds/{round}/place?id=O-BIRCH#fits-O-BIRCH"
    assert seen(store, run).stop_asked
    assert "Being stopped with what there is" in team.page("place?id=O-BIRCH")

    ended(store, run, "stopped")
    said, shown = team.page("place?id=O-BIRCH"), team.get("place?id=O-BIRCH").text
    assert "Stopped: 2 of 4 judged" in said
    assert "Places S-NOWHERE/first; takes it from" in said
    assert "Judge all 4" in buttons(shown)
    assert "Stop with what there is" not in buttons(shown)


def test_the_rest_is_asked_for_and_what_was_judged_before_stays_until_more_is(
    store: Store, round: str, team: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[FitsWanted] = []

    async def look(_round: object, _person: object, _service: object, wanted: FitsWanted, _key: object) -> None:
        asked.append(wanted)

    monkeypatch.setattr(place, "look_for_fits", look)
    team.post("fits", data={"offer": "O-BIRCH"})
    team.post("fits", data={"offer": "O-BIRCH", "rest": "true"})
    assert [(wanted.most, wanted.judged) for wanted in asked] == [(10, 20), (1000, None)]

    ended(store, under_way(store, round, "fits", FEW, fits(2), 2), "complete")
    run = under_way(store, round, "fits", ALL, fits(0).model_copy(update={"best": ()}), 0)
    said = team.page("place?id=O-BIRCH")
    assert "Being worked out: 0 of 4" in said
    assert "2 of 4 judged" in said
    assert "Places S-NOWHERE/first; takes it from" in said
    ended(store, run, "stopped")
    assert "Stopped: 0 of 4 judged" in team.page("place?id=O-BIRCH")


def test_where_no_other_is_better_it_says_so(store: Store, round: str, team: Visitor) -> None:
    ended(store, under_way(store, round, "fits", FEW, fits(2, complete=True), 2), "complete")
    assert "2 of 4 judged; no other is better." in team.page("place?id=O-BIRCH")


def test_a_student_s_places_come_and_stop_likewise(store: Store, round: str, team: Visitor) -> None:
    run = under_way(store, round, "fits", {"request": "S-NOWHERE/first", "judged": 20}, fits(1), 1)
    assert "1 of 4 judged" in team.page("student?id=S-NOWHERE")
    where = led_to(team.post("fits/stop", data={"run": run, "request": "S-NOWHERE/first"}))
    assert where == f"/rounds/{round}/student?id=S-NOWHERE#fits-S-NOWHERE%2Ffirst"
    assert seen(store, run).stop_asked


def test_moves_that_are_proved_are_shown_while_more_are_looked_at(store: Store, round: str, team: Visitor) -> None:
    run = under_way(store, round, "moves", {"most": 5, "settings": {}}, marked.moves(), 3)
    said = team.page("moves")
    assert "Being worked out: 3 of 4" in said
    assert "0 (nobody moves)" in said
    assert "So far looked at up to 1 move" in said
    assert "Stop with what there is" in buttons(team.get("moves").text)
    assert led_to(team.post("moves/stop", data={"run": run})) == f"/rounds/{round}/moves"
    assert seen(store, run).stop_asked
    ended(store, run, "stopped")
    assert "So far" not in team.page("moves")


def test_a_run_of_another_kind_is_not_stopped_here(store: Store, round: str, team: Visitor) -> None:
    run = under_way(store, round, "allocate", {}, marked.moves(), 0)
    assert team.post("moves/stop", data={"run": run}).status_code == 404
    assert not seen(store, run).stop_asked
