"""Runs as pages: how far one is, stopped, followed to its plan, what it came to where there is none, deleted."""

from allocator.results import CLASH
from api.store import runs
from api.store.opening import Store
from models.plan import Clash, ClashMember
from models.run import Progress
from tests.api.pages.browsing import SHEETS, Visitor, a_round_with, a_run, led_to, planned, text_of
from tests.api.sharing.partnership import its_plan, two_agencies


def test_a_plan_is_asked_for(team: Visitor, round: str) -> None:
    where = led_to(team.post(f"/rounds/{round}/runs"))
    assert "Waits for its turn" in team.page(where)
    assert "Plan Waits for its turn" in team.page(f"/rounds/{round}/runs")


def test_how_far_a_run_is_stands_in_words_and_bars(team: Visitor, round: str, store: Store) -> None:
    run = a_run(store, round)
    told = Progress("solve", "placed.finals", 2, 20, 65, 70, 30, 54, 6.2)
    with store.transaction() as session:
        runs.tell(session, run, 1, "progress", {**told._asdict(), "gap": 5})
    where = f"/rounds/{round}/runs/{run}"
    answer = team.get(f"{where}/progress")
    page = text_of(answer)
    assert "At work : Aim 3 of 20" in page  # two are done
    assert (
        "30 of 54 requests placed in the best plan so far, in all tranches; the aim at hand could be better by 5 at most"
        in page
    )
    assert '<progress max="20" value="2"' in answer.text
    whole = team.get(where).text
    assert f'content="3; url={where}?follow=true"' in whole  # where no script runs
    assert f'data-run="{run}"' in whole
    assert f'data-run="{run}"' in team.get(f"/rounds/{round}").text  # and on every other page of the round


def test_a_run_is_stopped_with_the_best_so_far(team: Visitor, round: str, store: Store) -> None:
    run = a_run(store, round)
    where = led_to(team.post(f"/rounds/{round}/runs/{run}/stop"))
    assert "Stops with the best so far" in team.page(where)


def test_who_follows_a_run_is_led_to_what_its_plan_says(team: Visitor, round: str, store: Store) -> None:
    going = a_run(store, round)
    assert team.get(f"/rounds/{round}/runs/{going}?follow=true").status_code == 200
    dataset = two_agencies()
    run = planned(store, round, dataset, its_plan(dataset))
    assert led_to(team.get(f"/rounds/{round}/runs/{run}?follow=true")) == f"/rounds/{round}?done=planned"


def test_why_there_is_no_plan_is_said_in_the_librarys_words(team: Visitor, round: str, store: Store) -> None:
    member = ClashMember(rule="E16", subject="S1/first", sentence="is fixed at O1, 73571 minutes away")
    clash = Clash(members=(member,), confirmed=True)
    plan = its_plan(two_agencies()).plan.model_copy(update={"clash": clash, "matches": ()})
    run = a_run(store, round, {CLASH: plan.model_dump_json().encode()}, "clash")
    where = f"/rounds/{round}/runs/{run}"
    page = team.page(f"{where}?follow=true")
    assert "No plan: this rule or row cannot hold" in page
    assert "E16 S1/first: is fixed at O1, 73571 minutes away" in page
    assert "The last run came to no plan" not in page  # this page says why itself
    assert "The last run came to no plan" in team.page(f"/rounds/{round}/runs")
    team.cookies.set("placements-meeting", "on")
    assert "73571" not in team.page(where)


def test_a_run_that_is_over_is_deleted(team: Visitor, round: str, store: Store) -> None:
    run = a_run(store, round, {"report.xlsx": b"x" * 1500}, "proved")
    where = f"/rounds/{round}/runs/{run}"
    assert "The meeting workbook report.xlsx, 2 kB" in team.page(where)
    assert led_to(team.post(f"{where}/delete")) == f"/rounds/{round}/runs?done=run-deleted"
    assert team.get(where).status_code == 404
    going = a_run(store, round)
    assert "stop it first" in text_of(team.post(f"/rounds/{round}/runs/{going}/delete"), 409)


def test_a_run_of_another_round_is_not_found(team: Visitor, round: str, store: Store) -> None:
    other = a_run(store, a_round_with(store, SHEETS, "Other"))
    for path in ("", "/progress"):
        assert team.get(f"/rounds/{round}/runs/{other}{path}").status_code == 404
