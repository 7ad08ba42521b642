"""Runs Timefold on the textbook model: ``python -m benchmarks.peers.timefold PROGRAM SECONDS``.

In the environment with the peers only. A request is a planning entity that takes one of its matches or none. Rows of
the textbook model without counters are hard constraints (the excess is the penalty), a tier is a soft level, and a
counter of the model is what the matches make it. One object a line: the tiers of every better plan, at last the plan.
"""

import json
import logging
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Annotated, Any

import numpy as np

FREE = 2**40
"""As in ``benchmarks.textbook.program``."""
MANY = 1000
"""More than the rows of a counter."""


@dataclass(eq=False)
class Line:
    """A row of the model: a limit, or what defines a counter.

    ``least`` and ``most`` limit the weighted matches. A small counter (of a tier to be minimised) is the least y >= 0
    with ``step * y >= needed + weighted matches``; a great one, 0 or 1, is at most the weighted matches of each of its
    ``lines`` rows. ``worth`` is what one of a counter adds to its tier, the more the better.
    """

    least: int = -FREE
    most: int = FREE
    needed: int = 0
    step: int = 1
    worth: int = 0
    counter: int = 0
    lines: int = 1


@dataclass(eq=False)
class Use:
    """What a match adds to a row."""

    line: Line
    weight: int


@dataclass(eq=False)
class Choice:
    """A match: its number, its worth by tier, and what it adds to limits, small and great counters (by tier)."""

    number: int
    worth: list[int]
    limits: list[Use]
    small: list[list[Use]]
    great: list[list[Use]]


def broken(line: Line, total: int) -> int:
    """By how much a limit is broken."""
    return max(0, total - line.most) + max(0, line.least - total)


def small(line: Line, total: int) -> int:
    """What a small counter is worth (rounded up: -(-a // b))."""
    return line.worth * max(0, -((-(line.needed + total)) // line.step))


class Model:
    """The program in Timefold's words: the matches of every request, with what they add to which row.

    Raises
    ------
    ValueError
        The model has a counter that is not what its matches make it (minimum ``if opened`` of an offer).
    """

    def __init__(self, file: str) -> None:
        with np.load(file) as arrays:
            self._arrays = {name: arrays[name] for name in arrays.files}
        self.signs = [1 if up else -1 for up in self._arrays["maximise"].tolist()]
        self.constants: list[int] = self._arrays["constants"].tolist()
        matches = self._arrays["matches"].tolist()
        tiers = range(len(self.signs))
        self._choices = [
            Choice(number, [0 for _ in tiers], [], [[] for _ in tiers], [[] for _ in tiers])
            for number in range(len(matches))
        ]
        self.lines: list[Line] = []
        self.small_lines: list[list[Line]] = [[] for _ in tiers]
        counters = self._worth()
        rows = [self._row("rows", number) for number in range(len(self._arrays["least"]))]
        count: defaultdict[int, int] = defaultdict(int)
        for row in rows:
            for column, _ in row:
                count[column] += 1
        for number, row in enumerate(rows):
            defined = [(column, weight) for column, weight in row if column >= len(matches)]
            used = [(column, weight) for column, weight in row if column < len(matches)]
            if not defined:
                self._limit(number, used)
            elif defined[0][0] in counters:
                self._counter(number, defined, used, counters[defined[0][0]], count[defined[0][0]])
            elif used:
                raise ValueError("the model has a counter that no tier counts")
        self.requests: defaultdict[str, list[Choice]] = defaultdict(list)
        for choice, (request, _, _) in zip(self._choices, matches, strict=True):
            self.requests[request].append(choice)

    def _row(self, name: str, number: int) -> list[tuple[int, int]]:
        start, end = self._arrays[f"{name}.indptr"][number : number + 2].tolist()
        columns = self._arrays[f"{name}.indices"][start:end].tolist()
        return list(zip(columns, self._arrays[f"{name}.data"][start:end].tolist(), strict=True))

    def _worth(self) -> dict[int, tuple[int, int]]:
        """Worth of matches by tier; of counters, tier and worth."""
        counters: dict[int, tuple[int, int]] = {}
        for tier, sign in enumerate(self.signs):
            for column, weight in self._row("tiers", tier):
                if column < len(self._choices):
                    self._choices[column].worth[tier] = sign * weight
                else:
                    counters[column] = (tier, sign * weight)
        return counters

    def _limit(self, number: int, used: list[tuple[int, int]]) -> None:
        line = Line(int(self._arrays["least"][number]), int(self._arrays["most"][number]))
        self.lines.append(line)
        for weight in {weight for _, weight in used}:
            use = Use(line, weight)
            for column in (c for c, w in used if w == weight):
                self._choices[column].limits.append(use)

    def _counter(
        self, number: int, defined: list[tuple[int, int]], used: list[tuple[int, int]], of: tuple[int, int], lines: int
    ) -> None:
        """Great: y - matches <= 0. Small: step y + matches >= a, so step y >= a - matches; or matches - y <= a."""
        ((column, weight),) = defined
        tier, worth = of
        least, most = int(self._arrays["least"][number]), int(self._arrays["most"][number])
        great = worth > 0
        if (great and (weight, most, int(self._arrays["upper"][column])) != (1, 0, 1)) or (not great and lines != 1):
            raise ValueError("the model has a counter of another shape")
        line = Line(needed=least if weight > 0 else -most, step=abs(weight), worth=worth, counter=column, lines=lines)
        if not great:
            self.small_lines[tier].append(line)
        turn = -1 if great or weight > 0 else 1
        for size in {size for _, size in used}:
            use = Use(line, turn * size)
            for match in (c for c, w in used if w == size):
                (self._choices[match].great if great else self._choices[match].small)[tier].append(use)

    def values(self, score: str) -> dict[str, Any]:
        """A score as Timefold writes it: whether it keeps all limits, and the values of the tiers."""
        hard, soft = (part.strip("[]").split("/") for part in score.removesuffix("soft").split("hard/"))
        empty = [sum(small(line, 0) for line in lines) for lines in self.small_lines]
        values = [
            sign * (int(found) + base) + constant
            for found, base, sign, constant in zip(soft, empty, self.signs, self.constants, strict=True)
        ]
        legal = int(hard[0]) == sum(broken(line, 0) for line in self.lines)
        return {"legal": legal, "values": values}


class Steps(logging.Handler):
    """Tells the best score, seconds and whether the search has ended, whenever a better one is logged, and at the end.

    Timefold's own listeners make the whole plan anew in Python at every better one, which takes longer than the search.
    """

    def __init__(self, told: Callable[[str, float, bool], None]) -> None:
        super().__init__()
        self._told = told
        self._best = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Look for a best score, and the time spent, in a line of the log."""
        found = re.search(r"time spent \((\d+)\).*best score \(([^()]*soft)\)", record.getMessage())
        ended = record.getMessage().startswith("Solving ended")
        if found and (ended or found[2] != self._best):
            self._best = found[2]
            self._told(found[2], int(found[1]) / 1000, ended)


def solve(file: str, seconds: float) -> None:
    """Build, solve, print."""
    model = Model(file)
    domain, scores, config = (import_module(f"timefold.solver.{name}") for name in ("domain", "score", "config"))
    score_type: Any = scores.BendableScore
    provider: Callable[[Callable[[Any], list[Any]]], Any] = scores.constraint_provider
    collect, tiers = scores.ConstraintCollectors, len(model.signs)

    @domain.planning_entity
    @dataclass(eq=False)
    class Request:
        id: Annotated[str, domain.PlanningId]
        choices: Annotated[list[Choice], domain.ValueRangeProvider] = field(default_factory=list)
        choice: Annotated[Choice | None, domain.PlanningVariable(allows_unassigned=True)] = None

    def soft(tier: int) -> Any:
        return score_type.of_soft(1, tiers, tier, 1)

    # Functions that make functions, so that each keeps its own tier.
    def worth_of(tier: int) -> Callable[[Any], int]:
        return lambda request: request.choice.worth[tier]

    def small_of(tier: int) -> Callable[[Any], list[Use]]:
        return lambda request: request.choice.small[tier]

    def great_of(tier: int) -> Callable[[Any], list[Use]]:
        return lambda request: request.choice.great[tier]

    def sums(factory: Any, uses: Callable[[Any], list[Use]]) -> Any:
        by_use = factory.for_each(Request).flatten_last(uses)
        return by_use.group_by(lambda use: use.line, collect.sum(lambda use: use.weight))

    def great(factory: Any, tier: int) -> Any:
        # A row that no match of the plan uses is not there: then the counter is 0.
        by_counter = sums(factory, great_of(tier)).group_by(
            lambda line, total: line.counter,
            collect.count_bi(),
            collect.min(lambda line, total: total),
            collect.min(lambda line, total: line.worth * MANY + line.lines),
        )
        return by_counter.impact(
            soft(tier), lambda counter, lines, least, of: of // MANY * min(1, least) if lines == of % MANY else 0
        )

    @provider
    def constraints(factory: Any) -> list[Any]:
        found = [
            sums(factory, lambda request: request.choice.limits)
            .impact(score_type.of_hard(1, tiers, 0, 1), lambda line, total: broken(line, 0) - broken(line, total))
            .as_constraint("limits")
        ]
        for tier in range(tiers):
            matched = factory.for_each(Request).impact(soft(tier), worth_of(tier))
            counted = sums(factory, small_of(tier)).impact(
                soft(tier), lambda line, total: small(line, total) - small(line, 0)
            )
            found.append(matched.as_constraint(f"matches {tier}"))
            found.append(counted.as_constraint(f"small counters {tier}"))
            found.append(great(factory, tier).as_constraint(f"great counters {tier}"))
        return found

    @domain.planning_solution
    @dataclass(eq=False)
    class Plan:
        requests: Annotated[list[Request], domain.PlanningEntityCollectionProperty]
        score: Annotated[
            score_type | None,
            domain.PlanningScore(bendable_hard_levels_size=1, bendable_soft_levels_size=tiers),
        ] = None

    def told(score: str, spent: float, ended: bool) -> None:
        print(json.dumps({"seconds": spent, "ended": ended, **model.values(score)}), flush=True)

    logging.getLogger("timefold").setLevel(logging.DEBUG)
    logging.getLogger("timefold").addHandler(Steps(told))
    settings = config.SolverConfig(
        solution_class=Plan,
        entity_class_list=[Request],
        score_director_factory_config=config.ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=config.TerminationConfig(spent_limit=config.Duration(seconds=max(1, round(seconds)))),
    )
    solver = import_module("timefold.solver").SolverFactory.create(settings).build_solver()
    best = solver.solve(Plan([Request(name, choices) for name, choices in model.requests.items()]))
    chosen = [request.choice.number for request in best.requests if request.choice is not None]
    print(json.dumps({"chosen": chosen, **model.values(str(best.score))}), flush=True)


if __name__ == "__main__":
    solve(sys.argv[1], float(sys.argv[2]))
