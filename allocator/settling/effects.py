"""What each kind of decision does to facts (SEMANTICS S9): one function a kind, in one table."""

from collections import defaultdict
from collections.abc import Callable

from allocator.settling.company import without_contradictions
from allocator.settling.contradictions import (
    Rows,
    contradict,
    fixes_that_hold,
    latest_deferrals,
    one_answer,
    strictest,
    warn,
)
from allocator.settling.decisions import read_decisions
from allocator.settling.draft import Draft, Facts
from allocator.settling.holding import holds_in_force
from allocator.settling.lost import holds_of_lost
from allocator.settling.published import settle_standings, standing_of
from allocator.settling.staying import stays
from allocator.settling.withdrawals import is_missed, withdraw
from models.base import PE_NEEDED, natural_key
from models.decisions import Decision, DecisionKind
from models.entities import EducatorEntry


def carry_out(draft: Draft) -> None:
    """Read the decisions, settle contradictions, carry them out; then say what published matches stand for.

    Parameters
    ----------
    draft
        Everything else has been read.
    """
    rows: Rows = {}
    by_kind: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision, row in read_decisions(draft):
        by_kind[decision.decision].append(decision)
        rows[decision.id] = row
    by_kind["agency_decision"] = one_answer(draft, by_kind["agency_decision"], rows)
    by_kind["defer"] = latest_deferrals(draft, by_kind["defer"], rows)
    by_kind["exception"] = strictest(draft, by_kind["exception"], rows)
    by_kind["together"], against = without_contradictions(by_kind["together"], by_kind["apart"])
    for decision, other in against:
        words = {"other": f"{other.id} (agency)", "does": "is the more cautious"}
        contradict(draft, "V508", decision, [other.id], rows, **words)
    # Who was named first has the place.
    by_kind["name_pe"].sort(key=lambda d: (d.on or draft.as_of, natural_key(d.id)))
    for kind, effect in EFFECTS.items():
        if kind == "fix":  # whether it holds depends on all that may change a standing
            settle_standings(draft)
            by_kind[kind] = fixes_that_hold(draft, by_kind[kind], rows)
        if kind == "hold":
            by_kind[kind] = holds_in_force(draft, [*by_kind[kind], *holds_of_lost(draft)], rows)
        for decision in by_kind[kind]:
            effect(draft, decision, rows)
        draft.decisions += by_kind[kind]
    draft.decisions.sort(key=lambda d: natural_key(d.id))


def _declined(draft: Draft, decision: Decision, rows: Rows) -> None:
    """The matches of the student at what is declined are given up (S9.4); a PE who was declined frees no place."""
    for name, match in draft.published.items():
        request = draft.requests.get(name)
        mine = request is not None and request["student"] == decision.student
        if mine and decision.pe is None and _covers(decision, match["offer"], draft.offers.get(match["offer"])):
            draft.given_up.add(name)


def _do_not_match(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the rules ask the decision. Said where a PE is barred from where the PE could not be named anyway."""
    pe, stated = decision.pe, {c: v for c in ("offer", "agency", "team") if (v := getattr(decision, c)) is not None}
    if pe is None or not stated:
        return
    offers = [
        offer
        for offer in draft.offers.values()
        if decision.offer in {None, offer["offer"]}
        and any(decision.agency in {None, a} and decision.team in {None, t} for a, t in _sites(offer))
    ]
    for offer in offers:
        if any(e.pe == pe for e in offer.get("educators", ())) or _reaches(draft, draft.educators[pe], offer):
            return
    if offers:
        where = stated.get("offer") or "/".join(stated.values())
        warn(draft, "V513", decision, rows, why=f"{pe} is not named at {where} and does not serve it")


def _agency_decision(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the rules ask what the agency answered."""


def _exception(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the rules ask what is allowed beyond them."""


def _unlock(draft: Draft, decision: Decision, rows: Rows) -> None:
    """A kept match, or one that is not clear, may move again (S9.6)."""
    name = decision.request or ""
    if name not in draft.published and name not in draft.unclear:
        warn(draft, "V513", decision, rows, why=f"{name} has no published match")
    elif name in draft.published and not stays(draft.rows["Published", name]):
        warn(draft, "V513", decision, rows, why="the match may move as it is")
    draft.unlocked.add(name)


def _name_pe(draft: Draft, decision: Decision, rows: Rows) -> None:
    """The PE takes a place of the offer that was to be named, and stands in the published match (S9.5)."""
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
        elif draft.rows["Offers", decision.offer or ""].get("educators") is None:
            # The cell is blank: whoever may be asked there stays beside the PE, as does the rest of a pool.
            if not entries and not _reaches(draft, draft.educators[pe], offer):
                reaching = sorted((n for n, e in draft.educators.items() if _reaches(draft, e, offer)), key=natural_key)
                left = capacity - 1 if _may_be_found(draft, offer["agency"]) else 0
                rest = [EducatorEntry(kind="tbc", places=left)] if left > 0 else []
                offer["educators"] = (named, *(EducatorEntry(kind="named", pe=n) for n in reaching), *rest)
            elif entries:
                offer["educators"] = (*entries, named)
        elif all(e.kind == "named" and _is_going(draft, e.pe, offer) for e in entries):
            offer["educators"] = (*entries, named)
    taken = any(e.pe == pe for e in offer.get("educators", ()))
    facts = draft.published.get(decision.request or "")
    if facts is not None and facts["offer"] == decision.offer:
        if _to_be_named(facts.get("pe")) or _is_going(draft, facts["pe"], offer):
            facts["pe"], taken = pe, True
        elif facts["pe"] != pe:
            warn(draft, "V513", decision, rows, why=f"the match of {decision.request} has {facts['pe']}")
            return
    if not taken and offer.get("educators"):
        warn(draft, "V513", decision, rows, why="nobody is to be named there")


def _name_supervisor(draft: Draft, decision: Decision, rows: Rows) -> None:
    """What was to be named is named, unless whoever it is was withdrawn on a later day (S9.10)."""
    offer, on = draft.offers[decision.offer or ""], decision.on or draft.as_of
    gone = [d for d in draft.decisions if d.decision == "withdraw" and d.value == "supervisor"]
    later = next(
        (d for d in gone if d.offer == decision.offer and (d.on or draft.as_of) > on and is_missed(draft, d)), None
    )
    if later is not None:
        warn(draft, "V513", decision, rows, why=f"{later.id} is of a later day")
    elif offer.get("on_site_supervisor", "to_be_named") == "to_be_named":
        offer["on_site_supervisor"] = "yes"
    else:
        has = "has one" if offer["on_site_supervisor"] == "yes" else "has no on-site supervisor (Offers says no)"
        warn(draft, "V513", decision, rows, why=f"{decision.offer} {has}")


def _requested(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact, and no rule: that an agency asks for a student binds nobody."""


def _defer(draft: Draft, decision: Decision, rows: Rows) -> None:
    """The request is of another tranche, and gives up a match that it has in this one; a kept match stays (S9.11)."""
    name = decision.request or ""
    request, match = draft.requests[name], draft.published.get(name)
    offer = draft.offers.get(match["offer"]) if match is not None else None
    if offer is not None and offer["tranche"] == decision.value != request["tranche"]:
        request["tranche"] = decision.value  # since then it was published in its new round
        return
    standing = standing_of(draft, name) if match is not None else None
    lost = match is not None and match["offer"] not in draft.offers and stays(draft.rows["Published", name])
    if draft.tranches[request["tranche"]].status == "past" or request["tranche"] == decision.value:
        is_of = f"{name} is of {request['tranche']}"
        past = ", which is past" if request["tranche"] != decision.value else ""
        warn(draft, "V513", decision, rows, why=is_of + past)
    elif standing == "kept" or (name not in draft.unlocked and (name in draft.unclear or lost)):
        warn(draft, "V513", decision, rows, why=f"the match of {name} is kept until it is unlocked")
    else:
        request["tranche"] = decision.value
        if standing == "in_force":
            draft.given_up.add(name)


def _company(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the rule asks for two students at a time. Said where one of them has nothing to find."""
    for student in (decision.student or "", decision.other or ""):
        if not draft.requests_of.get(student):
            warn(draft, "V513", decision, rows, why=f"{student} has no request")


def _fix(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the plan must have the match."""


def _hold(draft: Draft, decision: Decision, rows: Rows) -> None:
    """No fact: the limit of the offer asks whose places are held (S9.14)."""


EFFECTS: dict[DecisionKind, Callable[[Draft, Decision, Rows], None]] = {
    "withdraw": withdraw,
    "declined": _declined,
    "do_not_match": _do_not_match,
    "agency_decision": _agency_decision,
    "exception": _exception,
    "unlock": _unlock,
    "name_pe": _name_pe,
    "name_supervisor": _name_supervisor,
    "requested": _requested,
    "defer": _defer,
    "together": _company,
    "apart": _company,
    "fix": _fix,
    "hold": _hold,
}
"""Every kind, in the order in which they are carried out."""


def _covers(decision: Decision, offer: str, facts: Facts | None) -> bool:
    """Whether what a student declined is the place at an offer."""
    if decision.offer is not None:
        return decision.offer == offer
    if facts is None:
        return False
    return any(decision.agency == agency and decision.team in {None, team} for agency, team in _sites(facts))


def _sites(offer: Facts) -> list[tuple[str, str]]:
    """Agency and team of the lead and of the spokes."""
    return [(offer["agency"], offer["team"]), *((s.agency, s.team) for s in offer.get("spokes", ()))]


def _to_be_named(pe: str | None) -> bool:
    return pe is None or pe == PE_NEEDED or pe.startswith("TBC")


def _is_going(draft: Draft, pe: str | None, offer: Facts) -> bool:
    """Whether a PE is not listed, has left before the offer begins, or is withdrawn from some day (S4.1)."""
    facts = draft.educators.get(pe or "")
    if facts is None or facts.get("withdrawn_from"):
        return True
    leaves = facts.get("leaves_on")
    return leaves is not None and leaves < offer["earliest_start"]


def _may_be_found(draft: Draft, agency: str) -> bool:
    """Whether an offer of the agency that names nobody has a PE to be named (a look-up, not a judgement of E19)."""
    setting = draft.policy.educators_to_be_found
    listed = any(e["employed_by"] == agency for e in draft.educators.values())
    aside = draft.agencies.get(agency, {}).get("educators_set_aside", False)
    return setting == "always" or (setting == "where_none_listed" and not listed and not aside)


def _reaches(draft: Draft, educator: Facts, offer: Facts) -> bool:
    """Whether a PE may be asked for an offer that names nobody (a look-up, not a judgement of E15)."""
    if not draft.policy.on("E15"):
        return True
    if educator["employed_by"] == offer["agency"]:
        return educator.get("team") in {None, offer["team"]} or bool(educator.get("long_arm"))
    return bool({offer["agency"], offer.get("place")} & set(educator.get("serves", ())))
