"""Edits in cases that are solved: ids of rows without one, the day of the case, plans that hold, errors in results."""

from typing import Any

from models.base import Date
from scenarios.model import Case
from scenarios.running import Base, Bench, Solution
from tests.scenarios.partnership import TODAY, register, row, rows

FREE: dict[str, Any] = {
    "Commitments": [],
    "Teams": row("Teams", "B", areas="children", statutory_dfe="yes", statutory_regulator="yes"),
}
"""Nothing takes a load, and B is statutory and another area than S2's first: whoever cannot go to A may go there."""


def solved(*edits: dict[str, Any], policy: dict[str, str] | None = None, bench: Bench | None = None) -> Solution:
    case = Case.model_validate({"scenario": "s", "name": "c", "edits": edits, "policy": policy or {}})
    return (bench or Bench(Base("b", register(**FREE), {}, TODAY))).run(case)


def places(solution: Solution) -> dict[str, str]:
    assert solution.result.problem is None, solution.result.problem
    return {m.request: m.offer for m in solution.plan.matches} if solution.plan else {}


EVERYBODY = {"S1/first": "O2", "S2/final": "O1", "S3/first": "O3"}
"""P2 is one student's, so S3 goes to B."""


def test_an_absent_agency_holds_up_those_who_would_go_there() -> None:
    # Without A's places in January O3 is left, for one: the final is placed, by placed.finals.
    assert places(solved({"edit": "freeze", "told": False})) == EVERYBODY
    absent = solved({"edit": "absent", "where": {"agency": "A"}})
    assert places(absent) == {"S2/final": "O3"}
    assert absent.result.done == ("1 agency answers nothing until further notice: 3 places cannot be used",)


def test_an_agency_that_leaves_takes_nobody_and_is_asked_for_nothing() -> None:
    leave = {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}}
    assert places(solved(leave, policy={"fair_share_hard": "yes"})) == {"S2/final": "O3"}
    # By 1 June S1's 70 days from 4 January and S2's 100 are over: nobody is touched.
    assert places(solved(leave | {"on": "2027-06-01"})) == EVERYBODY
    # On 1 May S2's are not (26 May), and S1's are (13 April): S2 goes to B, and S3 has no place.
    assert places(solved(leave | {"on": "2027-05-01"})) == {"S1/first": "O2", "S2/final": "O3"}


def test_who_qualifies_takes_a_final_from_the_day() -> None:
    # O2 is for either stage and P2 is PEPS1; P1 is gone. Qualified by January P2 takes the final, by February not.
    offers, requests = row("Offers", "O2", stage="either")[:2], rows()["Requests"][1:]
    base = register(Commitments=[], Offers=offers, Requests=requests)
    bench = Bench(Base("b", base, {}, TODAY))
    gone = {"edit": "leave", "sheet": "Educators", "where": {"pe": "P1"}}
    january, february = ({"edit": "qualify", "stage": "PEPS1", "on": day} for day in ("2027-01-04", "2027-02-01"))
    assert places(solved(gone, january, bench=bench)) == {"S2/final": "O2"}
    assert places(solved(gone, february, bench=bench)) == {"S3/first": "O2"}


def test_what_is_told_stays_and_what_is_proposed_moves_where_it_may() -> None:
    # P1's final place goes: S2 has to move. O3 is S3's, who was told in one case, and only proposed in the other.
    gone = {"edit": "withdraw", "sheet": "Offers", "where": {"offer": "O1"}, "probability": 1}
    assert places(solved({"edit": "freeze"}, gone)) == {"S1/first": "O2", "S3/first": "O3"}
    proposed = {"edit": "freeze", "told": False}
    assert places(solved(proposed, gone)) == {"S1/first": "O2", "S3/first": "O3"}
    assert places(solved(proposed, gone, policy={"max_changes": "1"})) == {"S1/first": "O2", "S2/final": "O3"}


def test_rows_without_an_id_keep_the_one_that_they_have_in_the_base() -> None:
    # Offers are numbered by agency, team and content. Were the first left out before, the others would change names.
    offers = [{k: v for k, v in one.items() if k != "offer"} for one in rows()["Offers"]]
    bench = Bench(Base("b", register(Commitments=[], Offers=offers), {}, TODAY))
    known = {o.offer: (o.agency, o.stage, o.tranche) for o in bench.reading.dataset.offers}
    gone = next(name for name, what in known.items() if what == ("A", "first", "January"))
    solution = solved({"edit": "remove", "sheet": "Offers", "where": {"stage": "first"}}, bench=bench)
    assert solution.dataset is not None
    left = {o.offer: (o.agency, o.stage, o.tranche) for o in solution.dataset.offers}
    assert left == {name: what for name, what in known.items() if name != gone}


def test_the_day_of_a_case_is_its_own_where_it_has_one() -> None:
    leave = {"edit": "leave", "sheet": "Educators", "where": {"pe": "P1"}}
    for policy, last in (({}, Date(2026, 11, 30)), ({"as_of": "2026-12-31"}, Date(2026, 12, 30))):
        solution = solved(leave, policy=policy)
        assert solution.dataset is not None
        assert [e.leaves_on for e in solution.dataset.educators if e.leaves_on] == [last]


def test_rows_that_cannot_be_used_any_more_are_said_with_their_sheet() -> None:
    everybody = {"edit": "remove", "sheet": "Students"}
    assert solved(everybody).result.problem == (
        "the edits leave no row on Students (3 fewer on Students), and a plan needs a student."
    )


def test_an_error_says_which_edit_and_sinks_nothing_else() -> None:
    fine = {"edit": "remove", "sheet": "Commitments", "may_be_empty": True}
    solution = solved(fine, {"edit": "remove", "sheet": "Offers", "where": {"agency": "Z"}})
    assert solution.result.problem == (
        "s: edits[2] remove: no row of Offers has agency 'Z'. 'Z' is not on Agencies. "
        "Mend the selection, or write may_be_empty = true."
    )
    assert solution.plan is None
    nothing = solved({"edit": "remove", "sheet": "Students"})
    assert nothing.result.problem is not None
    missing = solved({"edit": "freeze", "plan": "nowhere.json"})
    assert missing.result.problem == "freeze: 'nowhere.json' cannot be read as a plan"
