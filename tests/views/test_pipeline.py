"""The PEPS pipeline, by hand."""

from datetime import date
from typing import Any

from allocator.views.blocks import Text
from allocator.views.pipeline import Assessor, Pipeline, pipeline_blocks
from models.entities import Educator
from tests import builders as b
from tests.report.looking import facts_of, match

BY = date(2026, 1, 5)


def test_trainees_who_need_a_student_and_whether_in_time() -> None:
    educators = (
        b.educator("E1", qualification="trainee_1", needs_student_by=BY),
        b.educator("E2", qualification="trainee_2", needs_student_by=date(2026, 1, 4)),
        b.educator("E3", qualification="trainee_1"),
        b.educator("E4"),
    )
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request(), b.request("S2/first")),
        offers=(b.offer(capacity=2),), educators=educators,
    )  # fmt: skip
    found = Pipeline(facts_of(dataset, match(pe="E1"), match("S2/first", pe="E2"))).trainees()
    # Both start on 5 January: E1 needs one by then, E2 by the day before; E3 states no day.
    assert [(t.educator.pe, t.students, t.in_time) for t in found] == [
        ("E2", ("S2/first",), False), ("E1", ("S1/first",), True), ("E3", (), None),
    ]  # fmt: skip


def test_who_assesses_whom_and_who_cannot() -> None:
    def trainee(pe: str, assessor: str | None) -> object:
        return b.educator(pe, qualification="trainee_2", practice_assessor=assessor)

    educators = (
        b.educator("E1"), b.educator("E2", qualification="PEPS1"), b.educator("E3", current_until=date(2025, 11, 20)),
        trainee("T1", "E1"), trainee("T2", "E1"), trainee("T3", "E2"), trainee("T4", "E3"), trainee("T5", "university"),
        trainee("T6", None), trainee("T7", "E9"),
    )  # fmt: skip
    assert Pipeline(facts_of(b.dataset(educators=educators), match(pe="T1"))).assessors() == [
        Assessor("E1", ("T1", "T2"), ("T1",), ""),
        Assessor("E2", ("T3",), (), "is PEPS1, not PEPS2"),
        Assessor("E3", ("T4",), (), "is not current"),
        Assessor("E9", ("T7",), (), "is not on Educators"),
        Assessor("university", ("T5",), (), ""),
        Assessor("to be named", ("T6",), (), "a trainee without an assessor is provisional"),
    ]


def test_what_the_next_tranche_has() -> None:
    educators = (
        b.educator("E1", load=2),
        b.educator("E2", leaves_on=date(2026, 5, 3)),
        b.educator("E3", current_until=date(2026, 5, 3)),
        b.educator("E4", available_from=date(2026, 5, 4)),
        b.educator("E5", registered="no"),
        b.educator("E6", qualification="PEPS1", qualifies_on=date(2026, 5, 4), becomes="PEPS2"),
        b.educator("E7", qualification="trainee_1", qualifies_on=date(2026, 1, 5), becomes="PEPS1", current_until=None),
    )
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 5, 4), status="later")), educators=educators
    )
    found = [
        (s.tranche.tranche, s.stage, s.people, s.places, s.qualified, s.gone, s.lapsed)
        for s in Pipeline(facts_of(dataset)).supply()
    ]
    # January: E1 (2), E2, E3; E4 is not there yet, E5 not registered; E6 is PEPS1, and E7 since that very day. May: E1,
    # E4 and E6, a PEPS2 since then; E2 has left, E3 has lapsed; of PEPS1 only E7 is left.
    assert found == [
        ("T1", "PEPS2", 3, 4, (), ("E4",), ()), ("T1", "PEPS1", 2, 2, ("E7",), (), ()),
        ("T2", "PEPS2", 3, 4, ("E6",), ("E2",), ("E3",)), ("T2", "PEPS1", 1, 1, (), (), ()),
    ]  # fmt: skip


def test_who_qualifies_when_and_with_which_student_before() -> None:
    def trainee(pe: str, on: date | None, **changes: Any) -> Educator:
        return b.educator(pe, qualification="trainee_1", qualifies_on=on, becomes="PEPS1" if on else None, **changes)

    educators = (
        trainee("E1", date(2026, 7, 1)), trainee("E2", date(2026, 1, 5)), trainee("E3", None),
        trainee("E4", date(2025, 11, 21)), b.educator("E5"),
        b.educator("E6", qualification="PEPS1", qualifies_on=date(2026, 3, 1), becomes="PEPS2"),
    )  # fmt: skip
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request(), b.request("S2/first")),
        offers=(b.offer(capacity=2),), educators=educators,
    )  # fmt: skip
    facts = facts_of(dataset, match(pe="E1"), match("S2/first", pe="E2"))
    found = Pipeline(facts).qualifying()
    # E2 qualifies on the day on which S2 starts, so that it has no student before; E4 has qualified today.
    assert [(q.educator.pe, q.stage, q.becomes, q.students) for q in found] == [
        ("E2", "trainee_1", "PEPS1", ()), ("E6", "PEPS1", "PEPS2", ()), ("E1", "trainee_1", "PEPS1", ("S1/first",)),
    ]  # fmt: skip
    words = [block.text for block in pipeline_blocks(facts) if isinstance(block, Text)]
    assert words[0] == "Of 1 trainee nobody said when (Educators.qualifies_on)."


def test_without_listed_pes_there_is_no_page() -> None:
    assert list(pipeline_blocks(facts_of(b.dataset(educators=()), match(pe="TBC@O1")))) == []
