"""Rows added, removed, scaled, set: what becomes of the dataset, and what is refused."""

import itertools
from typing import Any

import pytest

from models.dataset import Dataset
from scenarios.errors import EditError
from tests.scenarios.partnership import done, facts, ids, more, reading, register, row, rows

SIX = [{"student": f"N{n}", "programme": "BA", "home": "CR0", "stage": "first"} for n in range(1, 7)]


def students(dataset: Dataset) -> list[str]:
    return [s.student for s in dataset.students]


def refused(*edits: Any, **changes: Any) -> str:
    with pytest.raises(EditError) as error:
        done(*edits, **changes)
    return str(error.value)


def test_the_register_that_is_given_stays() -> None:
    given = register()
    before = {name: [one.content for one in page.rows] for name, page in given.pages.items()}
    done({"edit": "remove", "sheet": "Agencies", "where": {"agency": "A"}})
    done({"edit": "scale", "sheet": "Students", "percent": 200})
    assert {name: [one.content for one in page.rows] for name, page in register().pages.items()} == before


# ---- add -----------------------------------------------------------------------------------------------------------
def test_rows_like_another_have_ids_of_their_own() -> None:
    made, said = done(
        {
            "edit": "add",
            "sheet": "Offers",
            "like": {"offer": "O2"},
            "values": {"offer": "N", "capacity": 3},
            "number": 2,
        }
    )
    added = [o for o in reading(made).dataset.offers if o.offer.startswith("N")]
    assert [(o.offer, o.capacity, o.team, o.stage) for o in added] == [
        ("N~c1", 3, "X", "first"),
        ("N~c2", 3, "X", "first"),
    ]
    assert said == ("2 more on Offers",)


def test_rows_without_an_id_have_one_that_nobody_had() -> None:
    # O4 is gone: settling would call the next offer so, and whoever compares with the base would take one for the other.
    gone = {"edit": "remove", "sheet": "Offers", "where": {"offer": "O4"}}
    add = {"edit": "add", "sheet": "Offers", "like": {"offer": "O2"}}
    made, _ = done(gone, add | {"number": 2}, add)
    assert [o.offer for o in reading(made).dataset.offers] == ["new~c1", "new~c2", "new~c3", "O1", "O2", "O3"]


def test_a_commitment_more_has_no_id() -> None:
    # A has one of Frontline's already, B none.
    dataset = facts({"edit": "add", "sheet": "Commitments", "values": {"agency": "B", "number": 2}})
    assert sorted((c.agency or c.pe, int(c.number)) for c in dataset.commitments) == [("A", 1), ("B", 2), ("P3", 1)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"agency": "A", "team": "X", "place": "CR0", "stage": "finall"}, "cannot be 'finall'. Did you mean 'final'?"),
        ({"agency": "Alfa", "team": "X"}, "Offers.agency: 'Alfa' is not on Agencies."),
        ({"agncy": "A"}, "Offers has no column 'agncy'. Did you mean 'agency'?"),
        ({"team": "X"}, "a row of Offers needs agency"),
        ({"agency": "A", "team": "X", "offer": "O1"}, "there is a row O1 on Offers already"),
        ({"agency": "A", "team": "X", "tranche": "Janury"}, "'Janury' is not on Tranches. Did you mean 'January'?"),
    ],
)
def test_what_cannot_be_added(values: dict[str, Any], said: str) -> None:
    text = refused({"edit": "add", "sheet": "Offers", "values": values})
    assert text.startswith("s: edits[1] add: ")
    assert said in text


def test_what_is_like_nothing_cannot_be_added() -> None:
    assert "no row of Offers has offer 'O9'. 'O9' is not on Offers." in refused(
        {"edit": "add", "sheet": "Offers", "like": {"offer": "O9"}}
    )


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"edit": "add", "sheet": "Offers", "like": {"offer": "O9"}}, "0 more on Offers"),
        ({"edit": "add", "sheet": "Offers", "each_team": {"team": "Q"}}, "0 more on Offers, of 0 teams"),
        ({"edit": "remove", "sheet": "Teams", "where": {"team": "Q"}}, "0 fewer on Teams"),
        ({"edit": "scale", "sheet": "Students", "where": {"programme": "PgDip"}, "percent": 250}, "0 more on Students, copies of 0"),
        ({"edit": "set", "sheet": "Offers", "where": {"team": "Q"}, "values": {"capacity": 1}}, "0 of 0 on Offers: capacity = 1"),
        ({"edit": "leave", "sheet": "Agencies", "where": {"agency": "Q"}}, "0 agencies leave from 1 December 2026, with 0 PEs"),
        ({"edit": "absent", "where": {"agency": "Q"}}, "0 agencies answer nothing until further notice: 0 places cannot be used"),
        ({"edit": "move_tranche", "sheet": "Offers", "where": {"team": "Q"}, "to": "May"}, "0 on Offers belong to May"),
        ({"edit": "withdraw", "sheet": "Offers", "where": {"team": "Q"}, "probability": 1}, "0 of 0 on Offers withdraw"),
    ],
)  # fmt: skip
def test_a_selection_of_nothing_is_an_error_unless_it_may_be_empty(edit: dict[str, Any], said: str) -> None:
    assert refused(edit).startswith(f"s: edits[1] {edit['edit']}: no row of ")
    made, words = done(edit | {"may_be_empty": True})
    assert words == (said,)
    assert reading(made).dataset.model_copy(update={"issues": ()}) == facts().model_copy(update={"issues": ()})


def test_equal_requests_are_one() -> None:
    like = {"edit": "add", "sheet": "Requests", "values": {"student": "S3", "stage": "final", "tranche": "May"}}
    assert "S3/final" in [r.request for r in facts(like).requests]
    assert "are one" in refused(like | {"number": 2})


# ---- remove --------------------------------------------------------------------------------------------------------
def test_a_student_goes_with_all_that_is_said_of_them() -> None:
    decisions = [
        {"decision": "apart", "request": "S1; S2; S3", "by": "AB"},
        {"decision": "together", "request": "S1; S2", "by": "AB"},
        {"decision": "fix", "request": "S2/final", "offer": "O1", "by": "AB"},
    ]
    published = [{"request": "S2/final", "offer": "O1", "status": "confirmed"}]
    made, said = done(
        {"edit": "remove", "sheet": "Students", "where": {"student": "S2"}}, Decisions=decisions, Published=published
    )
    dataset = reading(made).dataset
    assert students(dataset) == ["S1", "S3"]
    assert not dataset.history
    assert not dataset.published
    # Of three who are apart two are left; two who are together are no two any more.
    assert [(d.decision, d.student, d.other) for d in dataset.decisions] == [("apart", "S1", "S3")]
    assert said == ("1 fewer on Students",)


def test_a_request_goes_from_students_too() -> None:
    # S1 asks for a first on both sheets: removed from Requests alone, Students would make it again.
    dataset = facts(
        {"edit": "remove", "sheet": "Requests", "where": {"student": "S1"}},
        Students=row("Students", "S1", stage="first"),
    )
    assert [r.request for r in dataset.requests] == ["S2/final", "S3/first"]
    assert "S1" in students(dataset)


def test_an_agency_goes_with_teams_offers_and_people_and_nobody_is_set_aside_for_it() -> None:
    made, said = done(
        {"edit": "remove", "sheet": "Agencies", "where": {"agency": "B"}},
        Decisions=[
            {"decision": "do_not_match", "request": "S1/first", "offer": "O3", "by": "AB"},
            {"decision": "do_not_match", "request": "S1/first", "agency": "B", "by": "AB"},
            {"decision": "do_not_match", "request": "S1/first", "pe": "P3", "offer": "O2", "by": "AB"},
            {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "AB"},
        ],
        Requests=[{"student": "S1", "stage": "first", "tranche": "January", "locked_agencies": "A; B"}],
        Students=row("Students", "S1", excluded="B; P3; A/X"),
        Calendar=[{"step": "closed", "date": "2027-02-01", "agency": "B"}],
    )
    dataset = reading(made).dataset
    assert [a.agency for a in dataset.agencies] == ["A"]
    assert ([o.offer for o in dataset.offers], [e.pe for e in dataset.educators]) == (
        ["O1", "O2", "O4"],
        ["P1", "P2", "P4"],
    )
    assert [c.agency for c in dataset.commitments] == ["A"]
    # A row that bars what is gone would bar the student from everything; a day closed at nobody, from everywhere.
    assert [d.offer for d in dataset.decisions] == ["O1"]
    assert not dataset.closed_days
    request = dataset.request_by_id["S1/first"]
    assert (request.set_aside, request.locked_agencies) == (None, ("A",))
    assert dataset.student_by_id["S1"].excluded_teams == (("A", "X"),)
    assert [h.agency for h in dataset.history] == ["C"]
    assert said == ("1 fewer on Agencies",)


def test_who_may_only_go_to_agencies_that_are_gone_goes_nowhere() -> None:
    dataset = facts(
        {"edit": "remove", "sheet": "Agencies", "where": {"agency": "B"}},
        Requests=[{"student": "S1", "stage": "first", "tranche": "January", "locked_agencies": "B"}],
    )
    assert dataset.request_by_id["S1/first"].set_aside


def test_an_offer_with_an_agreed_placement_stays_and_takes_nobody_new() -> None:
    made, said = done(
        {"edit": "remove", "sheet": "Agencies", "where": {"agency": "A"}},
        Published=[
            {"request": "S1/first", "offer": "O2", "pe": "P2", "status": "confirmed"},
            {"request": "S2/final", "offer": "O1", "pe": "P1", "status": "proposed"},
        ],
    )
    dataset = reading(made).dataset
    # O2 has room for two and holds one; its team, agency and PE stay with it. O1 is but proposed, and goes.
    assert [(o.offer, o.capacity) for o in dataset.offers] == [("O2", 1), ("O3", 1)]
    assert ({a.agency for a in dataset.agencies}, [e.pe for e in dataset.educators]) == ({"A", "B"}, ["P2", "P3"])
    assert {p.request: p.standing for p in dataset.published} == {"S1/first": "kept", "S2/final": "freed"}
    assert said == ("1 fewer on Agencies; 1 with agreed placements stays, closed to others",)


def test_a_pe_who_is_gone_stays_named_so_that_nobody_stands_in() -> None:
    # A blank cell would let whoever reaches the team supervise.
    dataset = facts({"edit": "remove", "sheet": "Educators", "where": {"pe": "P1"}})
    assert [e.pe for e in dataset.offer_by_id["O1"].educators] == ["P1"]
    assert [e.pe for e in dataset.educators] == ["P2", "P3", "P4"]


def test_an_agency_that_loses_all_its_pes_is_not_one_that_lists_nobody() -> None:
    # Where an agency lists nobody, one is to be found for each of its offers that names nobody.
    dataset = facts({"edit": "remove", "sheet": "Educators", "where": {}})
    assert [(e.pe, int(e.load)) for e in dataset.educators] == [("P1", 0), ("P3", 0)]
    assert [c.agency for c in dataset.commitments] == ["A"]


def test_a_team_that_only_offers_named_is_still_one() -> None:
    # Otherwise the commitment could not be read any more, and what it takes from the agency would be free.
    changes = {"Teams": [], "Commitments": [{"agency": "B", "team": "Y", "number": 1}]}
    offers = [{**one, "place": "CR0", "areas": "adults"} for one in rows()["Offers"]]
    dataset = facts({"edit": "remove", "sheet": "Offers", "where": {"offer": "O3"}}, Offers=offers, **changes)
    assert [(c.agency, c.team) for c in dataset.commitments] == [("B", "Y")]
    assert ("B", "Y") in [(t.agency, t.team) for t in dataset.teams]


def test_other_names_of_an_agency_are_the_agency() -> None:
    # Offers spell A by its long name, with another apostrophe.
    offers = [{**one, "agency": "Alpha Children's"} if one["agency"] == "A" else one for one in rows()["Offers"]]
    made, _ = done({"edit": "remove", "sheet": "Agencies", "where": {"agency": "A"}}, Offers=offers)
    assert ids(made, "Offers", "offer") == ["O3"]


def test_a_selection_of_nothing() -> None:
    edit = {"edit": "remove", "sheet": "Offers", "where": {"agency": "A", "stage": "either"}}
    assert refused(edit, Offers=more("Offers")[:3]) == (
        "s: edits[1] remove: no row of Offers has agency 'A' and stage 'either'. "
        "Mend the selection, or write may_be_empty = true."
    )
    assert done(edit | {"may_be_empty": True}, Offers=more("Offers")[:3])[1] == ("0 fewer on Offers",)


def test_what_was_stays_where_its_offer_goes_and_rankings_are_of_what_is_there() -> None:
    made, _ = done(
        {"edit": "remove", "sheet": "Offers", "where": {"offer": ["O3", "O4"]}},
        Published=[
            {"request": "S0/first", "offer": "O3", "status": "ended", "start": "2026-09-07", "end": "2026-12-01"}
        ],
        Students=[
            one | {"ranked_offers": ranks} for one, ranks in zip(rows()["Students"], ("O3 > O2", "", "O3"), strict=True)
        ],
    )
    dataset = reading(made).dataset
    assert [(p.request, p.standing) for p in dataset.published] == [("S0/first", "over")]
    assert dataset.student_by_id["S1"].ranked_offers == (("O2",),)
    # Who ranked nothing but what is gone is not free to go anywhere.
    assert dataset.request_by_id["S3/first"].set_aside == "none of the ranked offers is listed"


# ---- scale ---------------------------------------------------------------------------------------------------------
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
    assert students(dataset) == ["S1", "S2", "S2~c1", "S2~c2", "S3"]
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


# ---- set -----------------------------------------------------------------------------------------------------------
def test_cells_of_some_rows_are_typed_anew() -> None:
    made, said = done(
        {"edit": "set", "sheet": "Offers", "where": {"agency": "A"}, "values": {"capacity": 5, "stage": ""}}
    )
    dataset = reading(made).dataset
    assert [(o.capacity, o.stage) for o in dataset.offers] == [
        (5, "either"),
        (5, "either"),
        (1, "either"),
        (5, "either"),
    ]
    assert said == ("3 of 3 on Offers: capacity = 5, stage blank",)


def test_a_part_of_the_rows() -> None:
    # Of three offers of A a half is 1.5, which is 2.
    made, said = done(
        {"edit": "set", "sheet": "Offers", "where": {"agency": "A"}, "values": {"capacity": 7}, "part": "50"}
    )
    assert ids(made, "Offers", "capacity").count(7) == 2
    assert said == ("2 of 3 on Offers: capacity = 7",)


def test_a_cell_that_could_not_be_read_is_read_anew() -> None:
    given = row("Students", "S1", clearance="pased")
    made, _ = done(
        {"edit": "set", "sheet": "Students", "where": {"student": "S1"}, "values": {"clearance": "passed"}},
        Students=given,
    )
    found = reading(made)
    assert found.dataset.request_by_id["S1/first"].set_aside is None
    assert [i.code for i in found.issues] == ["V110"]


@pytest.mark.parametrize(
    ("sheet", "values", "said"),
    [
        ("Offers", {"offer": "N"}, "Offers.offer is what a row is called: no edit sets it."),
        ("Offers", {"agency": ""}, "Offers.agency must be filled."),
        ("Offers", {"agency": "Beta"}, "Offers.agency: 'Beta' is not on Agencies."),
        ("Offers", {"capacity": -1}, "Offers.capacity cannot be -1. Allowed: a whole number from 0 to 1000."),
        ("Offers", {"capacity": [1, 2]}, "Offers.capacity is one value, not several."),
        ("Educators", {"fall_back": "P11"}, "Educators.fall_back: 'P11' is not on Educators. Did you mean 'P1'?"),
    ],
)
def test_what_cannot_be_set(sheet: str, values: dict[str, Any], said: str) -> None:
    assert said in refused({"edit": "set", "sheet": sheet, "values": values})


def test_a_list_is_typed_as_a_list_or_with_semicolons() -> None:
    for typed in (["children", "adults"], "children; adults"):
        dataset = facts({"edit": "set", "sheet": "Offers", "where": {"offer": "O3"}, "values": {"areas": typed}})
        assert dataset.offer_by_id["O3"].areas == ("children", "adults")


# ---- an offer for each team ----------------------------------------------------------------------------------------
def test_each_team_without_an_offer_for_the_stage_and_round_has_one() -> None:
    # In January X has O1 for finals and Y has O3 for either stage; in May Y has nothing, and X has O4 for either.
    def added(**values: Any) -> list[tuple[str, str]]:
        dataset = facts({"edit": "add", "sheet": "Offers", "each_team": {}, "values": values})
        return [(o.team, o.offer) for o in dataset.offers if o.offer not in {"O1", "O2", "O3", "O4"}]

    assert added(stage="final") == []
    assert added(stage="final", tranche="May") == [("Y", "new~c1")]
    without = row("Offers", "O1", stage="first")
    edit = {"edit": "add", "sheet": "Offers", "each_team": {"agency.kind": "authority"}, "values": {"stage": "final"}}
    made, said = done(edit, Offers=without)
    assert next((o.offer, o.team, o.stage) for o in reading(made).dataset.offers) == ("new~c1", "X", "final")
    assert said == ("1 more on Offers, of 1 team",)


def test_each_team_of_none_or_of_another_sheet() -> None:
    edit = {"edit": "add", "sheet": "Offers", "each_team": {"front_line": "yes"}, "values": {"stage": "final"}}
    assert "no row of Teams has front_line 'yes'." in refused(edit)
    assert "each_team is for Offers, not for Students." in refused(edit | {"sheet": "Students"})


def test_a_copy_is_not_taken_for_somebody_else() -> None:
    # S11 was here last year, and only Published knows: by letters and digits alone "S1~1" would be alike.
    published = [{"request": "S11/first", "offer": "O3", "status": "confirmed"}]
    dataset = facts(
        {"edit": "scale", "sheet": "Students", "where": {"student": "S1"}, "percent": 200}, Published=published
    )
    assert [(p.request, p.standing) for p in dataset.published] == [("S11/first", "over")]
