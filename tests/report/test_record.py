"""The sheets of record: changes, decisions, calendar, rules, policy, proof and check."""

from datetime import date
from pathlib import Path

from allocator.comparison import result_of
from models.decisions import Decision
from models.entities import CalendarEntry, ClosedDay, Published
from models.plan import (
    CheckReport,
    ProvisionalCode,
    TierResult,
    Violation,
    Waiting,
)
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, match, opened, outcome, report, rows_of, words_of


def test_changes_against_the_run_before_and_the_published_plan(tmp_path: Path) -> None:
    ids = ("S1", "S2", "S3", "S4", "S5")
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(capacity=5), b.offer("O2", capacity=5)),
        published=(Published(request="S5/first", offer="O2", standing="in_force", pe="E9"),),
    )
    before = outcome(
        dataset, match("S1/first"), match("S2/first"), match("S3/first"), match("S4/first", pe="TBC@O1")
    ).plan
    now = (match("S1/first"), match("S2/first", "O2"), match("S4/first"), match("S5/first", "O2"))
    previous = result_of("the run before", before)
    rows = rows_of(report(tmp_path, dataset, *now, previous=previous), "Changes")
    assert [(r["About"], r["What changed"]) for r in rows] == [
        ("S2/first", "other place"),
        ("S3/first", "no longer asked for"),
        ("S4/first", "PE named"),
        ("S5/first", "newly placed"),
    ]
    assert (rows[2]["From"], rows[2]["To"]) == ("A, X (O1), PE to be named", "A, X (O1), E1")
    students = {r["Request"]: r for r in rows_of(tmp_path / "report.xlsx", "Students")}
    assert students["S2/first"]["Changed since the last version"] == "other place: O1 E1 → O2 E1"
    assert students["S1/first"]["Changed since the last version"] is None
    rows = rows_of(report(tmp_path, dataset, match("S5/first", "O2")), "Changes")
    assert [(r["About"], r["What changed"]) for r in rows] == [("S5/first", "other PE")]


def test_a_published_row_without_a_pe_says_nothing_about_it(tmp_path: Path) -> None:
    dataset = b.dataset(published=(Published(request="S1/first", offer="O1", standing="in_force"),))
    assert "Nothing changed." in words_of(report(tmp_path, dataset, match()), "Changes")
    assert "There is nothing to compare with yet." in words_of(report(tmp_path, b.dataset(), match()), "Changes")


def test_decisions_and_what_became_of_them(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2"), b.student("S3")),
        requests=(b.request(), b.request("S2/first"), b.request("S3/first")),
        offers=(b.offer(capacity=3),),
        decisions=(
            Decision(decision="fix", id="D1", request="S1/first", offer="O1", by="lead"),
            Decision(decision="fix", id="D2", request="S2/first", offer="O9", by="lead"),
            Decision(decision="do_not_match", id="D3", student="S1", agency="Z"),
            Decision(
                decision="exception", id="D4", request="S3/first", rule="E18", value="agency", by="lead", why="small"
            ),
            Decision(decision="fix", id="D5", request="S3/first", offer="O9", by="lead"),
        ),
    )
    path = report(tmp_path, dataset, match(), match("S3/first"), fixes_set_aside=("S2/first",))
    rows = {r["Reference"]: r for r in rows_of(path, "Decisions")}
    assert list(rows) == ["D4", "D1", "D2", "D5", "D3"]
    assert rows["D4"]["Rule and value"] == "Repeat placements (E18); agency"
    assert [rows[d]["In this plan"] for d in ("D1", "D2", "D3", "D4", "D5")] == [
        "used: matched so",
        "set aside: it cannot be",
        "in force",
        "not used",
        "not matched so",
    ]
    assert "S2/first: it cannot be, so nobody is placed by it" in words_of(path, "Front page")


def test_the_calendar_says_what_is_overdue(tmp_path: Path) -> None:
    steps = {
        "ask": date(2025, 9, 1), "offers due": date(2025, 11, 1), "clearance in": date(2025, 11, 20),
        "results in": date(2025, 11, 19), "meeting": date(2025, 11, 21), "final": date(2025, 11, 18), "start": date(2025, 12, 1),
        "pe named by": date(2025, 12, 2), "pre-placement meetings by": date(2025, 12, 3), "release": date(2025, 11, 18),
    }  # fmt: skip
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request(), b.request("S2/first")),
        agencies=(b.agency(), b.agency("B", asked_on=date(2025, 9, 1))),
        calendar=tuple(CalendarEntry(tranche="T1", step=s, date=d) for s, d in steps.items()),
        closed_days=(ClosedDay(date=date(2026, 1, 6), agency="A"),),
        published=(
            Published(request="S1/first", offer="O1", standing="kept", student_told_on=date(2025, 11, 10)),
            Published(request="S2/first", offer="O1", standing="in_force", status="sent_to_agency"),
        ),
    )
    pending = match(waiting=(Waiting(code=ProvisionalCode.CLEARANCE),))
    named = (Waiting(code=ProvisionalCode.EDUCATOR), Waiting(code=ProvisionalCode.SUPERVISOR))
    unnamed = match("S2/first", pe="TBC@O1", waiting=named)
    path = report(tmp_path, dataset, pending, unnamed)
    rows = {r["Step"]: (r["State"], r["Open"], r["Still open"]) for r in rows_of(path, "Calendar")}
    # On 21 November 2025: A offers a place; B was asked, and neither answers nor offers. One clearance is open, no
    # result. Of the two that are published one student is told; neither has met. PE and supervisor of S2 are two things.
    assert rows == {
        "ask": ("done", 0, None),
        "offers due": ("overdue by 20 days", 1, "B"),
        "final": ("date passed 3 days ago", None, None),
        "results in": ("done", 0, None),
        "clearance in": ("overdue by 1 day", 1, "S1/first"),
        "meeting": ("today", None, None),
        "start": ("in 10 days", None, None),
        "PE named by": ("in 11 days", 2, "S2/first"),
        "pre-placement meetings by": ("in 12 days", 2, "S1/first; S2/first"),
        "release": ("overdue by 3 days", 1, "S2/first"),
        "closed": ("no working day", None, None),
    }


def test_the_calendar_says_nothing_of_what_nobody_can_know(tmp_path: Path) -> None:
    # Nothing is published; T0 is past and T2 not decided yet, so nobody has to have offered for them.
    steps = ("offers due", "results in", "release", "pre-placement meetings by")
    dataset = b.dataset(
        tranches=(b.tranche("T0", status="past"), b.tranche(), b.tranche("T2", status="later")),
        agencies=(b.agency("B"),),
        calendar=tuple(
            CalendarEntry(tranche=t, step=s, date=date(2025, 11, 20)) for t in ("T0", "T1", "T2") for s in steps
        ),
    )
    rows = rows_of(report(tmp_path, dataset, match()), "Calendar")
    passed = "date passed 1 day ago"
    assert {(r["Tranche"], r["Step"]): (r["State"], r["Still open"]) for r in rows} == {
        ("T0", "offers due"): (passed, None), ("T0", "results in"): (passed, None),
        ("T0", "release"): (passed, None), ("T0", "pre-placement meetings by"): (passed, None),
        ("T1", "offers due"): ("overdue by 1 day", "B"), ("T1", "results in"): ("done", None),
        ("T1", "release"): (passed, None), ("T1", "pre-placement meetings by"): (passed, None),
        ("T2", "offers due"): (passed, None), ("T2", "results in"): ("done", None),
        ("T2", "release"): (passed, None), ("T2", "pre-placement meetings by"): (passed, None),
    }  # fmt: skip


def test_the_chase_list_says_how_long_each_thing_is_overdue(tmp_path: Path) -> None:
    dataset = b.dataset(calendar=(CalendarEntry(tranche="T1", step="clearance in", date=date(2025, 11, 20)),))
    waits = (Waiting(code=ProvisionalCode.CLEARANCE, who="university"), Waiting(code=ProvisionalCode.DRIVING))
    path = report(tmp_path, dataset, match(waiting=waits), names={"S1": "Ann"})
    rows = rows_of(path, "Chase list")
    assert [(r["State"], r["Owner"], r["What"], r["Which"], r["Name"]) for r in rows] == [
        ("overdue by 1 day", "university", "clearance pending", "S1/first", "Ann"),
        ("no date", "placements team", "driving not known", "S1/first", "Ann"),
    ]
    sheet = opened(path)["Chase list"]
    # Colour goes with the word in the same cell.
    rules = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    assert rules == ['LEFT($A5,7)="overdue"', 'LEFT($A5,5)="today"', 'LEFT($A5,7)="no date"']


def test_rules_and_policy_in_force(tmp_path: Path) -> None:
    policy = Policy(as_of=POLICY.as_of, rules_off=("E04",), independent_cap_percent=25)
    path = report(tmp_path, b.dataset(), match(), policy=policy)
    rules = {r["Rule"]: r["In force"] for r in rows_of(path, "Rules")}
    assert (rules["E03"], rules["E04"], rules["E20"]) == ("on", "off", "not switched on")
    settings = {r["Setting"]: r for r in rows_of(path, "Policy")}
    assert (settings["independent_cap_percent"]["Value"], settings["independent_cap_percent"]["Set here"]) == (
        "25",
        "yes",
    )
    assert settings["travel_limit"]["Set here"] is None
    assert settings["placed_total"]["Value"] == "no"
    assert len(settings) == len(Policy.model_fields)


def test_proof_and_check(tmp_path: Path) -> None:
    tiers = (
        TierResult(tier="placed.finals", sense="max", value=4, bound=4, proved=True),
        TierResult(tier="firm", sense="min", value=7, bound=5),
        TierResult(tier="preferences.band5", sense="min", value=1, conditional=True),
        TierResult(tier="travel", sense="min", value=9, bound=9, proved=True, conditional=True),
    )
    again = (TierResult(tier="placed.finals", sense="max", value=4), TierResult(tier="firm", sense="min", value=8))
    check = CheckReport(
        violations=(Violation(rule="L02", subjects=("O1",), message="2 matches, 1 place", amount=2, limit=1),),
        tiers=again,
        not_judged=("start of S9",),
    )
    path = report(tmp_path, b.dataset(), match(), tiers=tiers, stopped="time limit", check=check)
    rows = rows_of(path, "Proof and check")
    assert [r["Proof"] for r in rows] == [
        "proved",
        "not proved: at most 2 fewer possible",
        "not proved: no bound",
        "proved (given the tier before, which is not)",
    ]
    assert [r["Same"] for r in rows] == ["yes", "NO", None, None]
    assert rows[2]["Tier"] == "Matches in preference band 5 (nobody badly matched first)"
    found = rows_of(path, "Check")
    assert (found[0]["Finding"], found[0]["Rule"], found[0]["Amount"]) == ("violation", "Capacity (L02)", 2)
    assert found[1]["What"] == "start of S9"
    front = words_of(path, "Front page")
    assert any(w.startswith("Stopped early (time limit)") and "2 tiers of 4" in w for w in front)
    assert "The independent check found 1 violation: see the sheet Check." in front
