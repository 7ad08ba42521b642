"""Every kind of problem in sheets: one case each, at the place and the level where a person would look for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from allocator.reading.codes import ISSUE_KINDS
from models.errors import Issue
from tests.reading.sheets import FULL, Sheets, issues, of_code, sheets

S = "set_aside"
W = "warning"
STOP = "stop"


@dataclass(frozen=True)
class Case:
    """Sheets with one thing wrong, and what must be said about it: level, sheet, row, column, words."""

    code: str
    given: Callable[[], Sheets]
    level: str
    sheet: str | None
    row: int | None
    column: str | None
    words: str


def more(sheet: str, **cells: Any) -> Sheets:
    """The partnership with one more row."""
    result = sheets()
    result[sheet].append(cells)
    return result


def cell(sheet: str, row: int, **cells: Any) -> Sheets:
    """The partnership with cells of one row (as the user counts: the first row of data is 2) changed."""
    result = sheets()
    result[sheet][row - 2].update(cells)
    return result


def decision(**cells: Any) -> Sheets:
    return sheets(Decisions=[{"by": "AB"} | cells])


def named(**renamed: str) -> Sheets:
    return {renamed.get(name, name): rows for name, rows in sheets().items()}


def without(sheet: str, column: str) -> Sheets:
    result = sheets()
    for row in result[sheet]:
        row.pop(column, None)
    return result


CASES = (
    Case("V106", lambda: {"Students": []}, STOP, None, None, None, "no sheet with rows"),
    Case("V107", lambda: named(Offers="Places on offer"), STOP, "Offers", None, None, "'Offers' is missing"),
    Case("V108", lambda: without("Students", "home"), STOP, "Students", None, "home", "'home' is missing"),
    Case("V109", lambda: sheets(Students=[dict.fromkeys(("student", "programme", "home", "stage"))]), STOP, "Students", None, None, "no rows"),
    Case("V110", lambda: sheets(Places=None), W, "Places", None, None, "no travel can be estimated"),
    Case("V111", lambda: {**sheets(), "Ofers": []}, W, "Ofers", None, None, "Did you mean 'Offers'?"),
    Case("V112", lambda: cell("Students", 2, clearence="passed"), W, "Students", 1, "clearence", "Did you mean 'clearance'?"),
    Case("V113", lambda: cell("Students", 2, Course2=None) and sheets(Lists=[{"list": "headings", "word": "Kind of place", "meaning": "Offers.setting"}], Offers={"Kind of place": "trust"}), W, "Offers", 1, "Kind of place", "read as 'setting'"),
    Case("V114", lambda: cell("Students", 2, **{"Home": "CR0", "home ": "SM1", "home": "CR0"}), STOP, "Students", 1, "Home", "not clear which"),
    Case("V116", lambda: sheets(Travel=[{"colour": "red", "size": "big"}]), S, "Travel", None, None, "no row of headings"),
    Case("V117", lambda: more("Students", student="Evening group"), W, "Students", 5, None, "looks like a title"),
    Case("V118", lambda: more("Students", student="Total", programme="3"), W, "Students", 5, None, "looks like a total"),
    Case("V121", lambda: more("Teams", **{"agency": "A", "team": "W", "": "what is this"}), W, "Teams", 4, None, "without a heading"),
    Case("V122", lambda: cell("Students", 2, Surname="(secret)"), STOP, "Students", 1, "Surname", "names or contact details"),
    Case("V123", lambda: cell("Students", 2, home="cr0 4xy"), STOP, "Students", 2, "home", "CR0 ..."),
    Case("V124", lambda: cell("Students", 2, Ethnicity="(secret)"), W, "Students", 1, "Ethnicity", "never used"),
    Case("V128", lambda: {**sheets(), "students": [{"student": "S9"}]}, STOP, "Students", None, None, "'Students' and 'students' would both be read"),
    Case("V130", lambda: sheets(Offers=[]), STOP, "Offers", None, None, "The sheet is blank"),
    Case("V131", lambda: sheets(Tranches=[{"tranche": "T1", "first_day": "2027-01-04", "status": "past"}]), STOP, "Tranches", None, None, "Every tranche is past, so there is nothing to plan"),
    Case("V145", lambda: more("Educators", pe="Mary", employed_by="A", qualification="PEPS2"), W, "Educators", 4, "pe", "look like names of persons (1, beginning with M...)"),
    Case("V129", lambda: {**sheets(), "Travel": ["CR0", {"from": "CR0", "to": "SM1", "mode": "car", "minutes": 9}]}, S, "Travel", 2, None, "no list of cells"),  # type: ignore[list-item]
    Case("V201", lambda: cell("Offers", 2, earliest_start="soon"), S, "Offers", 2, "earliest_start", "'soon' is not a date, and the cell limits what may be planned, so nobody new is placed there"),
    Case("V202", lambda: cell("Offers", 2, stage="fnial"), S, "Offers", 2, "stage", "Did you mean 'final'?"),
    Case("V203", lambda: cell("Offers", 2, areas="childen'ss"), W, "Offers", 2, "areas", "Did you mean 'children'?"),
    Case("V204", lambda: sheets(Lists=[{"list": "areas", "word": w} for w in ("adults", "children")], Offers={"areas": "adlts"}), W, "Offers", 2, "areas", "Did you mean 'adults'?"),
    Case("V205", lambda: cell("Offers", 2, capacity=-1), S, "Offers", 2, "capacity", "-1 is negative"),
    Case("V206", lambda: cell("Offers", 2, capacity=1.5), S, "Offers", 2, "capacity", "1.5 is not whole"),
    Case("V207", lambda: cell("Offers", 2, days_a_week=6), S, "Offers", 2, "days_a_week", "6 is out of range"),
    Case("V208", lambda: cell("Offers", 2, capacity="#REF!"), S, "Offers", 2, "capacity", "the error #REF!"),
    Case("V211", lambda: cell("Offers", 2, earliest_start="4/3/2027"), W, "Offers", 2, "earliest_start", "'4/3/2027' as 4 March 2027"),
    Case("V212", lambda: more("Agencies", agency=12.0), W, "Agencies", 5, "agency", "12.0 as '12'"),
    Case("V213", lambda: cell("Students", 2, home=" CR0\u00a0"), W, "Students", 2, "home", "'CR0'"),
    Case("V214", lambda: cell("Students", 2, drives="Y"), W, "Students", 2, "drives", "'Y' as yes"),
    Case("V215", lambda: sheets(Offers=[{"offer": "O1", "agency": "A", "team": "X"}, {"offer": "O4", "agency": "B", "team": "W", "place": "SM1", "areas": None}]), W, "Offers", 3, "areas", "'areas' is blank"),
    Case("V216", lambda: cell("Students", 2, home=""), S, "Students", 2, "home", "'home' is blank"),
    Case("V217", lambda: cell("Offers", 2, agency="not known"), S, "Offers", 2, "agency", "may not be 'not known'"),
    Case("V218", lambda: cell("Students", 3, preferred_areas="children, adults"), W, "Students", 3, "preferred_areas", "separated by commas"),
    Case("V222", lambda: cell("Tranches", 2, last_end="not known"), W, "Tranches", 2, "last_end", "counts as blank"),
    Case("V219", lambda: cell("Offers", 2, earliest_start=46391), W, "Offers", 2, "earliest_start", "'46391' as 4 January 2027"),
    Case("V220", lambda: cell("Offers", 2, earliest_start="2027-03-01", latest_start="2027-02-01"), W, "Offers", 2, "latest_start", "the later date comes first"),
    Case("V301", lambda: more("Agencies", agency="A", kind="trust"), S, "Agencies", 2, "agency", "A stands on 2 rows that differ"),
    Case("V302", lambda: more("Places", **FULL["Places"][0]), W, "Places", 4, "place", "CR0 stands on 2 rows that are equal"),
    Case("V303", lambda: more("History", student="S33", stage="first"), S, "History", 3, "student", "'S33' is not on Students"),
    Case("V304", lambda: cell("History", 2, student="s3"), W, "History", 2, "student", "'s3' was read as 'S3'"),
    # O1 is still mentioned on Published, O2 and O3 are there.
    Case("V305", lambda: cell("Offers", 2, offer=None), W, "Offers", 2, "offer", "numbered O4"),
    Case("V306", lambda: more("Educators", pe="PE needed", employed_by="A", qualification="PEPS2"), S, "Educators", 4, "pe", "has a meaning of its own"),
    Case("V307", lambda: sheets(Agencies=None, Offers=[{"agency": a, "team": "X", "place": "CR0", "areas": "adults"} for a in ("Sutton Adults", "Suton Adults")], Teams=None), W, "Offers", None, "agency", "look like one thing"),
    Case("V308", lambda: sheets(Educators={"qualification": "PEPS3"}), W, "Offers", 2, "educators", "'PE1' is on Educators, but its row was set aside (V202, row 2); the name is passed over"),
    Case("V309", lambda: more("Students", student="S/4", programme="BA", home="CR0"), S, "Students", 5, "student", "'S/4' cannot be an id, since '/' separates student and stage"),
    Case("V310", lambda: more("Agencies", agency="A" * 61), W, "Agencies", 5, "agency", "has 61 characters"),
    Case("V320", lambda: sheets(History={"agency": "Cee Ltd"}, Agencies=[*FULL["Agencies"], {"agency": "Ceee Ltd"}]), W, "History", 2, "agency", "Is 'Cee Ltd' the same as 'Ceee Ltd'?"),
    Case("V401", lambda: cell("Students", 2, stage=None), S, "Students", 2, "stage", "S1 has no request, so nothing is looked for"),
    Case("V402", lambda: sheets(History=[{"student": "S1", "stage": "final"}]), W, "Students", 4, "stage", "S3: a final, but no first placement is recorded"),
    Case("V403", lambda: cell("Students", 2, scheme="intern"), W, "Students", 2, "scheme", "S1/first is on the scheme 'intern'"),
    Case("V404", lambda: cell("Educators", 3, practice_assessor="PE2"), W, "Educators", 3, "practice_assessor", "is the trainee"),
    # 4 January to 31 March 2027: 62 weekdays, less Good Friday (26 March) and Easter Monday (29 March): 61.
    Case("V405", lambda: cell("Offers", 2, latest_end="2027-03-31"), W, "Offers", 2, "latest_end", "holds 61 placement days of the 70 needed"),
    Case("V406", lambda: cell("Requests", 2, latest_end="2027-03-31"), W, "Requests", 2, "latest_end", "holds 61 placement days of the 70 needed"),
    Case("V407", lambda: cell("Students", 2, home="KT1"), W, "Students", 2, "home", "'KT1' has no coordinates"),
    Case("V408", lambda: more("Requests", student="S2", stage="first", attempt=2), S, "Requests", 2, None, "S2/first is left out, since S2/first/2"),
    Case("V409", lambda: cell("Tranches", 3, status=None), W, "Tranches", 3, "status", "T2 has no status and was read as 'later'"),
    Case("V410", lambda: more("Tranches", tranche="T3", first_day="2027-02-01", status="deciding"), W, "Students", 2, "tranche", "were read as T1"),
    Case("V411", lambda: cell("Tranches", 2, stages="first"), S, "Students", 4, "tranche", "S3/final names no tranche"),
    Case("V412", lambda: cell("Tranches", 3, stages="first"), W, "Requests", 3, "tranche", "S2/final is in T2, which is for first"),
    Case("V413", lambda: cell("Offers", 2, spokes="B/Y/SM1=many"), S, "Offers", 2, "spokes", "O1: 'B/Y/SM1=many' is no spoke, since 'many' is no whole number of days"),
    Case("V440", lambda: cell("Offers", 2, spokes="A/X=20"), W, "Offers", 2, "spokes", "O1: 'A/X=20' is its own team"),
    Case("V439", lambda: cell("Offers", 2, spokes="B/Y=40; B/Hub/CR0=30"), W, "Offers", 2, "spokes", "take 70 of the 70 days of a first, which leaves its own team none"),
    Case("V414", lambda: cell("Offers", 2, educators="PE01"), W, "Offers", 2, "educators", "Did you mean 'PE1'?"),
    Case("V415", lambda: without("Teams", "statutory_regulator"), W, "Offers", None, "statutory_regulator", "provisional until somebody says"),
    Case("V416", lambda: cell("Students", 4, first_team="Z"), W, "Students", 4, "first_agency", "History has the first placement"),
    Case("V417", lambda: cell("Offers", 2, minimum=2), W, "Offers", 2, "minimum", "at least 2 students but has 1 places"),
    # The policy asks 70 days for a first; 40 + 30 are credited.
    Case("V418", lambda: sheets(Requests=[{"student": "S2", "stage": "first", "attempt": 2}], History=[{"student": "S2", "stage": "first", "outcome": "failed", "days_credited": d} for d in (40, 30)]), W, "Requests", 2, "days", "credits 70 of 70 days"),
    Case("V419", lambda: cell("Places", 2, latitude=-0.08, longitude=51.37), W, "Places", 2, "latitude", "outside England"),
    Case("V420", lambda: cell("Commitments", 2, pe="PE1"), S, "Commitments", 2, "agency", "names agency, pe"),
    Case("V421", lambda: more("Students", student="EXAMPLE1", programme="BA", home="CR0", stage="first"), W, "Students", 5, "student", "EXAMPLE1"),
    Case("V443", lambda: cell("Students", 2, home="Croydon"), W, "Students", 2, "home", "'Croydon' is no postcode district, as the others in 'home' are (such as CR0, SM1)"),
    Case("V422", lambda: cell("Students", 2, clearance="pased"), S, "Students", 2, None, "S1/first cannot be placed in this run: clearance cannot be read"),
    Case("V423", lambda: cell("Offers", 2, educators="PE1; TBC PEPS3"), W, "Offers", 2, "educators", "'TBC PEPS3' is neither a PE nor a pool"),
    Case("V424", lambda: cell("Offers", 2, reserved_for="Pg Dp"), W, "Offers", 2, "reserved_for", "Did you mean 'PgDip'?"),
    Case("V503", lambda: decision(decision="fix", request="S1/first"), S, "Decisions", 2, None, "needs one request and an offer"),
    Case("V504", lambda: decision(decision="exception", request="S1/first", rule="E03", why="x"), S, "Decisions", 2, "rule", "E03: no exception is possible"),
    Case("V505", lambda: decision(decision="exception", request="S1/first", rule="E01", value=11, why="x"), S, "Decisions", 2, "value", "'11' is no value for an exception to E01"),
    Case("V506", lambda: decision(decision="withdraw", about="X9"), S, "Decisions", 2, "about", "is no student, request, offer or PE"),
    Case("V508", lambda: sheets(Decisions=[{"decision": d, "request": "S1/first", "offer": "O2", "by": "AB"} for d in ("fix", "do_not_match")]), S, "Decisions", 2, None, "'do_not_match S1/first O2', which forbids it"),
    Case("V509", lambda: decision(decision="declined", request="S1/first", offer="O99", party="student"), S, "Decisions", 2, None, "S1/first takes no new place in this run"),
    Case("V510", lambda: sheets(Published={"status": "confirmed"}, Decisions=[{"decision": "fix", "request": "S3/final", "offer": "O1", "by": "AB"}]), W, "Decisions", 2, None, "the match of S3/final is kept"),
    Case("V511", lambda: cell("Published", 2, request="S33/final"), W, "Published", 2, "request", "counts as over. Did you mean 'S3/final'?"),
    Case("V513", lambda: decision(decision="unlock", request="S1/first"), W, "Decisions", 2, None, "has no published match"),
    Case("V514", lambda: decision(decision="withdraw", about="O1", effective="2026-12-01"), W, "Decisions", 2, None, "holds from 2026-12-01"),
    Case("V515", lambda: sheets(Decisions=[{"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": v, "on": d, "by": "AB"} for v, d in (("to_ask", "2026-11-01"), ("accepted", "2026-11-09"))]), W, "Decisions", 2, None, "'accepted' stands"),
    Case("V518", lambda: sheets(Decisions=[{"decision": "fix", "request": "S1/first", "offer": "O1", "by": "AB", "on": "2030-01-01"}]), W, "Decisions", 2, "on", "it is not in force in this plan"),
    Case("V519", lambda: decision(decision="apart", request="S1; S2", value="team", agency="A"), W, "Decisions", 2, "agency", "agency says nothing of two students"),
    Case("V520", lambda: decision(decision="undo", id="D2", value="D1"), S, "Decisions", 2, "value", "no row has the id 'D1'; nothing was undone"),
    Case("V521", lambda: sheets(Decisions=[{"decision": "unlock", "request": "S1/first", "id": "D1", "by": "AB"}, {"decision": "undo", "id": "D2", "value": "D1", "by": "AB"}]), W, "Decisions", 2, None, "D1 was undone by D2"),
    Case("V522", lambda: decision(decision="hold", offer="O3", places=3), S, "Decisions", 2, None, "holds 3 of the places of O3, of which 2 can be held"),
    Case("V523", lambda: cell("Published", 2, request="S33/final", status="meeting_booked"), W, "Published", 2, "request", "a place of O1 and PE1 are held for it. Did you mean 'S3/final'?"),
    Case("V516", lambda: sheets(Published={"status": "started"}, Students=[*FULL["Students"][:2], {**FULL["Students"][2], "clearance": "pased"}]), W, "Published", 2, None, "the match is kept as published"),
    Case("V517", lambda: sheets(Decisions=[{"decision": "do_not_match", "request": "S1/first", "offer": "O2", "agency": "A", "by": "AB"}]), S, "Decisions", 2, None, "offer O2 is of B/Y, not of A"),
    Case("V601", lambda: cell("Policy", 2, setting="travel_limt"), S, "Policy", 2, "value", "Did you mean 'travel_limit'?"),
    Case("V139", lambda: named(Students="Students - Table 1"), W, "Students", None, None, "'Students - Table 1' was read as 'Students'"),
    Case("V223", lambda: cell("Students", 2, stage="frist"), W, "Students", 2, "stage", "(cells: 1): 'frist' as first"),
    Case("V225", lambda: cell("Educators", 3, becomes="PEPS1"), W, "Educators", 3, "qualifies_on", "PE2 becomes PEPS1, and nobody said when; counts as trainee_1"),
    Case("V227", lambda: cell("Calendar", 2, agency="A"), W, "Calendar", 2, "agency", "'meeting' is a date of the whole round"),
    Case("V226", lambda: cell("Educators", 3, qualifies_on="2027-03-01", needs_student_by="2027-03-31"), W, "Educators", 3, "needs_student_by", "when they are PEPS1"),
    Case("V221", lambda: cell("Students", 2, ranked_offers="O1, O2"), W, "Students", 2, "ranked_offers", "best first: O1 > O2"),
    Case("V425", lambda: cell("Tranches", 2, first_day="January 2027"), STOP, "Tranches", 2, None, "cannot be used (first_day 'January 2027' cannot be read), and it is the one being decided"),
    Case("V140", lambda: cell("Students", 2, note="ring 07700 900123"), STOP, "Students", 2, "note", "a telephone number stands in 'note'"),
    Case("V141", lambda: cell("Students", 2, student="Jane Smith"), STOP, "Students", 2, "student", "looks like the name of a person (initials JS)"),
    Case("V142", lambda: cell("Decisions", 2, by="Jane Smith"), W, "Decisions", 2, "by", "the initials JS were read instead"),
    Case("V143", lambda: cell("Students", 2, note="with Mrs Jones"), W, "Students", 2, "note", "names a person, so it was not read"),
    Case("V426", lambda: cell("Tranches", 2, first_day="2026-11-20"), W, "Tranches", 2, "first_day", "T1 begins on 20 November 2026, before today (21 November 2026)"),
    Case("V427", lambda: cell("Offers", 2, latest_end="2072-07-30"), W, "Offers", 2, "latest_end", "30 July 2072 in 'latest_end' is years from today"),
    Case("V428", lambda: sheets(Educators=[{**FULL["Educators"][0], "fall_back": "PE2"}, {**FULL["Educators"][1], "fall_back": "PE1"}]), W, "Educators", 2, "fall_back", "PE1 -> PE2 -> PE1"),
    Case("V429", lambda: sheets(Requests=[{"student": "S2", "stage": "first", "tranche": "T2"}, {"student": "S2", "stage": "final", "tranche": "T1"}]), W, "Requests", 3, "tranche", "S2: the final is in T1, before the first in T2"),
    Case("V430", lambda: cell("Requests", 2, found_by="employer", latest_end="2027-09-10"), W, "Requests", 2, "latest_end", "S2/first, which the employer found, ends on 10 September 2027 (Requests.latest_end), so S2/final starts no earlier than 11 September 2027"),
    Case("V431", lambda: cell("Requests", 2, found_by="employer", latest_end="2027-09-10") | {"Published": [{"request": "S2/final", "offer": "O3", "status": "confirmed", "start": "2027-09-06"}]}, W, "Requests", 2, "latest_end", "S2/final stays and starts on 6 September 2027"),
    Case("V432", lambda: cell("Requests", 2, found_by="employer", tranche="T2"), W, "Requests", 2, "latest_end", "Nobody has said when S2/first, which the employer found, ends"),
    Case("V433", lambda: cell("Past", 2, value=0.7), W, "Past", 2, "value", "M01 statutory by partners: 0.7 was read as 0.7 percent"),
    Case("V438", lambda: cell("Offers", 2, statutory_dfe="yes", section_17_or_47="yes"), W, "Offers", 2, "statutory_dfe", "updates_records is not yes"),
    Case("V437", lambda: cell("Students", 2, part="South") | {"Policy": [{"setting": "rule.E20", "value": "on"}]}, W, "Students", 2, "part", "No agency or team is of the part 'South'"),
    Case("V441", lambda: sheets(Policy=[{"setting": "statutory_least", "value": "MSW=2"}]), W, "Students", 4, "programme", "only S3/final is left"),
    Case("V442", lambda: cell("Past", 2, value=173), W, "Past", 2, "value", "M01 statutory by partners: value is '173', and a share (M01) is at most 100 percent"),
    Case("V604", lambda: sheets(Policy=[{"setting": "independents_so_far", "value": 5}]), W, "Policy", 2, "value", "independents_so_far = 5, and placements_so_far, of which they are a part, is 0"),
    Case("V602", lambda: cell("Policy", 2, value="far"), S, "Policy", 2, "value", "the default (90) holds"),
    Case("V603", lambda: cell("Policy", 2, value=50), S, "Policy", 2, "value", "travel_target may not exceed travel_limit"),
)  # fmt: skip
ELSEWHERE = {
    "test_sources": {"V101", "V102", "V103", "V104", "V105", "V115", "V119", "V120", "V125", "V126", "V127", "V146", "V209", "V210"},
    "test_odd_cells": {"V144"},
    "test_odd_files": {"V132", "V133", "V134", "V135", "V136", "V137", "V138"},
    "test_decisions": {"V507"},
    "test_plans": {"V701", "V702", "V703", "V704"},
}  # fmt: skip


def test_the_partnership_itself_has_no_problem() -> None:
    assert issues(sheets()) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.code)
def test_kind(case: Case) -> None:
    found = [i for i in issues(case.given()) if i.code == case.code]
    assert found
    first = found[0]
    assert (first.level, first.sheet, first.row, first.column) == (case.level, case.sheet, case.row, case.column)
    assert case.words in first.message
    assert first.remedy


def test_every_kind_has_its_case() -> None:
    elsewhere = set().union(*ELSEWHERE.values())
    assert {c.code for c in CASES} | elsewhere == set(ISSUE_KINDS)
    assert not {c.code for c in CASES} & elsewhere


def test_messages_never_hold_row_numbers_and_always_a_remedy() -> None:
    # Rows in another order must give the same dataset, issues included.
    for kind in ISSUE_KINDS.values():
        assert "{row}" not in kind.message
        assert kind.remedy


def test_all_problems_at_once() -> None:
    given = sheets(Students={"home": "CR0 4XY", "Surname": "x"}, Offers=None)
    found = issues(given)
    assert {i.code for i in found if i.level == "stop"} == {"V107", "V122", "V123"}


@pytest.mark.parametrize("text", ["CR0 4XY", "cr04xy", "near CR0 4XY"])
def test_a_full_postcode_is_never_echoed(text: str) -> None:
    found: Issue = of_code(issues(sheets(Students={"home": text})), "V123")
    assert "4XY" not in found.model_dump_json().upper()
    assert found.remedy == "Type the district only: CR0."


def test_a_name_column_is_refused_but_not_an_agency_name() -> None:
    # "Team name" and Agencies.name are not of persons; the cells of a refused column are not echoed.
    assert not [i for i in issues(sheets(Agencies={"name": "Council A"})) if i.level == "stop"]
    for heading in ("Name", "Student name", "First Name", "E-mail", "Mobile", "Home address", "Date of birth", "DOB"):
        found = of_code(issues(sheets(Students={heading: "(secret)"})), "V122")
        assert "(secret)" not in found.model_dump_json()
    for heading in ("Team name", "Agency name", "Postcode district"):
        assert "V122" not in {i.code for i in issues(sheets(Offers={heading: "X"}))}


def test_what_a_page_says_is_to_be_done_names_no_command() -> None:
    for kind in ISSUE_KINDS.values():
        said = kind.on_page or kind.remedy
        assert "placements " not in said, kind.code
        assert "allocate" not in said, kind.code
        assert not (kind.on_page and "{" in kind.on_page), kind.code
