"""Which rows a selection finds: values in any spelling, lists, comparisons, blanks, and columns of what a row is about."""

from typing import Any

import pytest

from models.register import Register
from scenarios.errors import EditError
from scenarios.selecting import Names, nothing_found, selected
from tests.scenarios.partnership import more, register, row, rows


def found(sheet: str, where: dict[str, Any], made: Register | None = None, **changes: Any) -> list[Any]:
    """The first cells of the rows that are found."""
    given = made or register(**changes)
    key = {"Requests": "student", "Teams": "team", "Commitments": "number"}.get(sheet, sheet.lower().rstrip("s"))
    column = {"Educators": "pe", "agencie": "agency"}.get(sheet, {"agencie": "agency"}.get(key, key))
    return [one.get(column) for one in selected(given, sheet, where)]


def refused(sheet: str, where: dict[str, Any]) -> str:
    with pytest.raises(EditError) as error:
        found(sheet, where)
    return str(error.value)


# ---- values --------------------------------------------------------------------------------------------------------
def test_every_condition_holds_and_of_a_list_one_value() -> None:
    assert found("Offers", {}) == ["O1", "O2", "O3", "O4"]
    assert found("Offers", {"agency": "A", "tranche": "January"}) == ["O1", "O2"]
    assert found("Offers", {"stage": ("first", "final")}) == ["O1", "O2"]
    assert found("Offers", {"stage": ()}) == []


def test_spellings_that_people_call_the_same() -> None:
    # Agency A is called Alpha Children’s, too; a round is spelt without its capital.
    for typed in ("a", "Alpha Children's", "ALPHA CHILDREN’S"):
        assert found("Offers", {"agency": typed, "tranche": "may"}) == ["O4"]
    assert found("Offers", {"agency": "A"}, Offers=row("Offers", "O1", agency="alpha childrens")) == ["O1", "O2", "O4"]
    assert found("Educators", {"employed_by": "Alpha Children's"}) == ["P1", "P2", "P4"]


def test_words_are_those_that_settling_reads() -> None:
    # "Aprenticeship" is one slip from a word of ours, and read as that.
    made = register(Students=row("Students", "S1", programme="Aprenticeship"))
    assert found("Students", {"programme": "apprenticeship"}, made) == ["S1"]
    assert found("Students", {"programme": ("msw", "BA")}, made) == ["S2", "S3"]
    assert found("Students", {"programme": "!= MSW"}, made) == ["S1", "S3"]


def test_words_of_the_inputs_own() -> None:
    # Where somebody has listed their words a misspelt one is none of them: the row is set aside, and not found.
    students = [
        {"student": "S1", "programme": "Aprenticeship", "home": "CR0"},
        {"student": "S2", "programme": "social work msc", "home": "CR0"},
        {"student": "S3", "programme": "Social Work MSc", "home": "CR0"},
    ]
    lists = [{"list": "programmes", "word": "Social Work MSc", "meaning": "postgraduate"}]
    made = register(Students=students, Lists=lists)
    assert found("Students", {"programme": "Social-work MSC"}, made) == ["S2", "S3"]
    assert found("Students", {"programme": "Apprenticeship"}, made) == []
    assert found("Requests", {"student.programme": "Social Work MSc"}, made) == ["S2"]


def test_of_a_cell_with_a_list_one_entry_is_enough() -> None:
    made = register(Offers=row("Offers", "O3", educators="P3; TBC", areas="Adults; mental health"))
    assert found("Offers", {"educators": "p3"}, made) == ["O3"]
    assert found("Offers", {"areas": "adults"}, made) == ["O3"]
    assert found("Offers", {"areas": "mental health; adults"}, made) == ["O3"]
    assert found("Offers", {"areas": "adults; children"}, made) == []
    assert found("Offers", {"educators": "!= P1"}, made) == ["O2", "O3"]


def test_other_spellings_of_yes_and_of_a_stage() -> None:
    made = register(Teams=row("Teams", "A", front_line="yes"))
    assert found("Teams", {"front_line": True}, made) == ["X"]
    assert found("Requests", {"stage": "finals"}) == ["S2"]


# ---- blanks --------------------------------------------------------------------------------------------------------
def test_a_blank_cell_is_blank_and_is_what_a_blank_means() -> None:
    # Only A's membership is filled: a blank is outside. O2 alone has a capacity: a blank is 1.
    assert found("Agencies", {"membership": ""}) == ["B"]
    assert found("Agencies", {"membership": "!= "}) == ["A"]
    assert found("Agencies", {"membership": "outside"}) == ["B"]
    assert found("Agencies", {"membership": ("outside", "")}) == ["B"]
    assert found("Offers", {"stage": "either"}) == ["O3", "O4"]
    assert found("Offers", {"capacity": 1}) == found("Offers", {"capacity": "< 2"}) == ["O1", "O3", "O4"]
    assert found("Offers", {"state": "!= firm"}) == []


def test_what_is_not_known_or_cannot_be_read_is_not_blank() -> None:
    made = register(
        Students=row("Students", "S1", drives="not known")[:2] + row("Students", "S3", drives="perhaps")[2:]
    )
    assert found("Students", {"drives": ""}, made) == ["S2"]
    assert found("Students", {"drives": "no"}, made) == ["S2"]
    assert found("Students", {"drives": "not known"}, made) == ["S1"]
    assert found("Students", {"drives": "!= yes"}, made) == ["S1", "S2", "S3"]


# ---- comparisons ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("where", "names"),
    [
        ({"load": ">= 1.5"}, ["P2"]), ({"load": "<1.5"}, ["P1"]), ({"load": "!= 1"}, ["P2", "P3", "P4"]),
        ({"load": ("<= 1", "")}, ["P1", "P3", "P4"]), ({"current_until": "> 2029-12-31"}, ["P1", "P2"]),
        ({"current_until": "<= 31/12/2029"}, ["P3"]), ({"current_until": "2030-01-01"}, ["P1", "P2"]),
    ],
)  # fmt: skip
def test_numbers_and_days_are_compared(where: dict[str, Any], names: list[str]) -> None:
    # P1 has load 1, P2 1.5; P3 is current until the end of 2028, P4 nobody knows; a blank is neither more nor less.
    given = rows()["Educators"]
    given[0]["load"], given[1]["load"], given[2]["current_until"] = 1, 1.5, "2028-12-31"
    assert found("Educators", where, Educators=given) == names


def test_what_has_no_order_is_not_compared() -> None:
    assert "Offers.agency: '< B' compares with what has no order. Write a number or a date." in refused(
        "Offers", {"agency": "< B"}
    )
    assert "Offers.capacity cannot be 'many'." in refused("Offers", {"capacity": ">= many"})


# ---- what a row is about -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sheet", "where", "names"),
    [
        ("Requests", {"student.programme": "MSW"}, ["S1", "S2"]),
        ("Requests", {"student.programme": "MSW", "tranche.status": "deciding", "stage": "final"}, ["S2"]),
        ("Offers", {"agency.membership": "primary"}, ["O1", "O2", "O4"]),
        ("Offers", {"agency.membership": "outside"}, ["O3"]),
        ("Offers", {"agency.directorate": "both", "team.areas": "adults"}, ["O3"]),
        ("Offers", {"tranche.first_day": "> 2027-02-01"}, ["O4"]),
        ("Educators", {"agency.kind": "voluntary"}, ["P3"]),
        ("Educators", {"team.place": "cr0", "qualification": "PEPS2"}, ["P1"]),
        ("Teams", {"agency.kind": "!= authority"}, ["Y"]),
        ("Commitments", {"pe.team": "Y"}, [1]),
        ("Commitments", {"agency.social_workers_fte": ">= 50"}, [1]),
    ],
)  # fmt: skip
def test_columns_of_what_a_row_is_about(sheet: str, where: dict[str, Any], names: list[Any]) -> None:
    assert found(sheet, where) == names


def test_what_a_row_is_about_is_found_by_any_of_its_names() -> None:
    made = register(Offers=row("Offers", "O1", agency="Alpha Children's", team="x"))
    assert found("Offers", {"agency.kind": "authority", "team.setting": "authority"}, made) == ["O1", "O2", "O4"]


def test_who_is_not_listed_is_what_a_blank_means() -> None:
    # Z is an agency that no row of Agencies lists: outside, of a kind that is not known.
    made = register(Agencies=[], Offers=more("Offers", {"offer": "O5", "agency": "Z", "team": "Q"}))
    assert found("Offers", {"agency.membership": "outside", "team": "Q"}, made) == ["O5"]
    assert found("Offers", {"agency.kind": "authority"}, made) == []


# ---- the team's own columns ----------------------------------------------------------------------------------------
def test_a_heading_of_the_teams_own() -> None:
    given = rows()["Students"]
    for one, risk, score in zip(given, ("High", "low", ""), (3, 0.5, None), strict=True):
        one |= {"Risk of leaving": risk, "Score": score}
    made = register(Students=given)
    assert found("Students", {"risk of leaving": "high"}, made) == ["S1"]
    assert found("Students", {"Risk of leaving": ("low", "")}, made) == ["S2", "S3"]
    assert found("Students", {"Risk of leaving": "!= high"}, made) == ["S2", "S3"]
    assert found("Students", {"Score": ">= 0.5", "programme": "MSW"}, made) == ["S1", "S2"]


# ---- what is refused -----------------------------------------------------------------------------------------------
def test_a_column_that_is_not_there() -> None:
    said = refused("Offers", {"agncy": "A"})
    assert said.startswith("Offers has no column 'agncy'. Did you mean 'agency'? Allowed: offer, agency, team, ")
    assert said.endswith(", note, agency. ..., team. ..., tranche. ....")
    assert "Agencies has no column 'membrship'. Did you mean 'membership'?" in refused(
        "Offers", {"agency.membrship": "primary"}
    )
    assert refused("Offers", {"agncy.kind": "trust"}) == (
        "Offers: 'agncy.kind' names nothing. Did you mean 'agency'? Before the point may stand agency. team. tranche."
    )
    assert refused("Agencies", {"team.areas": "adults"}) == (
        "Agencies: 'team.areas' names nothing. No column of it may have a point."
    )


def test_why_nothing_was_found() -> None:
    names = Names(register())
    assert nothing_found(names, "Offers", {"agency": "Alpa", "stage": ("first", ">= 2"), "team": ""}) == (
        "no row of Offers has agency 'Alpa' and stage 'first' or >= 2 and team blank. 'Alpa' is not on Agencies."
    )
    assert "Did you mean 'January'?" in nothing_found(names, "Offers", {"tranche": "Janury"})
    assert nothing_found(names, "Teams", {}) == "no row of Teams has a row."
