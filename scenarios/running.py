"""A case to its result: rows edited, settled, solved near the base, checked, measured. Nothing is written here."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from allocator.comparison import compare, result_of
from allocator.garbage import NEW_OBJECTS, searched_every
from allocator.reading.dates import read_date
from allocator.reading.reader import read_register
from allocator.reading.sheets_record import SHEETS
from allocator.results import written_plan
from allocator.settling.settings import refused_setting
from allocator.settling.settling import Reading, settle
from allocator.solving import Solver
from allocator.solving.plans import checked
from allocator.views.facts import Facts
from models.base import Date, natural_key
from models.comparison import Comparison
from models.dataset import Dataset
from models.errors import AllocationError, InputUnusableError, PolicyError, UsageError
from models.plan import CheckReport, Plan
from models.register import Register
from models.run import Limits, StopSignal
from scenarios.edits import edited, with_ids
from scenarios.errors import EditError
from scenarios.measures import measured
from scenarios.model import Case
from scenarios.results import CLASH, Affected, CaseResult


class Base(NamedTuple):
    """What scenarios change: the rows of an input, by name; ``today`` is the day of every case.

    ``plans`` are plan files that cases freeze, by path, for workers that do not see the files.
    """

    name: str
    register: Register
    settings: dict[str, str]
    today: Date
    plans: Mapping[str, Plan] = {}

    @classmethod
    def read(cls, path: Path, settings: dict[str, str] | None = None, today: Date | None = None) -> "Base":
        """The rows of a workbook, a folder of CSV files or a JSON file.

        Raises
        ------
        AllocationError
            It cannot be read, or a setting cannot be used.
        """
        given = dict(settings or {})
        refused = {f"{name}={value}": refused_setting(name, value) for name, value in given.items()}
        if wrong := [f"{said}: {why}" for said, why in refused.items() if why]:
            raise PolicyError(" ".join(wrong))
        return cls(path.stem, read_register(path), given, today or Date.today())


class Solution(NamedTuple):
    """A case with everything that came of it; ``plan`` and what follows are None where there is none."""

    result: CaseResult
    plan: Plan | None = None
    dataset: Dataset | None = None
    check: CheckReport | None = None
    comparison: Comparison | None = None


class Bench:
    """Runs cases on one base, whose own plan it keeps, so that cases near it begin with it.

    Parameters
    ----------
    base
        What is changed.
    limits
        Of each case.
    """

    def __init__(self, base: Base, limits: Limits | None = None) -> None:
        self.base = base
        self.limits = limits or Limits()

    @cached_property
    def reading(self) -> Reading:
        """The base, settled as it is."""
        return settle(self.base.register, self.base.settings, self.base.today)

    @cached_property
    def register(self) -> Register:
        """The base with the ids that settling gives to rows without one, so that a case has them for the same rows."""
        return with_ids(self.base.register, self.reading.numbered)

    @cached_property
    def solver(self) -> Solver:
        """The base, solved."""
        solver = Solver(self.reading.dataset, self.reading.policy)
        solver.solve()
        return solver

    @cached_property
    def plan(self) -> Plan:
        """The base's own plan, checked."""
        return checked(self.solver.dataset, self.solver.policy, self.solver.base)[0]

    @cached_property
    def facts(self) -> Facts:
        """The base's own plan with its lookups."""
        return Facts(self.solver.dataset, self.solver.policy, self.plan)

    @searched_every(NEW_OBJECTS)
    def run(self, case: Case, stop: StopSignal | None = None, begin: Plan | None = None) -> Solution:
        """Solve a case.

        Parameters
        ----------
        case
            What is changed.
        stop
            Set it to stop with the best plan so far.
        begin
            A plan near that of the case; default: the base's.

        Returns
        -------
        Solution
            With a problem in its result where there is no plan: one case never sinks the others.
        """
        began = time.monotonic()
        try:
            solution = self._solved(case, stop, begin)
        except InputUnusableError as error:
            solution = Solution(self._row(case, problem=unusable_words(error)))
        except (AllocationError, ValueError) as error:
            solution = Solution(self._row(case, problem=str(error)))
        seconds = round(time.monotonic() - began, 3)
        return solution._replace(result=solution.result.model_copy(update={"seconds": seconds}))

    def _row(self, case: Case, **facts: object) -> CaseResult:
        given = {
            "scenario": case.scenario, "case": case.name, "base": self.base.name, "parameters": case.parameters,
            "draw": case.draw, "seed": case.seed,
        }  # fmt: skip
        return CaseResult.model_validate(given | facts)

    def _solved(self, case: Case, stop: StopSignal | None, begin: Plan | None) -> Solution:
        if not case.edits and not case.policy:
            return self._as_it_is(case)
        register, done = edited(
            self.register, case.edits, self._frozen, self._as_of(case), case.scenario, case.seed, case.draw
        )
        try:
            reading = settle(register, self.base.settings | case.policy, self.base.today)
        except InputUnusableError as error:
            emptied = self._emptied(register, done)
            raise EditError(emptied) if emptied else error from None
        answer = self.solver.answer_for(reading.dataset, reading.policy, self.limits, stop, begin)
        plan, dataset = answer.plan, answer.dataset
        if plan.clash is not None:
            row = self._row(case, problem=clash_words(plan), done=done, digest=digest_of(plan))
            return Solution(row, plan, dataset, answer.check)
        facts = Facts(dataset, answer.policy, plan)
        comparison = compare(
            result_of("the base", self.plan, self.solver.dataset), result_of(case.name, plan, dataset, answer.check)
        )
        row = self._row(
            case, done=done, placed=len(plan.matches), requests=len(facts.horizon.live), tiers=plan.tiers,
            touched=_withdrawn(dataset, self.solver.dataset),
            measured=measured(facts, case.measures), affected=_affected(comparison), proved=answer.proved,
            stopped=plan.stopped, digest=digest_of(plan),
        )  # fmt: skip
        return Solution(row, plan, dataset, answer.check, comparison)

    def _as_it_is(self, case: Case) -> Solution:
        """The base itself: it is solved already."""
        plan, report = checked(self.solver.dataset, self.solver.policy, self.solver.base)
        if plan.clash is not None:
            return Solution(self._row(case, problem=clash_words(plan), digest=digest_of(plan)), plan)
        row = self._row(
            case, placed=len(plan.matches), requests=len(self.facts.horizon.live), tiers=plan.tiers,
            measured=measured(self.facts, case.measures), stopped=plan.stopped, digest=digest_of(plan),
            proved=plan.stopped is None and all(t.proved for t in plan.tiers),
        )  # fmt: skip
        return Solution(row, plan, self.solver.dataset, report)

    def _emptied(self, register: Register, done: tuple[str, ...]) -> str:
        """That edits leave no row on sheets that a plan needs, and what they did; blank where they do not."""
        pages, before = register.pages, self.register.pages
        empty = [s for s in SHEETS.values() if s.required and s.name in pages and not pages[s.name].rows]
        emptied = [s for s in empty if before[s.name].rows]
        if not emptied:
            return ""
        names = " and ".join(s.name for s in emptied)
        return f"the edits leave no row on {names} ({'; '.join(done)}), and a plan needs {emptied[0].row}."

    def _as_of(self, case: Case) -> Date:
        """The day of a case: its own, else that of the base."""
        own = read_date(case.policy.get("as_of", ""), False)[0]
        return own or self.reading.policy.as_of or self.base.today

    def _frozen(self, name: str) -> Plan:
        if name == "base":
            return self.plan
        plan = self.base.plans.get(name) or written_plan(Path(name))
        if plan is None:
            raise UsageError(f"freeze: '{name}' cannot be read as a plan")
        return plan


def unusable_words(error: InputUnusableError) -> str:
    """Why the edited rows cannot be used, each time with the sheet, in a line."""
    stops = [issue for issue in error.issues if issue.level == "stop"]
    return " ".join(f"{issue.sheet}: {issue.message}" if issue.sheet else issue.message for issue in stops) or str(
        error
    )


def clash_words(plan: Plan) -> str:
    """What cannot hold together, in a line; blank without a clash."""
    return "" if plan.clash is None else CLASH + "; ".join(m.sentence.rstrip(".") for m in plan.clash.members) + "."


def digest_of(plan: Plan) -> str:
    """What tells plans apart: equal plans have equal ones."""
    return hashlib.blake2b(plan.model_dump_json().encode(), digest_size=16).hexdigest()


def _withdrawn(dataset: Dataset, base: Dataset) -> tuple[str, ...]:
    """Students, offers and PEs that are withdrawn in a dataset and not in the base."""
    return tuple(sorted(set(_gone(dataset)) - set(_gone(base)), key=natural_key))


def _gone(dataset: Dataset) -> Iterator[str]:
    yield from (s.student for s in dataset.students if s.withdrawn)
    yield from (o.offer for o in dataset.offers if o.withdrawn)
    yield from (e.pe for e in dataset.educators if e.withdrawn_from is not None)


def _affected(comparison: Comparison) -> Affected:
    kinds: dict[str, list[str]] = {}
    for change in comparison.requests or ():
        kinds.setdefault(change.kind, []).append(change.request)
    students = comparison.students or ()
    return Affected(
        gained=tuple(kinds.get("newly_placed", ())), lost=tuple(kinds.get("newly_unplaced", ())),
        moved=tuple(kinds.get("moved", ())),
        better=tuple(s.student for s in students if s.verdict == "better"),
        worse=tuple(s.student for s in students if s.verdict == "worse"),
    )  # fmt: skip
