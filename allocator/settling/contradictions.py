"""Decisions that contradict each other: of answers and exceptions the more cautious stands, of a fix the other."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from allocator.settling.draft import Draft
from models.base import natural_key
from models.decisions import Decision
from models.register import Row

Rows = dict[str, Row]
"""The rows of decisions, by the decisions' ids."""
_CAUTION = {"declined": 0, "to_ask": 1, "accepted": 2, "not_needed": 3}


def warn(draft: Draft, code: str, decision: Decision, rows: Rows, **words: Any) -> None:
    """Say something of a decision, with its row.

    Parameters
    ----------
    draft
        Takes the problem.
    code
        Its kind.
    decision, rows
        The decision, and where it stands.
    **words
        What the message says; ``subject`` is the decision where it is not given, and ``consequence`` nothing.
    """
    words.setdefault("subject", decision.id)
    words.setdefault("consequence", "")
    row = rows.get(decision.id)
    draft.collector.add(code, sheet="Decisions", row=row.number if row else None, **words)


def contradict(draft: Draft, code: str, decision: Decision, others: Iterable[str], rows: Rows, **words: Any) -> None:
    """Say of a decision that others stand against it, and note whose rows they are.

    Parameters
    ----------
    draft
        Takes the problem.
    code
        Its kind.
    decision, rows
        The decision, and where it stands.
    others
        Ids of the others.
    **words
        What the message says.
    """
    warn(draft, code, decision, rows, **words)
    row = rows.get(decision.id)
    standing = [draft.decided_at[other] for other in others if other in draft.decided_at]
    draft.contradictions += [(row.number, other) for other in standing if row and row.number != other]


def one_answer(draft: Draft, answers: list[Decision], rows: Rows) -> list[Decision]:
    """At most one answer of an agency about a request: declined stands; else the latest, then the most cautious.

    Parameters
    ----------
    draft
        Takes what is said of the others.
    answers
        As read.
    rows
        Their rows.

    Returns
    -------
    list of Decision
        Those that stand.
    """
    groups: defaultdict[tuple[str, str], list[Decision]] = defaultdict(list)
    for answer in answers:
        groups[answer.request or "", answer.agency or ""].append(answer)
    result = []
    for group in groups.values():
        order = sorted(
            group, key=lambda d: (-(d.on or date.min).toordinal(), _CAUTION[d.value or "to_ask"], natural_key(d.id))
        )
        refused = [d for d in order if d.value == "declined"]
        stands = (refused or order)[0]
        result.append(stands)
        for other in order:
            if other.value == stands.value or other is stands:
                continue
            if refused:
                words = {"other": f"{stands.id} (declined)", "does": "is the more cautious"}
                contradict(draft, "V508", other, [stands.id], rows, **words)
            else:
                contradict(draft, "V515", other, [stands.id], rows, found=stands.value)
    return result


def latest_deferrals(draft: Draft, deferrals: list[Decision], rows: Rows) -> list[Decision]:
    """Of several tranches to which a request is deferred the one decided last; of one day the one that begins last.

    Parameters
    ----------
    draft
        Takes what is said of the others.
    deferrals
        As read.
    rows
        Their rows.

    Returns
    -------
    list of Decision
        Those that stand.
    """
    groups: defaultdict[str, list[Decision]] = defaultdict(list)
    for d in deferrals:
        groups[d.request or ""].append(d)
    result = []
    for group in groups.values():
        order = sorted(
            group, key=lambda d: (d.on or date.min, draft.tranches[d.value or ""].first_day, natural_key(d.id))
        )
        stands = order[-1]
        result.append(stands)
        for other in order[:-1]:
            if other.value != stands.value:
                contradict(draft, "V515", other, [stands.id], rows, found=stands.value)
    return result


def strictest(draft: Draft, exceptions: list[Decision], rows: Rows) -> list[Decision]:
    """Of several values of one exception the one that allows least.

    Parameters
    ----------
    draft
        Takes what is said of the others.
    exceptions
        As read.
    rows
        Their rows.

    Returns
    -------
    list of Decision
        Those that stand.
    """
    groups: defaultdict[tuple[Any, ...], list[Decision]] = defaultdict(list)
    for d in exceptions:
        apart = d.value if d.rule in {"E11", "E18"} else None
        groups[d.request, d.rule, d.offer, d.pe, apart].append(d)
    result = []
    for group in groups.values():
        order = sorted(group, key=lambda d: (natural_key(d.value or ""), natural_key(d.id)))
        result.append(order[0])
        for other in order[1:]:
            if other.value != order[0].value:
                words = {"other": f"{order[0].id} (value {order[0].value})", "does": "allows less"}
                contradict(draft, "V508", other, [order[0].id], rows, **words)
    return result


def fixes_that_hold(draft: Draft, fixes: list[Decision], rows: Rows) -> list[Decision]:
    """The fixes that reach the rules: those of no kept match, and of no request that was set aside.

    Everything else was carried out and standings are settled. Different fixes of one request, and one that another
    decision forbids, reach them too: like one that breaks a rule by itself they are set aside there, so that their
    request is not placed somewhere else, and says why (S1.6, S8.5). Here it is said which two rows contradict; where a
    rule is off, no row of that kind holds, so none forbids.

    Parameters
    ----------
    draft
        Takes what is said of the others.
    fixes
        As read.
    rows
        Their rows.

    Returns
    -------
    list of Decision
        Those that stand.
    """
    binding = draft.policy.on("E16")
    groups: defaultdict[str, list[Decision]] = defaultdict(list)
    for fix in fixes:
        groups[fix.request or ""].append(fix)
    result = []
    for request, group in groups.items():
        offers = {fix.offer for fix in group}
        educators = {fix.pe for fix in group if fix.pe}
        if len(offers) > 1 or len(educators) > 1:
            for fix in group if binding else ():
                ids = sorted({d.id for d in group}, key=natural_key)
                contradict(draft, "V507", fix, ids, rows, subject=request, found="; ".join(ids))
            result += group
            continue
        # A second fix that only adds the PE completes the first one.
        fix = next((d for d in group if d.pe), group[0])
        if draft.published.get(request, {}).get("standing") == "kept":
            warn(draft, "V510", fix, rows, found=request)
            continue
        if why := draft.requests[request].get("set_aside"):
            warn(draft, "V513", fix, rows, why=f"{request} was set aside ({why})")
            continue
        forbids = _forbids(draft, fix) if binding else None
        if forbids is not None:
            out = f": {request} is not placed"
            contradict(draft, "V508", fix, [forbids], rows, other=forbids, does="forbids it", consequence=out)
        result.append(fix)
    return result


def _forbids(draft: Draft, fix: Decision) -> str | None:
    """The decision that forbids a fix, if one does, by the rules that are on."""
    offer = draft.offers[fix.offer or ""]
    sites = [(offer["agency"], offer["team"]), *((s.agency, s.team) for s in offer.get("spokes", ()))]
    facts: dict[str, str | None] = {
        "request": fix.request,
        "student": fix.student,
        "offer": fix.offer,
        "pe": fix.pe,
    }
    for d in draft.decisions:
        names_the_fix = all(getattr(d, c) in {None, v} for c, v in facts.items()) and any(
            d.agency in {None, agency} and d.team in {None, team} for agency, team in sites
        )
        if names_the_fix and (d.decision == "do_not_match" or (d.decision == "declined" and draft.policy.on("E13"))):
            return d.id
        if (
            d.decision == "agency_decision"
            and draft.policy.on("E06")
            and d.value == "declined"
            and d.request == fix.request
            and d.agency in {agency for agency, _ in sites}
        ):
            return d.id
        gone = d.decision == "withdraw" and d.value is None
        pe_gone = (d.pe or "") == fix.pe and (d.effective or draft.as_of) <= draft.as_of  # later: the dates are judged
        student_gone = d.student == fix.student and draft.students[fix.student or ""].get("withdrawn")
        if gone and (student_gone or ((d.offer or "") == fix.offer and offer.get("withdrawn")) or pe_gone):
            return d.id
    return None
