"""Rows added: what they are called, what is filled in for them, and what is refused."""

from typing import Any

import pytest

from tests.scenarios.partnership import done, facts, reading, refused, register, row


def test_the_register_that_is_given_stays() -> None:
    given = register()
    before = {name: [one.content for one in page.rows] for name, page in given.pages.items()}
    done({"edit": "remove", "sheet": "Agencies", "where": {"agency": "A"}})
    done({"edit": "scale", "sheet": "Students", "percent": 200})
    assert {name: [one.content for one in page.rows] for name, page in register().pages.items()} == before


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
