"""Cells as people type them: totals and agencies called Total, lists by Alt+Enter, dates of programs, words for none."""

from typing import Any

import pytest

from tests.reading.sheets import FULL, issues, of_code, reading, sheets, with_row


# ---- lines of totals ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row",
    [
        {"offer": "O9", "agency": "Total Recovery", "team": "Y"},
        {"agency": "Total Recovery", "team": "Y"},
        {"agency": "Total Recovery", "team": "Y", "capacity": 2},
    ],
)
def test_an_agency_may_be_called_total(row: dict[str, Any]) -> None:
    agencies = [*FULL["Agencies"], {"agency": row["agency"], "social_workers_fte": 12}]
    found = reading(Agencies=agencies, Offers=[*FULL["Offers"], row])
    assert row["agency"] in {o.agency for o in found.dataset.offers}
    assert "V118" not in {i.code for i in found.issues}


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("Offers", {"offer": "Total", "capacity": 5}),
        ("Offers", {"offer": "Total", "agency": 3, "team": "5 teams", "capacity": 5}),
        ("Offers", {"offer": "Total offers: 3", "note": "see below"}),
        ("Students", {"student": "Grand total", "programme": "3"}),
        ("Students", {"student": "Total number of students 3"}),
        ("Agencies", {"agency": "Total", "social_workers_fte": 1810}),
        ("Agencies", {"agency": "Sum of social workers", "social_workers_fte": 1810}),
    ],
)
def test_a_line_of_totals_is_none_of_the_rows(sheet: str, row: dict[str, Any]) -> None:
    found = reading(**{sheet: [*FULL[sheet], row]})
    assert of_code(found.issues, "V118").row == len(FULL[sheet]) + 2
    assert found.dataset.model_copy(update={"issues": ()}) == reading().dataset


# ---- lists -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ["\n", "\r\n", " \n \n ", ";\n", "\n;", "\u2028"])
def test_a_line_end_within_a_cell_separates(end: str) -> None:
    # Alt+Enter in Excel, as ; does: in every kind of list.
    found = reading(
        Students={"preferred_areas": f"adults{end}children", "excluded": f"B{end}A/X", "ranked_offers": f"O1{end}O2"},
        Offers={"educators": f"PE1{end}PE2", "universities": f"North{end}South"},
        Tranches={"stages": f"first{end}final"},
    ).dataset
    student, offer = found.student_by_id["S1"], found.offer_by_id["O1"]
    assert student.preferred_areas == ("adults", "children")
    assert (student.excluded_agencies, student.excluded_teams) == (("B",), (("A", "X"),))
    assert student.ranked_offers == (("O1",), ("O2",))
    assert [e.pe for e in offer.educators] == ["PE1", "PE2"]
    assert offer.universities == ("North", "South")
    assert found.tranche_by_id["T1"].stages == ("first", "final")


def test_a_list_by_line_ends_is_read_without_a_word() -> None:
    # It is a way to write a list: nothing was dropped, and nothing is to be said. A stray space is still said.
    assert "V213" not in {i.code for i in issues(sheets(Students={"preferred_areas": "adults\nchildren"}))}
    assert "V213" in {i.code for i in issues(sheets(Students={"preferred_areas": "adults \u00a0;children"}))}


def test_a_line_end_in_a_note_stays() -> None:
    assert reading(Students={"note": "one\ntwo"}).dataset.student_by_id["S1"].note == "one\ntwo"


# ---- words for none, and cells that limit ------------------------------------------------------------------------
@pytest.mark.parametrize("word", ["full", "FULL", "none", "withdrawn", "No places", "nil", "closed", "0"])
def test_words_for_no_places_are_none(word: str) -> None:
    found = reading(Offers=with_row("Offers", 4, capacity=word), Educators={"load": word})
    assert found.dataset.offer_by_id["O3"].capacity == 0
    assert found.dataset.educator_by_id["PE1"].load == 0
    assert {i.code for i in found.issues} == ({"V214"} if word != "0" else set())


@pytest.mark.parametrize("word", ["0 this year", "-1", "1.5", "two", "#REF!", "see e-mail", "-", "1001"])
def test_what_limits_and_cannot_be_read_is_never_one(word: str) -> None:
    found = reading(Offers=with_row("Offers", 4, capacity=word, minimum=2, minimum_kind="always"))
    offer = found.dataset.offer_by_id["O3"]
    assert (offer.capacity, offer.minimum) == (0, None)
    (issue,) = found.issues
    assert (issue.level, issue.sheet, issue.row, issue.column) == ("set_aside", "Offers", 4, "capacity")
    assert "so nobody new is placed there until it can be read" in issue.message


@pytest.mark.parametrize("typed", ["allways", "perhaps"])
def test_a_kind_of_minimum_that_cannot_be_read_opens_nothing(typed: str) -> None:
    # As if_opened the minimum of who meant always would be passed over; as always a slip could force places.
    found = reading(Offers=with_row("Offers", 4, minimum=2, minimum_kind=typed))
    assert (found.dataset.offer_by_id["O3"].capacity, found.dataset.offer_by_id["O3"].minimum) == (0, None)
    issue = of_code(found.issues, "V202")
    assert (issue.level, issue.column) == ("set_aside", "minimum_kind")
    assert ("Did you mean 'always'?" in issue.message) == (typed == "allways")
    # Without a minimum the word says nothing, so it costs nothing.
    for least in (None, 0):
        found = reading(Offers=with_row("Offers", 4, minimum=least, minimum_kind=typed))
        assert found.dataset.offer_by_id["O3"].capacity == 2
        assert of_code(found.issues, "V202").level == "warning"


def test_a_minimum_that_cannot_be_read_opens_nothing() -> None:
    # Of a hub for at least so many nobody knows how many are too few.
    found = reading(Offers=with_row("Offers", 4, minimum="a pair"))
    assert (found.dataset.offer_by_id["O3"].capacity, found.dataset.offer_by_id["O3"].minimum) == (0, None)
    assert of_code(found.issues, "V201").level == "set_aside"
    assert reading(Offers=with_row("Offers", 4, minimum="none")).dataset.offer_by_id["O3"].capacity == 2


def test_what_an_agency_asks_for_and_cannot_be_read_makes_its_matches_wait() -> None:
    # It asks for students and limits none: to place nobody there would be the contrary of what it says.
    found = reading(Agencies={"minimum_in_year": "some"})
    agency = found.dataset.agency_by_id["A"]
    assert (agency.minimum_in_year, agency.maximum_at_once, agency.not_known) == (None, None, ("minimum_in_year",))
    assert "every match there waits" in of_code(found.issues, "V201").message


def test_words_of_ones_own_for_none() -> None:
    own = [{"list": "no places", "word": "0 this year"}]
    assert (
        reading(Offers=with_row("Offers", 4, capacity="0 this year"), Lists=own).dataset.offer_by_id["O3"].capacity == 0
    )


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("stage", "fisrt"), ("earliest_start", "soon"), ("latest_start", "31/2/2027"), ("latest_end", "July"),
        ("days_a_week", "most"), ("driver_essential", "perhaps"),
    ],
)  # fmt: skip
def test_whatever_limits_an_offer(column: str, typed: str) -> None:
    found = reading(Offers=with_row("Offers", 2, **{column: typed}), Published={"status": "confirmed"})
    assert found.dataset.offer_by_id["O1"].capacity == 0
    assert of_code(found.issues, "V202" if column in {"stage", "driver_essential"} else "V201").level == "set_aside"
    # A student who was told stays there: nobody moves by a typing error.
    assert found.dataset.published_by_request["S3/final"].standing == "kept"


@pytest.mark.parametrize(
    ("sheet", "column", "typed"),
    [
        ("Educators", "load", "some"), ("Educators", "leaves_on", "Easter"), ("Educators", "available_from", "soon"),
        ("Agencies", "maximum_at_once", "none"), ("Agencies", "maximum_in_year", "few"), ("Teams", "maximum_at_once", "x"),
    ],
)  # fmt: skip
def test_whatever_limits_a_pe_an_agency_or_a_team(sheet: str, column: str, typed: str) -> None:
    found = reading(**{sheet: {column: typed}})
    dataset = found.dataset
    number = {
        "Educators": dataset.educator_by_id["PE1"].load,
        "Agencies": dataset.agency_by_id["A"].maximum_at_once,
        "Teams": next(t.maximum_at_once for t in dataset.teams if t.team == "X"),
    }[sheet]
    assert number == 0
    assert [(i.level, i.sheet, i.row, i.column) for i in found.issues] == [("set_aside", sheet, 2, column)]


@pytest.mark.parametrize(("column", "typed"), [("latest_end", "July"), ("days", "most"), ("days_a_week", "few")])
def test_a_request_whose_limits_cannot_be_read_is_set_aside(column: str, typed: str) -> None:
    request = reading(Requests={column: typed}).dataset.request_by_id["S2/first"]
    assert request.set_aside == f"{column} cannot be read"


# ---- dates -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "remarks"),
    [
        ("2027-01-04T00:00:00Z", set()), ("2027-01-04T00:00:00.000Z", set()), ("2027-01-04T00:00:00+00:00", set()),
        ("2027-01-04 00:00", set()), ("2027-01-04T09:30:00Z", {"V219"}), ("2027-01-04t00:00:00z", set()),
    ],
)  # fmt: skip
def test_dates_of_programs_are_dates(typed: str, remarks: set[str]) -> None:
    found = reading(Tranches={"first_day": typed})
    assert found.dataset.tranche_by_id["T1"].first_day.isoformat() == "2027-01-04"
    assert {i.code for i in found.issues} == remarks


@pytest.mark.parametrize(
    "cells",
    [
        {"first_day": "January 2027"}, {"first_day": None}, {"first_day": "not known"}, {"first_day": "2027-02-30"},
        {"last_end": "summer"}, {"last_start": "soon"}, {"tranche": None}, {"tranche": "not known"},
        {"first_day": "January 2027", "status": None},
    ],
)  # fmt: skip
def test_the_round_being_decided_must_be_readable(cells: dict[str, Any]) -> None:
    # T2, which is later, could be planned; a plan of it alone would look like success.
    found = issues(sheets(Tranches=with_row("Tranches", 2, **cells)))
    assert "stop" in {i.level for i in found}
    assert "No student has a request" not in str([i.message for i in found])  # theirs is in this round


def test_two_rows_of_the_round_being_decided_that_differ_stop() -> None:
    twice = [*FULL["Tranches"], {**FULL["Tranches"][0], "first_day": "2027-01-11"}]
    assert {i.level for i in issues(sheets(Tranches=twice)) if i.code == "V425"} == {"stop"}


def test_another_round_that_cannot_be_read_is_set_aside() -> None:
    found = reading(Tranches=with_row("Tranches", 4, first_day="January 2026"))
    assert [i.level for i in found.issues if i.sheet == "Tranches"] == ["set_aside"]


# ---- ids ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ['="007"', "'007", '= "007"'.replace(" ", "")])
def test_signs_that_keep_a_text_from_becoming_a_number(typed: str) -> None:
    rows = with_row("Students", 2, student=typed)
    found = reading(Students=rows, Decisions=[{"decision": "do_not_match", "request": "007/first", "offer": "O2"}])
    assert "007" in found.dataset.student_by_id
    assert len(found.dataset.decisions) == 1


# ---- rankings ----------------------------------------------------------------------------------------------------
def test_offers_separated_by_commas_are_ranked_in_their_order() -> None:
    student = reading(Students={"ranked_offers": "O2, O1,O3"}).dataset.student_by_id["S1"]
    assert student.ranked_offers == (("O2",), ("O1",), ("O3",))


@pytest.mark.parametrize("typed", ["O2 > O1, O3", "O2 > O1 O3", "O2 > O1/O3", "O2 > O1 | o3"])
def test_other_signs_between_offers_are_not_guessed(typed: str) -> None:
    found = reading(Students={"ranked_offers": typed})
    assert found.dataset.student_by_id["S1"].ranked_offers == (("O2",),)
    assert of_code(found.issues, "V303").message.endswith("Ranks are separated by >, offers of equal rank by =.")


def test_a_ranking_that_cannot_be_read_is_no_consent_to_anything() -> None:
    assert reading(Students={"ranked_offers": "O1 > > O2"}).dataset.request_by_id["S1/first"].set_aside


def test_half_a_character_in_json_is_named() -> None:
    # "\ud800" is the first half of a pair: JSON can spell it, and no file can hold it.
    found = reading(Students=[*FULL["Students"], {**FULL["Students"][0], "student": "S9\ud800"}])
    [issue] = [i for i in found.issues if i.code == "V144"]
    assert (issue.sheet, issue.row, issue.column) == ("Students", len(FULL["Students"]) + 2, "student")
    assert "S9\ufffd" in issue.message


@pytest.mark.parametrize(
    ("sheet", "column", "remedy"),
    [
        # A blank is one place, which nobody who cannot give a number means.
        ("Offers", "capacity", "Type a whole number from 0 to 1000, or 'not known'; where there are none, type 0 (blank means: 1)."),
        ("Educators", "load", "Type a number from 0 to 100, or 'not known'; where there are none, type 0 (blank means: 1; consultants and independents 2; trainees 1)."),
        ("Offers", "latest_end", "Type a date, or 'not known' (blank means: the tranche's)."),
        ("Agencies", "maximum_at_once", "Type a whole number, 0 or more, or 'not known' (blank means: no limit)."),
        # Here 'not known' would count as blank.
        ("Tranches", "last_end", "Type a date (blank means: no limit)."),
        ("Commitments", "number", "Type a number from 0 to 1000 (blank means: 1)."),
    ],
)  # fmt: skip
def test_the_remedy_says_what_a_blank_would_mean(sheet: str, column: str, remedy: str) -> None:
    found = [i for i in issues(sheets(**{sheet: {column: "half"}})) if i.column == column and i.code == "V201"]
    assert [i.remedy for i in found] == [remedy]
