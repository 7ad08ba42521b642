"""What one typing error must not do: move a student who was told, look like success, or be named by a wrong cause."""

from pathlib import Path
from typing import Any

import pytest

from allocator.intake import read, read_sheets
from allocator.reading.folding import fold
from models.errors import InputUnusableError, Issue, PolicyError
from tests.reading.sheets import FULL, TODAY, issues, of_code, reading, sheets, write_rows


def with_row(sheet: str, row: int, **cells: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, one of them (as the user counts: the first is 2) changed."""
    rows = [dict(r) for r in FULL[sheet]]
    rows[row - 2].update(cells)
    return rows


def about(found: tuple[Issue, ...], subject: str) -> list[str]:
    return [i.code for i in found if i.subject == subject]


# ---- who has no request, and why ---------------------------------------------------------------------------------
def test_an_unreadable_stage_is_named_as_the_cause() -> None:
    found = of_code(issues(sheets(Students={"stage": "fisrt"})), "V401")
    assert found.message == "S1 has no request, since its stage 'fisrt' cannot be read, so nothing is looked for."
    blank = of_code(issues(sheets(Students={"stage": None})), "V401")
    assert blank.message == "S1 has no request, so nothing is looked for."


def test_a_stage_that_no_tranche_takes_is_not_called_blank() -> None:
    # S1's first and S3's final stand on Students; T1, the tranche being decided, takes firsts only: S3 has its message.
    found = issues(sheets(Tranches={"stages": "first"}))
    assert about(found, "S3/final")[0] == "V411"
    assert "V401" not in {i.code for i in found}


def test_a_row_on_requests_with_an_unreadable_stage_has_its_own_message() -> None:
    found = issues(sheets(Requests=[{"student": "S2", "stage": "fisrt"}]))
    assert of_code(found, "V202").level == "set_aside"
    assert "V401" not in {i.code for i in found}


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
        ({"Offers": with_row("Offers", 3, spokes="A/X/CR0=20")}, "Decisions", "'O2' is on Offers, but its row was set aside (V413, row 3)"),
        ({"Tranches": {"stages": "first"}, "Published": {"request": "S3/final"}}, "Published", "'S3/final' is on Students, but its row was set aside (V411, row 4)"),
        ({"Offers": with_row("Offers", 3, spokes="A/X/CR0=20"), "Decisions": [{"decision": "withdraw", "about": "O2"}]}, "Decisions", "'O2' is on Offers, but its row was set aside (V413, row 3); the row was not used"),
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


# ---- the plan in force -------------------------------------------------------------------------------------------
TOLD = {"request": "S3/final", "offer": "O1", "pe": "PE1", "status": "confirmed"}


@pytest.mark.parametrize("stays", [{"status": "confirmed"}, {"student_told_on": "2026-11-01"}, {"status": "conf"}])
def test_a_told_student_at_an_unlisted_offer_is_set_aside_and_not_moved(stays: dict[str, Any]) -> None:
    found = reading(Published=[{"request": "S3/final", "offer": "O11"} | stays])
    request = found.dataset.request_by_id["S3/final"]
    assert (request.set_aside, request.displaced) == ("its published offer 'O11' is not on Offers", False)
    assert found.dataset.published_by_request["S3/final"].standing == "freed"
    issue = of_code(found.issues, "V303")
    assert (issue.level, issue.sheet, issue.row, issue.column) == ("set_aside", "Published", 2, "offer")
    assert issue.message == (
        "'O11' is not on Offers, so S3/final cannot be placed in this run (nobody moves by a typing error). Did you mean 'O1'?"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "S3 / final",
        "S3/FINAL ",
        "S3–final",
        "S3 final",
        "S3/fnial",
        "S03/final",
        "S3",
        "s3/2",
        "S3/final placement",
        "3",
    ],
)
def test_a_told_student_does_not_move_by_a_slip_in_the_request(typed: str) -> None:
    # S3 has one request. O1 has one place, and S1/first could have it as well.
    found = reading(Published=[{**TOLD, "request": typed}])
    if typed == "3":  # nothing like the id of anybody
        assert of_code(found.issues, "V511").level == "warning"
    else:
        assert found.dataset.published_by_request["S3/final"].standing == "kept"
        asked = [i for i in found.issues if i.code == "V320"]
        assert bool(asked) == (fold(typed) != "s3/final")


@pytest.mark.parametrize("typed", ["S2/first/1", "s2 / first / 01", "S2/flrst"])
def test_a_first_attempt_typed_out_or_a_letter_for_a_digit_is_the_request(typed: str) -> None:
    found = reading(Published=[{**TOLD, "request": typed, "offer": "O2", "pe": None}]).dataset
    assert {p.request: p.standing for p in found.published} == {"S2/first": "kept"}


def test_a_told_student_of_whom_the_request_is_not_clear_is_set_aside() -> None:
    # S2 has S2/first and S2/final; either may be the one that was told.
    for typed in ("S2", "S2/placement", "s2 / 70 days"):
        found = reading(Published=[{**TOLD, "request": typed}]).dataset
        why = f"a published match of '{typed}' may be its own, and nobody moves by a typing error"
        assert {r.request: r.set_aside for r in found.requests if r.student == "S2"} == {
            "S2/first": why,
            "S2/final": why,
        }
    # A request that S2 had and has no more is no slip; nor does one that may move hold anybody.
    for row in ({**TOLD, "request": "S2/first/2"}, {**TOLD, "request": "S2", "status": "proposed"}):
        assert all(r.set_aside is None for r in reading(Published=[row]).dataset.requests)
    unlock = [{"decision": "unlock", "request": r, "by": "AB"} for r in ("S2/first", "S2/final")]
    freed = reading(Published=[{**TOLD, "request": "S2"}], Decisions=unlock).dataset
    assert all(r.set_aside is None for r in freed.requests)


def test_an_offer_or_pe_that_is_only_alike_is_asked_about_and_the_match_stays() -> None:
    found = reading(Published=[{**TOLD, "offer": "O01", "pe": "PE-1"}])
    row = found.dataset.published_by_request["S3/final"]
    assert (row.offer, row.pe, row.standing) == ("O1", "PE1", "kept")
    assert {i.column for i in found.issues if i.code == "V320"} == {"offer", "pe"}


def test_a_match_that_may_move_is_looked_at_anew_and_that_is_said() -> None:
    found = reading(Published=[{"request": "S3/final", "offer": "O11"}])
    assert found.dataset.request_by_id["S3/final"].set_aside is None
    issue = of_code(found.issues, "V303")
    assert (issue.level, issue.column) == ("warning", "offer")
    assert "the request is looked at anew. Did you mean 'O1'?" in issue.message


def test_an_ended_match_may_name_an_offer_that_is_gone() -> None:
    assert "V303" not in {i.code for i in issues(sheets(Published=[{**TOLD, "offer": "O11", "status": "ended"}]))}


@pytest.mark.parametrize(
    "offers",
    [
        [*FULL["Offers"], {**FULL["Offers"][0], "capacity": 2}],  # two rows of O1 that differ
        with_row("Offers", 2, agency=None),
        with_row("Offers", 2, tranche="T9"),
        with_row("Offers", 2, spokes="B/Y/SM1=20"),
    ],
)
def test_one_bad_cell_of_an_offer_does_not_move_its_student(offers: list[dict[str, Any]]) -> None:
    found = reading(Offers=offers, Published=[TOLD])
    assert found.dataset.request_by_id["S3/final"].set_aside == "its published offer 'O1' has a row that was set aside"
    (issue,) = [i for i in found.issues if i.sheet == "Published"]
    assert (issue.code, issue.level, issue.subject) == ("V308", "set_aside", "S3/final")
    assert "'O1' is on Offers, but its row was set aside" in issue.message


def test_nor_does_a_bad_row_of_its_agency() -> None:
    agencies = [*FULL["Agencies"], {"agency": "A", "kind": "trust"}]  # A stands on two rows, so O1 and O3 fall
    found = reading(Agencies=agencies, Published=[TOLD])
    assert found.dataset.request_by_id["S3/final"].set_aside == "its published offer 'O1' has a row that was set aside"


def test_a_decision_that_withdraws_the_offer_or_unlocks_the_match_lets_the_student_move() -> None:
    withdrawn = reading(Published=[TOLD], Decisions=[{"decision": "withdraw", "about": "O1", "by": "AB"}]).dataset
    unlocked = reading(
        Published=[{**TOLD, "offer": "O11"}], Decisions=[{"decision": "unlock", "request": "S3/final", "by": "AB"}]
    ).dataset
    for dataset in (withdrawn, unlocked):
        request = dataset.request_by_id["S3/final"]
        assert (request.set_aside, request.displaced) == (None, True)


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ([TOLD, {**TOLD, "offer": "O3"}], "Published has several rows for it that differ"),
        ([TOLD, {**TOLD, "request": "s3/FINAL", "offer": "O3"}], "Published has several rows for it that differ"),
        ([{**TOLD, "offer": None}], "its published row cannot be used"),
        ([{**TOLD, "offer": True}], "its published row cannot be used"),
    ],
)
def test_a_match_that_is_not_clear_moves_nobody(published: list[dict[str, Any]], words: str) -> None:
    found = reading(Published=published)
    assert found.dataset.request_by_id["S3/final"].set_aside == f"{words}, and nobody moves by a typing error"
    issue = of_code(found.issues, "V422")
    assert (issue.level, issue.sheet, issue.row, issue.subject) == ("set_aside", "Published", 2, "S3/final")
    unlock = [{"decision": "unlock", "request": "S3/final", "by": "AB"}]
    unlocked = reading(Published=published, Decisions=unlock)
    assert unlocked.dataset.request_by_id["S3/final"].set_aside is None
    assert not [i for i in unlocked.issues if i.code == "V513"]


def test_a_fix_of_a_request_that_was_set_aside_is_said_to_have_no_effect() -> None:
    fix = {"decision": "fix", "request": "S3/final", "offer": "O3", "by": "AB"}
    found = reading(Published=[{**TOLD, "offer": "O11"}], Decisions=[fix])
    assert found.dataset.decisions == ()
    words = "fix S3/final O3 has no effect: S3/final was set aside (its published offer 'O11' is not on Offers)."
    assert of_code(found.issues, "V513").message == words


def test_failed_matches_that_differ_set_nothing_aside() -> None:
    rows = [{**TOLD, "status": "declined"}, {**TOLD, "offer": "O3", "status": "declined"}]
    assert reading(Published=rows).dataset.request_by_id["S3/final"].set_aside is None


def test_a_failed_match_stands_beside_the_one_in_force_though_another_request_is_not_clear() -> None:
    rows = [
        TOLD, {**TOLD, "offer": "O3", "status": "declined"},
        {"request": "S1/first", "offer": "O1"}, {"request": "S1/first", "offer": "O2"},
    ]  # fmt: skip
    dataset = reading(Published=rows).dataset
    assert dataset.published_by_request["S3/final"].standing == "kept"
    assert dataset.request_by_id["S1/first"].set_aside


def test_a_day_of_telling_that_cannot_be_read_counts_as_told() -> None:
    found = reading(Published=[{**TOLD, "status": "proposed", "student_told_on": "last week"}])
    assert found.dataset.published_by_request["S3/final"].standing == "kept"
    assert "so the student counts as told" in of_code(found.issues, "V201").message


# ---- nothing to do is no success ---------------------------------------------------------------------------------
def stops(given: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(i.code, i.sheet, i.message) for i in issues(given) if i.level == "stop"]


@pytest.mark.parametrize("name", ["Tranches", "Students", "Offers"])
def test_a_blank_sheet_that_everybody_needs_stops(name: str, tmp_path: Path) -> None:
    assert stops(sheets(**{name: []})) == [("V130", name, "The sheet is blank.")]
    book = write_rows(tmp_path / "partnership.xlsx", sheets())
    del book[name]
    book.create_sheet(name)
    book.save(tmp_path / "partnership.xlsx")
    with pytest.raises(InputUnusableError) as raised:
        read(tmp_path / "partnership.xlsx", today=TODAY)
    assert [i.code for i in raised.value.issues if i.level == "stop"] == ["V130"]


def test_a_csv_of_no_bytes_stops(tmp_path: Path) -> None:
    for name, text in {
        "Tranches": "tranche,first_day\nT1,2027-01-04\n",
        "Students": "",
        "Offers": "agency,team,place,areas\nA,X,CR0,adults\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(InputUnusableError) as raised:
        read(tmp_path, today=TODAY)
    assert [(i.code, i.sheet) for i in raised.value.issues if i.level == "stop"] == [("V130", "Students")]


def all_of(sheet: str, **cells: Any) -> list[dict[str, Any]]:
    return [{**row, **cells} for row in FULL[sheet]]


@pytest.mark.parametrize(
    ("changed", "sheet", "words"),
    [
        ({"Tranches": all_of("Tranches", status="past")}, "Tranches", "Every tranche is past"),
        ({"Tranches": all_of("Tranches", first_day="01/13/2027")}, "Tranches", "No row of Tranches can be used"),
        ({"Tranches": all_of("Tranches", first_day=None)}, "Tranches", "No row of Tranches can be used"),
        ({"Students": all_of("Students", home=None)}, "Students", "No row of Students can be used"),
        ({"Students": all_of("Students", student="not known")}, "Students", "No row of Students can be used"),
        ({"Students": all_of("Students", stage="fisrt"), "Requests": None}, "Students", "No student has a request"),
        (
            {"Requests": all_of("Requests", student="S9"), "Students": all_of("Students", stage=None)},
            "Requests",
            "No student has a request",
        ),
        ({"Offers": all_of("Offers", agency=None)}, "Offers", "No row of Offers can be used"),
        ({"Offers": all_of("Offers", offer="O1")}, "Offers", "No row of Offers can be used"),
    ],
)
def test_nothing_left_to_plan_stops(changed: dict[str, Any], sheet: str, words: str) -> None:
    assert stops(sheets(**changed)) == [("V131", sheet, f"{words}, so there is nothing to plan.")]


def test_without_a_tranche_the_rows_are_not_blamed() -> None:
    found = issues(sheets(Tranches=all_of("Tranches", first_day=None)))
    assert not {"V401", "V411"} & {i.code for i in found}


def test_requests_that_are_all_over_or_withdrawn_are_no_mistake() -> None:
    gone = [{"decision": "withdraw", "about": s["student"], "by": "AB"} for s in FULL["Students"]]
    assert all(s.withdrawn for s in reading(Decisions=gone).dataset.students)
    over = [{"request": f"S{n}", "offer": "O1", "status": "ended"} for n in ("1/first", "3/final")]
    assert reading(Requests=None, Students=[FULL["Students"][0], FULL["Students"][2]], Published=over).dataset.requests
    withdrawn = [{"decision": "withdraw", "about": o["offer"], "by": "AB"} for o in FULL["Offers"]]
    assert all(o.withdrawn for o in reading(Decisions=withdrawn).dataset.offers)


# ---- settings ----------------------------------------------------------------------------------------------------
def test_a_setting_on_two_rows_that_differ_is_named_and_the_default_holds() -> None:
    rows = [{"setting": "travel_limit", "value": 75}, {"setting": "Travel_Limit", "value": 80}]
    found = reading(Policy=rows)
    assert [(i.code, i.level, i.row) for i in found.issues] == [("V301", "set_aside", 2), ("V301", "set_aside", 3)]
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
