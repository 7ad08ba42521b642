"""The arithmetic of "at most", over all placements and on every working day (SEMANTICS S5.1).

With kept matches every "at most" reads: new <= max(0, limit - kept) (S5.1). Kept matches that alone exceed a limit
are listed; they are no violation.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import floor
from typing import NamedTuple

from allocator.checker.facts import Facts, Running
from allocator.checker.findings import Findings
from allocator.checker.placements import Placement
from allocator.checker.working_days import WorkingDays
from models.entities import Commitment

Counted = tuple[Placement, bool]
"""A placement, and whether it is new for the limit in question."""


def _names(counted: Iterable[Counted]) -> tuple[str, ...]:
    return tuple(p.request.request for p, _ in counted)


def judge_total(
    rule: str,
    subject: str,
    what: str,
    limit: int,
    counted: Sequence[Counted],
    findings: Findings,
    before: Sequence[str] = (),
) -> None:
    """An "at most" on a number of placements, whatever their dates; ``before``: others that count beside kept ones."""
    new = sum(is_new for _, is_new in counted)
    kept = len(counted) - new + len(before)
    subjects = (subject, *_names(counted), *before)
    if new + kept > limit and new > max(0, limit - kept):
        findings.add(rule, subjects, what, new + kept, limit)
    elif kept > limit:
        findings.add(rule, subjects, what, kept, limit, kept=True)


def are_too_many(counted: Sequence[Counted], limit: int) -> bool:
    """Whether new placements are more than kept ones leave of a limit (S5.1)."""
    new = sum(is_new for _, is_new in counted)
    return new > max(0, limit - (len(counted) - new))


class _Load(NamedTuple):
    """What holds on a stretch of working days."""

    first: int
    new: int
    kept: int
    committed: Decimal


def _loads(
    days: WorkingDays, counted: Sequence[Counted], commitments: Iterable[Commitment], running: Iterable[Running]
) -> list[_Load]:
    """Loads on every stretch of working days on which they do not change, oldest first."""
    steps: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    takes: defaultdict[int, Decimal] = defaultdict(Decimal)
    spans = [(days.numbers(*p.window), is_new) for p, is_new in counted]
    first_of_all = min(first for (first, _), _ in spans)
    last_of_all = max(last for (_, last), _ in spans)
    spans += [(days.numbers(*r.window), False) for r in running]
    for (first, last), is_new in spans:
        if first <= last:
            steps[first][0 if is_new else 1] += 1
            steps[last + 1][0 if is_new else 1] -= 1
    horizon = days.day(first_of_all), days.day(max(first_of_all, last_of_all))
    for c in commitments:
        # Only where placements run; a blank date is open on its side.
        since, until = max(c.first_day or horizon[0], horizon[0]), min(c.last_day or horizon[1], horizon[1])
        if since <= until:
            first, last = days.numbers(since, until)
            takes[first] += c.number
            takes[last + 1] -= c.number
    found: list[_Load] = []
    new, kept, committed = 0, 0, Decimal(0)
    for day in sorted(steps.keys() | takes.keys()):
        more_new, more_kept = steps.get(day, (0, 0))
        new, kept, committed = new + more_new, kept + more_kept, committed + takes.get(day, 0)
        found.append(_Load(day, new, kept, committed))
    return found


def judge_daily(
    facts: Facts,
    rule: str,
    subject: str,
    what: str,
    maximum: Decimal | int,
    counted: Sequence[Counted],
    commitments: Iterable[Commitment],
    running: Sequence[Running],
    findings: Findings,
    agency: str | None = None,
) -> None:
    """An "at most" on every working day (of an agency, if it is one's), commitments taken off, never below 0 (S5.2).

    The worst day is named, and on how many days there are too many. What still runs counts beside kept matches (S1.8).
    """
    broken: dict[bool, tuple[int, _Load, int]] = {}
    how_long: defaultdict[bool, int] = defaultdict(int)
    days = facts.days if agency is None else facts.days_of(agency)
    for load, following in pairwise(_loads(days, counted, commitments, running)):  # the last is when all have ended
        limit = max(0, floor(maximum - load.committed))
        excess = load.new + load.kept - limit
        if excess > 0 and (load.new > 0 or load.kept > limit):
            by_kept_alone = load.new == 0
            how_long[by_kept_alone] += following.first - load.first
            if excess > broken.get(by_kept_alone, (0, load, 0))[0]:
                broken[by_kept_alone] = (excess, load, limit)
    for by_kept_alone, (_, load, limit) in broken.items():
        day = days.day(load.first)
        there = _names(c for c in counted if c[0].window.start <= day <= c[0].window.end)
        there += tuple(r.row.request for r in running if r.window.start <= day <= r.window.end)
        longer = f", the worst of {how_long[by_kept_alone]} working days" if how_long[by_kept_alone] > 1 else ""
        detail = f"{what} on {day}{longer}" + (f", {load.committed} committed" if load.committed else "")
        findings.add(rule, (subject, *there), detail, load.new + load.kept, limit, kept=by_kept_alone)
