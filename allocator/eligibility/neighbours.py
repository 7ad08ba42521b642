"""Datasets that differ in decisions about matches and in what is withdrawn alone, and the requests these speak of.

A match that may not be, an answer of no, and a fix change which pairs of a student are eligible, and of nobody else: no
other part of a rule reads them. A withdrawn offer has no eligible pair, and a withdrawn student no request that is
live; the others are as they were. So who is not spoken of need not be judged again. A withdrawn PE may have been the
only one whom an offer names, so that others step in: then everybody is judged.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Educator, Offer, Student

ABOUT_MATCHES = frozenset({"do_not_match", "declined", "fix"})
"""Decisions that the rules about request and offer, and fixes, look at; no other part of the engine does."""
ELSEWHERE = frozenset({"decisions", "educators", "issues", "offers", "students"})
"""What is compared by itself, and what no rule reads."""
Withdrawable = TypeVar("Withdrawable", Educator, Offer, Student)


def are_alike(one: Dataset, other: Dataset) -> bool:
    """Whether the other of two datasets differs in decisions about matches, and in what is withdrawn since, alone."""
    differ = {name for name in type(one).model_fields if getattr(one, name) != getattr(other, name)}
    gone = (withdrawn_since, students_withdrawn_since, educators_withdrawn_since)
    if differ - ELSEWHERE or any(since(one, other) is None for since in gone):
        return False
    # of two answers of an agency the last counts, so that their order does; what is withdrawn the other tables say
    others = [
        [d for d in data.decisions if d.decision != "withdraw" and not _is_about_matches(d)] for data in (one, other)
    ]
    return others[0] == others[1]


def withdrawn_since(one: Dataset, other: Dataset) -> frozenset[str] | None:
    """Offers that are withdrawn in the other of two datasets, and not in the one; None: offers differ in more."""
    return _withdrawn(one.offers, other.offers, "offer")


def students_withdrawn_since(one: Dataset, other: Dataset) -> frozenset[str] | None:
    """Students that are withdrawn in the other of two datasets, and not in the one; None: students differ in more."""
    return _withdrawn(one.students, other.students, "student")


def educators_withdrawn_since(one: Dataset, other: Dataset) -> frozenset[str] | None:
    """PEs that are withdrawn from some day in the other of two datasets, not in the one; None: PEs differ in more."""
    return _withdrawn(one.educators, other.educators, "pe", "withdrawn_from")


def _withdrawn(
    one: Sequence[Withdrawable], other: Sequence[Withdrawable], name: str, field: str = "withdrawn"
) -> frozenset[str] | None:
    if one is other:
        return frozenset()
    if len(one) != len(other):
        return None
    differ = [(before, now) for before, now in zip(one, other, strict=True) if before != now]
    for before, now in differ:
        if getattr(before, field) or before.model_copy(update={field: getattr(now, field)}) != now:
            return None
    return frozenset(getattr(now, name) for _, now in differ)


def requests_spoken_of(one: Dataset, other: Dataset) -> frozenset[str] | None:
    """The requests of students of whom the other of two datasets says something else than the one.

    They are withdrawn since, or a decision about matches that speaks of them is in one of the two alone.

    Parameters
    ----------
    one, other
        Datasets that are alike (:func:`are_alike`).

    Returns
    -------
    frozenset or None
        None where such a decision speaks of everybody, and where a PE is withdrawn, who may have been anybody's.
    """
    if educators_withdrawn_since(one, other):
        return None
    students = set[str | None](students_withdrawn_since(one, other) or ())
    for decision in set(_about_matches(one)) ^ set(_about_matches(other)):
        request = one.request_by_id.get(decision.request or "")
        students |= {decision.student, None if request is None else request.student} - {None}
        if decision.student is None and request is None:
            return None
    return frozenset(r.request for r in one.requests if r.student in students)


def _about_matches(dataset: Dataset) -> Iterator[Decision]:
    return filter(_is_about_matches, dataset.decisions)


def _is_about_matches(decision: Decision) -> bool:
    """Of the answers of agencies a no alone: a yes is also read where it is told which matches wait for one."""
    no = decision.decision == "agency_decision" and decision.value == "declined"
    return no or decision.decision in ABOUT_MATCHES
