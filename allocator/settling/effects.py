"""What decisions do: contradictions settled (the forbidding one stands), then their effects on the facts."""

from collections import defaultdict
from datetime import date
from typing import Any

from allocator.settling.decisions import read_decisions
from allocator.settling.draft import Draft, Facts
from allocator.settling.published import settle_standings, stays
from models.base import PE_NEEDED, natural_key
from models.decisions import Decision
from models.entities import EducatorEntry
from models.register import Row

_CAUTION = {"declined": 0, "to_ask": 1, "accepted": 2, "not_needed": 3}


def carry_out(draft: Draft) -> None:
    """Read the decisions, settle them, carry them out; then say what published matches stand for.

    Parameters
    ----------
    draft
        Everything else has been read.
    """
    rows: dict[str, Row] = {}
    by_kind: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision, row in read_decisions(draft):
        by_kind[decision.decision].append(decision)
        rows[decision.id] = row
    by_kind["agency_decision"] = _one_answer(draft, by_kind["agency_decision"], rows)
    by_kind["exception"] = _strictest(draft, by_kind["exception"], rows)
    for decision in by_kind["withdraw"]:
        _withdraw(draft, decision, rows)
    for decision in by_kind["do_not_match"]:
        _report_idle(draft, decision, rows)
    draft.decisions += [
        d for kind in ("withdraw", "declined", "do_not_match", "agency_decision", "exception") for d in by_kind[kind]
    ]
    unlocked = _unlocked(draft, by_kind["unlock"], rows)
    draft.decisions += by_kind["unlock"]
    by_kind["name_pe"].sort(key=lambda d: (d.on or draft.as_of, natural_key(d.id)))  # who was named first has the place
    for decision in by_kind["name_pe"]:
        _name_pe(draft, decision, rows)
    draft.decisions += by_kind["name_pe"]
    settle_standings(draft, unlocked)
    draft.decisions += _fixes(draft, by_kind["fix"], rows)
    draft.decisions.sort(key=lambda d: natural_key(d.id))


def _warn(draft: Draft, code: str, decision: Decision, rows: dict[str, Row], **words: Any) -> None:
    words.setdefault("subject", decision.id)
    row = rows.get(decision.id)
    draft.collector.add(code, sheet="Decisions", row=row.number if row else None, **words)


def _one_answer(draft: Draft, answers: list[Decision], rows: dict[str, Row]) -> list[Decision]:
    """At most one answer of an agency about a request: declined stands; else the latest, then the most cautious."""
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
                _warn(draft, "V508", other, rows, other=stands.id + " (declined)")
            else:
                _warn(draft, "V515", other, rows, found=stands.value)
    return result


def _strictest(draft: Draft, exceptions: list[Decision], rows: dict[str, Row]) -> list[Decision]:
    """Of several values of one exception the one that allows least."""
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
                _warn(draft, "V508", other, rows, other=f"{order[0].id} (value {order[0].value})")
    return result


def _withdraw(draft: Draft, decision: Decision, rows: dict[str, Row]) -> None:
    day = decision.effective or draft.as_of
    if decision.student is not None:
        draft.students[decision.student]["withdrawn"] = True
    elif decision.pe is not None:
        educator = draft.educators[decision.pe]
        educator["withdrawn_from"] = min(day, educator.get("withdrawn_from") or day)
        return
    elif decision.offer is not None and decision.value == "supervisor":
        # Where there never was one (no), none is lost, and none is to be named.
        if draft.offers[decision.offer].get("on_site_supervisor") == "no":
            _warn(draft, "V513", decision, rows, why=f"{decision.offer} has no on-site supervisor")
            return
        draft.offers[decision.offer]["on_site_supervisor"] = "to_be_named"
    elif decision.offer is not None:
        draft.offers[decision.offer]["withdrawn"] = True
    if day > draft.as_of:
        _warn(draft, "V514", decision, rows, found=day.isoformat())


def _report_idle(draft: Draft, decision: Decision, rows: dict[str, Row]) -> None:
    """Say so where a PE is barred from offers at which the PE could not be named anyway: somebody else is meant."""
    pe, stated = decision.pe, {c: v for c in ("offer", "agency", "team") if (v := getattr(decision, c)) is not None}
    if pe is None or not stated:
        return
    offers = [offer for offer in draft.offers.values() if all(offer[c] == v for c, v in stated.items())]
    for offer in offers:
        if any(e.pe == pe for e in offer.get("educators", ())) or _reaches(draft.educators[pe], offer):
            return
    if offers:
        where = stated.get("offer") or "/".join(stated.values())
        _warn(draft, "V513", decision, rows, why=f"{pe} is not named at {where} and does not serve it")


def _unlocked(draft: Draft, unlocks: list[Decision], rows: dict[str, Row]) -> set[str]:
    unlocked = set()
    for decision in unlocks:
        name = decision.request or ""
        if name not in draft.published and name not in draft.unclear:
            _warn(draft, "V513", decision, rows, why=f"{name} has no published match")
        elif name in draft.published and not stays(draft.rows["Published", name]):
            _warn(draft, "V513", decision, rows, why="the match may move as it is")
        unlocked.add(name)
    return unlocked


def _name_pe(draft: Draft, decision: Decision, rows: dict[str, Row]) -> None:
    """A named PE takes a place of the offer that was to be named, and stands in the published match."""
    offer = draft.offers[decision.offer or ""]
    pe = decision.pe or ""
    entries: list[EducatorEntry] = list(offer.get("educators", ()))
    capacity = offer.get("capacity", 1)
    if all(e.pe != pe for e in entries):
        # The pool that asks for what the PE is, else one that leaves it open, else the first.
        asked = (draft.educators[pe]["qualification"], None)
        rank = {qualification: n for n, qualification in enumerate(asked)}
        pools = sorted((e for e in entries if e.kind == "tbc"), key=lambda e: rank.get(e.qualification, len(rank)))
        named = EducatorEntry(kind="named", pe=pe)
        if pools:
            pool = pools[0]
            # An entry without a number is for whatever place no other entry stands for.
            others = sum(e.places or 1 for e in entries if e is not pool)
            left = (pool.places if pool.places is not None else capacity - others) - 1
            rest = [pool.model_copy(update={"places": left})] if left > 0 else []
            offer["educators"] = (named, *(e for e in entries if e is not pool), *rest)
        elif not entries and not _reaches(draft.educators[pe], offer):
            rest = [EducatorEntry(kind="tbc", places=capacity - 1)] if capacity > 1 else []
            offer["educators"] = (named, *rest)
    taken = any(e.pe == pe for e in offer.get("educators", ()))
    facts = draft.published.get(decision.request or "")
    if facts is not None and facts["offer"] == decision.offer:
        if _to_be_named(facts.get("pe")):
            facts["pe"], taken = pe, True
        elif facts["pe"] != pe:
            _warn(draft, "V513", decision, rows, why=f"the match of {decision.request} has {facts['pe']}")
            return
    if not taken and offer.get("educators"):
        _warn(draft, "V513", decision, rows, why="nobody is to be named there")


def _to_be_named(pe: str | None) -> bool:
    return pe is None or pe == PE_NEEDED or pe.startswith("TBC")


def _reaches(educator: Facts, offer: Facts) -> bool:
    """Whether a PE may be asked for an offer that names nobody (a look-up, not a judgement of E15)."""
    if educator["employed_by"] == offer["agency"]:
        return educator.get("team") in {None, offer["team"]} or bool(educator.get("long_arm"))
    return bool({offer["agency"], offer.get("place")} & set(educator.get("serves", ())))


def _fixes(draft: Draft, fixes: list[Decision], rows: dict[str, Row]) -> list[Decision]:
    groups: defaultdict[str, list[Decision]] = defaultdict(list)
    for fix in fixes:
        groups[fix.request or ""].append(fix)
    result = []
    for request, group in groups.items():
        offers = {fix.offer for fix in group}
        educators = {fix.pe for fix in group if fix.pe}
        if len(offers) > 1 or len(educators) > 1:
            for fix in group:
                found = "; ".join(sorted({d.id for d in group}, key=natural_key))
                _warn(draft, "V507", fix, rows, subject=request, found=found)
            continue
        # A second fix that only adds the PE completes the first one.
        fix = next((d for d in group if d.pe), group[0])
        if draft.published.get(request, {}).get("standing") == "kept":
            _warn(draft, "V510", fix, rows, found=request)
            continue
        if why := draft.requests[request].get("set_aside"):
            _warn(draft, "V513", fix, rows, why=f"{request} was set aside ({why})")
            continue
        forbids = _forbids(draft, fix)
        if forbids is not None:
            _warn(draft, "V508", fix, rows, other=forbids)
            continue
        result.append(fix)
    return result


def _forbids(draft: Draft, fix: Decision) -> str | None:
    """The decision that forbids a fix, if one does."""
    offer = draft.offers[fix.offer or ""]
    facts: dict[str, str | None] = {
        "request": fix.request,
        "student": fix.student,
        "offer": fix.offer,
        "pe": fix.pe,
        "agency": offer["agency"],
        "team": offer["team"],
    }
    for d in draft.decisions:
        stated = {c: v for c in facts if (v := getattr(d, c)) is not None}
        if d.decision in {"do_not_match", "declined"} and all(facts[c] == v for c, v in stated.items()):
            return d.id
        if (
            d.decision == "agency_decision"
            and d.value == "declined"
            and (d.request, d.agency) == (fix.request, offer["agency"])
        ):
            return d.id
        gone = d.decision == "withdraw" and d.value is None
        pe_gone = (d.pe or "") == fix.pe and (d.effective or draft.as_of) <= draft.as_of  # later: E13 judges the dates
        if gone and (d.student == fix.student or (d.offer or "") == fix.offer or pe_gone):
            return d.id
    return None
