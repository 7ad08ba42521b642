"""A case near a partnership beside the same one cold: time of both in one run, by kind of edit.

``python -m benchmarks.near [demonstration ...]`` prints a row for every kind and demonstration. Both times are of the
processor, of solving and of the check: rows are edited and settled before, which both ways need alike. The plans are
compared byte for byte.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import allocator
from allocator.settling.settling import Reading, settle
from allocator.solving import Solver
from allocator.solving.plans import checked
from models.base import Date
from models.dataset import Dataset
from models.plan import Plan
from scenarios.edits import edited
from scenarios.model import Edit, Leave, Remove, Scale, Set
from scenarios.running import Base

DEMONSTRATIONS = ("developing-together", "january-2022", "two-universities")
TODAY = Date(2026, 11, 26)
Made = tuple[tuple[Edit, ...], dict[str, str]]


def _agency(data: Dataset) -> Made:
    return (Remove(edit="remove", sheet="Offers", where={"agency": data.offers[0].agency}),), {}


def _students(data: Dataset) -> Made:
    names = tuple(s.student for s in data.students[40:49])
    return (Remove(edit="remove", sheet="Students", where={"student": names}),), {}


def _commitments(data: Dataset) -> Made:
    programme = data.commitments[0].programme
    return (Remove(edit="remove", sheet="Commitments", where={"programme": programme}),), {}


def _educator(data: Dataset) -> Made:
    return (Leave(edit="leave", sheet="Educators", where={"pe": data.educators[9].pe}),), {}


def _places(data: Dataset) -> Made:
    return (Set(edit="set", sheet="Offers", where={"agency": data.offers[60].agency}, values={"capacity": 1}),), {}


def _intake(data: Dataset) -> Made:
    return (Scale(edit="scale", sheet="Students", percent=120),), {}


def _policy(name: str, value: str) -> Callable[[Dataset], Made]:
    return lambda _: ((), {name: value})


KINDS: dict[str, Callable[[Dataset], Made]] = {
    "an agency's offers removed": _agency,
    "nine students removed": _students,
    "a programme's commitments removed": _commitments,
    "a PE leaves": _educator,
    "an agency's offers have one place": _places,
    "intake 20% up": _intake,
    "travel_limit 60": _policy("travel_limit", "60"),
    "contrast setting": _policy("contrast", "setting"),
    "statutory_least 2": _policy("statutory_least", "BA=2; MSW=2"),
    "independent cap 0": _policy("independent_cap_percent", "0"),
    "independent cap 15": _policy("independent_cap_percent", "15"),
    "independent cap 30": _policy("independent_cap_percent", "30"),
}


class Compared(NamedTuple):
    """Seconds of the processor near the base and cold, and whether the plans are the same."""

    near: float
    cold: float
    same: bool


def compared(solver: Solver, reading: Reading) -> Compared:
    """One case near a solved base, and the same one cold."""
    begun = time.process_time()
    answer = solver.answer_for(reading.dataset, reading.policy)
    between = time.process_time()
    cold = Solver(reading.dataset, reading.policy)
    plan, _ = checked(cold.dataset, cold.policy, cold.solve().plan)
    ended = time.process_time()
    return Compared(between - begun, ended - between, answer.plan.model_dump_json() == plan.model_dump_json())


def main(names: tuple[str, ...]) -> None:
    """Print a row for every kind of edit of every demonstration, and the medians."""
    ratios = []
    folder = Path(allocator.__file__).parent / "demonstration"
    for name in names:
        base = Base.read(folder / f"{name}.xlsx", today=TODAY)
        reading = settle(base.register, base.settings, base.today)
        solver = Solver(reading.dataset, reading.policy)
        solver.solve()
        for kind, made in KINDS.items():
            edits, settings = made(reading.dataset)
            as_of = reading.policy.as_of or base.today
            register, _ = edited(base.register, edits, _no_plan, as_of, scenario=kind)
            found = compared(solver, settle(register, base.settings | settings, base.today))
            ratios.append(found.near / found.cold)
            same = "same plan" if found.same else "ANOTHER PLAN"
            print(f"{name:20} {kind:34} {found.near:6.2f} {found.cold:6.2f} {ratios[-1]:5.2f} {same}", flush=True)
    print(f"median ratio of {len(ratios)}: {median(ratios):.2f}; at most 0.5: {sum(r <= 0.5 for r in ratios)}")


def _no_plan(name: str) -> Plan:
    raise ValueError(name)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or DEMONSTRATIONS)
