"""Who is better or worse off: students, agencies, educators."""

from collections.abc import Iterable, Mapping

from allocator.views.account import Account, accounts
from allocator.views.facts import Facts
from models.base import natural_key
from models.comparison import (
    AgencyChange,
    AgencyState,
    EducatorChange,
    EducatorState,
    StudentChange,
    StudentState,
    Verdict,
)
from models.entities import Educator
from models.plan import Match

_NO_PLACES = AgencyState(offered=0, used=0, outside_range=0)


def student_changes(before: Facts, after: Facts) -> tuple[StudentChange, ...]:
    """Students of both results who are better or worse off; one who left, or is new, is neither."""
    was, is_, alike = _matches(before), _matches(after), _judged_alike(before, after)
    result = []
    for student in sorted(was.keys() & is_.keys(), key=natural_key):
        if alike and _same(before, was[student], after, is_[student]):
            continue
        old, new = _student(before, was[student]), _student(after, is_[student])
        verdict = _student_verdict(old, new)
        if verdict != "same":
            result.append(StudentChange(student=student, verdict=verdict, before=old, after=new))
    return tuple(result)


def _matches(facts: Facts) -> dict[str, list[Match]]:
    matches: dict[str, list[Match]] = {r.student: [] for r in facts.shown if r.request in facts.live_ids}
    for match in facts.matches:
        matches.setdefault(facts.request(match).student, []).append(match)
    return matches


def _judged_alike(before: Facts, after: Facts) -> bool:
    """Whether everything beside student, request and offer that bands and minutes rest on is the same."""
    old, new = before.dataset, after.dataset
    return before.policy == after.policy and old.places == new.places and old.travel == new.travel


def _same(before: Facts, was: list[Match], after: Facts, is_: list[Match]) -> bool:
    """Whether a student has the same matches, under the same facts: then bands and minutes need not be worked out.

    Who ranks offers is always looked at: how such a match is judged rests on the other offers, and on who else ranks.
    """
    return len(was) == len(is_) and all(
        old.request == new.request
        and old.offer == new.offer
        and not before.student(request := before.request(old)).ranked_offers
        and before.student(request) == after.student(after.request(new))
        and request == after.request(new)
        and before.offer(old) == after.offer(new)
        for old, new in zip(was, is_, strict=True)
    )


def _student(facts: Facts, matches: list[Match]) -> StudentState:
    minutes = [facts.minutes(facts.request(m), facts.offer(m)).minutes for m in matches]
    known = [m for m in minutes if m is not None]
    return StudentState(
        placed=tuple(sorted(facts.request(m).stage for m in matches)),
        bands=sum(facts.eligibility.band(m.request, m.offer) for m in matches),
        minutes=sum(known) if len(known) == len(minutes) else None,
    )


def _student_verdict(old: StudentState, new: StudentState) -> Verdict:
    if len(old.placed) != len(new.placed):
        return "better" if len(new.placed) > len(old.placed) else "worse"
    if old.bands != new.bands:
        return "better" if new.bands < old.bands else "worse"
    if old.minutes is None or new.minutes is None or old.minutes == new.minutes:
        return "same"
    return "better" if new.minutes < old.minutes else "worse"


def agencies(facts: Facts) -> dict[str, AgencyState]:
    """What every agency offers and what of it is used, in the year of the figures."""
    return {agency: _agency(account) for agency, account in accounts(facts).items()}


def agency_changes(was: Mapping[str, AgencyState], is_: Mapping[str, AgencyState]) -> tuple[AgencyChange, ...]:
    """Agencies that are nearer to their range or further from it, or that have more or fewer places used."""
    result = []
    for agency in _both(was, is_):
        old, new = was.get(agency, _NO_PLACES), is_.get(agency, _NO_PLACES)
        verdict = _ordered((-old.outside_range, old.used), (-new.outside_range, new.used))
        if verdict != "same":
            result.append(AgencyChange(agency=agency, verdict=verdict, before=old, after=new))
    return tuple(result)


def _agency(account: Account) -> AgencyState:
    outside = 0
    if account.floor is not None and account.ceiling is not None:
        outside = max(0, account.floor - account.counted, account.counted - account.ceiling)
    return AgencyState(offered=account.offered, used=account.used, outside_range=outside)


def educator_changes(before: Facts, after: Facts) -> tuple[EducatorChange, ...]:
    """PEs of both results who get a student in time, or at all, or do not any more."""
    was = {e.pe: _educator(before, e) for e in before.dataset.educators}
    is_ = {e.pe: _educator(after, e) for e in after.dataset.educators}
    result = []
    for pe in sorted(was.keys() & is_.keys(), key=natural_key):
        old, new = was[pe], is_[pe]
        verdict = _ordered((old.in_time is not False, old.students > 0), (new.in_time is not False, new.students > 0))
        if verdict != "same":
            result.append(EducatorChange(pe=pe, verdict=verdict, before=old, after=new))
    return tuple(result)


def _educator(facts: Facts, educator: Educator) -> EducatorState:
    matches = facts.matches_of_pe.get(educator.pe, ())
    by = educator.needs_student_by
    in_time = None if by is None else any(m.start is not None and m.start <= by for m in matches)
    return EducatorState(students=len(matches), in_time=in_time)


def _both(was: Iterable[str], is_: Iterable[str]) -> list[str]:
    return sorted({*was, *is_}, key=natural_key)


def _ordered(old: tuple[int, ...], new: tuple[int, ...]) -> Verdict:
    """Better where the tuple is greater."""
    return "same" if old == new else "better" if new > old else "worse"
