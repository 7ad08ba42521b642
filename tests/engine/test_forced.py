"""The fewest changes that events force after publication: found, proved, and said with who moves and why."""

from datetime import date
from typing import Any

import pytest

from allocator import reference
from allocator.pipeline import allocate
from models.dataset import Dataset
from models.entities import Published
from models.plan import Plan
from tests import builders as b
from tests.brute_force import solve
from tests.rules.case import decision, policy
from tests.rules.limit_cases import firsts, pes

FINAL_DAY = date(2026, 9, 7)


def in_force(request: str, offer: str, pe: str = "E1", **changes: Any) -> Published:
    return Published(**{"request": request, "offer": offer, "pe": pe, "standing": "in_force"} | changes)


def both(**parts: Any) -> Dataset:
    """S1 has a first at O1 and a final at O2 in September, both published; O2 takes finals only."""
    offers = (
        b.offer("O1", stage="first"),
        b.offer("O2", team="Y", stage="final", areas=("adults",), earliest_start=FINAL_DAY),
    )
    facts: dict[str, Any] = {
        "requests": (b.request("S1/first"), b.request("S1/final")), "offers": offers,
        "educators": (b.educator("E1"), b.educator("E2", team="Y")),
        "published": (in_force("S1/first", "O1"), in_force("S1/final", "O2", "E2")),
    }  # fmt: skip
    return b.dataset(**facts | parts)


def plan(data: Dataset, **settings: Any) -> Plan:
    found = allocate(data, policy(**settings))
    assert found.check.passed
    assert found.plan.clash is None
    stated = found.plan.forced_changes
    assert stated is not None
    assert stated.proved
    assert stated.fewest == reference.solve(data, policy(**settings)).forced_changes
    return found.plan


def test_a_final_whose_first_is_gone_goes_with_it() -> None:
    declined = decision("declined", party="agency", student="S1", agency="A", team="X")
    found = plan(both(decisions=(declined,)))
    # S1/first was freed by the decision and is no change; S1/final needs its first: 1 change, 0 beyond it.
    assert found.matches == ()
    assert found.forced_changes is not None
    assert found.forced_changes.fewest == 1
    [moved] = found.forced_changes.moved
    assert (moved.request, moved.offer, moved.rules) == ("S1/final", "O2", ("L06",))
    assert "S1/first is not placed" in moved.reason
    # The first itself, which the decision ended, is said beside it.
    assert [(m.request, m.offer, m.rules) for m in found.forced_changes.freed] == [("S1/first", "O1", ("E13",))]


def test_a_first_that_finds_another_place_saves_its_final() -> None:
    declined = decision("declined", party="agency", student="S1", offer="O1")
    data = both(decisions=(declined,))
    data = data.model_copy(
        update={"offers": (*data.offers, b.offer("O3", team="Z", stage="first", educators=b.named("E1")))}
    )
    found = plan(data)
    assert [(m.request, m.offer) for m in found.matches] == [("S1/first", "O3"), ("S1/final", "O2")]
    assert found.forced_changes is not None
    assert (found.forced_changes.fewest, found.forced_changes.moved) == (0, ())


@pytest.mark.parametrize("beyond", [0, 1, 5])
def test_two_published_where_there_is_one_place_now(beyond: int) -> None:
    # 2 published at an offer that has 1 place: 1 has to move, whatever else may.
    data = b.dataset(
        educators=pes(1, load=2), published=(in_force("S1/first", "O1"), in_force("S2/first", "O1")), **firsts(2)
    )
    found = plan(data, max_changes=beyond)
    assert found.forced_changes is not None
    assert found.forced_changes.fewest == 1
    assert [m.rules for m in found.forced_changes.moved] == [("L02",)]
    assert len(found.matches) == 1


@pytest.mark.parametrize(
    ("parts", "rules", "reason"),
    [
        ({"decisions": (decision("do_not_match", request="S1/final", offer="O2"),)}, ("E16",), "do not match"),
        ({"published": (in_force("S1/final", "O2", standing="freed", status="declined"),)}, (), "its status is declined"),
        ({"published": (in_force("S1/final", "O9", standing="freed"),)}, (), "O9 is not on Offers"),
    ],
)  # fmt: skip
def test_what_an_event_ends_is_no_change_and_is_said(
    parts: dict[str, Any], rules: tuple[str, ...], reason: str
) -> None:
    published = (in_force("S1/first", "O1"), *parts.pop("published", (in_force("S1/final", "O2"),)))
    # S1/final may not be at O2 at all (or was to be at a place that is no more), and has no other: 1 ended, 0 forced.
    wanted = parts or {"decisions": (decision("do_not_match", request="S1/final", offer="O2"),)}
    found = plan(both(published=published, **wanted))
    assert found.forced_changes is not None
    assert (found.forced_changes.fewest, found.forced_changes.moved) == (0, ())
    [freed] = found.forced_changes.freed
    assert (freed.request, freed.rules) == ("S1/final", rules)
    assert reason in freed.reason


def test_who_withdrew_is_said() -> None:
    published = tuple(p.model_copy(update={"standing": "freed"}) for p in both().published)
    student = b.student("S1", withdrawn=True)
    stays = in_force("S2/first", "O3")
    data = both(
        students=(student, b.student("S2")), published=(*published, stays),
        requests=(*both().requests, b.request("S2/first")),
        offers=(*both().offers, b.offer("O3", team="Z", stage="first", educators=b.named("E1"))),
    )  # fmt: skip
    found = plan(data)
    assert found.forced_changes is not None
    assert [(m.request, m.reason) for m in found.forced_changes.freed] == [
        ("S1/first", "S1 is withdrawn"), ("S1/final", "S1 is withdrawn"),
    ]  # fmt: skip


def test_without_a_limit_nothing_is_forced() -> None:
    found = allocate(both(), policy(max_changes=None)).plan
    assert found.forced_changes is None
    assert allocate(both(published=()), policy()).plan.forced_changes is None


def test_a_match_that_moves_for_a_better_plan_is_listed() -> None:
    # O1 takes both stages of people; S2 needs O1's place (O3 does not take it): with 1 change beyond 0 forced S1 moves to O3.
    offers = (b.offer("O1", educators=b.named("E1")), b.offer("O3", educators=b.named("E2"), reserved_for="S1"))
    data = b.dataset(offers=offers, educators=pes(2), published=(in_force("S1/first", "O1"),), **firsts(2))
    assert len(plan(data).matches) == 1
    found = plan(data, max_changes=1)
    assert [(m.request, m.offer) for m in found.matches] == [("S1/first", "O3"), ("S2/first", "O1")]
    assert found.forced_changes is not None
    assert (found.forced_changes.fewest, [m.request for m in found.forced_changes.moved]) == (0, ["S1/first"])
    assert found.forced_changes.moved[0].rules == ("L02",)  # S2 has its place now


def who_moves() -> tuple[Plan, Dataset]:
    """S1's first lost its place O1, and its final O2 needs a first; S2, not told, holds O3, the other place for it.

    So either S1's final goes or S2 does, which could have O4 as well: 1 change whatever the plan.
    """
    places = (
        b.offer("O1", stage="first", withdrawn=True),
        b.offer("O2", team="Y", stage="final", areas=("adults",), earliest_start=FINAL_DAY, educators=b.named("E2")),
        b.offer("O3", team="Z", stage="first", educators=b.named("E3")),
        b.offer("O4", team="V", stage="first", educators=b.named("E4")),
    )
    barred = decision("do_not_match", request="S1/first", offer="O4")
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")), offers=places, decisions=(barred,),
        requests=(b.request("S1/first", displaced=True), b.request("S1/final"), b.request("S2/first")),
        educators=(b.educator("E2", team="Y"), b.educator("E3", team="Z"), b.educator("E4", team="V")),
        published=(
            Published(request="S1/first", offer="O1", pe="E1", standing="freed", status="withdrawn"),
            in_force("S1/final", "O2", "E2"), in_force("S2/first", "O3", "E3"),
        ),
    )  # fmt: skip
    return plan(data), data


def test_of_as_many_changes_as_are_forced_the_tiers_say_whose() -> None:
    # All three are placed where S2 moves to O4, two where it stays: S1's final moves or S2 does, 1 change either way.
    found, data = who_moves()
    assert [(m.request, m.offer) for m in found.matches] == [("S1/first", "O3"), ("S1/final", "O2"), ("S2/first", "O4")]
    assert found.forced_changes is not None
    [moved] = found.forced_changes.moved
    assert (found.forced_changes.fewest, moved.request, moved.rules[0]) == (1, "S2/first", "L02")
    assert {(r, o) for r, o, _ in solve(data, policy()).best} == {(m.request, m.offer) for m in found.matches}
    # Who was told stays, whatever it costs: then the final goes.
    told = tuple(p.model_copy(update={"standing": "kept"}) if p.request == "S2/first" else p for p in data.published)
    kept = plan(data.model_copy(update={"published": told}))
    assert [(m.request, m.offer) for m in kept.matches] == [("S2/first", "O3")]
    assert kept.forced_changes is not None
    assert [m.request for m in kept.forced_changes.moved] == ["S1/final"]
