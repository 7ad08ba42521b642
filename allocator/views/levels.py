"""Undergraduate and postgraduate: the level of a programme, as Lists says it (``placements template``, sheet Lists)."""

from typing import get_args

from allocator.reading.folding import fold
from allocator.views.facts import APART, Facts
from models.entities import Level, Request

NO_LEVEL = "Level not stated"
LEVELS: tuple[str, ...] = get_args(Level)
RETURN_GROUPS: tuple[str, ...] = (*(level.capitalize() for level in LEVELS), *APART, NO_LEVEL)
"""The groups of the return: by level; those who stand apart in every figure stand apart here too."""


class Levels:
    """The level of each programme.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._of: dict[str, str] = {}
        for word in facts.dataset.words:
            if word.list == "programmes":
                found = [part for part in map(fold, (word.meaning or "").split(";")) if part in LEVELS]
                if found:
                    self._of[word.word] = found[0].capitalize()

    def group(self, request: Request) -> str:
        """Where the return counts a request's student."""
        group = self._facts.group(request)
        return group if group in APART else self._of.get(self._facts.student(request).programme, NO_LEVEL)

    def not_stated(self) -> list[str]:
        """Programmes of students that no level is stated for."""
        found = {self._facts.student(r).programme for r in self._facts.dataset.requests if self.group(r) == NO_LEVEL}
        return sorted(found)
