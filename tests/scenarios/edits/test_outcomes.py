"""Rows that withdraw at random, and plans that hold."""

from datetime import date
from typing import Any

import pytest

from allocator.reading.reader import register_of
from models.plan import Match
from scenarios.edits import edited
from scenarios.edits.outcomes import BY
from scenarios.model import Withdraw
from tests.scenarios.partnership import TODAY, done, facts, plan_of, reading, refused, row, rows

HUNDRED = [{"student": f"N{n}", "programme": "BA", "home": "CR0", "stage": "first"} for n in range(1, 101)]
FORECASTS = [
    {"offer": f"F{n}", "agency": "A", "team": "X", "state": "forecast", "probability": p}
    for n, p in enumerate((0, 0.25, 0.5, 0.75, 1), 1)
]
TWO = (
    Match(request="S1/first", offer="O2", pe="P2", start=date(2027, 1, 4), end=date(2027, 4, 13)),
    Match(request="S2/final", offer="O1", pe="P1", start=date(2027, 1, 4), end=date(2027, 5, 26)),
)


# ---- withdraw ------------------------------------------------------------------------------------------------------
def test_all_withdraw_or_none() -> None:
    made, said = done({"edit": "withdraw", "sheet": "Students", "where": {"programme": "MSW"}, "probability": 1})
    assert [s.student for s in reading(made).dataset.students if s.withdrawn] == ["S1", "S2"]
    assert said == ("2 of 2 on Students withdraw",)
    made, said = done({"edit": "withdraw", "sheet": "Students", "probability": 0})
    assert said == ("0 of 3 on Students withdraw",)
    assert not reading(made).dataset.decisions


def test_offers_and_pes_withdraw_on_the_day_of_the_case_and_their_matches_end() -> None:
    published = [{"request": "S1/first", "offer": "O2", "pe": "P2", "status": "confirmed"}]
    dataset = facts(
        {"edit": "withdraw", "sheet": "Offers", "where": {"offer": "O2"}, "probability": "1"},
        {"edit": "withdraw", "sheet": "Educators", "where": {"pe": "P1"}, "probability": 1.0},
        Published=published,
    )
    assert [o.offer for o in dataset.offers if o.withdrawn] == ["O2"]
    assert [(e.pe, e.withdrawn_from) for e in dataset.educators if e.withdrawn_from] == [("P1", TODAY)]
    assert (dataset.published[0].standing, dataset.request_by_id["S1/first"].displaced) == ("freed", True)
    assert {(d.decision, d.by, d.on) for d in dataset.decisions} == {("withdraw", BY, TODAY)}


def test_chance_is_each_rows_own() -> None:
    def gone(probability: Any, draw: int = 1, given: list[dict[str, Any]] = HUNDRED) -> set[str]:
        edit = {"edit": "withdraw", "sheet": "Students", "probability": probability}
        made, _ = done(edit, draw=draw, Students=given, Requests=[], History=[])
        return {one.values["request"] for one in made.pages["Decisions"].rows} if "Decisions" in made.pages else set()

    # Of 100 with 20% some 20 go: the probability of fewer than 8 or more than 32 is below 1 in 500.
    assert 8 <= len(gone(0.2)) <= 32
    assert gone(0.1) < gone(0.2) < gone(0.6)
    assert gone(0.2) == gone("20%") == gone(0.2, given=HUNDRED[::-1]) != gone(0.2, draw=2)


def test_a_column_says_how_likely_a_forecast_is_to_come() -> None:
    def gone(draw: int) -> list[str]:
        edit = {"edit": "withdraw", "sheet": "Offers", "probability": "1 - probability", "where": {"state": "forecast"}}
        made, _ = done(edit, Offers=rows()["Offers"] + FORECASTS, draw=draw)
        return [one.values["offer"] for one in made.pages["Decisions"].rows]

    drawn = [gone(draw) for draw in range(1, 41)]
    assert all("F1" in one and "F5" not in one for one in drawn)  # probability 0 never comes, 1 always does
    often = {name: sum(name in one for one in drawn) for name in ("F2", "F3", "F4")}
    assert often["F2"] > often["F3"] > often["F4"] > 0


def test_a_column_of_the_teams_own() -> None:
    given = rows(Students=[one | {"Risk": risk} for one, risk in zip(rows()["Students"], (1, 0, ""), strict=True)])
    made, said = edited(
        register_of(given),
        (Withdraw(edit="withdraw", sheet="Students", probability="risk"),),
        lambda _: plan_of(),
        TODAY,
    )
    assert [one.values["request"] for one in made.pages["Decisions"].rows] == ["S1"]
    assert said == ("1 of 3 on Students withdraw",)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"sheet": "Students", "probability": "risk"},
            "'risk' is neither a probability from 0 to 1 nor a column of Students",
        ),
        ({"sheet": "Offers", "probability": "probability"}, "Write '1 - probability'."),
        ({"sheet": "Offers", "probability": "1 - probabilty"}, "Did you mean 'probability'?"),
        ({"sheet": "Educators", "probability": "load"}, "row 2 of Educators: load '2' is no probability from 0 to 1."),
        ({"sheet": "Offers", "probability": 0.5, "where": {"offer": "O9"}}, "no row of Offers has offer 'O9'."),
    ],
)
def test_what_is_no_probability(edit: dict[str, Any], said: str) -> None:
    text = refused({"edit": "withdraw"} | edit, Educators=row("Educators", "P1", load=2))
    assert text.startswith("s: edits[1] withdraw: ")
    assert said in text


# ---- freeze --------------------------------------------------------------------------------------------------------
def test_matches_of_a_plan_are_published_and_told() -> None:
    made, said = done({"edit": "freeze"}, plan=plan_of(*TWO))
    dataset = reading(made).dataset
    assert [(p.request, p.offer, p.pe, p.start, p.student_told_on, p.standing) for p in dataset.published] == [
        ("S1/first", "O2", "P2", date(2027, 1, 4), TODAY, "kept"),
        ("S2/final", "O1", "P1", date(2027, 1, 4), TODAY, "kept"),
    ]
    assert said == ("2 matches told",)


def test_matches_that_nobody_was_told_of_are_proposals_which_max_changes_counts() -> None:
    made, said = done({"edit": "freeze", "told": False}, plan=plan_of(*TWO))
    assert [(p.status, p.standing) for p in reading(made).dataset.published] == [("proposed", "in_force")] * 2
    assert said == ("2 matches proposed",)


def test_what_is_agreed_stays_and_proposals_give_way() -> None:
    published = [
        {"request": "S1/first", "offer": "O2", "pe": "P2", "status": "confirmed", "meeting_on": "2026-11-20"},
        {"request": "S2/final", "offer": "O3", "status": "proposed"},
        {"request": "S2/final", "offer": "O4", "status": "declined"},
        {"request": "S3/first", "offer": "O3", "status": "proposed"},
    ]
    dataset = facts({"edit": "freeze"}, plan=plan_of(*TWO), Published=published)
    # S1's is the plan's, and confirmed; S2 moves from O3 to O1; S3 has no place in the plan.
    assert [(p.request, p.offer, p.status, p.student_told_on) for p in dataset.published] == [
        ("S1/first", "O2", "confirmed", TODAY), ("S2/final", "O1", "proposed", TODAY),
    ]  # fmt: skip
    assert dataset.published[0].meeting_on == date(2026, 11, 20)


def test_a_kept_match_is_not_moved_by_a_plan_that_has_it_elsewhere() -> None:
    published = [{"request": "S1/first", "offer": "O3", "status": "confirmed"}]
    dataset = facts({"edit": "freeze"}, plan=plan_of(*TWO), Published=published)
    assert [(p.request, p.offer, p.status) for p in dataset.published] == [
        ("S1/first", "O3", "confirmed"), ("S2/final", "O1", "proposed"),
    ]  # fmt: skip


def test_matches_of_what_is_no_more_are_passed_over() -> None:
    made, said = done(
        {"edit": "remove", "sheet": "Students", "where": {"student": "S1"}},
        {"edit": "remove", "sheet": "Offers", "where": {"offer": "O1"}},
        {"edit": "freeze"},
        plan=plan_of(*TWO),
    )
    assert not reading(made).dataset.published
    assert said[2] == "0 matches told, 2 passed over"


def test_a_plan_that_places_nobody() -> None:
    assert refused({"edit": "freeze"}) == "s: edits[1] freeze: the plan 'base' places nobody, so nothing can hold."
    assert done({"edit": "freeze", "may_be_empty": True})[1] == ("0 matches told",)
