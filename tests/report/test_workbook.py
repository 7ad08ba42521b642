"""The meeting workbook, read back sheet by sheet."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from allocator.report import DEVELOPING_TOGETHER, write_report
from allocator.report.cells import save
from allocator.report.facts import Facts
from allocator.report.workbook import meeting_workbook
from models.decisions import Decision
from models.entities import CalendarEntry, Published
from models.errors import Issue
from models.plan import (
    Blocked,
    CheckReport,
    Clash,
    ClashMember,
    Near,
    Plan,
    ProvisionalCode,
    TierResult,
    Unplaced,
    Violation,
    Waiting,
)
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, match, outcome, rows_of, words_of
from tests.report.partnership import POLICY as GENERATED_POLICY
from tests.report.partnership import generated

SHEETS = [
    "Front page", "Students", "Not placed", "Offers", "Agencies", "Educators", "Changes", "Decisions", "Calendar", "Rules",
    "Policy", "Proof and check", "Check", "Input",
]  # fmt: skip


def report(
    tmp_path: Path,
    dataset: Any,
    *matches: Any,
    policy: Policy = POLICY,
    names: dict[str, str] | None = None,
    previous_plan: Plan | None = None,
    **changes: Any,
) -> Path:
    """The workbook alone: the charts of the summary page would only take time here."""
    result = outcome(dataset, *matches, policy=policy, **changes)
    facts = Facts(dataset, policy, result.plan)
    workbook = meeting_workbook(facts, result.check, notes={}, names=names or {}, previous=previous_plan, published=())
    save(workbook, tmp_path / "report.xlsx", "t", None)
    return tmp_path / "report.xlsx"


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1
    return rows[0]


def test_the_sheets_stand_in_the_order_of_the_meeting(tmp_path: Path) -> None:
    assert load_workbook(report(tmp_path, b.dataset(), match())).sheetnames == SHEETS


def test_a_student_with_everything(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student(preferred_areas=("adults", "children"), waiting_since=date(2025, 9, 1)),),
        requests=(b.request("S1/final", graduation_due=True),),
        history=(b.history(),),
        educators=(b.educator("E2", employed_by="partnership", team=None, serves=("A",)),),
        decisions=(
            Decision(decision="exception", id="D7", request="S1/final", rule="E04", value="95", by="lead", why="asked"),
        ),
        calendar=(CalendarEntry(tranche="T1", step="results in", date=date(2025, 12, 5)),),
    )
    placed = match(
        "S1/final", pe="E2", basis="practice_consultant", exceptions=("D7",),
        waiting=(Waiting(code=ProvisionalCode.READINESS, who="the university"),),
    )  # fmt: skip
    row = only(rows_of(report(tmp_path, dataset, placed), "Students"))
    shown = {
        "Request": "S1/final", "Result": "provisional", "Priority": "5: waiting, graduation due", "District": "P0",
        "Agency, team": "H, Old", "Agency": "A", "Team": "X", "Base": "P1", "Setting": "authority",
        "Statutory: regulator / partnership": "yes / yes", "Contrast": "new area, other setting", "PE": "E2",
        "PE stage": "PEPS2", "Basis": "practice consultant", "On-site supervisor": "yes", "Minutes one way": 20,
        "Minutes are": "measured", "Preference met": "band 1: area choice 2", "Status": "proposed",
        "Provisional because": "readiness pending (the university), by 5 Dec 2025",
        "Exception, by whom; kept despite": "E04 95 by lead (D7)",
    }  # fmt: skip
    # 40 points for the second area + 40 for travel = 80: band 1.
    assert {key: row[key] for key in shown} == shown
    assert row["Start"].date() == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("request_changes", "history", "words"),
    [
        ({}, {"areas": ("children",), "setting": "authority"}, "same area and setting"),
        ({}, {"areas": (), "setting": None}, "not recorded"),
        ({"locked_agencies": ("A",)}, {"areas": ("children",), "setting": "authority"}, "another team (locked)"),
    ],
)
def test_contrast_in_words(
    tmp_path: Path, request_changes: dict[str, Any], history: dict[str, Any], words: str
) -> None:
    dataset = b.dataset(requests=(b.request("S1/final", **request_changes),), history=(b.history(**history),))
    assert only(rows_of(report(tmp_path, dataset, match("S1/final")), "Students"))["Contrast"] == words


def test_a_final_without_a_first(tmp_path: Path) -> None:
    not_recorded = b.dataset(requests=(b.request("S1/final"),))
    row = only(rows_of(report(tmp_path, not_recorded, match("S1/final")), "Students"))
    assert (row["Agency, team"], row["Contrast"]) == ("not recorded", "not judged")
    both = b.dataset(requests=(b.request(), b.request("S1/final")))
    rows = {r["Request"]: r for r in rows_of(report(tmp_path, both, match()), "Students")}
    assert rows["S1/final"]["Agency, team"] == "A, X (in this plan)"
    rows = {r["Request"]: r for r in rows_of(report(tmp_path, both), "Students")}
    assert rows["S1/final"]["Agency, team"] == "not placed yet"


def test_ranked_offers_show_the_choice(tmp_path: Path) -> None:
    ranked = b.dataset(students=(b.student(ranked_offers=(("O9",), ("O1", "O2"))),))
    assert only(rows_of(report(tmp_path, ranked, match()), "Students"))["Preference met"] == "choice 2 of 2"
    other = b.dataset(students=(b.student(ranked_offers=(("O9",),)),))
    assert only(rows_of(report(tmp_path, other, match()), "Students"))["Preference met"] == "not ranked"


def test_requests_without_a_match_say_what_they_are(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=tuple(b.student(f"S{n}") for n in range(1, 6)),
        requests=(
            b.request("S1/first"),
            b.request("S2/first", set_aside="The mode cannot be read."),
            b.request("S3/first", found_by="employer"),
            b.request("S4/first"),
        ),
        published=(Published(request="S4/first", offer="O1", standing="over", status="ended"),),
    )
    rows = {r["Request"]: r for r in rows_of(report(tmp_path, dataset), "Students")}
    assert [r["Result"] for r in rows.values()] == ["not placed", "set aside", "found by employer", "ended"]
    assert rows["S2/first"]["Provisional because"] == "The mode cannot be read."
    not_placed = rows_of(tmp_path / "report.xlsx", "Not placed")
    assert [r["Request"] for r in not_placed] == ["S1/first", "S2/first"]
    assert not_placed[0]["Main reason"] == "No reason was recorded."


def test_not_placed_says_why_and_who_can_unblock(tmp_path: Path) -> None:
    reasons = Unplaced(
        request="S1/first",
        code="E04",
        reason="Every offer is too far.",
        removed=(Blocked(rule="E04", offers=3),),
        eligible_offers=0,
        nearest=(
            Near(offer="O1", rules=("E04",), minutes=95, sentence="O1 (A, X): it is too far.", who="a named person"),
            Near(offer="O7", rules=("E03",), sentence="", who="the agency"),
        ),
    )
    row = only(rows_of(report(tmp_path, b.dataset(), unplaced=(reasons,)), "Not placed"))
    assert row["Main reason"] == "Every offer is too far."
    assert row["Offers removed, by rule"] == "Travel (E04): 3"
    assert row["Nearest place"] == "O1: A, X, 95 minutes\nIt is too far.\nCan unblock it: a named person"
    assert row["Second nearest"] == "O7\nIt is car driver essential\nCan unblock it: the agency"
    assert row["Third nearest"] is None


@pytest.mark.parametrize(
    ("changes", "matches", "why"),
    [
        ({"offers": (b.offer(withdrawn=True),)}, (), "Withdrawn."),
        ({"offers": (b.offer(stage="final"),)}, (), "No request of its stage, tranche and dates."),
        (
            {"offers": (b.offer(driver_essential="yes"),)},
            (),
            "Nobody can take it: it is car driver essential (1 request).",
        ),
        (
            {"educators": (b.educator(registered="no"),), "offers": (b.offer(educators=b.named("E1")),)},
            (),
            "Nobody can take it: no PE there can take them (1 request).",
        ),
        ({}, (), "1 request that is not placed suits it, but a limit stands against it: see the sheet Not placed."),
        ({"educators": (b.educator(load=0),)}, (), "No PE there has room: E1."),
        (
            {"offers": (b.offer(), b.offer("O2"))},
            (match(offer="O2"),),
            "The one who could take it is placed elsewhere.",
        ),
        ({}, (match(),), None),
    ],
)
def test_why_a_place_is_unused(tmp_path: Path, changes: dict[str, Any], matches: Any, why: str | None) -> None:
    rows = {r["Offer"]: r for r in rows_of(report(tmp_path, b.dataset(**changes), *matches), "Offers")}
    assert rows["O1"]["If unused, why"] == why


def test_who_could_take_a_free_place(tmp_path: Path) -> None:
    ids = [f"S{n}" for n in range(1, 10)]
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        offers=(b.offer(), b.offer("O2", capacity=2)),
        educators=(b.educator(load=9),),
    )
    matches = (match("S1/first", "O2"), match("S2/first"))
    rows = {r["Offer"]: r for r in rows_of(report(tmp_path, dataset, *matches), "Offers")}
    # O2 has one place left: S3 to S9 are not placed (7), S2 is placed elsewhere; six are named, two more.
    assert rows["O2"]["Who could take it"] == (
        "; ".join(f"S{n}/first (not placed)" for n in range(3, 9)) + " and 2 more"
    )
    assert (rows["O2"]["Use"], rows["O1"]["Use"]) == ("partly used", "used")
    assert rows["O1"]["Who could take it"] is None


def test_an_agencys_row(tmp_path: Path) -> None:
    dataset = b.dataset(
        requests=(b.request("S1/final"),),
        history=(b.history(),),
        agencies=(b.agency(heard_from=None, asked_on=date(2025, 9, 1)), b.agency("B", social_workers_fte=5)),
        educators=(
            b.educator("E1"),
            b.educator("E2"),
            b.educator("E3", qualification="trainee_1", needs_student_by=date(2026, 3, 1)),
        ),
    )
    waiting = (Waiting(code=ProvisionalCode.SUPERVISOR),)
    rows = {r["Agency"]: r for r in rows_of(report(tmp_path, dataset, match("S1/final", waiting=waiting)), "Agencies")}
    a = rows["A"]
    assert (a["Offered"], a["Used"], a["Firm"], a["Unused"], a["Statutory finals"]) == (1, 1, 0, 0, 1)
    assert (a["PEPS2 idle"], a["Trainees who need a student"]) == ("E2", "E3 by 1 Mar 2026")
    assert a["To settle"] == "on-site supervisor to be named: 1 match"
    # B alone has a weight: T = floor(0.75 + 0.5) = 1 is asked of B, which offered none.
    assert (rows["B"]["Asked"], rows["B"]["Range"], rows["B"]["Gap: asked, not offered"]) == (1, "0 to 2", 1)
    assert rows["B"]["To settle"] == "Not heard from\noffers: 1 place short of what was asked"


def test_educators_and_those_to_be_named(tmp_path: Path) -> None:
    dataset = b.dataset(
        educators=(
            b.educator("E2", qualification="trainee_2", practice_assessor="university"),
            b.educator("E10", current_until=None),
        )
    )
    rows = rows_of(report(tmp_path, dataset, match(pe="E10")), "Educators")
    assert [r["PE"] for r in rows] == ["E2", "E10"]
    assert (rows[0]["Practice assessor"], rows[0]["Trainee's fall-back"]) == ("university", "no fall-back")
    assert (rows[1]["Current until"], rows[1]["Students"], rows[1]["Spare"]) == ("not known", "S1/first", 0)


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
    rows = rows_of(report(tmp_path, dataset, *now, previous_plan=before), "Changes")
    assert [(r["Request"], r["What changed"]) for r in rows] == [
        ("S2/first", "other place"),
        ("S3/first", "no longer placed"),
        ("S4/first", "other PE"),
        ("S5/first", "newly placed"),
    ]
    assert (rows[2]["From"], rows[2]["To"]) == ("A, X (O1), PE to be named", "A, X (O1), E1")
    students = {r["Request"]: r for r in rows_of(tmp_path / "report.xlsx", "Students")}
    assert students["S2/first"]["Changed since the last version"] == "other place: O1 E1 → O2 E1"
    assert students["S1/first"]["Changed since the last version"] is None
    rows = rows_of(report(tmp_path, dataset, match("S5/first", "O2")), "Changes")
    assert [(r["Request"], r["What changed"]) for r in rows] == [("S5/first", "other PE")]


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
        "set aside: it breaks a rule by itself",
        "in force",
        "not used",
        "not matched so",
    ]
    assert "S2/first: it breaks a rule by itself" in words_of(path, "Front page")


def test_the_calendar_says_what_is_overdue(tmp_path: Path) -> None:
    steps = {
        "ask": date(2025, 9, 1), "offers due": date(2025, 11, 1), "clearance in": date(2025, 11, 20),
        "results in": date(2025, 11, 19), "meeting": date(2025, 11, 21), "final": date(2025, 11, 18), "start": date(2025, 12, 1),
    }  # fmt: skip
    dataset = b.dataset(
        agencies=(b.agency(asked_on=date(2025, 9, 1)),),
        calendar=tuple(CalendarEntry(tranche="T1", step=s, date=d) for s, d in steps.items()),
    )
    pending = match(waiting=(Waiting(code=ProvisionalCode.CLEARANCE),))
    rows = {r["Step"]: (r["State"], r["Still open"]) for r in rows_of(report(tmp_path, dataset, pending), "Calendar")}
    # On 21 November 2025: A was asked, but is not heard from; one clearance is open, no result.
    assert rows == {
        "ask": ("done", None),
        "offers due": ("overdue by 20 days", "A"),
        "final": ("date passed 3 days ago", None),
        "results in": ("done", None),
        "clearance in": ("overdue by 1 day", "1 match: S1/first"),
        "meeting": ("today", None),
        "start": ("in 10 days", None),
    }


def test_rules_and_policy_in_force(tmp_path: Path) -> None:
    policy = Policy(as_of=POLICY.as_of, rules_off=("E04",), independent_cap_percent=25)
    path = report(tmp_path, b.dataset(), match(), policy=policy)
    rules = {r["Rule"]: r["In force"] for r in rows_of(path, "Rules")}
    assert (rules["E03"], rules["E04"], rules["E20"]) == ("on", "off", "later")
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
        "proved (given the level before, which is not)",
    ]
    assert [r["Same"] for r in rows] == ["yes", "NO", None, None]
    assert rows[2]["Aim"] == "Matches in preference band 5 (nobody badly matched first)"
    found = rows_of(path, "Check")
    assert (found[0]["Finding"], found[0]["Rule"], found[0]["Amount"]) == ("violation", "Capacity (L02)", 2)
    assert found[1]["What"] == "start of S9"
    front = words_of(path, "Front page")
    assert any(w.startswith("Stopped early (time limit)") and "2 aims of 4" in w for w in front)
    assert "The independent check found 1 violation: see the sheet Check." in front


def test_the_front_page_says_what_is_proved(tmp_path: Path) -> None:
    proved = (TierResult(tier="placed.finals", sense="max", value=1, bound=1, proved=True),)
    kept = CheckReport(kept_despite=(Violation(rule="E04", subjects=("S1/first",), message="too far"),))
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=proved, check=kept), "Front page")
    assert "Proved: the one aim is the best possible." in front
    assert "The independent check passed; 1 rule is broken by kept matches (sheet Check)." in front
    gap = (TierResult(tier="placed.finals", sense="max", value=1, bound=2),)
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=gap), "Front page")
    assert "Not proved: 1 aim of 1, from “Finals placed, of the tranche being decided” on." in front
    front = words_of(report(tmp_path, b.dataset(), match(), tiers=proved, stopped="interrupted"), "Front page")
    assert any(w.endswith("Every aim that was reached is proved.") for w in front)


def test_rows_set_aside_stand_on_the_front_page(tmp_path: Path) -> None:
    issues = (
        Issue(level="set_aside", code="V1", sheet="Offers", row=7, message="Unknown agency", remedy="Did you mean A?"),
        Issue(level="warning", code="V2", message="Blank"),
    )
    path = report(tmp_path, b.dataset(issues=issues), match())
    front = words_of(path, "Front page")
    assert {"Offers row 7", "Unknown agency", "Did you mean A?", "1 warning on the sheet Input."} <= set(front)
    assert [r["Level"] for r in rows_of(path, "Input")] == ["set aside", "warning"]


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


def test_a_kept_match_names_the_rule_that_it_breaks(tmp_path: Path) -> None:
    kept = match(status="meeting_booked", kept=True, kept_despite=("E04",))
    row = only(rows_of(report(tmp_path, b.dataset(), kept), "Students"))
    assert row["Status"] == "meeting booked (kept)"
    assert row["Exception, by whom; kept despite"] == "kept despite Travel (E04)"


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


def test_a_students_first_stands_before_the_final(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student("S10"), b.student("S2")),
        requests=(b.request("S10/final"), b.request("S10/first"), b.request("S2/final")),
    )
    ids = [r["Request"] for r in rows_of(report(tmp_path, dataset), "Students")]
    assert ids == ["S2/final", "S10/first", "S10/final"]


def test_names_are_written_only_where_given_and_only_here(tmp_path: Path) -> None:
    dataset = b.dataset()
    path, *others = write_report(tmp_path, dataset, POLICY, outcome(dataset, match()), names={"S1": "Name One"})
    assert only(rows_of(path, "Students"))["Name"] == "Name One"
    assert [p.name for p in others] == ["summary.html", "A.xlsx"]
    assert "Name One" not in others[0].read_text()
    assert "Name One" not in words_of(others[1])
    unplaced = report(tmp_path, dataset, names={"S1": "Name One"})
    assert only(rows_of(unplaced, "Not placed"))["Name"] == "Name One"
    assert "Name" not in only(rows_of(report(tmp_path, dataset, match()), "Students"))


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
