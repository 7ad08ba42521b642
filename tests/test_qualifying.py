"""A PE who is to qualify: who may take a final, what the match waits for, and who needs a student still."""

from datetime import date, timedelta
from typing import Any

from allocator.pipeline import allocate
from models.plan import ProvisionalCode
from tests import builders as b
from tests.reading.sheets import reading
from tests.rules.case import policy
from tests.test_regressions import all_agree, values

DAY = timedelta(days=1)
FINAL: dict[str, Any] = {"requests": (b.request("S1/final"),), "history": (b.history(),)}
TO_COME: dict[str, Any] = {"qualification": "PEPS1", "becomes": "PEPS2"}


def test_a_final_rests_on_who_qualifies_by_its_start_and_says_so() -> None:
    # Today is 1 December 2025; the final starts on Monday 5 January 2026, the day on which E1 becomes PEPS2.
    data = b.dataset(educators=(b.educator(**TO_COME, qualifies_on=b.MONDAY),), **FINAL)
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [
        (ProvisionalCode.QUALIFYING, "E1, PEPS2 from 2026-01-05", "A")
    ]
    assert all_agree(data)


def test_nothing_waits_for_who_has_qualified_already() -> None:
    # Both dates blank, and qualified last year: current for 24 months, so there is nothing to ask either.
    new = b.educator(**TO_COME, current_until=None, last_student=None, qualifies_on=date(2025, 7, 1))
    data = b.dataset(educators=(new,), **FINAL)
    [match] = allocate(data, policy()).plan.matches
    assert match.waiting == ()


def test_a_day_later_no_final_rests_on_them() -> None:
    data = b.dataset(educators=(b.educator(**TO_COME, qualifies_on=b.MONDAY + DAY),), **FINAL)
    assert allocate(data, policy()).plan.matches == ()
    assert all_agree(data)


def test_a_final_waits_for_a_day_that_nobody_knows() -> None:
    # "Not known" is never "no": E1 may be PEPS2 by the start, or nobody is.
    data = b.dataset(educators=(b.educator(**TO_COME, not_known=("qualifies_on",)),), **FINAL)
    [match] = allocate(data, policy()).plan.matches
    assert [(w.code, w.detail, w.who) for w in match.waiting] == [(ProvisionalCode.NOT_KNOWN, "E1: qualifies_on", "A")]
    assert all_agree(data)


def test_a_trainee_s_match_waits_for_the_day_on_which_the_assessor_qualifies() -> None:
    trainee = b.educator("E1", qualification="trainee_2", practice_assessor="E2")
    assessor = b.educator("E2", **TO_COME, team="Y", not_known=("qualifies_on",))
    data = b.dataset(educators=(trainee, assessor), **FINAL)
    [match] = allocate(data, policy()).plan.matches
    assert (match.pe, [(w.code, w.detail) for w in match.waiting]) == (
        "E1",
        [(ProvisionalCode.NOT_KNOWN, "E2: qualifies_on")],
    )
    assert all_agree(data)


def test_reading_leaves_open_when_a_peps1_becomes_peps2() -> None:
    for becomes in ("PEPS2", None):
        found = reading(Educators={"qualification": "PEPS1", "qualifies_on": "not known", "becomes": becomes})
        pe = found.dataset.educator_by_id["PE1"]
        assert (pe.qualification, pe.becomes, pe.qualifies_on) == ("PEPS1", "PEPS2", None)
        assert pe.not_known == ("qualifies_on",)
    # A blank says nothing: it is asked when, and until then the PE is what the row says.
    found = reading(Educators={"qualification": "PEPS1", "becomes": "PEPS2"})
    assert found.dataset.educator_by_id["PE1"].becomes is None
    assert "V225" in {i.code for i in found.issues}


def test_who_has_qualified_by_the_day_needs_no_student_any_more() -> None:
    # Nobody is placed: E1, a trainee on 1 February still, lacks a student; E2 is PEPS1 from that day on.
    trainee: dict[str, Any] = {
        "qualification": "trainee_1",
        "practice_assessor": "university",
        "needs_student_by": date(2026, 2, 1),
    }
    educators = (
        b.educator("E1", **trainee, qualifies_on=date(2026, 2, 2), becomes="PEPS1"),
        b.educator("E2", **trainee, qualifies_on=date(2026, 2, 1), becomes="PEPS1"),
    )
    data = b.dataset(requests=(b.request("S1/final"),), history=(b.history(),), educators=educators)
    assert values(data)["trainees"] == 1
    assert all_agree(data)
