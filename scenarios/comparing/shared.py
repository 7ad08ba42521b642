"""The cases of several sides by what they are called, each side's draws of them, and pairs of them with a plan."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from allocator.comparison import Result
from allocator.comparison.requests import request_changes
from models.comparison import RequestChange
from models.plan import Plan
from scenarios.comparing.opening import Side
from scenarios.comparing.plans import MEASURES, SCENARIO, is_proved, short_names
from scenarios.measures import measured
from scenarios.results import CaseResult
from scenarios.running import clash_words, digest_of

Group = tuple[str, str, str]
"""Base, scenario, case: what draws are of."""


class Pair(NamedTuple):
    """A case, or a draw of one, in the first side and in another, each with a plan."""

    before: CaseResult
    after: CaseResult


class Cases:
    """The cases of all sides by what they are called."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = sides
        self.names = short_names([s.name for s in sides])
        self.one_base = all(len({key[0] for key in s.cases}) <= 1 for s in sides)
        found = [_grouped(side, self.one_base) for side in sides]
        self.groups = tuple(dict.fromkeys(group for of_side in found for group in of_side)) or (("", "", ""),)
        draws = {g: sorted({n for of_side in found for n in of_side.get(g, {})} or {0}) for g in self.groups}
        for side, of_side in zip(sides, found, strict=True):
            if side.alone is not None:
                of_side |= {g: dict.fromkeys(draws[g], _row_of(side.alone)) for g in self.groups}
        self.found: list[dict[Group, dict[int, CaseResult]]] = found
        self._changes: dict[tuple[int, str, str], tuple[RequestChange, ...] | None] = {}

    def shared(self, other: int) -> list[Group]:
        """The cases of the first side that another one has, too."""
        return [g for g in self.groups if g in self.found[0] and g in self.found[other]]

    def pairs(self, group: Group, other: int) -> list[Pair]:
        """The draws of a case that have a plan in the first side and in another."""
        old, new = self.found[0].get(group, {}), self.found[other].get(group, {})
        both = [Pair(old[n], new[n]) for n in sorted(old.keys() & new.keys())]
        return [p for p in both if p.before.problem is None and p.after.problem is None]

    def label(self, group: Group) -> str:
        """What a case is called: with its question, and its base, where there are several."""
        base, scenario, case = group
        several = len({g[1] for g in self.groups}) > 1
        said = f"{scenario}: {case}" if several else case
        return f"{base}, {said}" if base else said or "the plan"

    def label_of(self, group: Group, pair: Pair) -> str:
        """What a draw is called."""
        draw = pair.after.draw or pair.before.draw
        return f"{self.label(group)}{f' #{draw}' if draw else ''}"

    def plan(self, side: int, result: CaseResult) -> Plan | None:
        """The plan of a case of a side; None where it cannot be read."""
        alone = self.sides[side].alone
        return self.sides[side].plan(result) if alone is None else alone.plan

    def changes(self, other: int, pair: Pair) -> tuple[RequestChange, ...] | None:
        """Requests that the plan of another side treats otherwise; None where a plan cannot be read."""
        if pair.before.digest == pair.after.digest:
            return ()
        key = (other, pair.before.key, pair.after.key)
        if key not in self._changes:
            old, new = self.plan(0, pair.before), self.plan(other, pair.after)
            self._changes[key] = None if old is None or new is None else request_changes(old, new)
        return self._changes[key]

    def preference(self, side: int, result: CaseResult) -> str:
        """The order of preference bands that a plan has."""
        plan = self.plan(side, result)
        return "" if plan is None else plan.policy.preference_order

    def others(self) -> Iterator[tuple[int, str]]:
        """The sides behind the first, by number and name."""
        yield from list(enumerate(self.names))[1:]


def _grouped(side: Side, one_base: bool) -> dict[Group, dict[int, CaseResult]]:
    found: dict[Group, dict[int, CaseResult]] = {}
    for (base, scenario, case, draw), result in side.cases.items():
        found.setdefault(("" if one_base else base, scenario, case), {})[draw] = result
    return found


def _row_of(result: Result) -> CaseResult:
    """A plan as the row of a case; without its data only what the plan itself says is measured."""
    plan, facts = result.plan, result.facts
    due = len(facts.horizon.live) if facts is not None else len(plan.matches) + len(plan.unplaced)
    return CaseResult(
        scenario=SCENARIO, case=result.name, base="", placed=len(plan.matches), requests=due, tiers=plan.tiers,
        measured=measured(facts, MEASURES) if facts is not None and plan.clash is None else (),
        problem=clash_words(plan) or None, stopped=plan.stopped, digest=digest_of(plan),
        proved=is_proved(plan),
    )  # fmt: skip
