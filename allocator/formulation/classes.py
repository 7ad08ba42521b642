"""Classes of placements: offers and windows that look alike to every two-placement rule, judged once for all."""

from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.eligibility import Codes
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes
from allocator.rules.order import TWO_PLACEMENT_RULES
from allocator.terms.calendar import Window
from allocator.terms.placement import Guarantee, Placement, of_offer
from models.entities import Student

UNKNOWN = -1
DAYS = frozenset({"start", "end"})
Reasons = NDArray[np.int32]
"""0 where two placements go together, else the rules that they break: bit k is the rule k in order."""


class _Facts(NamedTuple):
    """What one rule looks at: the number of those facts for every class, a class that has them, and what was judged."""

    of_class: Codes
    example: Codes
    judged: NDArray[np.int8]


class Classes:
    """The class of every slot, and which rules two classes break together."""

    def __init__(self, model: Formulation) -> None:
        self._model = model
        self.placements: list[Placement] = []
        self._undated: list[int] = []  # by class: its number without days, of which there are far fewer
        self._undated_number: dict[Placement, int] = {}
        self._at_offer: dict[tuple[str, bool, bool], tuple[int, Placement]] = {}
        self._code: dict[tuple[int, Window], int] = {}
        self._codes: dict[tuple[bool, bool], Codes] = {}
        self._rules = tuple(rule for rule in TWO_PLACEMENT_RULES if rule.RULE != "E10")
        self.codes(locked=False, by_team=False)  # these classes come first; tables of facts judge them
        self._facts: dict[str, _Facts] = {rule.RULE: self._facts_of(rule) for rule in self._rules}
        self._pairs: dict[tuple[tuple[ModuleType, ...], int, int], int] = {}
        self._beside: dict[tuple[tuple[ModuleType, ...], Placement, int, bool], tuple[str, ...]] = {}

    def _facts_of(self, rule: ModuleType) -> _Facts:
        known: dict[tuple[object, ...], int] = {}
        example: list[int] = []
        of_class = []
        dated = [name for name in rule.LOOKS_AT if name in DAYS]
        undated = [name for name in rule.LOOKS_AT if name not in DAYS]
        facts_of = [tuple(getattr(placement, name) for name in undated) for placement in self._undated_number]
        numbers = dict[tuple[object, ...], int]()
        number_of = [numbers.setdefault(facts, len(numbers)) for facts in facts_of]
        for code, placement in enumerate(self.placements):
            days = (getattr(placement, name) for name in dated)
            number = known.setdefault((number_of[self._undated[code]], *days), len(known))
            if number == len(example):
                example.append(code)
            of_class.append(number)
        judged = np.full((len(known), len(known)), UNKNOWN, dtype=np.int8)
        return _Facts(np.array(of_class, dtype=np.int32), np.array(example, dtype=np.int32), judged)

    def codes(self, *, locked: bool, by_team: bool) -> Codes:
        """The class of each slot (shape: slots), for a placement that is locked or not, with its team or without."""
        key = locked, by_team
        if key not in self._codes:
            self._codes[key] = np.array(
                [self._coded(slot, locked=locked, by_team=by_team) for slot in range(len(self._model.slots))],
                dtype=np.int32,
            )
        return self._codes[key]

    def _coded(self, slot: int, *, locked: bool, by_team: bool) -> int:
        choice = self._model.slots[slot]
        key = choice.offer.offer, locked, by_team
        if key not in self._at_offer:
            placement = of_offer(self._model.terms, choice.offer, locked=locked)
            placement = placement if by_team else placement.anywhere
            self._at_offer[key] = self._undated_number.setdefault(placement, len(self._undated_number)), placement
        (undated, placement), window = self._at_offer[key], choice.window
        code = self._code.setdefault((undated, window), len(self.placements))
        if code == len(self.placements):
            self.placements.append(placement._replace(start=window[0], end=window[1]))
            self._undated.append(undated)
        return code

    def guarantees(self, codes: Indexes) -> tuple[Guarantee, ...]:
        """What each of some classes is worth to the statutory guarantee."""
        return tuple(self.placements[code].guarantee for code in codes.tolist())

    # ---- two placements ----------------------------------------------------------------------------------------
    def broken(self, student: Student, given: Placement, code: int, *, given_is_first: bool = True) -> tuple[str, ...]:
        """Rules that a given placement and one of a class break together."""
        key = self._model.eligibility.two_placement_rules(student), given, code, given_is_first
        if key not in self._beside:
            both = (given, self.placements[code]) if given_is_first else (self.placements[code], given)
            self._beside[key] = self._model.eligibility.broken_together(student.student, *both)
        return self._beside[key]

    def broken_matrix(self, student: Student, firsts: Indexes, finals: Indexes, *, by_team: bool) -> Reasons:
        """What first and final break together, the same team apart (E10 has rows of its own).

        Parameters
        ----------
        student
            Whose placements they are; interns have a rule more.
        firsts, finals
            Classes.
        by_team
            Whether the classes tell teams apart.

        Returns
        -------
        Reasons
            Shape (firsts, finals); see :meth:`first_rule`.
        """
        rules = self._model.eligibility.two_placement_rules(student)
        if by_team:
            found = [[self._pair(rules, a, b) for b in finals.tolist()] for a in firsts.tolist()]
            return np.array(found, dtype=np.int32).reshape(len(firsts), len(finals))
        broken: Reasons = np.zeros((len(firsts), len(finals)), dtype=np.int32)
        for bit, rule in enumerate(self._rules):
            if rule in rules:
                broken |= self._judged(rule, firsts, finals) << bit
        return broken

    def _judged(self, rule: ModuleType, firsts: Indexes, finals: Indexes) -> Reasons:
        """1 where a rule is broken; facts that have not met before are judged now."""
        facts = self._facts[rule.RULE]
        at = np.ix_(facts.of_class[firsts], facts.of_class[finals])
        found = facts.judged[at]
        if (found == UNKNOWN).any():
            for i, j in {(int(at[0][i, 0]), int(at[1][0, j])) for i, j in np.argwhere(found == UNKNOWN).tolist()}:
                pair = self.placements[facts.example[i]], self.placements[facts.example[j]]
                facts.judged[i, j] = rule.pair_breaks(self._model.terms, *pair)
            found = facts.judged[at]
        return found.astype(np.int32)

    def first_rule(self, reason: int) -> str:
        """The first of the rules behind a number of :meth:`broken_matrix`; L06 where none is broken."""
        return next((rule.RULE for bit, rule in enumerate(self._rules) if reason >> bit & 1), "L06")

    def _pair(self, rules: tuple[ModuleType, ...], first: int, final: int) -> int:
        key = rules, first, final
        if key not in self._pairs:
            pair = self.placements[first], self.placements[final]
            self._pairs[key] = sum(
                rule.pair_breaks(self._model.terms, *pair) << bit
                for bit, rule in enumerate(self._rules) if rule in rules
            )  # fmt: skip
        return self._pairs[key]
