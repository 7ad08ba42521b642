"""The meeting workbook as a whole, and its front page."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from allocator.report.layout import TONES
from allocator.report.writing import write_report
from models.entities import CalendarEntry, Past
from models.errors import Issue
from models.plan import CheckReport, Clash, ProvisionalCode, TierResult, Violation, Waiting
from models.reasons import Near, Unplaced
from tests import builders as b
from tests.report.looking import POLICY, match, only, opened, outcome, report, rows_of, words_of, workbook_of
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated

SHEETS = [
    "Front page", "Numbers", "Students", "Not placed", "Offers", "Agencies", "Educators", "Figures", "Partners",
    "PEPS pipeline", "Return", "Progress", "Changes", "Decisions", "Chase list", "Calendar",
    "Rules", "Policy", "Proof and check", "Check", "Input",
]  # fmt: skip


def test_the_sheets_stand_in_the_order_of_the_meeting(tmp_path: Path) -> None:
    assert opened(report(tmp_path, b.dataset(), match())).sheetnames == SHEETS


def test_the_front_page_says_what_is_proved(tmp_path: Path) -> None:
    proved = (TierResult(tier="placed.finals", sense="max", value=1, bound=1, proved=True),)
    kept = CheckReport(kept_despite=(Violation(rule="E04", subjects=("S1/first",), message="too far"),))
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=proved, check=kept), "Front page")
    assert "Proved: the one tier is the best possible." in front
    assert "The independent check passed; 1 rule is broken by kept matches (sheet Check)." in front
    gap = (TierResult(tier="placed.finals", sense="max", value=1, bound=2),)
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=gap), "Front page")
    assert "Not proved: 1 tier of 1, from “Finals placed, of the tranche being decided” on." in front
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=proved, stopped="interrupted"), "Front page")
    assert any(w.endswith("Every tier that was reached is proved.") for w in front)


def test_rows_set_aside_stand_on_the_front_page(tmp_path: Path) -> None:
    issues = (
        Issue(level="set_aside", code="V1", sheet="Offers", row=7, message="Unknown agency", remedy="Did you mean A?"),
        Issue(level="warning", code="V2", message="Blank"),
    )
    path = report(tmp_path, b.dataset(issues=issues), match())
    front = words_of(path, "Front page")
    assert {"Offers row 7", "Unknown agency", "Did you mean A?", "1 warning on the sheet Input."} <= set(front)
    assert [r["Level"] for r in rows_of(path, "Input")] == ["set aside", "warning"]


def test_problems_are_shown_with_the_rows_that_reading_knows(tmp_path: Path) -> None:
    known = Issue(level="set_aside", code="V1", sheet="Offers", row=7, column="agency", message="O1: unknown agency")
    again = known.model_copy(update={"column": "team", "message": "O1: unknown team"})
    other = known.model_copy(update={"sheet": "Students", "row": 3, "column": None, "message": "S1: no home"})
    # A dataset has no row numbers: the order of its rows may not touch the plan.
    facts = tuple(i.model_copy(update={"row": None}) for i in (known, again, other))
    dataset = b.dataset(issues=facts)
    plain, rows = tmp_path / "plain", tmp_path / "rows"
    write_report(plain, dataset, POLICY, outcome(dataset, match()))
    workbook = write_report(rows, dataset, POLICY, outcome(dataset, match()), issues=(known, again, other))[0]
    assert {"Offers row 7, agency", "Offers row 7, team", "Students row 3"} <= set(words_of(workbook, "Front page"))
    assert [(r["Sheet"], r["Row"], r["Column"]) for r in rows_of(workbook, "Input")] == [
        ("Offers", 7, "agency"), ("Offers", 7, "team"), ("Students", 3, None),
    ]  # fmt: skip
    # Two problems of one row are one row; without row numbers each problem counts.
    assert "2 rows set aside (Offers row 7; Students row 3), 0 warnings" in (rows / "summary.html").read_text()
    assert "3 rows set aside, 0 warnings" in (plain / "summary.html").read_text()


def test_the_summary_counts_each_row_of_one_problem_about_many(tmp_path: Path) -> None:
    many = Issue(level="set_aside", code="V1", sheet="Offers", row=2, rows=(2, 3, 4, 7), message="unknown agency")
    again = Issue(level="set_aside", code="V2", sheet="Offers", row=3, message="O2: unknown team")
    dataset = b.dataset()
    write_report(tmp_path, dataset, POLICY, outcome(dataset, match()), issues=(many, again))
    # Rows 2, 3, 4 and 7; row 3 has two problems.
    assert "4 rows set aside (Offers rows 2-4, 7), 0 warnings" in (tmp_path / "summary.html").read_text()


def test_past_years_stand_beside_the_figures_where_the_input_has_them(tmp_path: Path) -> None:
    dataset, result = generated(30)
    past = (
        Past(year="2021-22", measure="M01", value=Decimal(73)),
        Past(year="2021-22", measure="Readiness passed", value=Decimal("71.5")),
    )
    plain = workbook_of(tmp_path / "a.xlsx", dataset, GENERATED_POLICY, result)
    beside = workbook_of(tmp_path / "b.xlsx", dataset.model_copy(update={"past": past}), GENERATED_POLICY, result)
    assert "2021-22" not in words_of(plain)
    assert {"2021-22", "73%"} <= set(words_of(beside, "Numbers"))
    assert {"2021-22", "73%", "Readiness passed", "71.5"} <= set(words_of(beside, "Figures"))
    assert {r["Measure"]: r["2021-22"] for r in rows_of(beside, "Progress") if r["2021-22"]} == {
        "M01 statutory by partners": 73, "Readiness passed": 71.5,
    }  # fmt: skip


def test_a_clash_has_no_report(tmp_path: Path) -> None:
    # There is no plan to say anything of: the run writes the clash, and leaves what was there.
    clash = outcome(b.dataset(), clash=Clash(members=(), confirmed=True))
    with pytest.raises(ValueError, match="no report"):
        write_report(tmp_path, b.dataset(), POLICY, clash)
    assert not any(tmp_path.iterdir())


def test_later_tranches_are_counted_apart(tmp_path: Path) -> None:
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request(), b.request("S2/first", tranche="T2")),
        offers=(b.offer(), b.offer("O2", tranche="T2", capacity=3)),
    )
    path = report(tmp_path, dataset, match())
    lines = list(opened(path)["Numbers"].iter_rows(values_only=True))
    counts = {line[0]: [v for v in line[1:] if isinstance(v, int)] for line in lines if line[0] is not None}
    # The last table of these rows counts places: all, firm, forecast, held, used, unused, withdrawn.
    assert counts["T1: being decided"] == [1, 1, 0, 0, 1, 0, 0]
    assert counts["T2: later"] == [3, 3, 0, 0, 0, 3, 0]
    assert {r["Request"]: r["Result"] for r in rows_of(path, "Students")} == {"S1/first": "firm", "S2/first": "later"}


def test_sheets_are_ready_to_read_and_to_print(tmp_path: Path) -> None:
    workbook = opened(report(tmp_path, b.dataset(), match()))
    students = workbook["Students"]
    assert students.freeze_panes == "C5"
    assert students.auto_filter.ref is not None
    assert students.print_title_rows == "$3:$4"
    assert students.page_setup.orientation == "landscape"
    assert (students.page_setup.paperSize, students.page_setup.fitToWidth, students.page_setup.fitToHeight) == (8, 1, 0)
    titles = [cell.value for cell in students[4]]
    last = get_column_letter(titles.index("Notes") + 1)
    assert students.print_area == f"'Students'!$A$1:${last}$5"
    assert students.conditional_formatting
    # Front page and numbers are one sheet of paper each.
    for title in ("Front page", "Numbers"):
        setup = workbook[title].page_setup
        assert (setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (9, 1, 1)


def test_what_a_meeting_does_not_read_on_paper_is_hidden(tmp_path: Path) -> None:
    workbook = opened(report(tmp_path, b.dataset(), match()))
    hidden = {s.title for s in workbook.worksheets if s.sheet_state == "hidden"}
    # Reference sheets, and sheets with nothing in them.
    assert hidden == {
        "Not placed", "Changes", "Decisions", "Chase list", "Calendar", "Rules", "Policy", "Proof and check", "Check",
        "Input",
    }  # fmt: skip
    found = CheckReport(violations=(Violation(rule="L02", subjects=("O1",), message="2 matches, 1 place"),))
    workbook = opened(report(tmp_path, b.dataset(), check=found))
    assert (workbook["Check"].sheet_state, workbook["Not placed"].sheet_state) == ("visible", "visible")


def test_the_front_page_opens_with_the_names(tmp_path: Path) -> None:
    ids = [f"S{n}" for n in range(1, 41)]
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(capacity=40), b.offer("O2")),
        calendar=(CalendarEntry(tranche="T1", step="pe named by", date=date(2025, 12, 1)),),
    )
    near = Near(offer="O2", rules=("E03",), sentence="O2 (A, X): it is car driver essential.", who="the agency")
    reasons = tuple(Unplaced(request=f"{s}/first", code="E03", reason=f"Why {s}.", nearest=(near,)) for s in ids[1:])
    waits = (Waiting(code=ProvisionalCode.EDUCATOR, who="A"), Waiting(code=ProvisionalCode.CLEARANCE, who="university"))
    proved = (TierResult(tier="placed.firsts", sense="max", value=1, bound=1, proved=True),)
    path = report(tmp_path, dataset, match(pe="TBC@O1", waiting=waits), unplaced=reasons, tiers=proved)
    front = words_of(path, "Front page")
    # 39 are not placed, and all of them stand there, each with why, what to do and who.
    assert "Not placed: 39" in front
    assert [f"Why {s}." in front for s in ids[1:]] == [True] * 39
    assert front.count("O2: it is car driver essential") == 39
    sheet = opened(path)["Front page"]
    rows = [[c.value for c in line if c.value is not None] for line in sheet.iter_rows()]
    assert ["S2/first", "MSW first", "Why S2.", "O2: it is car driver essential", "A"] in rows
    assert ["PE to be named", 1, "A", "1 Dec 2025", "S1/first"] in rows
    order = [front.index(w) for w in ("Not placed: 39", "Provisional: 1", "Proved: the one tier is the best possible.")]
    assert order == sorted(order)
    # 1 of 40 is placed: that this is proved is no good news.
    proof = next(c for line in sheet.iter_rows() for c in line if str(c.value).startswith("Proved"))
    assert proof.fill.start_color.rgb.endswith(TONES["quiet"])


def test_who_is_in_the_same_position_stands_in_one_row(tmp_path: Path) -> None:
    # Three lack the same, one something else: two rows, and everybody is named.
    ids = [f"S{n}" for n in range(1, 5)]
    dataset = b.dataset(students=tuple(b.student(s) for s in ids), requests=tuple(b.request(f"{s}/first") for s in ids))
    near = Near(offer="O1", rules=("L02",), sentence="O1 (A, X): its place is taken.", who="the agency")
    reasons = [Unplaced(request=f"{s}/first", code="L02", reason="The places are taken.", nearest=(near,)) for s in ids]
    reasons[3] = reasons[3].model_copy(update={"reason": "It is too far."})
    sheet = opened(report(tmp_path, dataset, unplaced=tuple(reasons)))["Front page"]
    rows = [[c.value for c in line if c.value is not None] for line in sheet.iter_rows()]
    assert [
        "S1/first; S2/first; S3/first",
        "MSW first",
        "The places are taken.",
        "O1: its place is taken",
        "A",
    ] in rows
    assert ["S4/first", "MSW first", "It is too far.", "O1: its place is taken", "A"] in rows
    assert any(
        r[0] == "A next action is for one request alone: where several wait for the same place, each needs one "
        "of its own."
        for r in rows
        if r
    )


def test_proved_is_green_where_most_are_placed(tmp_path: Path) -> None:
    proved = (TierResult(tier="placed.firsts", sense="max", value=1, bound=1, proved=True),)
    sheet = opened(report(tmp_path, b.dataset(), match(), tiers=proved))["Front page"]
    proof = next(c for line in sheet.iter_rows() for c in line if str(c.value).startswith("Proved"))
    assert proof.fill.start_color.rgb.endswith(TONES["good"])


def test_the_front_page_says_what_is_missing_and_what_that_costs(tmp_path: Path) -> None:
    dataset = b.dataset(
        agencies=(b.agency(membership="outside"),),
        educators=(),
        travel=(),
        offers=(b.offer(statutory_regulator="not_known"), b.offer("O2")),
        requests=(b.request("S1/final"),),
    )
    waits = (Waiting(code=ProvisionalCode.EDUCATOR), Waiting(code=ProvisionalCode.MEASURE))
    front = words_of(report(tmp_path, dataset, match("S1/final", pe="TBC@O1", waiting=waits)), "Front page")
    assert {
        "No agency is marked as a partner (Agencies: membership)",
        "No PE is listed (Educators)",
        "1 match waits for a PE to be named; whether a PE has room across teams is not watched",
        "1 of 2 offers do not say whether they are statutory",
        "1 final is provisional until the agency says it; such a place counts as not statutory in the figures",
        "1 final has no first placement on record (History)",
        "No distance between districts is known (Places, Travel)",
        "No student states a preference (Students: preferred_areas)",
        "No key date is listed (Calendar)",
    } <= set(front)
    assert not any("every partner has answered" in w for w in front)


def test_a_figure_with_a_ceiling_is_no_share_of_the_few_that_are_firm(tmp_path: Path) -> None:
    ids = ("S1", "S2", "S3", "S4")
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(capacity=4),),
        educators=(b.educator(employed_by="independent", team=None, serves=("A",)), b.educator("E2", load=3)),
    )
    waits = (Waiting(code=ProvisionalCode.CLEARANCE),)
    others = [match(f"{s}/first", pe="E2", waiting=waits) for s in ids[1:]]
    rows = list(opened(report(tmp_path, dataset, match(), *others))["Numbers"].iter_rows(values_only=True))
    row = next(r for r in rows if r[0] == "Placements with independent PEs (M03)")
    # The one firm match is with an independent: 100% of what is firm, and a quarter of the year.
    assert [v for v in row[1:] if v is not None] == ["1 so far", "25% (1 of 4)", "at most 20%"]


def test_ids_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student("=1+1"),),
        requests=(b.request("=1+1/first"),),
        agencies=(b.agency("@x"),),
        offers=(b.offer("+O", agency="@x"),),
        educators=(b.educator("-E", employed_by="@x"),),
    )
    path = write_report(tmp_path, dataset, POLICY, outcome(dataset, match("=1+1/first", "+O", "-E")))[0]
    row = only(rows_of(path, "Students"))
    assert (row["Request"], row["Offer"], row["PE"], row["Agency"]) == ("=1+1/first", "+O", "-E", "@x")
    for file in tmp_path.rglob("*.xlsx"):
        cells = [c for s in opened(file).worksheets for line in s.iter_rows() for c in line]
        assert all(c.data_type != "f" for c in cells)


def test_the_front_page_names_everybody_who_waits(tmp_path: Path) -> None:
    # 40 wait for the same: a list that is cut sends the meeting to another sheet.
    ids = [f"S{n}" for n in range(1, 41)]
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(capacity=40),),
        educators=(b.educator(load=40),),
    )
    waits = (Waiting(code=ProvisionalCode.CLEARANCE, who="university"),)
    path = report(tmp_path, dataset, *(match(f"{s}/first", waiting=waits) for s in ids))
    assert "; ".join(f"{s}/first" for s in ids) in words_of(path, "Front page")


def test_what_nobody_knows_has_no_percentage(tmp_path: Path) -> None:
    # No agency is marked as a partner, and the one offer does not say whether it is statutory: 0% would be an alarm.
    dataset = b.dataset(
        agencies=(b.agency(membership="outside"),),
        offers=(b.offer(statutory_regulator="not_known", statutory_dfe="not_known"),),
        requests=(b.request("S1/final"),),
    )
    sheet = opened(report(tmp_path, dataset, match("S1/final")))["Figures"]
    rows = {r[0]: [v for v in r[1:] if v is not None] for r in sheet.iter_rows(values_only=True) if r[0]}
    assert rows["Statutory placements provided by partners (M01)"] == ["–", "–", "75%"]
    assert rows["All placements provided by partners (M01)"] == ["–", "–", "75%"]
    assert rows["MSW students with a statutory final (M02)"] == ["–", "–"]
    # What is known keeps its share: nobody of the one is independent.
    assert rows["Placements with independent PEs (M03)"] == ["0 so far", "0% (0 of 1)", "at most 20%"]
