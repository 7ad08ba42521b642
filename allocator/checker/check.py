"""Judging a plan: the checker's entry points."""

from allocator.checker.changes import let_go, moved_requests
from allocator.checker.educator_rules import EDUCATOR_RULES, triple_rules
from allocator.checker.facts import Facts
from allocator.checker.findings import STATEMENT, TIERS, Findings
from allocator.checker.limit_rules import LIMIT_RULES, judge_limits
from allocator.checker.pair_rules import PAIR_RULES, pair_breaches
from allocator.checker.placements import (
    Placement,
    fixes,
    judge_eligibility,
    judge_everybody_is_there,
    judge_fixes,
    read,
)
from allocator.checker.student_rules import STUDENT_RULES, judge_students, waits_for_an_answer
from allocator.checker.tiers import recompute
from allocator.checker.waiting import FIRM_CODES, waits_for
from models.base import natural_key
from models.dataset import Dataset
from models.plan import CheckReport, ForcedChanges, Plan, ProvisionalCode, TierResult, Violation
from models.policy import Policy

CHECKED: frozenset[str] = frozenset(("L01", *PAIR_RULES, *EDUCATOR_RULES, *STUDENT_RULES, *LIMIT_RULES))
"""Ids of the rules that the checker judges."""


def check(dataset: Dataset, policy: Policy, plan: Plan) -> CheckReport:
    """Judge a plan: every violation, and every tier of the order recomputed.

    Parameters
    ----------
    dataset
        The facts.
    policy
        The settings; where it leaves ``as_of`` blank, the plan's own policy says what today is.
    plan
        Any plan, also one made by hand with blank PEs, dates and tiers.

    Returns
    -------
    CheckReport
        Violations name a rule of the catalogue, or ``kept`` (a kept match was moved or dropped), ``statement`` (the
        plan says something of itself that is not so), ``tiers`` (a stated value is not the recomputed one).
    """
    facts = Facts(dataset, policy, policy.as_of or plan.policy.as_of, plan.forced_changes)
    findings = Findings()
    if plan.clash is not None:
        if plan.matches:
            findings.add(STATEMENT, ("clash",), "a plan with a clash has no matches")
        findings.not_judged("the plan states that rules and rows clash; it places nobody")
        return findings.report(())
    placements = judge(facts, plan, findings)
    _judge_forced_changes(facts, plan.forced_changes, placements, findings)
    _say_what_today_leaves_open(facts, findings)
    tiers = recompute(facts, placements)
    _judge_tiers(plan.tiers, tiers, findings)
    return findings.report(tiers)


def violations(dataset: Dataset, policy: Policy, plan: Plan) -> tuple[Violation, ...]:
    """The violations that :func:`check` names in the matches of a plan without a clash; tiers take a third of a check.

    Parameters
    ----------
    dataset, policy, plan
        As for :func:`check`.

    Returns
    -------
    tuple of Violation
        In the order of the catalogue.
    """
    findings = Findings()
    judge(Facts(dataset, policy, policy.as_of or plan.policy.as_of, plan.forced_changes), plan, findings)
    return findings.report(()).violations


def judge(facts: Facts, plan: Plan, findings: Findings) -> list[Placement]:
    """Judge the matches of a plan without a clash by every rule, and what it says of them; tiers are left out."""
    placements = read(facts, plan, findings)
    judge_eligibility(facts, placements, findings)
    judge_together(facts, plan, placements, findings)
    return placements


def judge_together(facts: Facts, plan: Plan, placements: list[Placement], findings: Findings) -> None:
    """Judge what matches do together, the plan's fixes and kept matches, and what the plan says of its matches."""
    judge_fixes(facts, placements, findings)
    judge_everybody_is_there(facts, plan, placements, findings)
    judge_students(facts, placements, findings)
    judge_limits(facts, placements, findings)
    judge_statements(facts, placements, findings)


def _say_what_today_leaves_open(facts: Facts, findings: Findings) -> None:
    if facts.today is None and (facts.policy.placements_so_far or facts.policy.independents_so_far):
        findings.not_judged(
            "L07: placements so far belong to no academic year, as the plan does not say as of which day it is"
        )
    if facts.today is None and any(o.reserved_until is not None for o in facts.dataset.offers):
        findings.not_judged(
            "E09: reservations with a last day are taken to hold, as the plan does not say as of which day it is"
        )


def judge_statements(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Basis, kept and the reasons that count in ``firm``, where a match states them."""
    resting = waits_for_an_answer(facts, placements)
    for p in placements:
        match, subjects = p.match, (p.request.request, p.offer.offer)
        stated = match.basis is not None or bool(match.waiting)
        if match.kept != p.kept and (stated or match.kept):
            findings.add(STATEMENT, subjects, f"the match is stated as {'' if match.kept else 'not '}kept")
        if match.basis is not None and p.basis is not None and match.basis != p.basis:
            findings.add(STATEMENT, subjects, f"the PE's basis is stated as {match.basis}, it is {p.basis}")
        if stated and match.pe is not None:
            codes = (*FIRM_CODES, ProvisionalCode.STATUTORY)
            said = frozenset(w.code for w in match.waiting if w.code in codes)
            found = waits_for(facts, p)
            if p.request.request in resting:
                found |= {ProvisionalCode.STATUTORY}
            for code in codes:
                if code in said - found:
                    findings.add(STATEMENT, subjects, f"the match is stated to wait for: {code}; it does not")
                if code in found - said:
                    findings.add(STATEMENT, subjects, f"the match waits for: {code}; that is not stated")


def _judge_forced_changes(
    facts: Facts, stated: ForcedChanges | None, placements: list[Placement], findings: Findings
) -> None:
    """What a plan says of changes: no more are forced than it makes, proved is what its bound is, and who moved."""
    if stated is None:
        return
    moved = moved_requests(facts, {p.request.request: p for p in placements}, fixes(facts))
    subjects = ("forced_changes",)
    if len(moved) < stated.fewest:
        detail = f"events are said to force {stated.fewest} changes, and the plan makes {len(moved)}"
        findings.add(STATEMENT, subjects, detail, stated.fewest, len(moved))
    if stated.proved != (stated.bound == stated.fewest):
        findings.add(
            STATEMENT, subjects, f"{stated.fewest} with bound {stated.bound} is stated as proved or not, wrongly"
        )
    for name in sorted({m.request for m in stated.moved} ^ set(moved), key=natural_key):
        said = "did not move, and is listed" if name not in moved else "moved, and is not listed"
        findings.add(STATEMENT, (name,), f"{name} {said} among the changes to the published plan")
    ended = set(let_go(facts, {p.request.request: p for p in placements})) - set(moved)
    for name in sorted({m.request for m in stated.freed} ^ ended, key=natural_key):
        said = "is not where it was, and is not listed" if name in ended else "is listed wrongly"
        findings.add(STATEMENT, (name,), f"{name} {said} among the published matches that events ended")


def _judge_tiers(stated: tuple[TierResult, ...], found: tuple[TierResult, ...], findings: Findings) -> None:
    """Stated values are the recomputed ones; a run that stopped early may state fewer tiers."""
    by_name = {t.tier: t for t in found}
    for tier in stated:
        true = by_name.get(tier.tier)
        if true is None or true.sense != tier.sense:
            findings.add(TIERS, (tier.tier,), f"the policy asks for no tier {tier.tier} ({tier.sense})")
        elif true.value != tier.value:
            detail = f"stated as {tier.value}, the matches give {true.value}"
            findings.add(TIERS, (tier.tier,), detail, tier.value, true.value)


def eligible(dataset: Dataset, policy: Policy, request_id: str, offer_id: str, pe_id: str) -> tuple[str, ...]:
    """Rules that a request, an offer and a PE break by themselves, the rest of a plan apart (SEMANTICS S3, S4).

    Parameters
    ----------
    dataset, policy
        Facts and settings.
    request_id, offer_id, pe_id
        The triple; the PE may be a pool.

    Returns
    -------
    tuple of str
        Sorted rule ids, empty where the triple is eligible; L01 for an id that is no PE there.

    Raises
    ------
    KeyError
        The request or the offer is not in the dataset.
    """
    facts = Facts(dataset, policy, policy.as_of)
    return triple_rules(facts, dataset.request_by_id[request_id], dataset.offer_by_id[offer_id], pe_id)


def eligible_pair(dataset: Dataset, policy: Policy, request_id: str, offer_id: str) -> tuple[str, ...]:
    """Rules that a request and an offer break whatever the PE (SEMANTICS S3).

    Parameters
    ----------
    dataset, policy
        Facts and settings.
    request_id, offer_id
        The pair.

    Returns
    -------
    tuple of str
        Rule ids, empty where the pair is eligible as far as it alone goes.

    Raises
    ------
    KeyError
        The request or the offer is not in the dataset.
    """
    facts = Facts(dataset, policy, policy.as_of)
    pair = dataset.request_by_id[request_id], dataset.offer_by_id[offer_id]
    return tuple(rule for rule, _ in pair_breaches(facts, *pair, None))
