"""Eligibility of request and offer (SEMANTICS S3): one small function per rule, then one flat list.

Each function takes (facts, request, offer, pe) and returns a :class:`Breach` or None; ``pe`` only chooses which
exceptions and decisions apply, None meaning "whatever the PE".
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from allocator.checker.facts import Facts
from allocator.checker.travel import limit, too_far
from models.entities import DRIVING_COVERED, Offer, Request


class Breach(NamedTuple):
    """What breaks a rule: a detail for the message, and where they are numbers, the amount and its limit."""

    detail: str
    amount: int | None = None
    limit: int | None = None


PairRule = Callable[[Facts, Request, Offer, str | None], Breach | None]


def e01_stage_tranche_dates(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Stage, tranche, and a window that ends (and starts) in time (S2.3). Amount: calendar days too late."""
    if offer.stage not in ("either", request.stage):
        return Breach(f"it takes {offer.stage} placements, the request is for a {request.stage}")
    if offer.tranche != request.tranche:
        return Breach(f"it is in tranche {offer.tranche}, the request in {request.tranche}")
    elsewhere = sum(s.days for s in offer.spokes)
    if elsewhere >= request.days:
        return Breach(f"its spokes take {elsewhere} of {request.days} days, which leaves the lead team none")
    start, end = facts.window(request, offer)
    if offer.latest_start is not None and start > offer.latest_start:
        return Breach(f"starts {start}, latest start {offer.latest_start}", (start - offer.latest_start).days, 0)
    for latest, whose in ((offer.latest_end, "the offer's"), (request.latest_end, "the request's")):
        if latest is not None and end > latest:
            return Breach(f"{request.days} days end {end}, {whose} latest end {latest}", (end - latest).days, 0)
    return None


def e02_readiness_clearance(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """A failed check excludes every offer (S3.1)."""
    student = facts.student(request)
    failed = [name for name in ("readiness", "clearance") if getattr(student, name) == "failed"]
    return Breach(f"{' and '.join(failed)} failed") if failed else None


def e03_driver(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Car driver essential (S3.2)."""
    student = facts.student(request)
    covered = DRIVING_COVERED in student.adjustments and DRIVING_COVERED in offer.features
    if offer.driver_essential == "yes" and student.drives == "no" and not covered:
        return Breach("the student does not drive")
    return None


def e04_travel(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Travel within the limit (S3.4)."""
    beyond = too_far(facts, request, offer)
    if not beyond:
        return None
    trip = max(beyond, key=lambda t: t.minutes or 0)
    most = limit(facts, request, offer)
    return Breach(f"{trip.minutes} minutes {trip.source}, limit {most}", trip.minutes, most)


def e05_conflict(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Agencies and teams that the student declared, and the team of the student's own job (S3.5)."""
    student = facts.student(request)
    for agency, team in offer.sites:
        if agency in student.excluded_agencies:
            return Breach(f"agency {agency} is excluded")
        if (agency, team) in student.excluded_teams:
            return Breach(f"team {team} of {agency} is excluded")
        if (agency, team) == (student.employer_agency, student.employer_team):
            return Breach(f"the student is employed in team {team} of {agency}")
    return None


def e06_agency(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """The agency, or that of a spoke, declined (S3.6)."""
    declined = [a for a, _ in offer.sites if facts.agency_answers.get((request.request, a)) == "declined"]
    return Breach(f"{declined[0]} declined {request.request}") if declined else None


def e07_adjustments(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """The offer says that it cannot meet an adjustment (S3.7)."""
    unmet = [a for a in facts.student(request).adjustments if a != DRIVING_COVERED and a in offer.cannot]
    return Breach(", ".join(unmet)) if unmet else None


def e08_locks(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Locked requests stay with their agencies and authorities, both where both are filled (S3.8)."""
    if request.locked_agencies and offer.agency not in request.locked_agencies:
        return Breach(f"locked to agencies {', '.join(request.locked_agencies)}")
    unknown = not offer.authorities and "authorities" in offer.not_known
    if request.locked_authorities and not unknown and not set(request.locked_authorities) & set(offer.authorities):
        return Breach(f"locked to authorities {', '.join(request.locked_authorities)}")
    return None


def e09_programme_university_days(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """University, programme, reservation and days a week suit (S3.9, S2.4)."""
    student = facts.student(request)
    if offer.universities and student.university not in offer.universities:
        return Breach(f"it is for {', '.join(offer.universities)}")
    if offer.programmes and student.programme not in offer.programmes:
        return Breach(f"it is for {', '.join(offer.programmes)}")
    reserved_for_another = offer.reserved_for is not None and offer.reserved_for not in (
        student.programme,
        student.university,
        student.student,
    )
    # Without a "today" (policy as_of) a dated reservation holds.
    released = offer.reserved_until is not None and facts.today is not None and facts.today > offer.reserved_until
    if reserved_for_another and not released:
        return Breach(f"it is reserved for {offer.reserved_for}")
    suits = request.days_a_week_least, request.days_a_week_most
    if offer.days_a_week is not None and not suits[0] <= offer.days_a_week <= suits[1]:
        return Breach(f"it runs on {offer.days_a_week} days a week, the request on {suits[0]} to {suits[1]}")
    return None


def e10_team_in_history(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """A team of the student's History, of any stage and outcome, or of a placement that still runs (S3.10)."""
    for row in facts.history(request.student):
        if row.team is not None and (row.agency, row.team) in offer.sites:
            return Breach(f"team {row.team} of {row.agency} is in the student's history")
    for _, running in facts.running_by_student.get(request.student, ()):
        for agency, team in running.offer.sites if running.offer is not None else ():
            if (agency, team) in offer.sites:
                return Breach(f"{running.row.request} still runs in team {team} of {agency}")
    return None


def e13_declined(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Declined at offer, team or agency level; the narrowest filled one is barred, at whatever site (S3.11, S3.15)."""
    for decision in facts.declined(request.student):
        if decision.pe is not None:
            continue
        if decision.offer is not None:
            barred = decision.offer == offer.offer
        elif decision.team is not None:
            barred = any(t == decision.team and decision.agency in (None, a) for a, t in offer.sites)
        else:
            barred = decision.agency in [a for a, _ in offer.sites]
        if barred:
            return Breach(f"declined by {decision.party or 'somebody'} ({decision.id})")
    return None


def e16_decisions(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """A withdrawn offer takes nobody (S3.0); do not match, with the PE blank (S3.11)."""
    if offer.withdrawn:
        return Breach("the offer is withdrawn")
    for decision in facts.forbidden(request, offer, pe):
        if decision.pe is None:
            return Breach(f"do not match ({decision.id})")
    return None


def e17_ranked(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Unlisted offers of a student who ranks offers (S3.12)."""
    ranked = facts.ranked(request)
    if ranked and not any(offer.offer in tied for tied in ranked):
        return Breach(f"{request.student} ranks offers")
    return None


def e18_repeat(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Team (hard) and agency (by exception) of the failed or broken-down placements of that stage (S3.13)."""
    lifted = any(x.value == "agency" for x in facts.exceptions("E18", request.request, offer.offer, pe))
    for row in facts.history(request.student):
        if row.stage != request.stage or row.outcome == "passed" or row.agency != offer.agency:
            continue
        if row.team is not None and row.team == offer.team:
            return Breach(f"team {offer.team} of {offer.agency} had the placement that is repeated")
        if row.agency is not None and not lifted:
            return Breach(f"agency {offer.agency} had the placement that is repeated")
    return None


def e20_part(facts: Facts, request: Request, offer: Offer, pe: str | None) -> Breach | None:
    """Student and place, or one of its spokes, are of two parts of the partnership, both of them said (S3.14)."""
    own = facts.student(request).part
    if own is None:
        return None
    if offer.part not in (None, own):
        return Breach(f"the student is of {own}, the place of {offer.part}")
    for spoke in offer.spokes:
        if spoke.part not in (None, own):
            return Breach(f"the student is of {own}, its spoke {spoke.team} of {spoke.part}")
    return None


PAIR_RULES: dict[str, PairRule] = {
    "E01": e01_stage_tranche_dates,
    "E02": e02_readiness_clearance,
    "E03": e03_driver,
    "E04": e04_travel,
    "E05": e05_conflict,
    "E06": e06_agency,
    "E07": e07_adjustments,
    "E08": e08_locks,
    "E09": e09_programme_university_days,
    "E10": e10_team_in_history,
    "E13": e13_declined,
    "E16": e16_decisions,
    "E17": e17_ranked,
    "E18": e18_repeat,
    "E20": e20_part,
}


LOOK_AT_PE = frozenset({"E18"})
"""Those of them in which a decision or an exception for some PEs alone counts."""


def pair_breaches(
    facts: Facts, request: Request, offer: Offer, pe: str | None, rules: Collection[str] = PAIR_RULES
) -> list[tuple[str, Breach]]:
    """Every rule, of all or some, that is on and that the pair breaks, in the order of the catalogue."""
    judged = (
        (rule, judge(facts, request, offer, pe))
        for rule, judge in PAIR_RULES.items()
        if rule in rules and facts.policy.on(rule)
    )
    return [(rule, breach) for rule, breach in judged if breach is not None]
