"""The Decisions sheet: what each row names, and whether it can be used; contradictions and effects come after."""

import re
from dataclasses import replace
from typing import Any, get_args

from allocator.reading.folding import fold
from allocator.reading.spelling import closest
from allocator.settling.company import COMPANY, read_company, students_of
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from allocator.settling.exceptions import exception_value
from allocator.settling.naming import Named, apart, names
from models.catalogue import EXCEPTION_RULES, RULE_BY_ID
from models.decisions import LATER_DECISIONS, Decision, DecisionKind
from models.register import Row
from models.statuses import OVER

INSTEAD: dict[str, str] = {
    "hold": "Fill in Offers.reserved_for and reserved_until, or fix the request to the offer.",
    "requested": "Use fix if the agency is to have this student.",
    "defer": "Fill in Requests.tranche with the later tranche.",
    "end_early": "Add the placement to History (outcome ended_early, days_credited) and a Requests row with attempt 2.",
    "name_supervisor": "Type yes in Offers.on_site_supervisor.",
}
"""What to do instead of a decision that cannot be carried out yet."""
ANSWERS = ("not_needed", "to_ask", "accepted", "declined")
FORBIDDING = ("do_not_match", "declined", "apart")
ALLOWING = ("fix", "exception", "unlock", "name_pe")
"""Decisions that allow something: one that cannot be read has no effect; any other may forbid, and is held to."""


def read_decisions(draft: Draft) -> list[tuple[Decision, Row]]:
    """Read the Decisions sheet.

    Parameters
    ----------
    draft
        Everything else has been read; rows that forbid and cannot be read set aside what they name.

    Returns
    -------
    list of tuple
        Usable decisions with their rows, in an order that does not depend on that of the rows.
    """
    ids = {kind: draft.directory[kind].ids for kind in ("students", "requests", "offers", "educators")}
    draft.directory["requests or students"] = Directory("Requests", ids["requests"] | draft.students.keys())
    draft.directory["anything"] = Directory("", frozenset().union(*ids.values()))
    result: list[tuple[Decision, Row]] = []
    for row in sorted(draft.table("Decisions").rows, key=lambda r: r.content):
        kind = row.get("decision")
        typed = row.unreadable.get("decision", "")
        if kind is None:
            # "do not mach", "forbid" or a blank is no decision, but may have been meant to forbid something.
            word = re.sub(r"[\s-]+", "_", typed.casefold())
            if closest(word, (*get_args(DecisionKind), *LATER_DECISIONS)) not in ALLOWING:
                several = students_of(draft, row).listed
                if len(several) > 1:
                    _set_students_aside(draft, row, typed or "decision", several)
                    continue
                named = names(draft, typed or "decision", row)
                if named.requests or named.offer or named.pe or named.team:
                    _set_aside(draft, named)
            continue
        if kind in LATER_DECISIONS:
            draft.collector.add(
                "V502", sheet="Decisions", row=row.number, column="decision", found=kind, instead=INSTEAD[kind]
            )
            continue
        if kind in COMPANY:
            subject, students, pairs = read_company(draft, kind, row)
            named = Named(kind, row, called=subject)
            if not pairs and kind == "apart":
                _set_students_aside(draft, row, subject, students)
        else:
            named, pairs = names(draft, kind, row), []
        if row.get("by") is None and kind != "exception":
            draft.collector.add(
                "V215",
                sheet="Decisions",
                row=row.number,
                column="by",
                subject=named.subject,
                consequence=": nobody stands behind the decision",
                allowed="initials or role",
            )
        if kind not in COMPANY:
            pairs = [d for reading in _agreed(draft, named) for d in _READERS[kind](draft, reading)]
        result.extend((decision, row) for decision in _in_force(draft, named, pairs))
    counted: dict[str, int] = {}
    for n, (decision, row) in enumerate(result):
        counted[decision.id] = counted.get(decision.id, 0) + 1
        if counted[decision.id] > 1:
            result[n] = (decision.model_copy(update={"id": f"{decision.id} ({counted[decision.id]})"}), row)
    return result


def _in_force(draft: Draft, named: Named, read: list[Decision]) -> list[Decision]:
    """What of a row holds today: nothing that is dated later, but what forbids or asks is not lost by a wrong year."""
    on = named.row.get("on")
    # A withdrawal has a day of its own from which it holds.
    if not read or on is None or on <= draft.as_of or named.kind == "withdraw":
        return read
    left = [d for d in read if d.decision in FORBIDDING or d.value in ("declined", "to_ask")]
    draft.collector.add(
        "V518", sheet="Decisions", row=named.row.number, column="on", subject=named.subject, found=on,
        today=draft.as_of,
        consequence="it is held to all the same" if left else "it is not in force in this plan",
    )  # fmt: skip
    return left


def _agreed(draft: Draft, named: Named) -> list[Named]:
    """The readings of a row: one, unless its cells contradict each other; then each that bars something, or none."""
    contradiction, readings = apart(draft, named)
    if not contradiction:
        return readings
    answer = fold(str(named.row.get("value")))
    bars = named.kind in FORBIDDING or (named.kind == "agency_decision" and answer not in {"accepted", "not needed"})
    if named.kind == "withdraw":
        readings = [reading for reading in readings if reading.offer or named.offer is None]
    elif not bars:
        readings = []
    cost = "the row was not used" if not readings else "what each of them names is barred"
    draft.collector.add(
        "V517", sheet="Decisions", row=named.row.number, subject=named.subject, why=contradiction, consequence=cost
    )
    return readings


def _decision(draft: Draft, named: Named, **facts: Any) -> Decision:
    row = named.row
    on = row.get("on") or draft.as_of
    kept = {c: row.get(c) for c in ("reason_code", "by", "why", "party") if row.get(c) is not None}
    return Decision.model_validate(
        {"decision": named.kind, "id": named.subject, "on": on, "effective": row.get("effective") or on} | kept | facts
    )


def _incomplete(draft: Draft, named: Named, missing: str) -> None:
    if named.missing:
        return  # what is not listed has been named already
    draft.collector.add("V503", sheet="Decisions", row=named.row.number, subject=named.subject, missing=missing)


def _set_aside(draft: Draft, named: Named) -> None:
    """What an unreadable row that forbids costs: its request is set aside, else what it names takes nobody new."""
    target = "offer" if named.offer else "pe" if named.pe else "team" if named.team else None
    if named.requests:
        for request in named.requests:
            draft.requests[request]["set_aside"] = (
                f"a decision that may forbid something cannot be read ({named.subject})"
            )
        takes = "takes" if len(named.requests) == 1 else "take"
        cost = f"{' and '.join(named.requests)} {takes} no new place in this run"
    elif target:
        facts = {"team": named.team, "agency": named.agency} if target == "team" else {target: getattr(named, target)}
        bar = Decision.model_validate(
            {"decision": "do_not_match", "id": f"cannot be read: {named.subject}", "on": draft.as_of} | facts
        )
        draft.decisions.append(bar)
        cost = f"{getattr(named, target)} takes nobody new in this run"
    else:
        cost = "it had no effect"
    draft.collector.add("V509", sheet="Decisions", row=named.row.number, subject=named.subject, consequence=cost)


def _set_students_aside(draft: Draft, row: Row, subject: str, students: tuple[str, ...]) -> None:
    """What a row about two students costs that may keep them apart and cannot be read."""
    requests = tuple(request for student in students for request in draft.requests_of.get(student, ()))
    if requests:
        _set_aside(draft, Named("", row, requests=requests, called=subject))


def _fix(draft: Draft, named: Named) -> list[Decision]:
    if named.missing or len(named.requests) != 1 or named.offer is None:
        _incomplete(draft, named, "one request and an offer")
        return []
    return [_decision(draft, named, request=named.requests[0], student=named.student, offer=named.offer, pe=named.pe)]


def _do_not_match(draft: Draft, named: Named) -> list[Decision]:
    objects = {"offer": named.offer, "pe": named.pe, "agency": named.agency, "team": named.team}
    if named.missing or named.student is None or not any(objects.values()):
        _incomplete(draft, named, "a request or student, and an offer, PE, agency or team")
        _set_aside(draft, named)
        return []
    whole = len(named.requests) != 1 or named.row.get("request") == named.student or named.about == "student"
    who = {"student": named.student} if whole else {"request": named.requests[0]}
    return [_decision(draft, named, **who, **objects)]


def _declined(draft: Draft, named: Named) -> list[Decision]:
    barred: list[dict[str, str | None]]
    if named.pe:
        barred = [{"pe": named.pe}]
    elif named.offer:
        barred = [{"offer": named.offer}]
    elif named.agency:
        barred = [{"agency": named.agency, "team": named.team}]
    else:  # the places that they have; nobody declines what has ended
        matches = [draft.published[r] for r in named.requests if r in draft.published]
        offers = dict.fromkeys(m["offer"] for m in matches if m.get("status") not in OVER)
        barred = [{"offer": offer} for offer in offers]
    if named.missing or named.student is None or not barred:
        _incomplete(draft, named, "a request or student, and an agency, team, offer or PE")
        _set_aside(draft, named)
        return []
    return [_decision(draft, named, student=named.student, **place) for place in barred]


def _agency_decision(draft: Draft, named: Named) -> list[Decision]:
    if named.agency is None and named.offer is not None:
        named.agency = draft.offers[named.offer]["agency"]
    value = Directory("", ANSWERS).find(str(named.row.get("value") or "").strip())
    answer = value.replace(" ", "_") if value else None
    if answer is None and "value" not in named.row.unreadable:
        draft.collector.add(
            "V202",
            sheet="Decisions",
            row=named.row.number,
            column="value",
            found=named.row.get("value") or "(blank)",
            level="set_aside",
            subject=named.subject,
            consequence=", and it may forbid something",
            suggestion=Directory("", ANSWERS).suggestion(str(named.row.get("value"))),
            allowed=", ".join(ANSWERS),
        )
    if answer is None or named.missing or not named.requests or named.agency is None:
        _incomplete(draft, named, "a request, an agency and a value")
        if answer in {None, "declined"}:
            _set_aside(draft, named)
        return []
    return [
        _decision(draft, named, request=r, student=named.student, agency=named.agency, value=answer)
        for r in named.requests
    ]


def _exception(draft: Draft, named: Named) -> list[Decision]:
    row = named.row
    text = str(row.get("rule") or "").strip().upper()
    rule = re.sub(r"^([EL])(\d)$", r"\g<1>0\2", text)
    where: dict[str, Any] = {"sheet": "Decisions", "row": row.number, "subject": named.subject}
    # Without an offer it would be for those of every agency, which nobody meant who named one.
    at_an_agency = named.offer is None and (named.agency or named.team)
    needs = [
        *([] if named.missing or len(named.requests) >= 1 else ["a request"]),
        *([] if rule else ["a rule"]),
        *(c for c in ("why", "by") if row.get(c) is None),
        # A blank is for every offer and PE; "not known" is not, and loosens a rule for nobody.
        *(f"{c} (blank is for all)" for c in ("offer", "pe") if c in row.not_known),
        *(["an offer (agency and team do not narrow it)"] if at_an_agency else []),
    ]
    if needs or named.missing:
        if needs:
            draft.collector.add("V503", missing=" and ".join(needs), **where)
        return []
    if rule not in EXCEPTION_RULES:
        why = (
            f" ({RULE_BY_ID[rule].title.lower()} is hard for everybody)"
            if rule in RULE_BY_ID
            else ", since there is no such rule"
        )
        draft.collector.add("V504", column="rule", rule=rule, why=why, allowed=", ".join(EXCEPTION_RULES), **where)
        return []
    value, allowed = exception_value(draft, rule, row.get("value"))
    if allowed:
        found = "(blank)" if row.get("value") is None else row.get("value")
        draft.collector.add("V505", column="value", rule=rule, found=found, allowed=allowed, **where)
        return []
    return [
        _decision(
            draft, named, request=r, student=named.student, offer=named.offer, pe=named.pe, rule=rule, value=value
        )
        for r in named.requests
    ]


def _withdraw(draft: Draft, named: Named) -> list[Decision]:
    filled = {c: v for c, v in (("student", named.student), ("offer", named.offer), ("pe", named.pe)) if v}
    what = named.about or (next(iter(filled)) if len(filled) == 1 else None)
    needed = "offer" if what == "supervisor" else what
    if named.missing or needed is None or needed not in filled:
        _incomplete(draft, named, "what is withdrawn: about (student, offer, pe or supervisor) and that column")
        alone = replace(named, requests=(), offer=None, pe=None)
        for column, name in filled.items():  # whichever of them was meant
            if column == "student":
                _set_aside(draft, replace(alone, requests=named.requests))
            else:
                _set_aside(draft, replace(alone, offer=name) if column == "offer" else replace(alone, pe=name))
        return []
    value = {"value": "supervisor"} if what == "supervisor" else {}
    return [_decision(draft, named, **{needed: filled[needed]}, **value)]


def _name_pe(draft: Draft, named: Named) -> list[Decision]:
    if named.offer is None and len(named.requests) == 1 and not named.missing:
        published = draft.published.get(named.requests[0], {}).get("offer")
        named.offer = published if published in draft.offers else None
    if named.missing or named.pe is None or named.offer is None:
        _incomplete(draft, named, "a PE, and an offer or a published request")
        return []
    request = named.requests[0] if len(named.requests) == 1 else None
    return [_decision(draft, named, request=request, offer=named.offer, pe=named.pe)]


def _unlock(draft: Draft, named: Named) -> list[Decision]:
    if named.missing or not named.requests:
        _incomplete(draft, named, "a request")
        return []
    return [_decision(draft, named, request=r, student=named.student) for r in named.requests]


_READERS = {
    "fix": _fix, "do_not_match": _do_not_match, "exception": _exception, "withdraw": _withdraw, "declined": _declined,
    "agency_decision": _agency_decision, "name_pe": _name_pe, "unlock": _unlock,
}  # fmt: skip
