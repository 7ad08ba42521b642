"""The PEPS pipeline, by hand."""

from datetime import date

from allocator.views.pipeline import Assessor, Pipeline, pipeline_blocks
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
        b.educator("E6", qualification="PEPS1"),
    )
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 5, 4), status="later")), educators=educators
    )
    found = [
        (s.tranche.tranche, s.stage, s.people, s.places, s.gone, s.lapsed) for s in Pipeline(facts_of(dataset)).supply()
    ]
    # January: E1 (2), E2, E3; E4 is not there yet, E5 not registered. May: E1, E4; E2 has left, E3 has lapsed.
    assert found == [
        ("T1", "PEPS2", 3, 4, ("E4",), ()), ("T1", "PEPS1", 1, 1, (), ()),
        ("T2", "PEPS2", 2, 3, ("E2",), ("E3",)), ("T2", "PEPS1", 1, 1, (), ()),
    ]  # fmt: skip


def test_without_listed_pes_there_is_no_page() -> None:
    assert list(pipeline_blocks(facts_of(b.dataset(educators=()), match(pe="TBC@O1")))) == []
