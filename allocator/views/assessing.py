"""The load of practice assessors: trainees, and PEPS1 on a final by exception, whom they assess at once in the plan."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from allocator.terms.candidates import is_trainee_on
from allocator.views.facts import Facts
from models.base import natural_key
from models.plan import Match


class Assessing(NamedTuple):
    """A practice assessor, the PEs assessed in this plan, the most of them at once, and how many it may be."""

    assessor: str
    assessed: tuple[str, ...]
    at_once: int
    at_most: int | None

    @property
    def is_over(self) -> bool:
        """Whether there are more at once than the assessor takes."""
        return self.at_most is not None and self.at_once > self.at_most

    @property
    def words(self) -> str:
        """Such as ``3, at most 2``."""
        return f"{self.at_once}" + (f", at most {self.at_most}" if self.at_most is not None else "")


def assessing(facts: Facts) -> dict[str, Assessing]:
    """Listed PEs who assess in this plan, or say how many they assess at most, by id."""
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for match in facts.matches:
        for assessor in _assessors(facts, match):
            found[assessor].append(match)
    return {
        e.pe: Assessing(e.pe, _people(found[e.pe]), _at_once(found[e.pe]), e.assesses_at_most)
        for e in facts.dataset.educators
        if e.pe in found or e.assesses_at_most is not None
    }


def over(facts: Facts) -> list[Assessing]:
    """Practice assessors who have more at once than they say, by id."""
    return sorted((a for a in assessing(facts).values() if a.is_over), key=lambda a: natural_key(a.assessor))


def _assessors(facts: Facts, match: Match) -> set[str]:
    educator = facts.educator(match)
    if educator is None or match.start is None:
        return set()
    by_exception = {d.value for x in match.exceptions if (d := facts.decision_by_id.get(x)) and d.rule == "E11"}
    own = {educator.practice_assessor} if is_trainee_on(educator, match.start) else set()
    return {pe for pe in own | by_exception if pe is not None}


def _people(matches: list[Match]) -> tuple[str, ...]:
    return tuple(sorted({m.pe for m in matches if m.pe}, key=natural_key))


def _at_once(matches: list[Match]) -> int:
    """PEs, not students: a trainee with two students is one."""
    days = {m.start for m in matches if m.start}
    return max((len({m.pe for m in matches if _is_on(m, day)}) for day in days), default=0)


def _is_on(match: Match, day: date) -> bool:
    return match.start is not None and match.start <= day and (match.end is None or day <= match.end)
