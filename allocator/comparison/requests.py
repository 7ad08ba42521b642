"""Requests that have not what they had: placed, not placed, moved, another PE, other dates, firm or provisional."""

from allocator.views.words import is_person, is_to_be_named
from models.base import natural_key
from models.comparison import RequestChange, RequestKind
from models.plan import Match, Plan


def request_changes(before: Plan, after: Plan, *, only_matches: bool = False) -> tuple[RequestChange, ...]:
    """Every request whose match is not what it was, and every one that came or went, in natural order.

    Parameters
    ----------
    before, after
        Two plans.
    only_matches
        Whether the plan before is only a list of matches: who was not placed, and what was provisional, is not known.

    Returns
    -------
    tuple of RequestChange
        One kind each: the greatest change of a request counts.
    """
    was, is_ = {m.request: m for m in before.matches}, {m.request: m for m in after.matches}
    open_before, open_after = {u.request: u for u in before.unplaced}, {u.request: u for u in after.unplaced}
    result = []
    for request in sorted({*was, *is_, *open_before, *open_after}, key=natural_key):
        old, new = was.get(request), is_.get(request)
        kind: RequestKind | None
        if old is None and new is None:
            came, went = request not in open_before, request not in open_after
            kind = None if only_matches or came == went else "new_not_placed" if came else "no_longer_asked"
        elif new is None:
            kind = "newly_unplaced" if request in open_after else "no_longer_asked"
        else:
            kind = "newly_placed" if old is None else _kind(old, new, only_matches)
        if kind is not None:
            reason = open_after[request].reason if new is None and request in open_after else None
            result.append(_change(request, kind, old, new, reason))
    return tuple(result)


def _kind(old: Match, new: Match, only_matches: bool) -> RequestKind | None:
    if old.offer != new.offer:
        return "moved"
    if old.pe is not None and old.pe != new.pe:  # a version without PEs says nothing about them
        return "pe_named" if is_person(new.pe) and not is_person(old.pe) else "other_pe"
    if _differ(old.start, new.start) or _differ(old.end, new.end):
        return "other_dates"
    if only_matches or _provisional(old) == _provisional(new):
        return None
    return "now_provisional" if _provisional(new) else "now_firm"


def _provisional(match: Match) -> bool:
    return bool(match.waiting) or is_to_be_named(match)


def _differ(old: object, new: object) -> bool:
    return old is not None and new is not None and old != new


def _change(request: str, kind: RequestKind, old: Match | None, new: Match | None, reason: str | None) -> RequestChange:
    return RequestChange(
        request=request,
        kind=kind,
        offer_before=old and old.offer,
        offer_after=new and new.offer,
        pe_before=old and old.pe,
        pe_after=new and new.pe,
        start_before=old and old.start,
        start_after=new and new.start,
        end_before=old and old.end,
        end_after=new and new.end,
        waiting_before=old.waiting if old else (),
        waiting_after=new.waiting if new else (),
        reason=reason,
    )
