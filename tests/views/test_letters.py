"""Letters: who gets one, what is in it, and what has changed since what is published, as its reader has to read it."""

from datetime import date
from typing import Any

from allocator.report.letters import letters_of
from allocator.views.facts import Facts
from models.decisions import Decision
from models.entities import CalendarEntry, Published, Spoke
from models.plan import ProvisionalCode, Waiting
from tests import builders as b
from tests.report.looking import facts_of, match

TOLD = date(2025, 11, 3)


def published(request: str, offer: str, pe: str, status: Any = "sent_to_agency", **changes: Any) -> Published:
    facts = {"request": request, "offer": offer, "pe": pe, "status": status, "standing": "in_force"}
    return Published(**facts | changes)


def six() -> Facts:
    """O1 and O3 are agency A's (called Ash), O2 is B's; the PE E1 is A's, E2 is B's.

    S1 stays at O1. S2 goes from O1 to O2, S3 from O3 to O1. S4 was told of O2 and has no place any more; nobody knows
    that S5 was to go there. S6 is new at O3, whose PE is to be named.
    """
    ids = [f"S{n}" for n in range(1, 7)]
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids),
        requests=tuple(b.request(f"{s}/first") for s in ids),
        agencies=(b.agency().model_copy(update={"name": "Ash"}), b.agency("B")),
        offers=(
            b.offer(capacity=3), b.offer("O2", agency="B", team="Y", capacity=2),
            b.offer("O3", team="Z", on_site_supervisor="to_be_named", capacity=2),
        ),
        educators=(b.educator(), b.educator("E2", employed_by="B")),
        published=(
            published("S1/first", "O1", "E1", student_told_on=TOLD), published("S2/first", "O1", "E1"),
            published("S3/first", "O3", "E1"), published("S4/first", "O2", "E2", student_told_on=TOLD),
            published("S5/first", "O2", "E2", "proposed"),
        ),
        calendar=(
            CalendarEntry(tranche="T1", step="pe named by", date=date(2025, 12, 1)),
            CalendarEntry(tranche="T1", step="agency answers by", date=date(2025, 12, 2)),
            CalendarEntry(tranche="T1", step="pre-placement meetings by", date=date(2025, 12, 3)),
        ),
    )  # fmt: skip
    waits = (Waiting(code=ProvisionalCode.EDUCATOR, who="A"), Waiting(code=ProvisionalCode.SUPERVISOR, who="A"))
    return facts_of(
        dataset, match(status="sent_to_agency"), match("S2/first", "O2", "E2"), match("S3/first", "O1", "E1"),
        match("S6/first", "O3", "TBC PEPS2@O3", basis="elsewhere", waiting=waits),
    )  # fmt: skip


def rows(facts: Facts, name: str, names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    table = letters_of(facts, names or {})[name]
    return [dict(zip([c.title for c in table.columns], row, strict=True)) for row in table.rows]


def test_a_student_reads_where_with_whom_and_when() -> None:
    letters = {r["Student"]: r for r in rows(six(), "students", {"S1": "Ann", "E1": "Eve"})}
    shown = {
        "Name": "Ann", "Programme": "MSW", "Stage": "first", "Tranche": "T1", "Place": "O1", "Agency": "Ash",
        "Team": "X", "Base": "P1", "PE": "E1", "PE's name": "Eve", "On-site supervisor": "not needed",
        "Start": "5 Jan 2026", "End": "10 Apr 2026", "Days": 70, "Days a week": 5, "Status": "sent to agency",
        "Firm or provisional": "firm", "Student told on": "3 Nov 2025", "Changed since published": "no",
    }  # fmt: skip
    assert {key: letters["S1"][key] for key in shown} == shown
    new = letters["S6"]
    assert (new["Name"], new["PE"], new["On-site supervisor"]) == ("", "to be named", "to be named")
    assert (new["Firm or provisional"], new["Student told on"]) == ("provisional", "")


def test_what_has_changed_is_said_to_students() -> None:
    letters = rows(six(), "students")
    # S5 was never told, so nothing has been taken from them that they know of.
    assert {r["Student"]: (r["Changed since published"], r["Place"]) for r in letters} == {
        "S1": ("no", "O1"), "S2": ("other place", "O2"), "S3": ("other place", "O1"), "S4": ("no longer placed", ""),
        "S6": ("newly placed", "O3"),
    }  # fmt: skip
    assert [r["Firm or provisional"] for r in letters if r["Student"] == "S4"] == ["not placed"]


def test_an_agency_reads_what_is_new_to_it() -> None:
    placements = rows(six(), "placements")
    assert [(r["Agency"], r["Student"], r["Place"], r["Changed since published"]) for r in placements] == [
        ("A", "S1", "O1", "no"), ("A", "S3", "O1", "other place"), ("A", "S6", "O3", "new"),
        ("A", "S2", "O1", "no longer with you"), ("B", "S2", "O2", "new"), ("B", "S4", "O2", "no longer with you"),
    ]  # fmt: skip
    to_name = placements[2]
    assert (to_name["PE"], to_name["On-site supervisor"]) == (
        "please name a PE (PEPS2) by 1 Dec 2025", "please name one by 1 Dec 2025",
    )  # fmt: skip
    assert (to_name["Reply by"], to_name["Pre-placement meeting by"]) == ("2 Dec 2025", "3 Dec 2025")
    # Of the places that S2 left and has, each agency knows only its own; told of O1 says nothing of O2.
    assert [r["Student told on"] for r in placements] == ["3 Nov 2025", "", "", "", "", "3 Nov 2025"]


def test_an_agency_has_one_letter_with_its_numbers() -> None:
    ash, other = rows(six(), "agencies", {"S1": "Ann"})
    shown = {
        "Agency": "A", "Agency's name": "Ash", "Students placed": 3, "Students for some days": 0, "PEs to name": 1,
        "On-site supervisors to name": 1, "Reply by": "2 Dec 2025 (T1)", "PEs named by": "1 Dec 2025 (T1)",
        "Places not used": 2, "Which places": "O1, X: 1 of 3; O3, Z: 1 of 2", "Changed since published": "yes",
    }  # fmt: skip
    # O1 has 3 places and 2 students, O3 has 2 places and 1.
    assert {key: ash[key] for key in shown} == shown
    assert ash["Placements"].startswith("S1 Ann (MSW first): O1, X, 5 Jan 2026 to 10 Apr 2026; S3 (MSW first): O1, X")
    assert ash["Placements"].endswith("; S2 (MSW first): O1, X, no longer with you")
    assert (other["Agency"], other["Students placed"], other["Places not used"]) == ("B", 1, 1)


def test_a_pe_reads_whom_they_have_and_have_no_more() -> None:
    letters = rows(six(), "educators", {"S2": "Bob", "E2": "Eli"})
    assert [(r["PE"], r["Student"], r["Agency"], r["Changed since published"]) for r in letters] == [
        ("E1", "S1", "Ash", "no"), ("E1", "S3", "Ash", "other place"), ("E1", "S2", "Ash", "no longer with you"),
        ("E2", "S2", "B", "new"), ("E2", "S4", "B", "no longer with you"),
    ]  # fmt: skip
    assert [(r["PE's name"], r["Student's name"]) for r in letters[3:]] == [("Eli", "Bob"), ("Eli", "")]


def test_without_a_published_plan_nothing_is_called_changed() -> None:
    facts = facts_of(b.dataset(), match())
    for name in ("students", "agencies", "placements", "educators"):
        assert [r["Changed since published"] for r in rows(facts, name)] == ["nothing is published"]


def test_nothing_has_changed_for_an_agency_whose_placements_are_as_published() -> None:
    facts = facts_of(b.dataset(published=(published("S1/first", "O1", "E1"),)), match())
    assert [r["Changed since published"] for r in rows(facts, "agencies")] == ["no"]


def test_the_agency_of_a_spoke_reads_its_own_days() -> None:
    spokes = (Spoke(agency="B", team="Y", days=20, place="P2"),)
    dataset = b.dataset(agencies=(b.agency(), b.agency("B")), offers=(b.offer(spokes=spokes),))
    lead, visit = rows(facts_of(dataset, match(pe="TBC@O1")), "placements")
    assert (lead["Days"], lead["Other sites"], lead["Led by"]) == (70, "B, Y (P2): 20 days", "")
    shown = {"Agency": "B", "Team": "Y", "Base": "P2", "Days": 20, "Led by": "A, X", "PE": "to be named by the lead"}
    assert {key: visit[key] for key in shown} == shown
    # which days, lead and student agree; the meeting is the lead's
    assert (visit["Days a week"], visit["Pre-placement meeting by"]) == ("", "")
    agencies = rows(facts_of(dataset, match()), "agencies")
    assert [(r["Students placed"], r["Students for some days"]) for r in agencies] == [(1, 0), (0, 1)]


def test_of_a_later_round_only_what_is_published_goes_out() -> None:
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        students=(b.student(), b.student("S2"), b.student("S3")),
        requests=(b.request(), b.request("S2/first", tranche="T2"), b.request("S3/first", tranche="T2")),
        offers=(b.offer(), b.offer("O2", tranche="T2", capacity=2, agency="B")),
        agencies=(b.agency(), b.agency("B")),
        educators=(b.educator(load=3),),
        published=(published("S2/first", "O2", "E1"),),
    )
    matches = (match(), match("S2/first", "O2"), match("S3/first", "O2"))
    assert [r["Student"] for r in rows(facts_of(dataset, *matches), "students")] == ["S1", "S2"]
    nothing = dataset.model_copy(update={"published": ()})
    assert [r["Agency"] for r in rows(facts_of(nothing, *matches), "agencies")] == ["A"]


def test_an_agency_reads_what_the_team_holds_and_not_for_whom() -> None:
    # O1 has 3 places and 2 students; the third is held for S4. Of O3 nothing is held.
    facts = six()
    hold = Decision(decision="hold", id="D1", request="S4/first", offer="O1", places=1)
    held = Facts(facts.dataset.model_copy(update={"decisions": (hold,)}), facts.policy, facts.plan)
    [ash, _] = rows(held, "agencies")
    assert (ash["Places not used"], ash["Which places"]) == (2, "O1, X: 1 of 3 (1 held by the team); O3, Z: 1 of 2")
