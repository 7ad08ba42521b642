"""Classes of placements: offers and windows that look alike to every two-placement rule, judged once for all."""

import numpy as np
from numpy.typing import NDArray

from allocator.eligibility import Codes
from allocator.engine.formulation import Formulation
from allocator.engine.program import Indexes, Mask
from allocator.terms.placement import Placement, of_offer
from models.entities import Student

UNKNOWN = -1
Reasons = NDArray[np.int32]
"""0 where two placements go together, else the number of the rules that they break."""


class Classes:
    """The class of every slot, and which rules two classes break together."""

    def __init__(self, model: Formulation) -> None:
        self._model = model
        self.placements: list[Placement] = []
        self._code: dict[Placement, int] = {}
        self._codes: dict[tuple[bool, bool], Codes] = {}
        self._rules: list[tuple[str, ...]] = [()]
        self._number: dict[tuple[str, ...], int] = {(): 0}
        common = self.codes(locked=False, by_team=False)
        self._common = int(common.max(initial=-1)) + 1  # these classes come first; a square table judges them
        self._tables: dict[str | None, Reasons] = {}
        self._pairs: dict[tuple[str | None, int, int], int] = {}
        self._beside: dict[tuple[str | None, Placement, int, bool], tuple[str, ...]] = {}

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
        placement = of_offer(choice.offer, self._model.policy, *choice.window, locked=locked)
        placement = placement if by_team else placement.anywhere
        code = self._code.setdefault(placement, len(self.placements))
        if code == len(self.placements):
            self.placements.append(placement)
        return code

    def statutory(self, codes: Indexes) -> Mask:
        """Whether each of some classes is statutory."""
        return np.array([self.placements[code].statutory for code in codes.tolist()], dtype=np.bool_)

    # ---- two placements ----------------------------------------------------------------------------------------
    def broken(self, student: Student, given: Placement, code: int, *, given_is_first: bool = True) -> tuple[str, ...]:
        """Rules that a given placement and one of a class break together."""
        key = student.scheme, given, code, given_is_first
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
        if by_team:
            found = [[self._pair(student, a, b) for b in finals.tolist()] for a in firsts.tolist()]
            return np.array(found, dtype=np.int32).reshape(len(firsts), len(finals))
        table = self._tables.get(student.scheme)
        if table is None:
            table = self._tables[student.scheme] = np.full((self._common, self._common), UNKNOWN, dtype=np.int32)
        at = np.ix_(firsts, finals)
        for i, j in np.argwhere(table[at] == UNKNOWN).tolist():
            table[firsts[i], finals[j]] = self._judged(student, int(firsts[i]), int(finals[j]))
        reasons: Reasons = table[at]
        return reasons

    def first_rule(self, reason: int) -> str:
        """The first of the rules behind a number of :meth:`broken_matrix`; L06 where none is broken."""
        return self._rules[reason][0] if reason else "L06"

    def _pair(self, student: Student, first: int, final: int) -> int:
        key = student.scheme, first, final
        if key not in self._pairs:
            self._pairs[key] = self._judged(student, first, final)
        return self._pairs[key]

    def _judged(self, student: Student, first: int, final: int) -> int:
        broken = self._model.eligibility.broken_together(
            student.student, self.placements[first], self.placements[final]
        )
        rules = tuple(rule for rule in broken if rule != "E10")
        if rules not in self._number:
            self._number[rules] = len(self._rules)
            self._rules.append(rules)
        return self._number[rules]
