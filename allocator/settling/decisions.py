"""The Decisions sheet: what each row names, and whether it can be used; contradictions and effects come after."""

import re
from dataclasses import dataclass, field
from typing import Any, get_args

from allocator.reading.folding import fold
from allocator.reading.spelling import closest
from allocator.reading.tables import Row
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from allocator.settling.exceptions import exception_value
from models.catalogue import EXCEPTION_RULES, RULE_BY_ID
from models.decisions import LATER_DECISIONS, Decision, DecisionKind

INSTEAD: dict[str, str] = {
    "hold": "Fill in Offers.reserved_for and reserved_until, or fix the request to the offer.",
    "requested": "Use fix if the agency is to have this student.",
    "defer": "Fill in Requests.tranche with the later tranche.",
    "end_early": "Add the placement to History (outcome ended_early, days_credited) and a Requests row with attempt 2.",
    "name_supervisor": "Type yes in Offers.on_site_supervisor.",
}
"""What to do instead of a decision that cannot be carried out yet."""
ANSWERS = ("not_needed", "to_ask", "accepted", "declined")
FORBIDDING = ("do_not_match", "declined")
_REFERENCES = ("request", "offer", "pe", "agency", "team")
_ABOUT = ("student", "offer", "pe", "supervisor")


@dataclass(slots=True)
class Named:
    """What a row names: listed ids, and cells that name nothing listed (``missing``, by column)."""

    kind: str
    row: Row
    requests: tuple[str, ...] = ()
    student: str | None = None
    offer: str | None = None
    pe: str | None = None
    agency: str | None = None
    team: str | None = None
    about: str | None = None
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The decision in a few words, such as ``fix S001/first O12``."""
        whom = [self.row.get(c) for c in ("about", *_REFERENCES, "rule")]
        return " ".join([self.kind, *dict.fromkeys(str(w) for w in whom if w is not None)])


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
            # "do not mach" is no decision, but it was meant to forbid something.
            if (
                closest(re.sub(r"[\s-]+", "_", typed.casefold()), (*get_args(DecisionKind), *LATER_DECISIONS))
                in FORBIDDING
            ):
                _set_aside(draft, _names(draft, "do_not_match", row))
            continue
        if kind in LATER_DECISIONS:
            draft.collector.add(
                "V502", sheet="Decisions", row=row.number, column="decision", found=kind, instead=INSTEAD[kind]
            )
            continue
        named = _names(draft, kind, row)
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
        result.extend((decision, row) for decision in _READERS[kind](draft, named))
    counted: dict[str, int] = {}
    for n, (decision, row) in enumerate(result):
        counted[decision.id] = counted.get(decision.id, 0) + 1
        if counted[decision.id] > 1:
            result[n] = (decision.model_copy(update={"id": f"{decision.id} ({counted[decision.id]})"}), row)
    return result


def _names(draft: Draft, kind: str, row: Row) -> Named:
    named = Named(kind, row)
    values: dict[str, str] = {c: row.values[c] for c in _REFERENCES if row.get(c) is not None}
    named.missing = {c: row.unreadable[c] for c in ("about", *_REFERENCES) if c in row.unreadable}
    about = row.get("about")
    if about is not None:
        word = about.casefold().replace(" ", "_").removeprefix("on_site_")
        if word in _ABOUT:
            named.about = word
        else:
            column = _about(draft, named, about)
            if column == "student":
                named.about = "student"
                values.setdefault("request", about)
            elif column is not None:
                named.about = "student" if column == "request" else column
                values.setdefault(column, about)
    if "request" in values:
        _find_requests(draft, named, values["request"])
    for column, directory in (("offer", "offers"), ("pe", "educators"), ("agency", "agencies")):
        if column in values:
            _find(named, column, values[column], draft.directory[directory])
    if "team" in values:
        agency, team = draft.team_names.find(named.agency, values["team"])
        if team is None:
            named.missing["team"] = values["team"]
        named.agency, named.team = agency, team
    _respell(named)
    places = {
        "request": draft.directory["requests or students"],
        "offer": draft.directory["offers"],
        "pe": draft.directory["educators"],
        "agency": draft.directory["agencies"],
        "team": draft.directory["teams"],
    }
    for column, text in named.missing.items():
        if column in places and column not in row.unreadable:
            draft.collector.add(
                "V303",
                sheet="Decisions",
                row=row.number,
                column=column,
                found=text,
                where=places[column].where,
                subject=named.subject,
                consequence=", so the row was not used",
                suggestion=places[column].suggestion(text),
            )
    return named


def _respell(named: Named) -> None:
    """Let the row name things as they are listed, so that a decision's id is the same however it was typed."""
    values, request = named.row.values, named.requests[0] if len(named.requests) == 1 else None
    for column in ("offer", "pe", "agency", "team"):
        if column in values and (listed := getattr(named, column)) is not None:
            values[column] = listed
    for column in ("request", "about"):
        text = fold(str(values.get(column)))
        names = (request, named.student) if column == "request" else (request, named.student, named.offer, named.pe)
        listed = next((name for name in names if name is not None and fold(name) == text), None)
        if listed is not None:
            values[column] = listed


def _about(draft: Draft, named: Named, about: str) -> str | None:
    """The column that an id in ``about`` belongs to; None (and an issue) where it is not clear."""
    directories = {
        "student": draft.directory["students"],
        "request": draft.directory["requests"],
        "offer": draft.directory["offers"],
        "pe": draft.directory["educators"],
    }
    found = [column for column, directory in directories.items() if directory.find(about)]
    if len(found) == 1:
        return found[0]
    words = {"student": "a student", "request": "a request", "offer": "an offer", "pe": "a PE"}
    why = (
        f"is {' and '.join(words[f] for f in found)}" if found else "is no student, request, offer or PE that is listed"
    )
    for where in ("Requests", "Offers", "Educators") if not found else ():
        if cause := draft.collector.aside(about, where):
            why = f"is on {cause['listed']}, but its row was set aside ({cause['cause']})"
    draft.collector.add(
        "V506",
        sheet="Decisions",
        row=named.row.number,
        column="about",
        found=about,
        why=why,
        suggestion="" if found or "set aside" in why else draft.directory["anything"].suggestion(about),
        subject=named.kind,
    )
    named.missing["about"] = about
    return None


def _find_requests(draft: Draft, named: Named, text: str) -> None:
    """A request's id, or a student's, which stands for all requests of the student."""
    request = draft.directory["requests"].find(text)
    student = draft.directory["students"].find(text)
    if request is not None:
        named.requests = (request,)
        named.student = draft.requests[request]["student"]
    elif student is not None and student in draft.students:
        named.student = student
        named.requests = draft.requests_of.get(student, ())
    else:
        named.missing["request"] = text


def _find(named: Named, column: str, text: str, directory: Directory) -> None:
    listed = directory.find(text)
    if listed is None:
        named.missing[column] = text
    else:
        setattr(named, column, listed)


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
            draft.requests[request]["set_aside"] = f"a decision that forbids something cannot be read ({named.subject})"
        cost = f"{' and '.join(named.requests)} cannot be placed in this run"
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
    if named.offer is None and named.pe is None and named.team is None and named.agency is None and not named.missing:
        named.offer = next((draft.published[r]["offer"] for r in named.requests if r in draft.published), None)
    narrowest = (
        {"pe": named.pe}
        if named.pe
        else {"offer": named.offer}
        if named.offer
        else {"agency": named.agency, "team": named.team}
        if named.agency
        else {}
    )
    if named.missing or named.student is None or not narrowest:
        _incomplete(draft, named, "a request or student, and an agency, team, offer or PE")
        _set_aside(draft, named)
        return []
    return [_decision(draft, named, student=named.student, **narrowest)]


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
    needs = [
        *([] if named.missing or len(named.requests) >= 1 else ["a request"]),
        *([] if rule else ["a rule"]),
        *(c for c in ("why", "by") if row.get(c) is None),
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
