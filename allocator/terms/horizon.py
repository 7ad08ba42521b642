"""Which requests are live, and what was published (SEMANTICS S1)."""

from functools import cached_property
from typing import NamedTuple

from models.dataset import Dataset
from models.entities import Published, Request, Student
from models.policy import OTHERS, Policy, group_of


class StudentRequests(NamedTuple):
    """The live requests of one student."""

    student: Student
    first: Request | None
    final: Request | None


def group_of_two(s: StudentRequests, policy: Policy) -> str:
    """The first group of ``two_statutory_for`` that a student is in (S6.2)."""
    for name in policy.two_statutory_for:
        programme, stage = group_of(name)
        request = {"first": s.first, "final": s.final, None: s.final or s.first}[stage]
        if programme == s.student.programme and request is not None:
            return name
    return OTHERS


class Horizon:
    """The part of a dataset that a run decides about."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = policy
        tranches, students, published = dataset.tranche_by_id, dataset.student_by_id, dataset.published_by_request
        self.live: tuple[Request, ...] = tuple(
            r
            for r in dataset.requests
            if tranches[r.tranche].status != "past"
            and not students[r.student].withdrawn
            and r.found_by == "partnership"
            and not (r.request in published and published[r.request].standing == "over")
        )
        self.live_by_id = {r.request: r for r in self.live}
        self.kept: dict[str, Published] = {
            r.request: published[r.request]
            for r in self.live
            if r.request in published and published[r.request].standing == "kept"
        }
        self.in_force: dict[str, Published] = {
            r.request: published[r.request]
            for r in self.live
            if r.request in published and published[r.request].standing == "in_force"
        }
        self.has_published = any(p.standing in ("kept", "in_force") for p in dataset.published)

    @cached_property
    def by_student(self) -> dict[str, StudentRequests]:
        """Live requests by student, students in the dataset's order."""
        stages: dict[str, dict[str, Request]] = {}
        for r in self.live:
            stages.setdefault(r.student, {})[r.stage] = r
        return {
            s.student: StudentRequests(s, stages[s.student].get("first"), stages[s.student].get("final"))
            for s in self.dataset.students
            if s.student in stages
        }

    def counted(self, request: Request) -> bool:
        """Whether tiers count this request (``programmes_left_out``, S6.0)."""
        return self.dataset.student_by_id[request.student].programme not in self.policy.programmes_left_out

    def is_locked(self, request: Request) -> bool:
        """Whether the request is locked to agencies or authorities."""
        return bool(request.locked_agencies or request.locked_authorities)
