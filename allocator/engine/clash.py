"""Hard rules that clash: a smallest set of rules and rows that cannot hold together.

Rows are grouped by rule and subject; groups are dropped in halves as long as the rest still clashes (the divide and
conquer of QuickXplain, Junker 2004), then one by one. Every member is confirmed: without it the set can hold, with all
of them it cannot, and CP-SAT agrees.
"""

from collections import defaultdict

import numpy as np

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.formulation import Formulation
from allocator.engine.program import Lazy
from models.catalogue import RULE_BY_ID
from models.errors import SolverFaultError
from models.plan import Clash, ClashMember
from models.run import Limits

CONFIRMING_WORK = 400_000
Key = tuple[str, str]


class ClashFinder:
    """Finds a smallest clashing set in a program that is known to be infeasible."""

    def __init__(self, model: Formulation) -> None:
        self._words = _Words(model)
        model.program.add_rows(model.program.lazy.every())
        model.program.lazy = Lazy()  # each of them may be a member now
        self._whole = Face.of(model.program)
        self._demands = (self._whole.row_lower > 0) | (self._whole.row_upper < 0)
        self._groups: defaultdict[Key, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for number, (rule, subject) in enumerate(model.program.origins):
            if rule in RULE_BY_ID and rule != "L01":
                self._groups[rule, subject].append(number)
            else:
                self._always.append(number)
        self._program = model.program

    def find(self) -> Clash:
        """The clash, members in order of rule and subject."""
        # what demands something is tried last, so that it stays in the set and the rest is dropped early
        keys = sorted(self._groups, key=lambda k: (bool(self._demands[self._groups[k]].any()), k))
        members = sorted(self._smallest([], [], keys))
        confirmed = self._second_opinion(members) and all(
            self._can_hold([k for k in members if k != dropped]) for dropped in members
        )
        return Clash(members=tuple(self._words.member(*k) for k in members), confirmed=confirmed)

    def _smallest(self, given: list[Key], added: list[Key], keys: list[Key]) -> list[Key]:
        """Members among ``keys`` of a smallest clashing set with ``given`` and ``added``, which was added last."""
        if added and not self._can_hold([*given, *added]):
            return []
        if len(keys) <= 1:
            return keys
        half = len(keys) // 2
        left, right = keys[:half], keys[half:]
        from_left = self._smallest([*given, *added], right, left)
        from_right = self._smallest([*given, *added], from_left, right)
        return [*from_left, *from_right]

    def _subset(self, keys: list[Key]) -> Face:
        """All columns with some of the rows."""
        rows = np.sort([*self._always, *(row for key in keys for row in self._groups[key])]).astype(np.int64)
        return Face.of(self._program, rows)

    def _can_hold(self, keys: list[Key]) -> bool:
        face = self._subset(keys)
        found = highs.search(face, np.zeros(len(face.lower)), None, Budget(Limits(), None), None)
        if found.ending == "stopped":
            raise SolverFaultError("a clash could not be decided")
        return found.ending == "optimal"

    def _second_opinion(self, keys: list[Key]) -> bool:
        face = self._subset(keys)
        found = cp_sat.search(face, np.zeros(len(face.lower)), None, Budget(Limits(), None), CONFIRMING_WORK)
        return found.ending == "infeasible"


class _Words:
    """Says what each member asks, with the numbers of its row."""

    def __init__(self, model: Formulation) -> None:
        self._dataset = model.dataset
        self._policy = model.policy
        self._pools = model.pools.by_pe
        self._fixes = {d.request: d for d in model.dataset.decisions if d.decision == "fix"}

    def member(self, rule: str, subject: str) -> ClashMember:
        """A member with its sentence: the row's own words, else the rule's statement."""
        own = {
            "E16": self._fix,
            "L02": self._capacity,
            "L03": self._load,
            "L10": self._numbers,
            "max_changes": self._changes,
        }.get(rule)
        sentence = own(subject) if own else None
        return ClashMember(rule=rule, subject=subject, sentence=sentence or RULE_BY_ID[rule].statement)

    def _fix(self, subject: str) -> str | None:
        fix = self._fixes.get(subject)
        if fix is None:
            return None
        pe = f" with {fix.pe}" if fix.pe else ""
        by = f" (decision {fix.id}, by {fix.by})" if fix.by else f" (decision {fix.id})"
        return f"{subject} is fixed to {fix.offer}{pe}{by}."

    def _capacity(self, subject: str) -> str | None:
        offer = self._dataset.offer_by_id.get(subject)
        if offer is not None:
            return f"{subject} has {offer.capacity} place{'s' if offer.capacity != 1 else ''} in all."
        agency = self._dataset.agency_by_id.get(subject)
        team = self._dataset.team_by_key.get(tuple(subject.split("/", 1)))  # type: ignore[arg-type]
        most = agency.maximum_at_once if agency else team.maximum_at_once if team else None
        return None if most is None else f"{subject} takes at most {most} at once, other programmes included."

    def _load(self, subject: str) -> str | None:
        pool = self._pools.get(subject)
        if pool is None or not pool.listed:
            return None
        if len(pool.members) == 1:
            return f"{subject} takes at most {pool.load} at once, commitments included."
        most = len(pool.members) * pool.load
        return f"{', '.join(pool.members)} together take at most {most} at once, commitments included."

    def _numbers(self, subject: str) -> str | None:
        offer, agency = self._dataset.offer_by_id.get(subject), self._dataset.agency_by_id.get(subject)
        if offer is not None:
            always = "always" if offer.minimum_kind == "always" else "if it takes any"
            return f"{subject} asks for at least {offer.minimum} {always}."
        if agency is None:
            return None
        least = f"at least {agency.minimum_in_year}" if agency.minimum_in_year is not None else ""
        most = f"at most {agency.maximum_in_year}" if agency.maximum_in_year is not None else ""
        return f"{subject} asks for {' and '.join(p for p in (least, most) if p)} in the year."

    def _changes(self, _subject: str) -> str:
        return f"At most {self._policy.max_changes} published matches may move (max_changes)."
