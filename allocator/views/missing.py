"""What the data do not say, and what that costs the plan: the first page says it, so that nobody wonders."""

from typing import NamedTuple

from allocator.eligibility.educators import EducatorEligibility
from allocator.terms.fair_share import FairShare
from allocator.views.facts import PARTNERS, Facts
from allocator.views.words import counted
from models.plan import ProvisionalCode


class Missing(NamedTuple):
    """Something that no sheet says, and what the plan cannot do without it."""

    what: str
    cost: str


def missing(facts: Facts) -> list[Missing]:
    """What is missing altogether, or in so many rows that it shows in the plan."""
    found = (
        _partners(facts),
        _hosts(facts),
        _educators(facts),
        *_without_anybody(facts),
        _statutory(facts),
        _firsts(facts),
        _travel(facts),
        _preferences(facts),
    )
    return [m for m in (*found, _calendar(facts)) if m is not None]


def _partners(facts: Facts) -> Missing | None:
    partners = [a for a in facts.dataset.agencies if a.membership in PARTNERS]
    if not partners:
        return Missing(
            "No agency is marked as a partner (Agencies: membership)",
            "no fair share (L08), no partners' share; who has not answered is not known",
        )
    if all(a.social_workers_fte is None for a in partners):
        return Missing("No partner's size is known (Agencies: social_workers_fte)", "no fair share (L08)")
    return None


def _hosts(facts: Facts) -> Missing | None:
    number = len(FairShare(facts.terms).without_host())
    if not number:
        return None
    where = counted(number, "placement outside the plan does", "placements outside the plan do")
    return Missing(
        f"{where} not say which agency has it (Published: offer, or Students: employer_agency)",
        "every partner is asked for a share of it, and none has credit for it (L08)",
    )


def _educators(facts: Facts) -> Missing | None:
    if facts.dataset.educators:
        return None
    number = _waiting(facts, ProvisionalCode.EDUCATOR)
    wait = f"{counted(number, 'match waits', 'matches wait')} for a PE to be named; " if number else ""
    return Missing("No PE is listed (Educators)", f"{wait}whether a PE has room across teams is not watched")


def _without_anybody(facts: Facts) -> list[Missing]:
    """Offers that nobody may supervise, by what they say of their PEs: what is given up by asking nobody (E19)."""
    people = EducatorEligibility(facts.terms)
    empty = [o for o in facts.horizon_offers if not o.withdrawn and not people.candidates(o)]
    blank = sum(not o.educators for o in empty)
    left = len(empty) - blank
    found = []
    if blank:
        say = counted(blank, "offer says nothing of its PE", "offers say nothing of their PEs")
        found.append(
            Missing(
                f"{say}, and nobody listed reaches the team (Offers: educators)",
                "nobody can go there until a PE or TBC is typed, or until the policy lets one be named later as a last "
                "resort (Policy: educators_to_be_found = always)",
            )
        )
    if left:
        say = counted(left, "offer names only PEs who have left", "offers name only PEs who have left")
        found.append(Missing(f"{say} (Offers: educators)", "nobody can go there until another PE or TBC is typed"))
    return found


def _statutory(facts: Facts) -> Missing | None:
    test = facts.policy.statutory_test
    offers = [o for o in facts.horizon_offers if not o.withdrawn]
    unknown = [o for o in offers if getattr(o, f"statutory_{test}") == "not_known"]
    if not unknown:
        return None
    ids = {o.offer for o in unknown}
    finals = sum(m.offer in ids and facts.request(m).stage == "final" for m in facts.matches)
    cost = f"{counted(finals, 'final is', 'finals are')} provisional until the agency says it; " if finals else ""
    cost += (
        "such a place counts as not statutory in the figures"
        if len(unknown) < len(offers)
        else "no figure of statutory"
    )
    return Missing(f"{len(unknown)} of {counted(len(offers), 'offer')} do not say whether they are statutory", cost)


def _firsts(facts: Facts) -> Missing | None:
    number = sum(
        r.stage == "final" and r.request in facts.live_ids and facts.eligibility.first_of_final(r.request) is None
        for r in facts.shown
    )
    if not number:
        return None
    finals = counted(number, "final has", "finals have")
    return Missing(f"{finals} no first placement on record (History)", "contrast and the same team are not judged")


def _travel(facts: Facts) -> Missing | None:
    if facts.dataset.places or facts.dataset.travel:
        return None
    number = _waiting(facts, ProvisionalCode.MEASURE)
    wait = f"{counted(number, 'match waits', 'matches wait')} for travel to be measured; " if number else ""
    cost = f"{wait}only being in the same district counts as near"
    return Missing("No distance between districts is known (Places, Travel)", cost)


def _preferences(facts: Facts) -> Missing | None:
    students = {r.student: facts.student(r) for r in facts.shown}.values()
    if any(s.preferred_areas or s.preferred_agencies or s.ranked_offers for s in students):
        return None
    apart = "travel alone tells" if facts.dataset.places or facts.dataset.travel else "little tells"
    return Missing("No student states a preference (Students: preferred_areas)", f"{apart} places apart")


def _calendar(facts: Facts) -> Missing | None:
    return None if facts.dataset.calendar else Missing("No key date is listed (Calendar)", "nothing has a due date")


def _waiting(facts: Facts, code: ProvisionalCode) -> int:
    return sum(code in {w.code for w in m.waiting} for m in facts.matches)
