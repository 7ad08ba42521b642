"""What a step would do: the comparison with the plan as it is; a clash; what a yes and a no to an agency cost."""

from typing import Any

import pytest

from allocator.lifecycle.effect import base_of, effect_of, is_best_of, prices_of
from allocator.lifecycle.entering import Entered, enter
from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from models.run import Progress
from tests.cli import inputs


def step(cells: dict[str, Any], rows: list[dict[str, Any]] | None = None, **sheets: Any) -> Entered:
    """A decision on the sheets of the command line's tests: S1 and S2, a place each at O1 and O2."""
    content = inputs.sheets(Decisions=rows or [], **sheets)
    found = enter(register_of(content), {"by": "LM"} | cells)
    assert isinstance(found, Entered), found.words
    return found


def test_an_offer_that_is_withdrawn_leaves_one_without_a_place() -> None:
    found = step({"decision": "withdraw", "offer": "O1"})
    told: list[Progress] = []
    effect = effect_of(base_of(found.before, progress=told.append), found.reading, found.entry, told.append)
    # Two places for two students; one of the places goes.
    assert (effect.comparison.placed_before, effect.comparison.placed_after) == (2, 1)
    [lost] = [c for c in effect.comparison.requests or () if c.kind == "newly_unplaced"]
    assert lost.reason is not None
    assert "the places are taken by" in lost.reason
    assert (effect.comparison.before, effect.comparison.after) == ("as it is", "with D1")
    assert (effect.proved, effect.set_aside) == (True, ())
    # The plan as it is and the plan after it are both told of, tier by tier.
    tiers = {p.number for p in told}
    assert len([p for p in told if p.number == max(tiers)]) > 1


def test_a_plan_that_is_at_hand_is_not_solved_for_again() -> None:
    found = step({"decision": "withdraw", "offer": "O1"})
    plan = base_of(found.before).base
    assert is_best_of(plan, found.before)
    assert base_of(found.before, plan).base is plan
    assert not is_best_of(plan, found.reading)  # other data
    assert not is_best_of(plan, settle(register_of(inputs.sheets()), {"travel_limit": "80"}))  # other settings
    assert not is_best_of(plan.model_copy(update={"stopped": "interrupted"}), found.before)
    unproved = tuple(tier.model_copy(update={"proved": False}) for tier in plan.tiers)
    assert not is_best_of(plan.model_copy(update={"tiers": unproved}), found.before)


def test_a_clash_names_the_decisions_in_it() -> None:
    educators = inputs.sheets()["Educators"]
    educators[0]["load"] = 2
    fix = {"decision": "fix", "request": "S1/first", "offer": "O1", "by": "AB", "id": "D1"}
    found = step({"decision": "fix", "request": "S2/first", "offer": "O1"}, [fix], Educators=educators)
    effect = effect_of(base_of(found.before), found.reading, found.entry)
    assert effect.after.plan.clash is not None
    said = " ".join(member.sentence for member in effect.after.plan.clash.members)
    # One place for two fixes.
    assert "decision D1 (fix S1/first O1)" in said
    assert "decision D2 (fix S2/first O1)" in said
    assert effect.comparison.gaps == ("clash_after",)


def test_a_fix_that_cannot_be_any_more_is_said() -> None:
    tranches = [*inputs.sheets()["Tranches"], {"tranche": "SEP27", "first_day": "2027-09-06", "status": "later"}]
    tranches[0]["status"] = "deciding"
    fix = {"decision": "fix", "request": "S1/first", "offer": "O1", "by": "AB", "id": "D1"}
    found = step({"decision": "defer", "request": "S1/first", "value": "SEP27"}, [fix], Tranches=tranches)
    effect = effect_of(base_of(found.before), found.reading, found.entry)
    assert effect.set_aside == ("S1/first",)


@pytest.mark.parametrize("place", [{"offer": "O1"}, {"agency": "A", "team": "T1"}])
def test_what_a_yes_and_a_no_cost(place: dict[str, Any]) -> None:
    # O1 is for S1 alone or for nobody; S2 needs O2. A yes changes nothing, a no leaves S1 without a place.
    offers = inputs.sheets()["Offers"]
    offers[0]["reserved_for"] = "S1"
    found = step({"decision": "requested", "request": "S1/first", **place}, Offers=offers)
    base = base_of(found.before)
    assert effect_of(base, found.reading, found.entry).comparison.requests == ()
    yes, no = prices_of(base, found.reading, found.entry)
    where = place.get("offer", "A/T1")
    assert (yes.after.name, no.after.name) == (f"yes: S1/first at {where}", f"no: S1/first not at {where}")
    assert (yes.comparison.placed_after, no.comparison.placed_after) == (2, 1)
    # The one place that is left goes to whom the draw prefers; what is asked is no row of the input.
    assert (yes.comparison.inputs, no.comparison.inputs) == (None, None)


def test_nobody_asks() -> None:
    found = step({"decision": "withdraw", "pe": "PE1"})
    assert prices_of(base_of(found.before), found.reading, found.entry) == ()


def test_a_base_that_is_solved_anew_is_compared_anew() -> None:
    found = step({"decision": "withdraw", "offer": "O1"})
    base = base_of(found.before)
    first = effect_of(base, found.reading, found.entry)
    again = effect_of(base, found.reading, found.entry)
    assert again.before is first.before  # worked out once
    base.solve()
    assert effect_of(base, found.reading, found.entry).before.plan is base.held[0]
    assert base.held[0] is not first.before.plan
