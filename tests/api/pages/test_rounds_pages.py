"""Rounds as pages: begun with a demonstration or one's own workbook, renamed, deleted with its name typed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.opening import Store
from api.store.rounds import add_dataset, datasets_of, round_of, rounds_of
from tests.api.pages.browsing import SHEETS, Visitor, a_run, changed, led_to, text_of
from tests.api.people import NOW


@pytest.fixture
def team(store: Store) -> Iterator[Visitor]:
    with Visitor(store) as visitor:
        yield visitor


def rounds(store: Store, team: Visitor) -> list[str]:
    """Names of the rounds of somebody."""
    with store.reading() as session:
        ids = [r["id"] for r in team.get("/v1/rounds").json()["rounds"]]
        return [found.name for found in rounds_of(session, ids)]


def test_somebody_new_sees_two_ways_to_begin_and_what_comes_next(team: Visitor) -> None:
    page = team.page("/rounds")
    for words in ("Begin with the demonstration", "Begin with your own workbook", "What comes next", "every sheet"):
        assert words in page


def test_one_click_makes_a_round_of_the_demonstration_and_asks_for_its_plan(
    team: Visitor, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small-one.json").write_text(json.dumps(SHEETS))
    monkeypatch.setattr("api.pages.rounds.demonstrations", lambda: {"small-one": tmp_path / "small-one.json"})
    where = led_to(team.post("/demonstrations/small-one/rounds"))
    assert "Waits for its turn" in team.page(where)
    assert rounds(store, team) == ["Demonstration: Small one"]
    assert "A plan is being worked out" in team.page("/rounds")
    assert "Allowed: small-one" in text_of(team.post("/demonstrations/other/rounds"), 404)


def test_a_round_of_ones_own_workbook_has_the_files_name_where_none_is_typed(team: Visitor, store: Store) -> None:
    where = led_to(team.sends("/rounds/begin", SHEETS, name=" ", tranches="JAN27, MAY27,"))
    assert where.split("/")[3] == "runs"
    assert rounds(store, team) == ["own"]
    with store.reading() as session:
        assert round_of(session, where.split("/")[2]).tranches == ["JAN27", "MAY27"]
        assert len(datasets_of(session, where.split("/")[2])) == 1


def test_a_workbook_that_cannot_be_used_makes_no_round_and_everything_is_shown(team: Visitor, store: Store) -> None:
    sheets = {name: rows for name, rows in SHEETS.items() if name != "Offers"}
    answer = team.sends("/rounds/begin", changed(sheets, "Students", 3, clearance="perhaps"), name="Mine")
    page = text_of(answer, 422)
    assert "Nothing was kept of it, and no round was made" in page
    assert "The sheet 'Offers' is missing" in page
    assert "'perhaps' is not a word for clearance" in page
    assert "<mark>perhaps</mark>" in answer.text
    assert 'value="Mine"' in answer.text
    assert rounds(store, team) == []


def test_a_round_without_workbook_leads_to_where_one_is_sent(team: Visitor) -> None:
    where = led_to(team.post("/rounds/begin", data={"name": "Spring"}, files={"workbook": ("", b"")}))
    assert where.endswith("/workbooks?done=round-made")
    assert "Send the workbook" in team.page(where)
    assert "No workbook yet" in team.page("/rounds")
    page = team.page(where.removesuffix("/workbooks?done=round-made"))
    assert "Next: Send the workbook" in page  # of the steps none is done


def test_a_round_needs_a_name(team: Visitor) -> None:
    answer = team.post("/rounds/begin", data={"name": " ", "tranches": "JAN27"})
    assert "choose a workbook, or type a name to begin a round without one" in text_of(answer, 422)
    assert 'value="JAN27"' in answer.text


def test_a_round_is_renamed_by_whoever_saw_its_newest_state(team: Visitor, store: Store) -> None:
    where = led_to(team.post("/rounds/begin", data={"name": "Spring"})).removesuffix("/workbooks?done=round-made")
    led_to(team.post(f"{where}/change", data={"name": "Summer", "tranches": "MAY27", "version": "1"}))
    assert rounds(store, team) == ["Summer"]
    late = team.post(f"{where}/change", data={"name": "Autumn", "tranches": "", "version": "1"})
    assert "Nothing was changed" in text_of(late, 412)
    assert 'value="Autumn"' in late.text
    assert rounds(store, team) == ["Summer"]


def test_a_round_is_deleted_where_its_name_is_typed_after_what_is_lost_was_said(team: Visitor, store: Store) -> None:
    where = led_to(team.post("/rounds/begin", data={"name": "Spring"})).removesuffix("/workbooks?done=round-made")
    with store.transaction() as session:
        id = where.removeprefix("/rounds/")
        add_dataset(
            session, id, data=b"{}", filename="w.json", dataset_digest="", counts={}, issues=(), by="t", now=NOW
        )
    a_run(store, id)
    page = team.page(f"{where}/change")
    assert "1 workbook and 0 decisions" in page
    assert "1 run with all their plans" in page
    assert "Save its workbook first" in page
    typed = {"version": "1"}
    assert "you typed 'spring'" in text_of(team.post(f"{where}/delete", data=typed | {"confirmed": "spring"}), 422).lower()  # fmt: skip
    assert rounds(store, team) == ["Spring"]
    assert led_to(team.post(f"{where}/delete", data=typed | {"confirmed": "Spring"})) == "/rounds?done=round-deleted"
    assert rounds(store, team) == []
