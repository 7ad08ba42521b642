"""A plan read against the dataset: which matches stand, with window, PE and whether they are kept (SEMANTICS S1)."""

from collections.abc import Collection
from typing import NamedTuple

from allocator.checker.educator_rules import (
    Supervision,
    educator_breaches,
    is_away,
    pair_rules_with_anybody,
    supervision,
    triple_rules,
    unknown,
)
from allocator.checker.facts import Facts
from allocator.checker.findings import KEPT, STATEMENT, Findings
from allocator.checker.pair_rules import PAIR_RULES, pair_breaches
from allocator.checker.working_days import Window
from models.base import PE_NEEDED
from models.decisions import Decision
from models.entities import Offer, Published, Request, Student
from models.plan import Basis, Match, Plan


class Placement(NamedTuple):
    """A match that stands: known, live, the only one of its request.

    ``pe`` is None where the PE is blank, unknown or needed. ``kept``: it may not move; ``pe_kept``: nor may its PE.
    """

    match: Match
    request: Request
    student: Student
    offer: Offer
    window: Window
    pe: Supervision | None
    kept: bool
    pe_kept: bool

    @property
    def pe_needed(self) -> bool:
        """A kept match that has lost its PE."""
        return self.match.pe == PE_NEEDED

    @property
    def basis(self) -> Basis | None:
        """On what basis the PE supervises; None where no PE is stated."""
        return "PE needed" if self.pe_needed else self.pe.basis if self.pe else None


def staying_educator(facts: Facts, row: Published, window: Window) -> str | None:
    """The PE that a kept match keeps (S1.5); None: chosen anew.

    A listed one who is not away in its window, or a pool of the offer with people enough for all who keep it.
    """
    if row.pe is None:
        return None
    educator, offer = facts.dataset.educator_by_id.get(row.pe), facts.dataset.offer_by_id[row.offer]
    if educator is not None:
        return None if is_away(facts, educator, offer, window) else educator.pe
    pool = supervision(facts, offer, row.pe, window.start)
    alike = sum((other.offer, other.pe) == (row.offer, row.pe) for other in facts.kept.values())
    return row.pe if pool is not None and alike <= pool.places else None


# ------------------------------------------------------------------------------------------------------ matches (L01)
def read(facts: Facts, plan: Plan, findings: Findings) -> list[Placement]:
    """Matches that stand, in the plan's order; those that cannot be one match of one request break L01."""
    placements: list[Placement] = []
    seen: dict[str, int] = {}
    for match in plan.matches:
        seen[match.request] = seen.get(match.request, 0) + 1
        placed = read_match(facts, match, findings, again=seen[match.request] > 1)
        placements += [placed] if placed is not None else []
    for name, number in seen.items():
        if number > 1:
            findings.add("L01", (name,), f"{number} matches of request {name}", number, 1)
    return placements


def read_match(facts: Facts, match: Match, findings: Findings, *, again: bool = False) -> Placement | None:
    """One match, if it stands: known, live, not set aside, and not the second of its request."""
    request = facts.dataset.request_by_id.get(match.request)
    offer = facts.dataset.offer_by_id.get(match.offer)
    subjects = (match.request, match.offer)
    if request is None:
        findings.add("L01", subjects, f"request {match.request} is not in the dataset")
    elif offer is None:
        findings.add("L01", subjects, f"offer {match.offer} is not in the dataset")
    elif match.request not in facts.live:
        findings.add("L01", subjects, f"request {match.request} is not to be matched in this horizon")
    elif request.set_aside is not None and request.request not in facts.kept:
        findings.add("L01", subjects, f"request {match.request} is set aside: {request.set_aside}")
    elif not again:
        return _placement(facts, match, request, offer, findings)
    return None


def _placement(facts: Facts, match: Match, request: Request, offer: Offer, findings: Findings) -> Placement:
    subjects = (request.request, offer.offer)
    row = facts.kept.get(request.request)
    kept = row is not None and row.offer == offer.offer
    window = facts.published_window(request, offer, row) if row and kept else facts.window(request, offer)
    staying = staying_educator(facts, row, window) if row and kept else None
    if row is not None and not kept:
        findings.add(KEPT, subjects, f"the match with {row.offer} is {row.status} and keeps its offer")
    _judge_dates(facts, match, window, kept, findings)
    pe, pe_kept = None, False
    if match.pe is None:
        findings.not_judged(f"{request.request} in {offer.offer}: no PE is stated; the PE rules are not judged")
    elif staying is not None and match.pe != staying:
        findings.add(KEPT, (*subjects, match.pe), f"the match keeps its PE {staying}")
    if match.pe == PE_NEEDED:
        if not kept:
            findings.add("L01", subjects, "only a kept match may read 'PE needed'")
    elif match.pe is not None:
        pe, pe_kept = supervision(facts, offer, match.pe, window.start), match.pe == staying
        if pe is None:
            rule, detail = unknown(facts, offer, match.pe)
            findings.add(rule, (*subjects, match.pe), detail)
    return Placement(match, request, facts.student(request), offer, window, pe, kept, pe_kept)


def _judge_dates(facts: Facts, match: Match, window: Window, kept: bool, findings: Findings) -> None:
    """Stated dates are the window of S2.2, or those published for a kept match (S1.5)."""
    rule = KEPT if kept else "E01"
    wrong = any(
        stated is not None and stated != true for stated, true in ((match.start, window.start), (match.end, window.end))
    )
    if wrong and (kept or facts.policy.on("E01")):
        stated = f"{match.start or 'blank'} to {match.end or 'blank'}"
        detail = f"the plan states {stated}, the window is {window.start} to {window.end}"
        findings.add(rule, (match.request, match.offer), detail)


# -------------------------------------------------------------------------------------------------- eligibility (E)
def judge_eligibility(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Every E rule about one match; a kept match is exempt, but for a PE chosen anew (S1.5)."""
    for p in placements:
        judge_pair(facts, p, PAIR_RULES, findings)
        judge_educator(facts, p, findings)


def judge_pair(facts: Facts, p: Placement, rules: Collection[str], findings: Findings) -> None:
    """The E rules about request and offer, or some of them."""
    for rule, breach in pair_breaches(facts, p.request, p.offer, p.match.pe, rules):
        findings.add(rule, (p.request.request, p.offer.offer), *breach, kept=p.kept)


def judge_educator(facts: Facts, p: Placement, findings: Findings) -> None:
    """The E rules about the PE, where there is one."""
    if p.pe is not None:
        for rule, breach in educator_breaches(facts, p.request, p.offer, p.pe, p.window):
            findings.add(rule, (p.request.request, p.offer.offer, p.pe.pe), *breach, kept=p.pe_kept)


# ------------------------------------------------------------------------------------------------- kept, fixed, listed
class Fix(NamedTuple):
    """A fix of a request. ``broken``: rules that it breaks alone, so that it is set aside; empty: it binds (S1.6)."""

    decision: Decision
    broken: tuple[str, ...]


def fixes(facts: Facts) -> dict[str, Fix]:
    """Fixes of live requests that are neither kept nor set aside, by request; two different ones are set aside."""
    found: dict[str, Fix] = {}
    for decision in facts.dataset.decisions if facts.policy.on("E16") else ():
        request = facts.live.get(decision.request or "")
        if decision.decision != "fix" or request is None:
            continue
        if request.request in facts.kept or request.set_aside is not None:
            continue
        earlier = found.get(request.request)
        if earlier is None:
            found[request.request] = Fix(decision, _broken_by_fix(facts, request, decision))
        elif (earlier.decision.offer, earlier.decision.pe) != (decision.offer, decision.pe):
            found[request.request] = Fix(decision, ("E16",))
    return found


def _broken_by_fix(facts: Facts, request: Request, decision: Decision) -> tuple[str, ...]:
    offer = facts.dataset.offer_by_id.get(decision.offer or "")
    if offer is None:
        return ("E16",)
    if decision.pe is None:
        return pair_rules_with_anybody(facts, request, offer)
    return triple_rules(facts, request, offer, decision.pe)


def judge_fixes(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """A fix is honoured, or is set aside and then its request is not placed (S1.6)."""
    by_request = {p.request.request: p for p in placements}
    for name, fix in fixes(facts).items():
        judge_fix(name, fix, by_request.get(name), findings)


def judge_fix(name: str, fix: Fix, placed: Placement | None, findings: Findings) -> None:
    """One fix, with the placement of its request."""
    wanted = f"{fix.decision.offer}" + (f" with {fix.decision.pe}" if fix.decision.pe else "")
    if fix.broken:
        if placed is not None:
            detail = f"the fix to {wanted} is set aside ({', '.join(fix.broken)}), so the request is not placed"
            findings.add("E16", (name, placed.offer.offer), detail)
    elif placed is None:
        findings.add("E16", (name,), f"fixed to {wanted} ({fix.decision.id}), not placed")
    elif placed.offer.offer != fix.decision.offer or (
        fix.decision.pe is not None and placed.match.pe not in (None, fix.decision.pe)
    ):
        findings.add("E16", (name, placed.offer.offer), f"fixed to {wanted} ({fix.decision.id})")


def judge_everybody_is_there(facts: Facts, plan: Plan, placements: list[Placement], findings: Findings) -> None:
    """Kept matches are in the plan; every live request is matched or listed as unplaced, and not both."""
    matched = {p.request.request for p in placements}
    unplaced = {u.request for u in plan.unplaced}
    for name, row in facts.kept.items():
        if name not in matched:
            findings.add(KEPT, (name, row.offer), f"the match with {row.offer} is {row.status} and may not be dropped")
    for name in sorted(unplaced - facts.dataset.request_by_id.keys()):
        findings.add(STATEMENT, (name,), "listed as unplaced and not in the dataset")
    for name in sorted(unplaced & matched):
        findings.add(STATEMENT, (name,), "both matched and listed as unplaced")
    for name in facts.live:
        if name not in matched and name not in unplaced:
            # A plan made by hand need not list who is unplaced; one that lists some must list all.
            if plan.unplaced:
                findings.add(STATEMENT, (name,), "neither matched nor listed as unplaced")
            else:
                findings.not_judged(f"{name}: without a place in this plan")
