"""What blanks mean: the facts that reading makes of cells that are empty, not known, or derived from other sheets."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from allocator.intake import read_sheets
from models.dataset import Dataset
from models.entities import EducatorEntry, Student
from tests.reading.sheets import FULL, TODAY, issues, of_code, reading, sheets

LEAST: dict[str, Any] = {
    "Tranches": [{"tranche": "January", "first_day": "2027-01-04"}],
    "Students": [{"student": "S1", "programme": "MSW", "home": "CR0", "stage": "first"}],
    "Offers": [{"agency": "A", "team": "X", "place": "CR0", "areas": "adults"}],
}


def data(**rows: Any) -> Dataset:
    return reading(**rows).dataset


def student(name: str = "S1", **cells: Any) -> Student:
    return data(Students=[{**FULL["Students"][0], **cells}, *FULL["Students"][1:]]).student_by_id[name]


def test_least_workbook() -> None:
    # Three sheets, ten columns.
    assert sum(len(rows[0]) for rows in LEAST.values()) == 10
    found = read_sheets(LEAST, today=TODAY)
    dataset = found.dataset
    assert {i.level for i in found.issues} == {"warning"}
    assert dataset.tranches[0].status == "deciding"
    request = dataset.request_by_id["S1/first"]
    assert (request.tranche, request.days, request.days_a_week_least, request.days_a_week_most) == (
        "January",
        70,
        Decimal(1),
        Decimal(5),
    )
    assert (request.attempt, request.repeat, request.found_by, request.set_aside) == (1, False, "partnership", None)
    one = dataset.student_by_id["S1"]
    assert (one.drives, one.mode, one.readiness, one.clearance) == ("no", "public", "pending", "pending")
    assert one.university == found.policy.university
    offer = dataset.offer_by_id["O1"]
    assert (offer.capacity, offer.stage, offer.days_a_week, offer.state) == (1, "either", None, "firm")
    assert (offer.earliest_start, offer.latest_start, offer.latest_end) == (date(2027, 1, 4), None, None)
    assert (offer.on_site_supervisor, offer.educators, offer.setting) == ("to_be_named", (), None)
    assert (offer.statutory_regulator, offer.statutory_dfe) == ("not_known", "not_known")
    assert [a.agency for a in dataset.agencies] == ["A"]
    assert dataset.agencies[0].membership == "outside"
    assert (dataset.teams[0].agency, dataset.teams[0].team, dataset.teams[0].place) == ("A", "X", "CR0")
    assert found.policy.as_of == TODAY


def test_bank_holidays_reach_two_years_beyond_the_last_date() -> None:
    # Dates run from 2026 (T0, and today) to 2027; so 2026 to 2029.
    days = data().bank_holidays
    assert {d.year for d in days} == {2026, 2027, 2028, 2029}
    assert date(2027, 3, 26) in days  # Good Friday
    assert date(2027, 8, 30) in days  # the last Monday of August: England, not Scotland


@pytest.mark.parametrize(
    ("cells", "mode", "drives"),
    [({"drives": "yes"}, "car", "yes"), ({"drives": None}, "public", "no"), ({"drives": "not known"}, "public", "not_known"),
     ({"drives": "yes", "mode": "public"}, "public", "yes")],
)  # fmt: skip
def test_mode_follows_the_car(cells: dict[str, Any], mode: str, drives: str) -> None:
    one = student(**cells)
    assert (one.mode, one.drives) == (mode, drives)
    assert one.not_known == (("drives",) if drives == "not_known" else ())


def test_readiness_is_passed_for_a_student_who_has_only_a_final() -> None:
    students = [{k: v for k, v in s.items() if k != "readiness"} for s in FULL["Students"]]
    by_id = data(Students=students).student_by_id
    # S1 asks for a first, S2 for both, S3 for a final.
    assert [by_id[s].readiness for s in ("S1", "S2", "S3")] == ["pending", "pending", "passed"]
    assert student(readiness="not known").readiness == "not_known"


@pytest.mark.parametrize(
    ("programme", "scheme"),
    [("Step Up", "step_up"), ("step-up", "step_up"), ("Apprenticeship", "apprentice"), ("MSW", None)],
)
def test_scheme_by_programme(programme: str, scheme: str | None) -> None:
    assert student(programme=programme).scheme == scheme
    assert student(programme=programme, scheme="sponsored").scheme == "sponsored"


def test_own_list_of_programmes_names_the_scheme() -> None:
    words = [
        {"list": "programmes", "word": w, "meaning": m} for w, m in (("MSW", ""), ("BA", ""), ("Fast Track", "step up"))
    ]
    one = data(Lists=words, Students=[{**FULL["Students"][0], "programme": "fast track"}, *FULL["Students"][1:]])
    assert (one.student_by_id["S1"].programme, one.student_by_id["S1"].scheme) == ("Fast Track", "step_up")


def test_excluded_names_agencies_teams_and_educators() -> None:
    one = student(excluded="b; A/x; pe2")
    assert (one.excluded_agencies, one.excluded_teams, one.excluded_educators) == (("B",), (("A", "X"),), ("PE2",))


def test_what_excludes_and_cannot_be_read_sets_the_request_aside() -> None:
    dataset = data(Students=[{**FULL["Students"][0], "excluded": "B; Nobody"}, *FULL["Students"][1:]])
    assert dataset.request_by_id["S1/first"].set_aside == "excluded names something that is not listed"
    assert dataset.student_by_id["S1"].excluded_agencies == ("B",)


def test_rankings() -> None:
    one = student(ranked_offers="O2 > O3 = O1 > O9", preferred_areas="adults; children", preferred_agencies="B;A")
    assert one.ranked_offers == (("O2",), ("O1", "O3"))
    assert one.preferred_areas == ("adults", "children")
    assert one.preferred_agencies == ("B", "A")
    # Ranking only offers that are gone is not the same as ranking none.
    assert data(Students=[{**FULL["Students"][0], "ranked_offers": "O9"}, *FULL["Students"][1:]]).request_by_id["S1/first"].set_aside  # fmt: skip


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("3", 1, 3), ("3-5", 3, 5), (4, 1, 4), (None, 1, 5), (2.5, 1, "2.5"), ("2.5 - 4.0", "2.5", 4)],
)
def test_days_a_week(text: Any, least: Any, most: Any) -> None:
    request = data(Requests=[{"student": "S2", "stage": "first", "days_a_week": text}]).request_by_id["S2/first"]
    assert (request.days_a_week_least, request.days_a_week_most) == (Decimal(least), Decimal(most))


def test_days_a_week_of_the_programme() -> None:
    dataset = data(Policy=[{"setting": "days_a_week", "value": "ba=3; MSW=4"}])
    by_id = dataset.request_by_id
    assert (by_id["S1/first"].days_a_week_most, by_id["S2/first"].days_a_week_most) == (Decimal(4), Decimal(3))
    assert by_id["S2/final"].days_a_week_least == 3  # its own 3-5 wins


def test_a_later_attempt_is_a_repeat_for_the_days_still_to_do() -> None:
    # 70 days, of which 25 of the ended placement are credited: 45.
    history = [{"student": "S2", "stage": "first", "outcome": "ended_early", "days_credited": 25}]
    dataset = data(Requests=[{"student": "S2", "stage": "first", "attempt": 2}], History=[*history, *FULL["History"]])
    request = dataset.request_by_id["S2/first/2"]
    assert (request.days, request.repeat) == (45, True)
    repeated = data(Requests=[{"student": "S2", "stage": "first", "attempt": 2, "repeat": "no", "days": 30}])
    assert (repeated.request_by_id["S2/first/2"].days, repeated.request_by_id["S2/first/2"].repeat) == (30, False)


def test_a_row_on_requests_stands_for_students_stage() -> None:
    dataset = data(Requests=[{"student": "S1", "stage": "first", "tranche": "T2", "days": 80}, *FULL["Requests"]])
    assert [r.request for r in dataset.requests if r.student == "S1"] == ["S1/first"]
    assert (dataset.request_by_id["S1/first"].tranche, dataset.request_by_id["S1/first"].days) == ("T2", 80)


def test_of_two_live_attempts_the_higher_one_counts() -> None:
    rows = [*FULL["Requests"], {"student": "S2", "stage": "first", "attempt": 2, "tranche": "T2"}]
    assert [r.request for r in data(Requests=rows).requests if r.stage == "first"] == ["S1/first", "S2/first/2"]
    # A lower attempt in a past tranche is history and stays.
    rows[0] = {"student": "S2", "stage": "first", "tranche": "T0"}
    assert {"S2/first", "S2/first/2"} <= data(Requests=rows).request_by_id.keys()


def test_contradicting_rows_of_one_request_are_counted_but_not_placed() -> None:
    rows = [*FULL["Requests"], {"student": "S2", "stage": "first", "days": 60}]
    request = data(Requests=rows).request_by_id["S2/first"]
    assert request.set_aside == "it stands on several rows that differ"


def test_first_placement_on_students() -> None:
    cells = {
        "first_agency": "a",
        "first_team": "x",
        "first_areas": "children",
        "first_setting": "Trust",
        "first_statutory": "by equivalence",
    }
    dataset = data(Students=[*FULL["Students"][:2], {**FULL["Students"][2], **cells}], History=None)
    (row,) = dataset.history
    assert (row.student, row.stage, row.agency, row.team, row.areas, row.setting) == (
        "S3",
        "first",
        "A",
        "X",
        ("children",),
        "trust",
    )
    assert (row.statutory_regulator, row.statutory_dfe, row.outcome) == (
        "by_equivalence",
        "by_equivalence",
        "passed",
    )
    assert row.authorities == ("Council",)  # of team X, from its agency


def test_teams_and_offers_take_blanks_from_above() -> None:
    dataset = data()
    team = dataset.team_by_key["A", "X"]
    assert (team.setting, team.authorities) == ("authority", ("Council",))
    offer = dataset.offer_by_id["O1"]
    assert (offer.place, offer.areas, offer.setting) == ("CR0", ("adults",), "authority")
    assert (offer.statutory_regulator, offer.authorities) == ("yes", ("Council",))
    assert (offer.tranche, offer.latest_end) == ("T1", date(2027, 7, 30))
    assert dataset.offer_by_id["O3"].latest_end is None  # T2 has none


def test_not_known_is_an_answer_and_not_a_blank() -> None:
    cells = {
        "statutory_regulator": "not known",
        "place": "not known",
        "areas": "not known",
        "driver_essential": "not known",
    }
    offer = data(Offers=cells).offer_by_id["O1"]
    assert (offer.statutory_regulator, offer.place, offer.areas, offer.driver_essential) == (
        "not_known",
        None,
        (),
        "not_known",
    )
    assert offer.not_known == ("areas", "driver_essential", "place", "statutory_regulator")
    assert offer.statutory_dfe == "yes"  # blank: the team's


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("PE1; TBC", (("named", "PE1", None, None), ("tbc", None, None, None))),
        ("TBC PEPS2 x2", (("tbc", None, "PEPS2", 2),)),
        ("own PEPS1", (("own", None, "PEPS1", 1),)),
        ("own PEPS1 x2; own peps1", (("own", None, "PEPS1", 3),)),
        ("own trainee_2; own trainee 2", (("own", None, "trainee_2", 2),)),
        ("to be named", (("tbc", None, None, None),)),
        ("pe2, PE1", (("named", "PE1", None, None), ("named", "PE2", None, None))),
        ("PE7", (("named", "PE7", None, None),)),
        (None, ()),
    ],
)  # fmt: skip
def test_who_supervises(text: str | None, entries: tuple[tuple[Any, ...], ...]) -> None:
    expected = tuple(EducatorEntry(kind=k, pe=p, qualification=q, places=n) for k, p, q, n in entries)
    assert data(Offers={"educators": text}).offer_by_id["O1"].educators == expected


@pytest.mark.parametrize(
    ("employer", "qualification", "load"),
    [("A", "PEPS2", 1), ("independent", "PEPS2", 2), ("partnership", "PEPS1", 2), ("partnership", "trainee_2", 1)],
)
def test_load_where_blank(employer: str, qualification: str, load: int) -> None:
    row = {"pe": "PE9", "employed_by": employer, "qualification": qualification}
    assert data(Educators=[*FULL["Educators"], row]).educator_by_id["PE9"].load == load
    stated = {**row, "load": 0}
    assert data(Educators=[*FULL["Educators"], stated]).educator_by_id["PE9"].load == 0


def test_educators_serve_agencies_and_places() -> None:
    row = {"pe": "PE9", "employed_by": "Independent", "qualification": "PEPS2", "serves": "a; sm1"}
    educator = data(Educators=[*FULL["Educators"], row]).educator_by_id["PE9"]
    assert (educator.employed_by, educator.serves) == ("independent", ("A", "SM1"))


def test_also_called_and_full_name_find_the_agency() -> None:
    dataset = data(
        Agencies=[{**FULL["Agencies"][0], "also_called": "AfC; Old name", "name": "Agency of A"}, *FULL["Agencies"][1:]],
        Offers={"agency": "old name"}, Students=[{**FULL["Students"][0], "excluded": "Agency of A"}, *FULL["Students"][1:]],
    )  # fmt: skip
    assert dataset.offer_by_id["O1"].agency == "A"
    assert dataset.student_by_id["S1"].excluded_agencies == ("A",)


def test_commitments_name_a_team_in_three_ways() -> None:
    rows = [{"agency": "A", "team": "X"}, {"team": "A/X"}, {"team": "x"}, {"pe": "PE1", "number": 0}]
    found = data(Commitments=rows).commitments
    assert [(c.agency, c.team, c.pe, float(c.number)) for c in found] == [("A", "X", None, 1)] * 3 + [
        (None, None, "PE1", 0)
    ]


def test_a_commitment_of_an_unknown_number_takes_all_that_there_is() -> None:
    # PE1 has a load of 3 and A a maximum of 4: 'some' of them may be all; B has no maximum, so nothing is taken off.
    rows = [{"pe": "PE1", "number": "some"}, {"agency": "A", "number": "2?"}, {"agency": "B", "number": -1}]
    agencies = [{**FULL["Agencies"][0], "maximum_at_once": 4}, *FULL["Agencies"][1:]]
    educators = [{**FULL["Educators"][0], "load": 3}, FULL["Educators"][1]]
    found = data(Commitments=rows, Agencies=agencies, Educators=educators).commitments
    assert {(c.agency or c.pe, float(c.number)) for c in found} == {("PE1", 3), ("A", 4), ("B", 1)}


def test_a_commitment_that_nearly_names_its_agency_takes_from_it() -> None:
    agencies = [{**FULL["Agencies"][0], "name": "Northern Council"}, *FULL["Agencies"][1:]]
    given = sheets(Agencies=agencies, Commitments=[{"agency": "Nothern Council", "number": 2}])
    assert [(c.agency, float(c.number)) for c in read_sheets(given, today=TODAY).dataset.commitments] == [("A", 2)]
    assert "Is 'Nothern Council' the same as 'A'?" in of_code(issues(given), "V320").message


def test_tranche_statuses_from_dates() -> None:
    # Today is 21 November 2026: T0 is past, T1 is the first to come, T2 comes later.
    tranches = [{k: v for k, v in t.items() if k != "status"} for t in FULL["Tranches"]]
    assert [t.status for t in data(Tranches=tranches).tranches] == ["past", "deciding", "later"]


def test_calendar_owner_by_step() -> None:
    entries = data(Calendar=[{"tranche": "T1", "step": "Results in", "date": "2026-12-01"}, *FULL["Calendar"]]).calendar
    assert [(e.step, e.owner) for e in entries] == [("meeting", "placements team"), ("results in", "university")]


def test_decimals_are_exact() -> None:
    agency = data(Agencies={"social_workers_fte": 52.1}).agency_by_id["A"]
    assert agency.social_workers_fte == Decimal("52.1")
    assert str(data(Agencies={"social_workers_fte": 80.0}).agency_by_id["A"].social_workers_fte) == "80"


def test_everything_is_sorted_by_natural_id() -> None:
    more = [{**FULL["Students"][0], "student": s} for s in ("S10", "S9")]
    dataset = data(Students=[*more, *FULL["Students"]])
    assert [s.student for s in dataset.students] == ["S1", "S2", "S3", "S9", "S10"]


def test_new_words_take_one_spelling() -> None:
    dataset = data(
        Offers=[
            {"offer": "O1", "agency": "A", "team": "X", "areas": "Equine therapy"},
            {"offer": "O2", "agency": "B", "team": "Y", "areas": "equine Therapy"},
        ]
    )
    assert {o.areas for o in dataset.offers} == {("Equine therapy",)}
    assert sheets()["Offers"][0]["offer"] == "O1"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"absent_from": "2027-03-01", "absent_to": "2027-02-01"}, "V220"),
        ({"absent_from": "sometime"}, "V201"),
        ({"qualification": "not known"}, "V217"),
        ({"qualification": "PEPS3"}, "V202"),
        ({"employed_by": "Z"}, "V303"),
    ],
)
def test_educators_who_cannot_be_used(cells: dict[str, Any], code: str) -> None:
    found = reading(Educators=[FULL["Educators"][0], {**FULL["Educators"][1], **cells}])
    assert "PE2" not in found.dataset.educator_by_id
    assert code in {i.code for i in found.issues if i.level == "set_aside"}


def test_a_one_sided_absence_is_a_fact() -> None:
    found = data(Educators={"absent_from": "2027-03-01"}).educator_by_id["PE1"]
    assert (found.absent_from, found.absent_to) == (date(2027, 3, 1), None)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"practice_assessor": "PE9"}, "is not on Educators"),
        ({"practice_assessor": "PE3"}, "is PEPS1, not PEPS2"),
        ({"practice_assessor": "PE4"}, "is not registered"),
        # Last student on 3 January 2025, current for 24 months: to 3 January 2027, one day before the tranche begins.
        ({"practice_assessor": "PE5"}, "is not current on 2027-01-04"),
        ({"practice_assessor": "PE6"}, None),  # last student a day later: current on the first day
        ({"practice_assessor": "PE7"}, None),  # nothing recorded: counts as current
        ({"practice_assessor": "university"}, None),
    ],
)
def test_practice_assessors(cells: dict[str, Any], words: str | None) -> None:
    assessors = [
        {"pe": "PE3", "qualification": "PEPS1"},
        {"pe": "PE4", "qualification": "PEPS2", "registered": "no"},
        {"pe": "PE5", "qualification": "PEPS2", "last_student": "2025-01-03"},
        {"pe": "PE6", "qualification": "PEPS2", "last_student": "2025-01-04"},
        {"pe": "PE7", "qualification": "PEPS2"},
    ]
    rows = [FULL["Educators"][0], {**FULL["Educators"][1], **cells}, *({"employed_by": "A"} | a for a in assessors)]
    found = [i.message for i in reading(Educators=rows).issues if i.code == "V404"]
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


def test_reserved_words_and_restrictions_take_one_spelling() -> None:
    dataset = data(
        Offers=[{"offer": "O1", "agency": "A", "team": "X", "reserved_for": "msw", "universities": "kingston"}],
        Students=[{**s, "university": "Kingston"} for s in FULL["Students"]],
    )
    assert (dataset.offer_by_id["O1"].reserved_for, dataset.offer_by_id["O1"].universities) == ("MSW", ("Kingston",))


def test_measured_times_find_their_places() -> None:
    rows = [{"from": "cr0", "to": "sm1", "mode": "public transport", "minutes": 40.0}, *FULL["Travel"]]
    assert [(t.origin, t.destination, t.mode, t.minutes) for t in data(Travel=rows).travel] == [
        ("CR0", "SM1", "car", 25), ("CR0", "SM1", "public", 40),
    ]  # fmt: skip


def test_closed_days_are_of_one_agency_or_of_all_whatever_the_round() -> None:
    # The same day typed twice is one; the meeting without a round is set aside and named.
    rows = [
        {"step": "Closed", "date": "2027-03-01", "agency": "A"},
        {"step": "closed", "date": "2027-03-02", "agency": "A", "tranche": "T1"},
        {"step": "closed", "date": "2027-03-02", "tranche": "T1"},
        {"step": "closed", "date": "2027-03-02"},
        {"step": "meeting", "date": "2026-12-01"},
    ]
    read = reading(Calendar=rows)
    assert [(c.date.isoformat(), c.agency) for c in read.dataset.closed_days] == [
        ("2027-03-01", "A"), ("2027-03-02", None), ("2027-03-02", "A"),
    ]  # fmt: skip
    assert read.dataset.calendar == ()
    assert [(i.code, i.row, i.column) for i in read.issues if i.sheet == "Calendar" and i.level == "set_aside"] == [
        ("V216", 6, "tranche")
    ]


@pytest.mark.parametrize("typed", ["closd", "Closed.", "closed: Easter", "closure", "closed days"])
def test_a_day_that_may_be_closed_is_closed(typed: str) -> None:
    found = reading(Calendar=[{"step": typed, "date": "2027-03-02", "agency": "A"}])
    assert [(c.date.isoformat(), c.agency) for c in found.dataset.closed_days] == [("2027-03-02", "A")]
    asked = [i.message for i in found.issues if i.code == "V320"]
    assert len(asked) == (typed != "Closed.")
    assert not [i for i in found.issues if i.code == "V203"]


def test_a_step_of_ones_own_is_no_closed_day() -> None:
    found = reading(Calendar=[{"tranche": "T1", "step": "applications close", "date": "2027-03-02"}])
    assert not found.dataset.closed_days


def test_days_on_which_its_agency_is_closed_are_no_days_that_an_offer_holds() -> None:
    # From 4 January to 31 March 2027 there are 61 working days (two bank holidays); A is closed on one, B on none.
    rows = [{"step": "closed", "date": "2027-03-01", "agency": "A"}]
    offers = [dict(row, tranche="T1", latest_end="2027-03-31", educators="TBC") for row in FULL["Offers"][:2]]
    found = [i for i in reading(Calendar=rows, Offers=offers).issues if i.code == "V405"]
    assert [(i.subject, "holds 60 " in i.message, "holds 61 " in i.message) for i in found] == [
        ("O1", True, False), ("O2", False, True),
    ]  # fmt: skip
