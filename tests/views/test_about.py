"""The rows of the report that are about one agency or one PE, and what takes a PE's time."""

from datetime import date

from allocator.views.about import (
    account_of,
    agency_called,
    decisions_about,
    educators_of,
    offers_of,
    owed_about_educator,
    owed_by_agency,
    spans,
    students_at,
    students_of,
)
from allocator.views.chase import chase_table
from allocator.views.facts import Facts
from allocator.views.record import decisions_table
from allocator.views.students import Kept, students_table
from allocator.views.supply import agencies_table, educators_table, offers_table
from models.decisions import Decision
from models.entities import Commitment, Spoke
from models.plan import ProvisionalCode, Waiting
from tests import builders as b
from tests.report.looking import END, START, facts_of, match

NAMING = (Waiting(code=ProvisionalCode.EDUCATOR, who="A"),)


def two_agencies() -> Facts:
    """S1 and S2 go to A, of whose offer O2 some days are at B; S3 goes to B. E1 and E2 are A's, E3 is B's."""
    ids = ("S1", "S2", "S3")
    dataset = b.dataset(
        students=tuple(b.student(s) for s in ids), requests=tuple(b.request(f"{s}/first") for s in ids),
        agencies=(b.agency("A").model_copy(update={"name": "Ash"}), b.agency("B")),
        offers=(
            b.offer("O1", agency="A"), b.offer("O2", agency="A", spokes=(Spoke(agency="B", team="Y", days=5),)),
            b.offer("O3", agency="B", team="Y"),
        ),
        educators=(b.educator("E1", employed_by="A"), b.educator("E2", employed_by="A"), b.educator("E3", employed_by="B")),
        commitments=(
            Commitment(pe="E1", programme="nursing", first_day=date(2026, 2, 1), last_day=date(2026, 3, 1)),
            Commitment(pe="E1"), Commitment(pe="E2"),
        ),
        decisions=(Decision(decision="fix", id="D1", request="S1/first", offer="O1", pe="E1", by="LM"),
                   Decision(decision="do_not_match", id="D2", request="S3/first", offer="O1", by="LM")),
    )  # fmt: skip
    return facts_of(
        dataset,
        match("S1/first", "O1", "E1"),
        match("S2/first", "O2", "TBC@O2", waiting=NAMING),
        match("S3/first", "O3", "E3"),
    )


def test_an_agency_is_found_by_its_id_and_by_its_name() -> None:
    facts = two_agencies()
    assert [agency_called(facts, called) for called in ("A", " ash ", "b", "Elm")] == ["A", "A", "B", None]


def test_rows_of_an_agency_are_its_own_and_those_that_come_for_some_days() -> None:
    facts = two_agencies()
    students, offers = students_table(facts, Kept({}, None, {}, {})), offers_table(facts, {})
    assert [row[0] for row in students_at(facts, students, "A").rows] == ["S1/first", "S2/first"]
    assert [row[0] for row in students_at(facts, students, "B").rows] == ["S3/first", "S2/first"]  # firm ones first
    assert [row[0] for row in offers_of(facts, offers, "A").rows] == ["O1", "O2"]
    assert [row[0] for row in offers_of(facts, offers, "B").rows] == ["O2", "O3"]
    assert [row[0] for row in educators_of(facts, educators_table(facts, {}), "A").rows] == ["E1", "E2"]
    assert [row[0] for row in account_of(facts, agencies_table(facts), "A").rows] == ["Ash"]
    chase = chase_table(facts, {})
    about = [(row[1], row[4]) for row in owed_by_agency(facts, chase, "A").rows]
    assert about == [("Ash", "S2/first")]
    # B was never asked and has an offer, so it owes nothing.
    assert owed_by_agency(facts, chase, "B").rows == []


def test_rows_of_a_pe() -> None:
    facts = two_agencies()
    students = students_table(facts, Kept({}, None, {}, {}))
    assert [row[0] for row in students_of(facts, students, "E1").rows] == ["S1/first"]
    assert students_of(facts, students, "E2").rows == []
    found = decisions_about(facts, decisions_table(facts), lambda d: d.pe == "E1")
    assert [row[-1] for row in found.rows] == ["D1"]
    assert owed_about_educator(facts, chase_table(facts, {}), "E3").rows == []


def test_what_takes_a_pes_time_stands_in_order_and_what_has_no_days_takes_all_of_them() -> None:
    facts = two_agencies()
    e1 = facts.dataset.educator_by_id["E1"]
    first = facts.horizon_tranches[0].first_day
    assert first == START
    # The commitment without days runs from the first tranche to the last day that is known: S1's last day.
    assert [(s.kind, s.title, s.first, s.last) for s in spans(facts, e1)] == [
        ("student", "S1/first", START, END),
        ("commitment", "another programme", START, END),
        ("commitment", "nursing", date(2026, 2, 1), date(2026, 3, 1)),
    ]
