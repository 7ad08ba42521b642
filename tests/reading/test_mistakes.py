"""What one typing error must not do: look like success, take another's id, or be named by a wrong cause."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.reading.codes import shown_with_plan
from models.errors import Issue, PolicyError
from tests.reading.sheets import FULL, TODAY, all_of, issues, of_code, reading, sheets, with_row


def about(found: tuple[Issue, ...], subject: str) -> list[str]:
    return [i.code for i in found if i.subject == subject]


# ---- who has no request, and why ---------------------------------------------------------------------------------
def test_an_unreadable_stage_is_named_as_the_cause() -> None:
    found = of_code(issues(sheets(Students={"stage": "year 1"})), "V401")
    assert found.message == "S1 has no request, since its stage 'year 1' cannot be read, so nothing is looked for."
    blank = of_code(issues(sheets(Students={"stage": None})), "V401")
    assert blank.message == "S1 has no request, so nothing is looked for."


def test_a_stage_that_no_tranche_takes_is_not_called_blank() -> None:
    # S1's first and S3's final stand on Students; T1, the tranche being decided, takes firsts only: S3 has its message.
    found = issues(sheets(Tranches={"stages": "first"}))
    assert about(found, "S3/final")[0] == "V411"
    assert "V401" not in {i.code for i in found}


@pytest.mark.parametrize(
    ("stage", "code", "why"),
    [("year 1", "V202", "the stage 'year 1' on Requests cannot be read"), (None, "V216", "the stage on Requests is blank")],
)  # fmt: skip
def test_a_student_whose_only_row_on_requests_cannot_be_used_has_no_request(
    stage: str | None, code: str, why: str
) -> None:
    found = issues(sheets(Requests=[{"student": "S2", "stage": stage, "days": 60}]))
    assert of_code(found, code).level == "set_aside"
    lost = of_code(found, "V401")
    assert lost.message == f"S2 has no request, since {why}, so nothing is looked for."
    assert (lost.level, lost.sheet, lost.row, lost.remedy) == ("set_aside", "Requests", 2, "Type first or final there.")
    assert "not known" not in (of_code(found, code).remedy or "")  # which is not allowed there


def test_of_two_requests_the_one_that_cannot_be_used_is_not_looked_for() -> None:
    found = issues(sheets(Requests=[*FULL["Requests"], {"student": "S2", "stage": "year 3"}]))
    assert "this placement is not looked for" in of_code(found, "V202").message
    assert "V401" not in {i.code for i in found}


# ---- words one slip away -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["frist", "fisrt", "firts", "firdt", "firstt"])
@pytest.mark.parametrize("sheet", ["Students", "Requests", "History"])
def test_a_misspelt_stage_is_read_as_the_one_that_was_meant_and_asked_about(sheet: str, typed: str) -> None:
    as_typed, right = (reading(**{sheet: {"stage": word}}) for word in (typed, "first"))
    asked = of_code(as_typed.issues, "V223")
    assert (asked.level, asked.sheet, asked.row, asked.column) == ("warning", sheet, 2, "stage")
    assert asked.message.endswith(f"(cells: 1): '{typed}' as first.")
    assert asked in shown_with_plan(as_typed.issues)[0]
    assert as_typed.dataset.requests == right.dataset.requests
    assert as_typed.dataset.history == right.dataset.history


def test_every_row_with_a_misspelt_stage_is_named() -> None:
    rows = [{"student": f"S{n}", "stage": ("frist", "fianl")[n % 2]} for n in range(1, 4)]
    assert of_code(issues(sheets(Requests=rows)), "V223").rows == (2, 3, 4)


@pytest.mark.parametrize(
    ("sheet", "column", "typed"),
    [
        ("Tranches", "status", "last"),  # another beginning turns a meaning round, such as 'unfirm'
        ("Tranches", "status", "post"), ("Tranches", "status", "late"),  # past and later leave people out
        ("Requests", "found_by", "employee"), ("Requests", "found_by", "employed"),  # words of their own
        ("Requests", "stage", "first2"), ("Requests", "stage", "final?"),
        ("Requests", "stage", "fal"), ("Requests", "stage", "fistr"), ("Requests", "stage", "worst"),
        ("Educators", "qualification", "PEPS3"),  # one slip from two words
        ("Students", "clearance", "pased"),  # the cell protects somebody
        ("Offers", "stage", "fianl"),  # nobody is placed there until it can be read, which passes no rule over
    ],
)  # fmt: skip
def test_a_word_that_may_mean_something_else_is_not_guessed(sheet: str, column: str, typed: str) -> None:
    codes = {i.code for i in issues(sheets(**{sheet: with_row(sheet, 2, **{column: typed})}))}
    assert "V202" in codes
    assert "V223" not in codes


def test_a_restriction_that_is_misspelt_stays_one() -> None:
    # Blank would mean that the round takes every stage.
    assert reading(Tranches={"stages": "frist; fnial"}).dataset.tranche_by_id["T1"].stages == ("first", "final")


# ---- words that switch a rule off ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sheet", "column", "typed"),
    [
        ("Students", "readiness", "faild"), ("Students", "readiness", "?"), ("Students", "scheme", "interne"),
        ("Requests", "repeat", "yess"), ("History", "outcome", "faild"), ("Offers", "state", "forcast"),
    ],
)  # fmt: skip
def test_a_word_that_may_forbid_and_cannot_be_read_counts_as_not_known(sheet: str, column: str, typed: str) -> None:
    # A blank would mean passed, no intern, no repeat, firm: the misspelt word would let pass what the right one forbids.
    rows = with_row(sheet, 2, **{column: typed})
    issue = of_code(issues(sheets(**{sheet: rows})), "V202")
    assert (issue.level, issue.column, issue.found) == ("warning", column, typed)
    assert "so it counts as not known: a match that it may forbid waits until it can be read" in issue.message
    dataset = reading(**{sheet: rows}).dataset
    found: dict[str, tuple[str, ...]] = {
        "Students": dataset.student_by_id["S1"].not_known, "Requests": dataset.request_by_id["S2/first"].not_known,
        "History": dataset.history[0].not_known, "Offers": dataset.offer_by_id["O1"].not_known,
    }  # fmt: skip
    assert column in found[sheet]


@pytest.mark.parametrize(("column", "typed"), [("agency", "Nowhere"), ("pe", "PE77")])
def test_what_a_commitment_takes_from_is_listed_or_the_row_is_set_aside_in_words(column: str, typed: str) -> None:
    issue = of_code(issues(sheets(Commitments=[{column: typed, "programme": "Frontline", "number": 2}])), "V303")
    assert (issue.level, issue.column) == ("set_aside", column)
    assert "the cell limits what may be planned, so the row cannot be used" in issue.message


def test_a_day_closed_at_an_agency_that_is_not_listed_is_closed_for_all_and_it_is_said() -> None:
    rows = [{"step": "closed", "date": "2027-02-01", "agency": "Nowhere"}]
    issue = of_code(issues(sheets(Calendar=rows)), "V303")
    assert issue.message == "'Nowhere' is not on Agencies, so the day is held to be closed for all."
    [day] = reading(Calendar=rows).dataset.closed_days
    assert day.agency is None


def test_an_agency_whose_question_cannot_be_read_is_asked() -> None:
    dataset = reading(Agencies=with_row("Agencies", 2, asks_decision="yess")).dataset
    assert next(a for a in dataset.agencies if a.agency == "A").asks_decision


# ---- numbers for blank ids ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"Published": [{"request": "S4/first", "offer": "O1", "status": "confirmed"}]},
        {"Published": [{"request": "s4/first/2", "offer": "O1", "status": "confirmed"}]},
        {"History": [{"student": "S4", "stage": "first"}]},
        {"Decisions": [{"decision": "withdraw", "about": "S4"}]},
        {"Decisions": [{"decision": "fix", "request": "S4/first", "offer": "O1"}]},
        {"Requests": [{"student": "S4", "stage": "first"}]},
        {"Offers": with_row("Offers", 2, reserved_for="S4")},
    ],
)
def test_a_blank_id_never_takes_one_that_is_used_elsewhere(elsewhere: dict[str, Any]) -> None:
    # S1 to S3 are there and S4 is somebody who left: the nameless row becomes S5.
    nameless = {k: v for k, v in FULL["Students"][0].items() if k != "student"}
    dataset = reading(Students=[*FULL["Students"], nameless], **elsewhere).dataset
    assert [s.student for s in dataset.students] == ["S1", "S2", "S3", "S5"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"Students": with_row("Students", 2, ranked_offers="O1 > O4=O5")},
        {
            "Published": [
                {"request": "S3/final", "offer": "O1", "pe": "TBC PEPS2@O4"},
                {"request": "S1/first", "offer": "O5"},
            ]
        },
    ],
)
def test_nor_does_a_blank_offer(elsewhere: dict[str, Any]) -> None:
    dataset = reading(Offers=[*FULL["Offers"], {"agency": "A", "team": "X"}], **elsewhere).dataset
    assert [o.offer for o in dataset.offers] == ["O1", "O2", "O3", "O6"]


def test_nor_does_a_blank_educator() -> None:
    rows = [*FULL["Educators"], {"employed_by": "A", "team": "X", "qualification": "PEPS2"}]
    rows[1] = {**rows[1], "practice_assessor": "PE3"}
    dataset = reading(Educators=rows, Offers=with_row("Offers", 2, educators="PE1; pe4")).dataset
    assert [e.pe for e in dataset.educators] == ["PE1", "PE2", "PE5"]


# ---- one cell, one message ---------------------------------------------------------------------------------------
def test_an_unreadable_status_has_one_message_which_says_that_the_match_is_kept() -> None:
    found = reading(Published={"status": "conf"})
    (issue,) = found.issues
    assert (issue.code, issue.subject) == ("V202", "S3/final")
    assert "so the match is kept as it is (nobody moves by a typing error)" in issue.message
    assert found.dataset.published_by_request["S3/final"].standing == "kept"


def test_a_place_without_coordinates_asks_for_rows_that_can_be_typed() -> None:
    remedy = of_code(issues(sheets(Students={"home": "KT1"})), "V407").remedy
    assert remedy == "Add a row to Places (place, latitude, longitude), or a measured row to Travel."


# ---- references to rows that were set aside ----------------------------------------------------------------------
def test_a_reference_to_a_row_that_was_set_aside_says_so() -> None:
    found = issues(sheets(Educators={"qualification": "PEPS3"}, Commitments=[{"pe": "pe1", "programme": "X"}]))
    (commitment,) = [i for i in found if i.sheet == "Commitments"]
    assert commitment.message.startswith("'pe1' is on Educators, but its row was set aside (V202, row 2)")
    # PE2's practice assessor is PE1.
    assert "has a row that was set aside (V202, row 2)" in of_code(found, "V404").message


@pytest.mark.parametrize(
    ("changed", "sheet", "words"),
    [
        ({"Agencies": [*FULL["Agencies"], {"agency": "A", "kind": "trust"}]}, "Offers", "'A' is on Agencies, but its row was set aside (V301, row 2)"),
        ({"Offers": with_row("Offers", 3, spokes="A/X/CR0=many")}, "Decisions", "'O2' is on Offers, but its row was set aside (V413, row 3)"),
        ({"Tranches": {"stages": "first"}, "Published": {"request": "S3/final"}}, "Published", "'S3/final' is on Students, but its row was set aside (V411, row 4)"),
        ({"Offers": with_row("Offers", 3, spokes="A/X/CR0=many"), "Decisions": [{"decision": "withdraw", "about": "O2"}]}, "Decisions", "'O2' is on Offers, but its row was set aside (V413, row 3); the row was not used"),
        ({"Teams": [*FULL["Teams"], {"agency": "A", "team": "X", "areas": "children"}, {"agency": "A", "team": "W"}]}, "Offers", "'X' is on Teams, but its row was set aside (V301, row 2) for A"),
    ],
)  # fmt: skip
def test_whatever_the_sheet(changed: dict[str, Any], sheet: str, words: str) -> None:
    assert words in " | ".join(i.message for i in issues(sheets(**changed)) if i.sheet == sheet)


def test_the_row_is_for_the_reader_and_not_in_the_dataset() -> None:
    # Rows in another order must give the same dataset, so its messages name no row.
    rows = [{**FULL["Educators"][0], "qualification": "PEPS3"}, FULL["Educators"][1]]
    one, other = reading(Educators=rows), reading(Educators=rows[::-1])
    assert one.dataset.digest == other.dataset.digest
    assert "set aside (V202, row 2)" in of_code(one.issues, "V404").message
    assert "set aside (V202)," in of_code(one.dataset.issues, "V404").message


# ---- ids ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sheet", "column", "typed", "code"),
    [
        ("Students", "student", "not known", "V217"),
        ("Students", "student", "Unknown", "V217"),
        ("Students", "student", "S;9", "V309"),
        ("Students", "student", "S/9", "V309"),
        ("Offers", "offer", "not known", "V217"),
        ("Offers", "offer", "O8;O9", "V309"),
        ("Offers", "offer", "O8=O9", "V309"),
        ("Offers", "offer", "O8>O9", "V309"),
        ("Educators", "pe", "PE8;PE9", "V309"),
        ("Educators", "pe", "TBC@O1", "V309"),
        ("Tranches", "tranche", "not known", "V217"),
    ],
)
def test_an_id_that_would_be_misread_sets_its_row_aside(sheet: str, column: str, typed: str, code: str) -> None:
    rows = [*FULL[sheet], {**FULL[sheet][-1], column: typed}]
    found = reading(**{sheet: rows})
    issue = of_code(found.issues, code)
    assert (issue.level, issue.sheet, issue.row, issue.column) == ("set_aside", sheet, len(rows) + 1, column)
    assert found.dataset.model_copy(update={"issues": ()}) == reading().dataset


@pytest.mark.parametrize(("sheet", "column"), [("Students", "student"), ("Offers", "offer"), ("Educators", "pe")])
def test_ids_that_differ_in_case_alone_are_two_and_both_rows_are_named(sheet: str, column: str) -> None:
    twin = FULL[sheet][0][column].lower()
    found = [i for i in issues(sheets(**{sheet: [*FULL[sheet], {**FULL[sheet][0], column: twin}]})) if i.code == "V307"]
    assert [(i.level, i.row, i.found) for i in found] == [
        ("warning", 2, twin.upper()), ("warning", len(FULL[sheet]) + 2, twin),
    ]  # fmt: skip
    assert f"'{twin.upper()}' and '{twin}' look like one thing" in found[0].message


def test_a_long_id_is_pointed_out() -> None:
    found = of_code(issues(sheets(Students=with_row("Students", 2, student="S" * 61))), "V310")
    assert (found.level, found.row) == ("warning", 2)
    assert "V310" not in {i.code for i in issues(sheets(Students=with_row("Students", 2, student="S" * 60)))}


def test_a_student_on_two_rows_that_differ_is_counted_and_a_kept_match_stays() -> None:
    rows = [*FULL["Students"], {**FULL["Students"][2], "home": "SM1"}]
    request = reading(Students=rows).dataset.request_by_id["S3/final"]
    assert request.set_aside == "it stands on several rows that differ"
    found = reading(Students=rows, Published={"status": "confirmed"})
    assert found.dataset.published_by_request["S3/final"].standing == "kept"
    assert found.dataset.request_by_id["S3/final"].set_aside is None
    # "kept as published" and no longer "cannot be placed"
    assert {"V516"} == {"V422", "V516"} & {i.code for i in found.issues}


def test_two_stages_on_two_rows_of_a_student_are_two_requests_that_are_set_aside() -> None:
    rows = [*FULL["Students"], {**FULL["Students"][0], "stage": "final"}]
    dataset = reading(Students=rows).dataset
    assert all(dataset.request_by_id[r].set_aside for r in ("S1/first", "S1/final"))


# ---- settings ----------------------------------------------------------------------------------------------------
def test_a_setting_on_two_rows_that_differ_is_named_and_the_default_holds() -> None:
    rows = [{"setting": "travel_limit", "value": 75}, {"setting": "Travel_Limit", "value": 80}]
    found = reading(Policy=rows)
    assert [(i.code, i.level, i.rows) for i in found.issues] == [("V301", "set_aside", (2, 3))]
    assert found.issues[0].subject == "travel_limit"
    assert found.policy.travel_limit == 90
    twice = reading(Policy=[rows[0], rows[0]])
    assert ([i.code for i in twice.issues], twice.policy.travel_limit) == (["V302"], 75)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("points_area", "-1"),
        ("points_agency", "10; -5"),
        ("band_points", "20;40;60;80"),
        ("tiers", ""),
        ("tiers", "none"),
        ("tiers", ";"),
    ],
)
def test_settings_that_can_mean_nothing_are_refused(key: str, value: str) -> None:
    with pytest.raises(PolicyError, match=key):
        read_sheets(sheets(), {key: value}, TODAY)


def test_an_intern_without_a_lock_is_named_where_the_request_comes_from() -> None:
    # S1's request stands on Students (row 2), S2's first on Requests (row 2).
    found = issues(sheets(Students=all_of("Students", scheme="intern")))
    where = {i.subject: (i.sheet, i.row, i.column) for i in found if i.code == "V403"}
    assert where["S1/first"] == ("Students", 2, "scheme")
    assert where["S2/first"] == ("Requests", 2, "locked_agencies")


def test_one_area_of_ones_own_leaves_the_other_areas_known() -> None:
    # "adults" and "children" are ours; "prisons" is added. No area is unknown, and both offers keep theirs.
    before = reading()
    after = reading(Lists=[{"list": "areas", "word": "prisons", "meaning": "adults"}])
    assert [o.areas for o in after.dataset.offers] == [o.areas for o in before.dataset.offers]
    assert "V204" not in {i.code for i in after.issues}
    assert "prisons" in {w.word for w in after.dataset.words if w.list == "areas"}


def test_the_directorate_of_an_area_is_read_in_other_words_too_and_a_misspelt_one_is_named() -> None:
    meanings = {"prisons": "Children’s", "hub": "children & adults", "clinic": "adlts", "adoption": None}
    rows = [{"list": "areas", "word": word, "meaning": meaning} for word, meaning in meanings.items()]
    read = reading(Lists=rows)
    found = {w.word: w.meaning for w in read.dataset.words if w.list == "areas"}
    # What names our word without a meaning keeps ours.
    assert [found[word] for word in meanings] == ["children", "both", None, "children"]
    [named] = [i for i in read.issues if i.sheet == "Lists"]
    assert (named.code, named.column) == ("V202", "meaning")
    assert "Did you mean 'adults'?" in named.message


def test_the_old_heading_of_the_dfes_test_is_read_and_named() -> None:
    teams = [{"agency": "A", "team": "X", "place": "CR0", "areas": "adults", "statutory_partnership": "yes"}]
    read = reading(Teams=teams)
    assert read.dataset.team_by_key["A", "X"].statutory_dfe == "yes"
    named = [i for i in read.issues if i.code == "V113" and i.sheet == "Teams"]
    assert [(i.column, "'statutory_dfe'" in i.message) for i in named] == [("statutory_partnership", True)]
