"""Fewer and more rows by percent: which ones, and what a copy has."""

import itertools
from typing import Any

import pytest

from tests.scenarios.partnership import done, facts, ids, more, reading, refused, row

SIX = [{"student": f"N{n}", "programme": "BA", "home": "CR0", "stage": "first"} for n in range(1, 7)]


@pytest.mark.parametrize(("percent", "left"), [(0, 0), (8, 0), (9, 1), (25, 2), (50, 3), (99, 6), (100, 6)])
def test_fewer_rows_by_percent(percent: float, left: int) -> None:
    # Of six: 8% is 0.48, 9% is 0.54, 25% is 1.5 (a half is rounded up), 99% is 5.94.
    made, _ = done({"edit": "scale", "sheet": "Students", "percent": percent}, Students=SIX, Requests=[], History=[])
    assert len(made.pages["Students"].rows) == left


@pytest.mark.parametrize(("percent", "more_of"), [(108, 0), (125, 2), (200, 6), (250, 9), (317, 13)])
def test_more_rows_by_percent(percent: float, more_of: int) -> None:
    # Of six: 150% more are 9, each once and three of them twice; 217% more are 13.02.
    made, said = done({"edit": "scale", "sheet": "Students", "percent": percent}, Students=SIX, Requests=[], History=[])
    names = ids(made, "Students", "student")
    assert len(names) == 6 + more_of == len(set(names))
    assert said == (f"{more_of} more on Students, copies of 6",)
    assert len(reading(made).dataset.requests) == 6 + more_of


def test_a_smaller_choice_is_part_of_a_greater_one_and_rows_may_stand_in_any_order() -> None:
    def left(percent: int, given: list[dict[str, Any]]) -> set[str]:
        edit = {"edit": "scale", "sheet": "Students", "percent": percent}
        return set(ids(done(edit, Students=given, Requests=[], History=[])[0], "Students", "student"))

    kept = [left(percent, SIX) for percent in (17, 34, 50, 84, 117, 134, 250)]
    assert all(few < many for few, many in itertools.pairwise(kept))
    assert left(50, SIX[::-1]) == left(50, SIX)
    assert left(134, SIX[::-1]) == left(134, SIX)


def test_draws_differ_and_are_the_same_again() -> None:
    def left(draw: int, seed: int = 1) -> tuple[str, ...]:
        edit = {"edit": "scale", "sheet": "Students", "percent": 50}
        made, _ = done(edit, draw=draw, seed=seed, Students=SIX, Requests=[], History=[])
        return tuple(ids(made, "Students", "student"))

    assert left(3) == left(3)
    assert len({left(draw) for draw in range(1, 11)}) > 3
    assert len({left(1, seed) for seed in range(1, 11)}) > 3


def test_a_copy_of_a_student_has_requests_and_history_and_no_decisions() -> None:
    made, _ = done(
        {"edit": "scale", "sheet": "Students", "where": {"student": "S2"}, "percent": 300},
        Decisions=[{"decision": "do_not_match", "request": "S2/final", "offer": "O3", "by": "AB"}],
        Published=[{"request": "S2/final", "offer": "O1", "status": "confirmed"}],
        Outcomes=[{"student": "S2", "employer": "A"}],
    )
    dataset = reading(made).dataset
    assert [s.student for s in dataset.students] == ["S1", "S2", "S2~c1", "S2~c2", "S3"]
    assert [r.request for r in dataset.requests if r.student.startswith("S2")] == [
        "S2/final",
        "S2~c1/final",
        "S2~c2/final",
    ]
    assert [h.student for h in dataset.history] == ["S2", "S2~c1", "S2~c2"]
    assert len(dataset.decisions) == len(dataset.published) == len(dataset.outcomes) == 1


def test_a_copy_has_an_id_that_nobody_has() -> None:
    twice = {"edit": "scale", "sheet": "Students", "where": {"student": "S1"}, "percent": 200}
    given = more("Students", {"student": "s1~c1", "programme": "BA", "home": "CR0"})
    assert ids(done(twice, twice, Students=given)[0], "Students", "student") == [
        "S1",
        "S2",
        "S3",
        "s1~c1",
        "S1~c2",
        "S1~c3",
    ]


def test_a_copy_of_a_row_that_cannot_be_used_cannot_be_used() -> None:
    # A clearance that cannot be read protects somebody: the student is not placed, and no copy of them is.
    dataset = facts(
        {"edit": "scale", "sheet": "Students", "where": {"student": "S1"}, "percent": 200},
        Students=row("Students", "S1", clearance="pased"),
    )
    assert dataset.request_by_id["S1/first"].set_aside
    assert dataset.request_by_id["S1~c1/first"].set_aside


def test_a_copy_of_a_request_is_one_of_its_student() -> None:
    requests = more("Requests", {"student": "S2", "stage": "first", "tranche": "May"})
    made, said = done(
        {"edit": "scale", "sheet": "Requests", "where": {"stage": "final"}, "percent": 200}, Requests=requests
    )
    dataset = reading(made).dataset
    assert [r.request for r in dataset.requests if r.student == "S2~c1"] == ["S2~c1/final"]
    assert said == ("1 more on Requests, copies of 1",)


def test_a_copy_of_a_pe_is_named_beside_the_pe_and_has_the_same_commitments() -> None:
    dataset = facts({"edit": "scale", "sheet": "Educators", "where": {"pe": "P3"}, "percent": 200})
    assert [e.pe for e in dataset.offer_by_id["O3"].educators] == ["P3", "P3~c1"]
    assert sorted(c.pe for c in dataset.commitments if c.pe) == ["P3", "P3~c1"]


def test_a_copy_of_an_offer_has_its_pes() -> None:
    dataset = facts({"edit": "scale", "sheet": "Offers", "where": {"offer": "O2"}, "percent": 200})
    copied = dataset.offer_by_id["O2~c1"]
    assert (copied.capacity, copied.team, [e.pe for e in copied.educators]) == (2, "X", ["P2"])


def test_a_copy_of_an_agency_has_teams_offers_and_people_of_its_own() -> None:
    made, _ = done({"edit": "scale", "sheet": "Agencies", "where": {"agency": "A"}, "percent": 200})
    dataset = reading(made).dataset
    assert [(o.offer, o.agency, o.educators[0].pe) for o in dataset.offers if "~" in o.offer] == [
        ("O1~c1", "A~c1", "P1~c1"), ("O2~c1", "A~c1", "P2~c1"), ("O4~c1", "A~c1", "P1~c1"),
    ]  # fmt: skip
    trainee = next(e for e in dataset.educators if e.pe == "P4~c1")
    assert (trainee.employed_by, trainee.team, trainee.practice_assessor) == ("A~c1", "X", "P1~c1")
    # Nobody else is called by the long name of A.
    assert dataset.agency_by_id["A~c1"].name is None
    assert not [i for i in reading(made).issues if i.code not in {"V110", "V305"}]


def test_a_copy_of_a_team_has_another_name() -> None:
    dataset = facts({"edit": "scale", "sheet": "Teams", "where": {"team": "Y"}, "percent": 200})
    assert [(o.offer, o.agency, o.team) for o in dataset.offers if "~" in o.offer] == [("O3~c1", "B", "Y~c1")]
    assert [(e.pe, e.team) for e in dataset.educators if "~" in e.pe] == [("P3~c1", "Y~c1")]


def test_commitments_of_two_hundred_percent_are_each_twice() -> None:
    # Equal rows of a sheet without a key are two rows: Frontline takes 2 from A.
    dataset = facts({"edit": "scale", "sheet": "Commitments", "where": {"agency": "A"}, "percent": 200})
    assert sum(c.number for c in dataset.commitments if c.agency == "A") == 2


def test_a_percentage_that_is_none() -> None:
    assert "'many' is no percentage from 0 to 1000" in refused({"edit": "scale", "sheet": "Offers", "percent": "many"})


def test_a_copy_is_not_taken_for_somebody_else() -> None:
    # S11 was here last year, and only Published knows: by letters and digits alone "S1~1" would be alike.
    published = [{"request": "S11/first", "offer": "O3", "status": "confirmed"}]
    dataset = facts(
        {"edit": "scale", "sheet": "Students", "where": {"student": "S1"}, "percent": 200}, Published=published
    )
    assert [(p.request, p.standing) for p in dataset.published] == [("S11/first", "over")]
