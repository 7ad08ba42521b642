"""Models that are carried over to a dataset in which PEs take less: who declines or withdraws, and a fix with its PE."""

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import highs
from allocator.engine.interim import any_educators
from allocator.engine.model import formulate
from allocator.engine.other_educators import OtherEducators, with_other_educators
from benchmarks.families import reading
from models.dataset import Dataset
from models.entities import Educator
from models.policy import Policy
from tests import builders as b
from tests.engine.budgets import free
from tests.engine.partnerships import firsts, remade
from tests.engine.test_carried import carried, solved
from tests.rules.case import decision, policy


def three(*educators: Educator, places: int = 3) -> Dataset:
    """Three students, one offer with a place for each; E1 in the team and E2 elsewhere, unless other PEs are given."""
    pes = educators or (b.educator("E1", load=3), b.educator("E2", team="Z", load=3, long_arm=True))
    return b.dataset(offers=(b.offer("O1", capacity=places),), educators=pes, **firsts(3))


def no(request: str, pe: str) -> Any:
    return decision("declined", f"D-{request}-{pe}", party="agency", request=request, pe=pe)


def other(before: Dataset, *decisions: Any, **parts: Any) -> OtherEducators | None:
    """What a model of one dataset needs for it with decisions, or with other parts."""
    changed = before.model_copy(update={"decisions": decisions, **parts})
    matches = formulate(Eligibility(before, policy())).matches
    return with_other_educators(matches, Eligibility(changed, policy()).table, np.arange(3))


def test_what_a_pe_declines_of_a_group_is_a_row() -> None:
    """Matches are columns 0, 1, 2 and counts of E1 and E2 columns 3 and 4: E1 has at most as many as S2 and S3 are."""
    found = other(three(), no("S1/first", "E1"))
    assert found is not None
    assert len(found.closed) == 0
    assert list(zip(found.rows.column.tolist(), found.rows.coefficient.tolist(), strict=True)) == [
        (1, -1), (2, -1), (3, 1),
    ]  # fmt: skip
    assert found.rows.upper.tolist() == [0]
    pes = [[c.pe for c in found.slots[slot].educators] for slot in found.slot.tolist()]
    assert pes == [["E2"], ["E1", "E2"], ["E1", "E2"]]


def test_a_pe_whom_nobody_may_have_is_closed() -> None:
    found = other(three(), *(no(f"S{number}/first", "E1") for number in (1, 2, 3)))
    assert found is not None
    assert found.closed.tolist() == [3]
    assert len(found.rows.lower) == 0


def test_two_who_lack_different_pes_are_made_anew() -> None:
    """S1 may have E2 alone and S2 E1 alone: that is two rows, and what follows from both is a third."""
    assert other(three(), no("S1/first", "E1"), no("S2/first", "E2")) is None


def test_one_of_a_pool_is_made_anew() -> None:
    """E1 and E3 are alike and have one count; S1 may have E3 still."""
    pes = (b.educator("E1"), b.educator("E2", team="Z", long_arm=True), b.educator("E3"))
    assert other(three(*pes), no("S1/first", "E1")) is None


def test_who_may_take_more_is_made_anew() -> None:
    """E1 has declined S1, and takes it back."""
    declined = three().model_copy(update={"decisions": (no("S1/first", "E1"),)})
    assert other(declined) is None


def test_a_trainee_who_was_to_have_a_student_is_made_anew() -> None:
    """Nobody waits for a student of a trainee who is withdrawn: another tier, whatever the matches."""
    due = b.educator("E1", load=3, qualification="trainee_1", needs_student_by=b.MONDAY + timedelta(days=200))
    data = three(due, three().educators[1])
    gone = remade(data, educators=(due.model_copy(update={"withdrawn_from": b.MONDAY}), data.educators[1]))
    base = solved(data, policy())
    assert carried(base, gone, policy()) is None
    near, cold = solved(gone, policy(), base), solved(gone, policy())
    assert (near.tiers, near.choices) == (cold.tiers, cold.choices)


def test_who_lacks_a_pe_has_another_on_the_way() -> None:
    """Each PE has a student or two of three; of six ways to number them S1 never has E1."""
    data = three()
    banned = data.model_copy(update={"decisions": (no("S1/first", "E1"),)})
    known = carried(solved(data, policy()), banned, policy())
    assert known is not None
    face = known.face(0)
    for of_first in (1, 2):
        cost = np.zeros(len(face.lower))
        cost[3] = -of_first
        lower = face.lower.copy()
        lower[:3] = 1
        upper = face.upper.copy()
        upper[3] = of_first
        found = highs.search(face._replace(lower=lower, upper=upper), cost, None, free(), None).solution
        assert found is not None
        names = any_educators(known.model.matches, np.round(found))
        assert Counter(names.values()) == {"E1": of_first, "E2": 3 - of_first}
        assert names["S1/first"] == "E2"


@pytest.mark.parametrize("family", ["tight_educators", "cap"])
def test_plans_are_those_of_models_that_are_made_anew(family: str) -> None:
    """PEs of the plan decline, withdraw and are fixed, one after the other, each over the model that was left."""
    met = Counter[str]()
    for seed in (1, 2):
        made, luck = reading(family, 14, seed), np.random.default_rng(seed)
        data, settings = made.dataset, made.policy
        found = solved(data, settings)
        for number in range(6):
            if found.memory is None:  # a clash
                break
            data = _after(data, settings, luck, number)
            known = carried(found, data, settings)
            met["carried"] += known is not None
            met["a row more"] += known is not None and known.model.program.rows > found.rows
            found, cold = solved(data, settings, found), solved(data, settings)
            assert (found.tiers, found.choices, found.clash) == (cold.tiers, cold.choices, cold.clash), (seed, number)
    assert met["carried"] >= 5, met
    assert met["a row more"], met


def _after(data: Dataset, settings: Policy, luck: np.random.Generator, number: int) -> Dataset:
    """A PE declines one who could be theirs; every third time a PE withdraws, and every fourth a request is fixed."""
    pairs = Eligibility(data, settings).pairs
    listed = data.educator_by_id
    possible = [
        (r, p.offer.offer, c.pe) for r, found in pairs.items() for p in found for c in p.educators if c.pe in listed
    ]
    request, offer, pe = possible[int(luck.integers(len(possible)))]
    if number % 3 == 2:
        gone = {"withdrawn_from": b.MONDAY}
        educators = tuple(e.model_copy(update=gone) if e.pe == pe else e for e in data.educators)
        return data.model_copy(update={"educators": educators})
    if number % 4 == 3:
        made = decision("fix", f"F{number}", request=request, offer=offer, pe=pe)
    else:
        made = decision("declined", f"N{number}", party="agency", request=request, pe=pe)
    return data.model_copy(update={"decisions": (*data.decisions, made)})
