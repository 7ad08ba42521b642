"""Offers with spokes: what is typed, other sites as people spell them, and what cannot be read."""

from typing import Any

import pytest

from models.entities import Spoke
from tests.reading.sheets import all_of, issues, of_code, reading, sheets, with_row


def spokes(text: str, **rows: Any) -> tuple[Spoke, ...]:
    """The spokes of the first offer (of A/X), typed so; the offer must not be set aside."""
    found = reading(Offers=with_row("Offers", 2, spokes=text), **rows).dataset
    return found.offer_by_id["O1"].spokes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B/Y/SM1=20", (Spoke(agency="B", team="Y", place="SM1", days=20),)),
        ("B/Y=20 days", (Spoke(agency="B", team="Y", place="SM1", days=20),)),  # the team's place
        ("b / y / cr0 = 20", (Spoke(agency="B", team="Y", place="CR0", days=20),)),
        ("B/Hub/CR0=5; Z=6", (Spoke(agency="B", team="Hub", place="CR0", days=5), Spoke(agency="A", team="Z", days=6))),
        ("A/X/CR0=20", ()),  # its own team
    ],
)
def test_what_is_typed(text: str, expected: tuple[Spoke, ...]) -> None:
    assert spokes(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("B/Y/SM1", "no '=' and days stand in it"),
        ("B/Y/SM1=", "'' is no whole number of days"),
        ("B/Y/SM1=0", "'0' is no whole number of days"),
        ("B/Y/SM1=2.5", "'2.5' is no whole number of days"),
        ("B/Y/SM1/CR0=20", "what stands before '=' is not agency/team"),
        ("B//SM1=20", "what stands before '=' is not agency/team"),
        ("Nowhere/Y=20", "since 'Nowhere' is not on Agencies; nobody new"),
    ],
)
def test_what_cannot_be_read_sets_the_offer_aside(text: str, why: str) -> None:
    found = issues(sheets(Offers=with_row("Offers", 2, spokes=f"B/Y/SM1=1; {text}")))
    issue = of_code(found, "V413")
    assert why in issue.message
    assert (issue.level, issue.row, issue.column) == ("set_aside", 2, "spokes")
    assert "O1" not in reading(Offers=with_row("Offers", 2, spokes=text)).dataset.offer_by_id


def test_a_site_that_is_alike_is_read_as_the_listed_one_and_asked_about() -> None:
    found = reading(
        Offers=with_row("Offers", 2, spokes="Nothern Trust/Ward Fuor/CR0=9"),
        Agencies=[*sheets()["Agencies"], {"agency": "Northern Trust"}],
        Teams=[*sheets()["Teams"], {"agency": "Northern Trust", "team": "Ward Four"}],
    )
    asked = [(i.found, i.message) for i in found.issues if i.code == "V320" and i.column == "spokes"]
    assert [name for name, _ in asked] == ["Nothern Trust", "Ward Fuor"]
    [spoke] = found.dataset.offer_by_id["O1"].spokes
    assert (spoke.agency, spoke.team) == ("Northern Trust", "Ward Four")


def test_a_spokes_team_can_be_excluded_and_its_place_is_looked_up() -> None:
    students = with_row("Students", 2, excluded="B/Hub")
    found = reading(Offers=with_row("Offers", 2, spokes="B/Hub/KT9=20"), Students=students)
    assert found.dataset.student_by_id["S1"].excluded_teams == (("B", "Hub"),)
    assert of_code(found.issues, "V407").found == "KT9"


def test_without_an_agencies_sheet_a_spokes_agency_is_made() -> None:
    offers = all_of("Offers", spokes="New Hub/Team/CR0=9")
    found = reading(Offers=offers, Agencies=None)
    assert "New Hub" in found.dataset.agency_by_id


def test_a_full_postcode_is_refused() -> None:
    assert of_code(issues(sheets(Offers=with_row("Offers", 2, spokes="B/Y/SM1 2AB=20"))), "V123").level == "stop"


@pytest.mark.parametrize(
    ("agency", "team", "part", "not_known"),
    [
        ("South", None, "South", ()), ("South", "North", "North", ()), (None, None, None, ()),
        ("not known", None, None, ("part",)), ("South", "not known", None, ("part",)), ("not known", "North", "North", ()),
    ],
)  # fmt: skip
def test_a_spoke_is_of_the_part_of_its_team_else_of_its_agency(
    agency: str | None, team: str | None, part: str | None, not_known: tuple[str, ...]
) -> None:
    found = reading(
        Agencies=with_row("Agencies", 3, part=agency), Teams=with_row("Teams", 3, part=team), Offers={"spokes": "B/Y=20"}
    )  # fmt: skip
    offer = found.dataset.offer_by_id["O1"]
    assert [spoke.part for spoke in offer.spokes] == [part]
    assert tuple(c for c in offer.not_known if c == "part") == not_known


@pytest.mark.parametrize(("declined", "standing"), [("B", "freed"), ("C", "in_force")])
def test_who_declines_the_agency_of_a_spoke_gives_the_place_up(declined: str, standing: str) -> None:
    # S3 is at O1 of A, with some days in B.
    rows = [{"decision": "declined", "request": "S3/final", "agency": declined, "party": "student", "by": "AB"}]
    found = reading(Offers={"spokes": "B/Y=20"}, Decisions=rows)
    assert found.dataset.published_by_request["S3/final"].standing == standing
