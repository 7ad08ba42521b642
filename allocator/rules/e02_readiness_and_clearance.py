"""E02: a student who failed readiness or clearance is not placed; pending is provisional."""

from allocator.terms.view import Mask, PairView

RULE = "E02"


def excludes(view: PairView) -> Mask:
    """All pairs of students who failed."""
    student = view.terms.student
    return view.table(
        lambda r: (student(r).readiness, student(r).clearance),
        lambda _: None,
        lambda r, _: "failed" in (student(r).readiness, student(r).clearance),
    )
