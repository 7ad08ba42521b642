"""Rows removed: what goes with them, and what stays."""

from tests.scenarios.partnership import done, facts, ids, more, reading, refused, row, rows


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
    assert [s.student for s in dataset.students] == ["S1", "S3"]
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
    assert "S1" in [s.student for s in dataset.students]


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
