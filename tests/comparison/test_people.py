"""Students whose matches stay: whatever makes one of them better or worse is seen, and all else is not looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from allocator.comparison import people
from allocator.comparison.people import student_changes
from allocator.views.facts import Facts
from models.base import Record
from models.dataset import Dataset
from models.entities import Place
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match

HERE = (Place(place="P0", latitude=51.4, longitude=-0.3), Place(place="P1", latitude=51.4, longitude=-0.3))
Change = Callable[[Dataset, Policy], tuple[Dataset, Policy]]


def two() -> Dataset:
    """Two students, each at an offer that is 20 minutes away; S2 ranks O3 alone, which is in another tranche."""
    return b.dataset(
        tranches=(b.tranche(), b.tranche("T2")),
        students=(b.student("S1", preferred_areas=("children",)), b.student("S2", ranked_offers=(("O3",),))),
        requests=(b.request("S1/first"), b.request("S2/first")),
        offers=(b.offer("O1"), b.offer("O2"), b.offer("O3", tranche="T2")),
        places=HERE,
    )


def shown(dataset: Dataset, policy: Policy) -> Facts:
    return facts_of(dataset, match("S1/first", "O1"), match("S2/first", "O2", "E2"), policy=policy)


def row(collection: str, at: int, **changes: Any) -> Change:
    """A row of a dataset with other facts."""

    def changed(dataset: Dataset, policy: Policy) -> tuple[Dataset, Policy]:
        rows: list[Record] = list(getattr(dataset, collection))
        rows[at] = rows[at].model_copy(update=changes)
        return dataset.model_copy(update={collection: tuple(rows)}), policy

    return changed


def setting(**changes: Any) -> Change:
    return lambda dataset, policy: (dataset, policy.model_copy(update=changes))


def no_travel(dataset: Dataset, policy: Policy) -> tuple[Dataset, Policy]:
    """Nobody has measured: both live where they are placed, by the estimate."""
    return dataset.model_copy(update={"travel": ()}), policy


@pytest.mark.parametrize(
    ("change", "who"),
    [
        (row("students", 0, preferred_areas=("adults",)), {"S1": "worse"}),  # the place is no area of the choice
        (row("students", 0, home="P1"), {"S1": "better"}),  # from P1 to P1 nobody has measured: the estimate, below 20
        (row("offers", 0, areas=("adults",)), {"S1": "worse"}),
        (row("offers", 0, place="P9"), {}),  # its minutes are not known: nobody can say
        (no_travel, {"S1": "better", "S2": "better"}),  # the estimate between places a few steps apart
        (row("travel", 1, minutes=55), {"S1": "worse", "S2": "worse"}),  # by public transport, as both go
        # S1: 10 + 40 points instead of 60 + 40; S2, who states no area, half of 10 instead of half of 60: band 3 both.
        (setting(points_area=(10, 0, 0)), {"S1": "worse", "S2": "worse"}),
        # O3 comes into the tranche of S2's request: what S2 ranks counts, and O2 is none of it.
        (row("offers", 2, tranche="T1"), {"S2": "worse"}),
        (row("offers", 2, capacity=5), {}),
        (row("educators", 0, team="Y"), {}),
    ],
)  # fmt: skip
def test_a_fact_that_touches_a_student_is_seen(
    change: Change, who: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = shown(two(), POLICY), shown(*change(two(), POLICY))
    found = student_changes(before, after)
    assert {c.student: c.verdict for c in found} == who
    monkeypatch.setattr(people, "_judged_alike", lambda *_: False)  # every student is looked at
    assert student_changes(before, after) == found


def test_whoever_nothing_touches_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    data = two().model_copy(update={"students": (b.student("S1"), b.student("S2"))})
    before, after = shown(data, POLICY), shown(*row("students", 1, home="P1")(data, POLICY))
    looked: list[list[str]] = []
    judged = people._student
    monkeypatch.setattr(people, "_student", lambda f, of: looked.append([m.request for m in of]) or judged(f, of))  # type: ignore[func-returns-value]
    assert [c.student for c in student_changes(before, after)] == ["S2"]
    assert looked == [["S2/first"], ["S2/first"]]
