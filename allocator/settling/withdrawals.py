"""Withdrawals: at once, or from a day that is to come (SEMANTICS S9.1 to S9.3)."""

from datetime import date, timedelta
from typing import Any

from allocator.settling.contradictions import Rows, warn
from allocator.settling.draft import Draft, Facts
from models.decisions import Decision

DAY = timedelta(days=1)


def withdraw(draft: Draft, decision: Decision, rows: Rows) -> None:
    """A student, an offer, a PE or a supervisor is there no more.

    Parameters
    ----------
    draft
        What matches lose by it is settled with their standings.
    decision
        The row; ``effective`` is the first day without them.
    rows
        Where it stands.
    """
    day = decision.effective or draft.as_of
    if decision.pe is not None:
        educator = draft.educators[decision.pe]
        educator["withdrawn_from"] = min(day, educator.get("withdrawn_from") or day)
        return
    if decision.student is not None:
        words = _student(draft, decision.student, day)
    elif decision.value == "supervisor":
        words = _supervisor(draft, decision, rows, day)
    else:
        words = _offer(draft, decision.offer or "", day)
    if day > draft.as_of and words:
        warn(draft, "V514", decision, rows, found=day.isoformat(), consequence=words)


def _student(draft: Draft, student: str, day: date) -> str:
    """Gone from a day on: what they are to have ends before it, where anything begins before it."""
    requests = [draft.requests[r] for r in draft.requests_of.get(student, ())]
    rounds = [draft.tranches[r["tranche"]] for r in requests]
    if day <= draft.as_of or not any(t.first_day < day for t in rounds if t.status != "past"):
        draft.students[student]["withdrawn"] = True
        return f"every round in which {student} has a request begins on that day or later, so {student} is out now"
    draft.leaving[student] = min(day, draft.leaving.get(student, day))
    for request in requests:
        _ends_before(request, day)
    return f"no placement of {student} runs on that day or later"


def _offer(draft: Draft, name: str, day: date) -> str:
    """Closed from a day on: placements there end before it; one that never opened is withdrawn."""
    offer = draft.offers[name]
    if day <= draft.as_of or day <= offer["earliest_start"]:
        offer["withdrawn"] = True
        return f"no placement at {name} begins before that day, so nobody is placed there"
    draft.closing[name] = min(day, draft.closing.get(name, day))
    _ends_before(offer, day)
    offer["minimum"] = None  # nobody who withdraws a place asks for more students in it
    return f"no placement at {name} runs on that day or later"


def _supervisor(draft: Draft, decision: Decision, rows: Rows, day: date) -> str:
    """To be named anew, where placements may still run on the day; where there never was one (no), none is lost."""
    offer = draft.offers[decision.offer or ""]
    if offer.get("on_site_supervisor") == "no":
        warn(draft, "V513", decision, rows, why=f"{decision.offer} has no on-site supervisor")
        return ""
    if not is_missed(draft, decision):
        return f"every placement at {decision.offer} ends before that day, so none is to be named"
    offer["on_site_supervisor"] = "to_be_named"
    return f"placements at {decision.offer} may run on that day or later, so one is to be named"


def is_missed(draft: Draft, decision: Decision) -> bool:
    """Whether a supervisor who is withdrawn leaves before every placement at the offer has ended.

    Parameters
    ----------
    draft
        Knows the offer.
    decision
        The withdrawal.
    """
    day, latest = decision.effective or draft.as_of, draft.offers[decision.offer or ""].get("latest_end")
    return day <= draft.as_of or latest is None or day <= latest


def _ends_before(facts: Facts, day: date) -> None:
    facts["latest_end"] = min(facts.get("latest_end") or date.max, day - DAY)


def runs_on(match: dict[str, Any], day: date | None) -> bool:
    """Whether a published match runs on a day or later, or may (its end is not known); never without a day."""
    end = match.get("end")
    return day is not None and (end is None or end >= day)
