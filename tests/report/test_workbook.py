"""The meeting workbook as a whole, and its front page."""

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from allocator.report import DEVELOPING_TOGETHER, write_report
from models.errors import Issue
from models.plan import (
    CheckReport,
    Clash,
    ClashMember,
    TierResult,
    Violation,
)
from tests import builders as b
from tests.report.looking import POLICY, match, only, outcome, report, rows_of, words_of
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated

SHEETS = [
    "Front page", "Students", "Not placed", "Offers", "Agencies", "Educators", "Changes", "Decisions", "Calendar", "Rules",
    "Policy", "Proof and check", "Check", "Input",
]  # fmt: skip


def test_the_sheets_stand_in_the_order_of_the_meeting(tmp_path: Path) -> None:
    assert load_workbook(report(tmp_path, b.dataset(), match())).sheetnames == SHEETS


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


def test_published_years_stand_on_the_front_page_only_when_given(tmp_path: Path) -> None:
    dataset, result = generated(30)
    plain = write_report(tmp_path / "a", dataset, GENERATED_POLICY, result)[0]
    beside = write_report(tmp_path / "b", dataset, GENERATED_POLICY, result, published_years=DEVELOPING_TOGETHER)[0]
    assert "2021-22" not in words_of(plain, "Front page")
    assert {"2021-22", "73%", "69%"} <= set(words_of(beside, "Front page"))


def test_a_clash_is_explained_on_the_front_page_and_notes_stay_possible(tmp_path: Path) -> None:
    members = (
        ClashMember(rule="L02", subject="Offers: O1", sentence="O1 has one place."),
        ClashMember(rule="E16", subject="Decisions: D1, D2", sentence="Two students are fixed to O1."),
    )
    path = report(tmp_path, b.dataset(), clash=Clash(members=members, confirmed=True))
    front = words_of(path, "Front page")
    assert any("confirmed" in w and w.startswith("No plan: rules clash.") for w in front)
    assert {"Capacity (L02)", "Two students are fixed to O1.", "Decisions: D1, D2"} <= set(front)
    assert only(rows_of(path, "Students"))["Result"] == "no plan"
    assert only(rows_of(path, "Offers"))["If unused, why"] == "There is no plan: rules clash."
    unsure = report(tmp_path, b.dataset(), clash=Clash(members=members, confirmed=False))
    assert any("was not confirmed" in w for w in words_of(unsure, "Front page"))


def test_a_member_of_a_clash_says_its_rule_and_row_once(tmp_path: Path) -> None:
    member = ClashMember(rule="L02", subject="O1", sentence="L02 Capacity (O1): all matches of the offer count.")
    front = words_of(report(tmp_path, b.dataset(), clash=Clash(members=(member,), confirmed=True)), "Front page")
    assert "all matches of the offer count." in front


def test_later_tranches_are_counted_apart_on_the_front_page(tmp_path: Path) -> None:
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request(), b.request("S2/first", tranche="T2")),
        offers=(b.offer(), b.offer("O2", tranche="T2", capacity=3)),
    )
    path = report(tmp_path, dataset, match())
    lines = list(load_workbook(path)["Front page"].iter_rows(values_only=True))
    counts = {line[0]: [v for v in line[1:] if isinstance(v, int)] for line in lines if line[0] is not None}
    # The last table of these rows counts places: all, firm, forecast, held, used, unused, withdrawn.
    assert counts["T1: being decided"] == [1, 1, 0, 0, 1, 0, 0]
    assert counts["T2: later"] == [3, 3, 0, 0, 0, 3, 0]
    assert {r["Request"]: r["Result"] for r in rows_of(path, "Students")} == {"S1/first": "firm", "S2/first": "later"}


def test_sheets_are_ready_to_read_and_to_print(tmp_path: Path) -> None:
    workbook = load_workbook(report(tmp_path, b.dataset(), match()))
    students = workbook["Students"]
    assert students.freeze_panes == "C5"
    assert students.auto_filter.ref is not None
    assert students.print_title_rows == "$3:$4"
    assert students.page_setup.orientation == "landscape"
    assert students.page_setup.fitToWidth == 2
    assert students.conditional_formatting
    assert workbook["Front page"].page_setup.fitToWidth == 1


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
        cells = [c for s in load_workbook(file).worksheets for line in s.iter_rows() for c in line]
        assert all(c.data_type != "f" for c in cells)
