"""Pools of interchangeable educators.

Educators are not indexed per student: counts flow from groups of matches to pools. Educators whom nothing tells apart
(same slots, with the same basis and qualification, same constant load) are one pool; whoever is named by a decision, a
published match or a student's exclusion, or whose free load varies by day, is a pool of one. A pool of more than one
can always be named: its windows are intervals, and interval graphs are perfect.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from allocator.eligibility import Eligibility, SlotChoice
from allocator.terms.candidates import Candidate
from allocator.terms.independence import by_employer
from models.base import PE_NEEDED, natural_key


class Pool(NamedTuple):
    """Educators who can stand in for each other, in order of id; ``load`` is students at once of each."""

    members: tuple[str, ...]
    load: int
    listed: bool

    @property
    def name(self) -> str:
        """Id of the first member."""
        return self.members[0]


class Pools:
    """The pool of every candidate; without ``merge`` everybody is a pool of one."""

    def __init__(self, eligibility: Eligibility, choices: Iterable[SlotChoice], *, merge: bool) -> None:
        self._eligibility = eligibility
        singles = self._named_somewhere()
        seen: dict[str, Candidate] = {}
        slots: defaultdict[str, set[tuple[int, str, str]]] = defaultdict(set)
        # by choice and not by offer and window: an exception may let some of the educators there take one request more
        for number, choice in enumerate(choices):
            for candidate in choice.educators:
                if candidate.pe == PE_NEEDED:
                    continue
                seen[candidate.pe] = candidate
                slots[candidate.pe].add((number, candidate.basis, candidate.qualification))
        alike: defaultdict[object, list[str]] = defaultdict(list)
        counting = frozenset(eligibility.policy.independent_counts)
        for pe in sorted(seen, key=natural_key):
            candidate = seen[pe]
            if not merge or candidate.educator is None or pe in singles:
                alike[pe].append(pe)
            else:
                employed = by_employer(eligibility.dataset, candidate.educator.employed_by) & counting
                alike[frozenset(slots[pe]), candidate.people, employed].append(pe)
        self.by_pe: dict[str, Pool] = {}
        for members in alike.values():
            first = seen[members[0]]
            pool = Pool(tuple(members), first.people, first.educator is not None)
            self.by_pe.update(dict.fromkeys(members, pool))

    def _named_somewhere(self) -> set[str]:
        dataset = self._eligibility.dataset
        named = (
            {p.pe for p in dataset.published} | {d.pe for d in dataset.decisions} | {c.pe for c in dataset.commitments}
        )
        named |= {pe for s in dataset.students for pe in s.excluded_educators}
        named |= {h.pe for h in dataset.history if h.outcome != "passed"}
        named |= {e.pe for e in dataset.educators if e.needs_student_by is not None}
        return {pe for pe in named if pe is not None}
