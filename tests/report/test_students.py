"""The sheets about students, read back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from allocator.report.writing import write_report
from models.decisions import Decision
from models.entities import CalendarEntry, Published
from models.plan import ProvisionalCode, Waiting
from models.reasons import Blocked, Near, Unplaced
from tests import builders as b
from tests.report.looking import POLICY, match, only, opened, outcome, report, rows_of, words_of


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
        "Statutory: regulator / DfE": "yes / yes", "Contrast": "new area, other setting", "PE": "E2",
        "PE stage": "PEPS2", "Basis": "practice consultant", "On-site supervisor": "yes", "Minutes one way": 20,
        "Minutes are": "measured", "Preference met": "band 1: area choice 2", "Status": "proposed",
        "Provisional because, or why not placed": "readiness pending (the university), by 5 Dec 2025",
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
    offers = (b.offer("O1"), b.offer("O9"))
    other = b.dataset(students=(b.student(ranked_offers=(("O9",),)),), offers=offers)
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
    assert rows["S2/first"]["Provisional because, or why not placed"] == "The mode cannot be read."
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


def test_a_kept_match_names_the_rule_that_it_breaks(tmp_path: Path) -> None:
    kept = match(status="meeting_booked", kept=True, kept_despite=("E04",))
    row = only(rows_of(report(tmp_path, b.dataset(), kept), "Students"))
    assert row["Status"] == "meeting booked (kept)"
    assert row["Exception, by whom; kept despite"] == "kept despite Travel (E04)"


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
    assert [p.name for p in others] == ["summary.html", "return.json", "A.xlsx"]
    assert all("Name One" not in path.read_text() for path in others[:2])
    assert "Name One" not in words_of(others[2])
    unplaced = report(tmp_path, dataset, names={"S1": "Name One"})
    assert only(rows_of(unplaced, "Not placed"))["Name"] == "Name One"
    assert "Name" not in only(rows_of(report(tmp_path, dataset, match()), "Students"))


def test_names_of_pes_stand_beside_their_ids(tmp_path: Path) -> None:
    dataset = b.dataset()
    path, *others = write_report(tmp_path, dataset, POLICY, outcome(dataset, match()), names={"E1": "Name Two"})
    assert only(rows_of(path, "Students"))["PE's name"] == "Name Two"
    assert only(rows_of(path, "Educators"))["Name"] == "Name Two"
    assert only(rows_of(path, "Offers"))["Who has it, with PE"] == "S1/first: E1, Name Two"
    assert "Name Two" not in words_of(others[2])


def test_rows_stand_by_tranche_then_firm_provisional_none(tmp_path: Path) -> None:
    ids = ("S1", "S2", "S3", "S4", "S5")
    later = b.tranche("T0", first_day=date(2026, 9, 7), status="later")
    dataset = b.dataset(
        tranches=(later, b.tranche()),
        students=tuple(b.student(s) for s in ids),
        requests=(b.request("S1/first", tranche="T0"), *(b.request(f"{s}/first") for s in ids[1:])),
        offers=(b.offer(capacity=5), b.offer("O2", tranche="T0")),
    )
    waits = (Waiting(code=ProvisionalCode.CLEARANCE),)
    matches = (match("S1/first", "O2"), match("S3/first", waiting=waits), match("S4/first"), match("S5/first"))
    rows = rows_of(report(tmp_path, dataset, *matches), "Students")
    assert [(r["Tranche"], r["Request"], r["Result"]) for r in rows] == [
        ("T1", "S4/first", "firm"),
        ("T1", "S5/first", "firm"),
        ("T1", "S3/first", "provisional"),
        ("T1", "S2/first", "not placed"),
        ("T0", "S1/first", "firm"),
    ]


def test_long_travel_is_marked_in_colour_and_in_words(tmp_path: Path) -> None:
    # 75 minutes are the default amber: 76 are over it, 75 are not.
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request("S1/first"), b.request("S2/first")),
        offers=(b.offer(place="P2"), b.offer("O2", place="P3")),
        travel=(*b.travel(destination="P2", minutes=76), *b.travel(destination="P3", minutes=75)),
    )
    path = report(tmp_path, dataset, match(), match("S2/first", "O2"))
    rows = {r["Request"]: r["Minutes are"] for r in rows_of(path, "Students")}
    assert rows == {"S1/first": "measured, over 75", "S2/first": "measured"}
    sheet = opened(path)["Students"]
    column = get_column_letter([c.value for c in sheet[4]].index("Minutes one way") + 1)
    found = {str(area.sqref): area.rules for area in sheet.conditional_formatting}
    assert [(r.operator, r.formula) for r in found[f"{column}5:{column}6"]] == [("greaterThan", ["75"])]


def test_a_withdrawn_student_stays_listed_and_counts_nowhere(tmp_path: Path) -> None:
    dataset = b.dataset(
        students=(b.student("S1", withdrawn=True), b.student("S2")),
        requests=(b.request("S1/first"), b.request("S2/first")),
        decisions=(Decision(decision="withdraw", id="D4", student="S1"),),
    )
    path = report(tmp_path, dataset, match("S2/first"))
    rows = {r["Request"]: r for r in rows_of(path, "Students")}
    assert list(rows) == ["S2/first", "S1/first"]
    assert rows["S1/first"]["Result"] == "withdrawn"
    assert rows["S1/first"]["Provisional because, or why not placed"] == "The student has withdrawn (decision D4)."
    assert rows_of(path, "Not placed")[0]["Request"] == "Every request is placed."


def test_who_has_the_next_step_and_by_when(tmp_path: Path) -> None:
    dataset = b.dataset(
        agencies=(b.agency("A").model_copy(update={"name": "North Adults"}),),
        calendar=(
            CalendarEntry(tranche="T1", step="results in", date=date(2025, 12, 5)),
            CalendarEntry(tranche="T1", step="pe named by", date=date(2025, 12, 1)),
        ),
    )
    waits = (
        Waiting(code=ProvisionalCode.READINESS, who="the university"),
        Waiting(code=ProvisionalCode.EDUCATOR, who="A"),
    )
    # The PE is due on the 1st, the result on the 5th: the agency is next.
    row = only(rows_of(report(tmp_path, dataset, match(pe="TBC@O1", waiting=waits)), "Students"))
    assert (row["Owner"], row["Due"].date()) == ("North Adults", date(2025, 12, 1))
    kept = Published(request="S1/first", offer="O1", standing="kept", owner="JK", due=date(2025, 11, 28))
    theirs = dataset.model_copy(update={"published": (kept,)})
    row = only(rows_of(report(tmp_path, theirs, match(waiting=waits)), "Students"))
    assert (row["Owner"], row["Due"].date()) == ("JK", date(2025, 11, 28))
