"""What a row of the Decisions sheet decides, by its kind: complete, or why it is not and what that costs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from allocator.settling.exceptions import exception_value
from allocator.settling.naming import Named
from models.base import natural_key
from models.catalogue import EXCEPTION_RULES, RULE_BY_ID
from models.decisions import Decision
from models.statuses import OVER

ANSWERS = ("not_needed", "to_ask", "accepted", "declined")


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


def set_aside(draft: Draft, named: Named) -> None:
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
        draft.decided_at[bar.id] = named.row.number
        cost = f"{getattr(named, target)} takes nobody new in this run"
    else:
        cost = "it had no effect"
    draft.collector.add("V509", sheet="Decisions", row=named.row.number, subject=named.subject, consequence=cost)


def _fix(draft: Draft, named: Named) -> list[Decision]:
    if named.missing or len(named.requests) != 1 or named.offer is None:
        _incomplete(draft, named, "one request and an offer")
        return []
    return [_decision(draft, named, request=named.requests[0], student=named.student, offer=named.offer, pe=named.pe)]


def _do_not_match(draft: Draft, named: Named) -> list[Decision]:
    objects = {"offer": named.offer, "pe": named.pe, "agency": named.agency, "team": named.team}
    if named.missing or named.student is None or not any(objects.values()):
        _incomplete(draft, named, "a request or student, and an offer, PE, agency or team")
        set_aside(draft, named)
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
        set_aside(draft, named)
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
            set_aside(draft, named)
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
                set_aside(draft, replace(alone, requests=named.requests))
            else:
                set_aside(draft, replace(alone, offer=name) if column == "offer" else replace(alone, pe=name))
        return []
    value = {"value": "supervisor"} if what == "supervisor" else {}
    return [_decision(draft, named, **{needed: filled[needed]}, **value)]


def _at_published_offer(draft: Draft, named: Named) -> None:
    """A row that names no offer is about that of the published match of its one request."""
    if named.offer is None and len(named.requests) == 1 and not named.missing:
        published = draft.published.get(named.requests[0], {}).get("offer")
        named.offer = published if published in draft.offers else None


def _name_pe(draft: Draft, named: Named) -> list[Decision]:
    _at_published_offer(draft, named)
    if named.missing or named.pe is None or named.offer is None:
        _incomplete(draft, named, "a PE, and an offer or a published request")
        return []
    request = named.requests[0] if len(named.requests) == 1 else None
    return [_decision(draft, named, request=request, offer=named.offer, pe=named.pe)]


def _name_supervisor(draft: Draft, named: Named) -> list[Decision]:
    _at_published_offer(draft, named)
    if named.missing or named.offer is None:
        _incomplete(draft, named, "an offer, or a published request")
        return []
    return [_decision(draft, named, offer=named.offer)]


def _hold(draft: Draft, named: Named) -> list[Decision]:
    row = named.row
    unclear = "places" in row.unreadable or "places" in row.not_known
    several = len(named.requests) != 1 and named.student is not None
    if named.missing or named.offer is None or unclear or several:
        _incomplete(draft, named, "an offer, a whole number of places (blank: 1) and one request or none")
        set_hold_aside(draft, named)
        return []
    if row.get("value") is not None:
        why = "value says nothing of a hold, whose number stands in places"
        draft.collector.add(
            "V519", sheet="Decisions", row=row.number, column="value", subject=named.subject, why=why
        )  # fmt: skip
    whom = {"request": named.requests[0], "student": named.student} if named.requests else {}
    until = {"until": row.get("until")} if row.get("until") is not None else {}
    return [_decision(draft, named, offer=named.offer, places=row.get("places") or 1, **whom, **until)]


def set_hold_aside(draft: Draft, named: Named) -> None:
    """What a row that holds places and cannot be read costs: its offer or team, never for whom it was to hold them."""
    set_aside(draft, replace(named, requests=(), pe=None))


def _requested(draft: Draft, named: Named) -> list[Decision]:
    if named.agency is None and named.offer is not None:
        named.agency = draft.offers[named.offer]["agency"]
    if named.missing or not named.requests or named.agency is None:
        _incomplete(draft, named, "a request, and the agency or offer that asks for it")
        return []
    place = {"agency": named.agency, "team": named.team, "offer": named.offer}
    return [_decision(draft, named, request=r, student=named.student, **place) for r in named.requests]


def _defer(draft: Draft, named: Named) -> list[Decision]:
    typed = named.row.get("value")
    tranche = draft.directory["tranches"].find(str(typed)) if typed is not None else None
    if named.missing or len(named.requests) != 1 or tranche is None or draft.tranches[tranche].status == "past":
        _incomplete(draft, named, f"one request, and in value a tranche that is not past{_tranches(draft)}")
        set_aside(draft, named)
        return []
    return [_decision(draft, named, request=named.requests[0], student=named.student, value=tranche)]


def _tranches(draft: Draft) -> str:
    """The tranches that may be named, in brackets."""
    names = sorted((t.tranche for t in draft.tranches.values() if t.status != "past"), key=natural_key)
    return f" ({', '.join(names)})" if names else ""


def _unlock(draft: Draft, named: Named) -> list[Decision]:
    if named.missing or not named.requests:
        _incomplete(draft, named, "a request")
        return []
    return [_decision(draft, named, request=r, student=named.student) for r in named.requests]


READERS: Mapping[str, Callable[[Draft, Named], list[Decision]]] = {
    "fix": _fix, "do_not_match": _do_not_match, "exception": _exception, "withdraw": _withdraw, "declined": _declined,
    "agency_decision": _agency_decision, "name_pe": _name_pe, "name_supervisor": _name_supervisor,
    "hold": _hold, "requested": _requested, "defer": _defer, "unlock": _unlock,
}  # fmt: skip
"""Each kind's; together and apart name two students, see ``company``."""
