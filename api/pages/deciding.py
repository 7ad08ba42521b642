"""The form of a decision: which fields a kind has, what may be typed there, and what is seen before it is taken."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from allocator.reading.sheets_record import DECISIONS
from allocator.reading.words import DEFAULT_LISTS
from allocator.settling.by_kind import ANSWERS
from allocator.views.decided import HINTS, USES, decision_name
from allocator.views.facts import Facts
from models.catalogue import EXCEPTION_RULES, RULE_BY_ID

COLUMNS = tuple(column.name for column in DECISIONS.columns if column.name not in ("id", "on"))
"""Of the sheet Decisions, those that somebody types."""
ABOUT = ("student", "offer", "pe", "supervisor")
LOOKING_BY = "placements team"
"""Who looks at an effect: it is the same whoever decides, and why."""


class Field(NamedTuple):
    """A field of the form: its label, what it means, what may be chosen, and what is typed there."""

    name: str
    label: str
    hint: str
    value: str
    needed: bool
    kind: str
    choices: tuple[tuple[str, str], ...]
    closed: bool


def fields_of(kind: str, row: Mapping[str, str], facts: Facts | None, *, shared: bool) -> tuple[Field, ...]:
    """The fields that a decision uses, and no other.

    Parameters
    ----------
    kind
        Word of the decision.
    row
        What is typed, by column.
    facts
        Of the newest plan, for ids to choose from; None before there is one.
    shared
        Agencies look on: requests whose ids tell of a repeat are not offered, and can be typed.
    """
    uses = USES[kind]
    return tuple(_field(kind, name, row, facts, name in uses.needs, shared) for name in (*uses.needs, *uses.may))


def typed(kind: str, sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the fields that a decision uses; blanks are left out.

    Parameters
    ----------
    kind
        Word of the decision.
    sent
        By column, whatever else was sent beside it.
    """
    uses = USES.get(kind)
    wanted = (*uses.needs, *uses.may) if uses else ()
    return {"decision": kind} | {name: text for name in wanted if (text := sent.get(name, "").strip())}


def looked_row(row: Mapping[str, str]) -> dict[str, Any]:
    """A decision as its effect is looked at: whoever takes it and why make no difference to the plan."""
    why = {"why": "effect looked at"} if row.get("decision") == "exception" else {}
    return {**row, "by": LOOKING_BY, **why}


def kinds() -> tuple[tuple[str, str], ...]:
    """Every decision and what it is called."""
    return tuple((kind, decision_name(kind)) for kind in USES)


def _field(kind: str, name: str, row: Mapping[str, str], facts: Facts | None, needed: bool, shared: bool) -> Field:
    column = DECISIONS.by_name[name]
    choices = tuple(_choices(kind, name, facts, shared))
    closed = name in ("about", "party", "rule") or (kind == "apart" and name == "value")
    closed |= kind in ("agency_decision", "defer") and name == "value" and bool(choices)
    labels = {"pe": "PE", "reason_code": "Reason code", "effective": "Holds from", "about": "About"}
    hint = HINTS.get((kind, name), "")
    type_of = "date" if column.kind == "date" else "number" if column.kind == "whole" else "text"
    label = labels.get(name, name.replace("_", " ").capitalize())
    return Field(name, label, hint, row.get(name, ""), needed, type_of, choices, closed)


def _choices(kind: str, name: str, facts: Facts | None, shared: bool) -> Iterable[tuple[str, str]]:
    """Ids and words that may be typed, each with what it is."""
    fixed: Mapping[str, Sequence[tuple[str, str]]] = {
        "about": [(word, word) for word in ABOUT],
        "party": [(word, word) for word in DECISIONS.by_name["party"].allowed],
        "rule": [(rule, f"{rule}: {RULE_BY_ID[rule].title}") for rule in EXCEPTION_RULES],
    }
    if name in fixed:
        return fixed[name]
    if kind == "apart" and name == "value":
        return [("team", "team"), ("agency", "agency")]
    if kind == "agency_decision" and name == "value":
        return [(word, word.replace("_", " ")) for word in ANSWERS]
    return _known(kind, name, facts, shared) if facts is not None else ()


def _known(kind: str, name: str, facts: Facts, shared: bool) -> Iterable[tuple[str, str]]:
    if kind == "defer" and name == "value":
        return [(t.tranche, t.tranche) for t in facts.horizon_tranches if t.status == "later"]
    if name == "request":
        rows = [r for r in (*facts.shown, *facts.withdrawn) if r.attempt == 1 or not shared]
        return [(r.request, f"{facts.group(r)}, {facts.result(r)}") for r in rows]
    if name == "offer":
        return [(o.offer, f"{facts.agency_name(o.agency)}, {o.team}") for o in facts.horizon_offers]
    if name == "pe":
        return [(e.pe, f"{facts.agency_name(e.employed_by)}, {e.team or ''}") for e in facts.dataset.educators]
    if name == "agency":
        return [(a.agency, facts.agency_name(a.agency)) for a in facts.dataset.agencies]
    if name == "team":
        return [(team, agency) for agency, team in dict.fromkeys((o.agency, o.team) for o in facts.horizon_offers)]
    if name == "reason_code":
        own = [word.word for word in facts.dataset.words if word.list == "reason codes"]
        return [(word, "") for word in own or DEFAULT_LISTS["reason codes"]]
    return ()
