"""The break test on partnerships of three students, where what breaks can be counted by hand."""

import threading
from typing import Any

import pytest

from models.errors import UsageError
from scenarios.answers import Answer
from scenarios.batch.serial import Serial
from scenarios.breaking import Breaking, Rates, breaks
from scenarios.running import Base
from tests.scenarios.partnership import TODAY, register, row

QUIET = Rates(children=0, adults=0, months=12, students=0, offers=0, agency=0)
DRAWS = 2
"""As O1, at which S2 is, never comes (a forecast with probability 0), each draw is the same."""
STATUTORY = {"statutory_dfe": "yes", "statutory_regulator": "yes"}
FORECAST = row("Offers", "O1", state="forecast", probability=0)


def answers(rates: Rates = QUIET, draws: int = DRAWS, **changes: Any) -> dict[str, Answer]:
    base = Base("small", register(**changes), {}, TODAY)
    made = breaks(base, Breaking(draws=draws, rates=rates), Serial(), threading.Event())
    return {answer.scenario: answer for answer in made}


def cells(answer: Answer, first: str) -> tuple[Any, ...]:
    return next(cells[1:] for cells in answer.table.rows if cells[0] == first)


def test_where_nothing_happens_everything_survives() -> None:
    # S1 is at O2 and S2 at O1; S3 has no place, as P2 has one student at a time.
    found = answers()
    assert cells(found["breaks"], "placements told") == (DRAWS, 2, 2.0, 2, "3")
    for moves in ("0 moves", "3 moves"):
        assert cells(found["breaks"], f"at the same offer, {moves}") == (DRAWS, 2, 2.0, 2, "2")
        assert cells(found["breaks"], f"newly placed, {moves}") == (DRAWS, 0, 0.0, 0, "1")
    assert "At 3 moves it is the same in every draw." in found["breaks"].sentence
    assert found["breaks-students"].sentence.startswith("In none of 2 draws")
    assert found["breaks"].closed
    assert not found["breaks"].failed


def test_a_forecast_that_never_comes_costs_its_student_the_place() -> None:
    found = answers(Offers=FORECAST)
    assert cells(found["breaks"], "place goes") == (DRAWS, 1, 1.0, 1, "2")
    assert cells(found["breaks"], "survive, 0 moves") == (DRAWS, 1, 1.0, 1, "2")
    assert cells(found["breaks"], "without a place, 3 moves") == (DRAWS, 1, 1.0, 1, "2")
    # S2 is there in both draws, hit in both, and has no place in both at either number of moves.
    assert found["breaks-students"].table.rows == (("S2/final", "O1", "P1", 2, 2, 2, 0, 2, 0),)
    # O1 goes in every draw: without a draw in which it stays nothing is said of what its going costs.
    assert "nothing can be said of any" in found["breaks-rows"].sentence


def test_whose_student_withdraws_is_no_break_and_frees_the_place() -> None:
    found = answers(QUIET.model_copy(update={"students": 100}))
    assert cells(found["breaks"], "student withdraws") == (DRAWS, 2, 2.0, 2, "2")
    assert cells(found["breaks"], "without a place, 0 moves") == (DRAWS, 0, 0.0, 0, "2")
    assert found["breaks-reserve"].sentence.startswith("In none of 2 draws is anybody without a place")


def test_all_pes_leave() -> None:
    rates = Rates(children=100, adults=100, months=1, students=0, offers=0, agency=0)
    found = answers(rates)
    assert cells(found["breaks"], "PE goes") == (DRAWS, 2, 2.0, 2, "2")
    assert cells(found["breaks"], "survive, 3 moves") == (DRAWS, 0, 0.0, 0, "2")


def test_the_agency_that_pulls_out_takes_offers_and_pes_with_it() -> None:
    found = answers(QUIET.model_copy(update={"agency": 100}), draws=4)
    for draw in found["breaks-draws"].table.rows:
        agency, offers, pes, lost = draw[1], draw[2], draw[3], draw[9]
        # A has O1, O2, O4 and P1, P2, P4, with both placements; B has O3 and P3, with none.
        assert (agency, offers, pes, lost) in {("A", 3, 3, 2), ("B", 1, 1, 0)}
    assert {draw[1] for draw in found["breaks-draws"].table.rows} == {"A", "B"}


def chain() -> dict[str, Any]:
    """P1 is the only PE of an adults' agency, D. S2 would rather be there, S3 at B; P2 at A may have two students."""
    place = {"setting": "authority", "areas": "children", **STATUTORY}
    agencies = [
        one | {"membership": "primary", "directorate": "children"} for one in row("Agencies", "B", kind="authority")
    ]
    students = row("Students", "S3", preferred_agencies="B")
    return {
        "Agencies": [*agencies, {"agency": "D", "kind": "authority", "membership": "primary", "directorate": "adults"}],
        "Teams": [*row("Teams", "B", **place), {"agency": "D", "team": "V", "place": "CR0", **place}],
        "Offers": row("Offers", "O1", agency="D", team="V"),
        "Educators": [
            one | ({"employed_by": "D", "team": "V"} if one["pe"] == "P1" else {})
            for one in row("Educators", "P2", load=2) if one["pe"] != "P4"
        ],
        "Students": [one | ({"preferred_agencies": "D"} if one["student"] == "S2" else {}) for one in students],
        "Commitments": [],
    }  # fmt: skip


P1_LEAVES = Rates(children=0, adults=100, months=12, students=0, offers=0, agency=0)


def test_a_move_buys_what_no_move_can() -> None:
    # Told: S1 at O2, S2 at O1, S3 at O3. P1 goes. Only O3 suits S2 then: free once S3 moves to O2.
    found = answers(P1_LEAVES, **chain())
    assert cells(found["breaks"], "placements told") == (DRAWS, 3, 3.0, 3, "3")
    assert cells(found["breaks"], "survive, 0 moves") == (DRAWS, 2, 2.0, 2, "3")
    assert cells(found["breaks"], "survive, 3 moves") == (DRAWS, 3, 3.0, 3, "3")
    assert cells(found["breaks"], "at another offer, 3 moves") == (DRAWS, 2, 2.0, 2, "3")
    # One more in each draw, and it is a final.
    assert "That is +2 placements over 2 draws (in the order of aims: finals placed" in found["breaks"].sentence
    # S2 at O1 needs a PE more there; at O3, whose one place and whose PE are taken, a place with a PE: 1 in each draw.
    reserve = found["breaks-reserve"]
    assert reserve.table.rows == (
        ("a PE like P1", 2, 1, 1.0, 1, 2, 2, "D, finals", 2),
        ("a place at O3 with a PE like P3", 2, 1, 1.0, 1, 2, 2, "B, Y", 2),
    )
    assert "confirmed over 2 draws" in reserve.sentence


def with_a_spare() -> dict[str, Any]:
    """As the chain, with O5 at B, which S2 would have second, and a PE of its own there."""
    rows = chain()
    spare = {**rows["Offers"][0], "offer": "O5", "agency": "B", "team": "Y", "educators": "P5"}
    pe = {**rows["Educators"][2], "pe": "P5"}
    return {**rows, "Offers": [*rows["Offers"], spare], "Educators": [*rows["Educators"], pe]}


def test_a_plan_as_good_with_fewer_breaks() -> None:
    # Told: S2 at O1, whose PE leaves in every draw, so S2 has to move to O5: 1 break in each of 2 draws. The best plan
    # without S2 at O1 has S2 at O5 from the start: no break. Only preferences, which come after firm, are worse.
    found = answers(P1_LEAVES, **with_a_spare())["breaks-plan"]
    assert found.table.rows == (("S2/final", "O1", "P1", "O5", "P5"),)
    assert found.sentence.startswith("There is one: the best plan without S2/final at O1, equal in every tier through")
    assert "Breaks over 2 draws: 0 against 2; over 2 fresh draws: 0 against 2." in found.sentence


def test_no_plan_as_good_with_fewer_breaks() -> None:
    # P2 takes S1 alone here, so without S2 at O1 only O3 is left for S2, where S3 is: such a plan places one fewer.
    rows = chain()
    rows["Educators"] = [one | {"load": 1} for one in rows["Educators"]]
    found = answers(P1_LEAVES, **rows)["breaks-plan"]
    assert found.sentence == (
        "None was found: 1 match that events hit was forbidden, in turn; 0 of the plans without it are equal in every "
        "tier through 'firm', proved."
    )


def test_stopped_before_anything_is_done() -> None:
    stop = threading.Event()
    stop.set()
    base = Base("small", register(), {}, TODAY)
    made = breaks(base, Breaking(draws=2), Serial(), stop)
    assert [a.sentence for a in made] == ["Stopped: of 2 draws 0 are repaired. No draw has all its repairs."]
    assert not made[0].closed


def test_stopped_after_the_draws_says_what_was_not_looked_at() -> None:
    stop = threading.Event()

    def told(what: str, *_: int) -> None:
        if what == "reserve":
            stop.set()

    base = Base("small", register(Offers=FORECAST), {}, TODAY)
    made = {a.scenario: a for a in breaks(base, Breaking(draws=1), Serial(), stop, told)}
    assert made["breaks"].sentence.startswith("Stopped: of 1 draw 1 is repaired. 2 of 3 requests have a place")
    assert made["breaks-plan"].sentence.endswith("Stopped before it was looked at.")
    assert not any(a.closed for a in made.values())


def test_a_base_without_a_placement() -> None:
    base = Base("small", register(Offers=row("Offers", "O1", tranche="May")[:1]), {}, TODAY)
    with pytest.raises(UsageError, match="the plan of small cannot be tested: it places nobody"):
        breaks(base, Breaking(draws=1), Serial(), threading.Event())


def test_rates_are_scaled_to_the_months() -> None:
    # Half a year of 22.05% a year: 1 - sqrt(0.7795) = 0.1171; of 11.7%: 1 - sqrt(0.883) = 0.0603; the mean 16.875%: 0.0883.
    by = Rates().educators
    assert [round(by[d], 4) for d in ("children", "adults", "both")] == [0.1171, 0.0603, 0.0883]
