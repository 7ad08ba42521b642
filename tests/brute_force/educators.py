"""Which PEs an offer has, and which of them may take a request (SEMANTICS S4)."""

from dataclasses import dataclass, replace
from datetime import date

from models.base import PE_NEEDED
from models.entities import INDEPENDENT, PARTNERSHIP, Educator, EducatorEntry, Offer, Qualification, Request
from models.plan import Basis
from tests.brute_force.case import Case
from tests.brute_force.days import ONE_DAY, months_later, working_days
from tests.brute_force.offers import concerns_student, decision_matches, those_rows


@dataclass(frozen=True)
class Supervisor:
    """A PE as an offer sees them: a listed educator, or a pool of ``places`` people at once."""

    pe: str
    qualification: Qualification
    basis: Basis
    educator: Educator | None = None
    places: int = 0

    def is_on(self, day: date) -> Qualification:
        """S4.10: what the PE is on a day; a pool is always what its entry says."""
        return self.qualification if self.educator is None else qualification_on(self.educator, day)


def qualification_on(educator: Educator, day: date) -> Qualification:
    """S4.10: from ``qualifies_on`` on, whatever the day where nobody knows it, the PE is what they become."""
    steps: list[tuple[date, Qualification]] = [(date.min, educator.qualification)]
    if educator.becomes is not None:
        steps.append((educator.qualifies_on or date.min, educator.becomes))
    return [what for since, what in steps if since <= day][-1]


def _pool(entry: EducatorEntry, offer: Offer) -> Supervisor:
    default = offer.capacity if entry.kind == "tbc" else 1
    places = entry.places if entry.places is not None else default
    return Supervisor(entry.pool_id(offer.offer), entry.qualification or "PEPS2", "in_team", places=places)


def as_seen_by(educator: Educator, offer: Offer) -> Supervisor:
    """S4.4: a listed educator with their basis at this offer."""
    basis: Basis = "elsewhere"
    if (educator.employed_by, educator.team) == (offer.agency, offer.team):
        basis = "in_team"
    elif educator.employed_by == PARTNERSHIP:
        basis = "practice_consultant"
    elif educator.employed_by == INDEPENDENT:
        basis = "independent"
    return Supervisor(educator.pe, educator.qualification, basis, educator)


def in_reach(case: Case, educator: Educator, offer: Offer) -> bool:
    """S4.3 (E15), for a PE whom the offer does not name."""
    if not case.policy.on("E15"):
        return True
    if educator.employed_by in (PARTNERSHIP, INDEPENDENT):
        return offer.agency in educator.serves or offer.place in educator.serves
    return educator.employed_by == offer.agency and (educator.long_arm or educator.team in (None, offer.team))


def _gone(educator: Educator, offer: Offer) -> bool:
    days = [d for d in (educator.leaves_on and educator.leaves_on + ONE_DAY, educator.withdrawn_from) if d]
    return any(day <= offer.earliest_start for day in days)


def _stays(who: Supervisor, offer: Offer) -> bool:
    """A pool, or a PE who is neither gone nor withdrawn from a later day."""
    return who.educator is None or (who.educator.withdrawn_from is None and not _gone(who.educator, offer))


def supervisors(case: Case, offer: Offer) -> tuple[Supervisor, ...]:
    """S4.1: the PEs of an offer, before any request is looked at."""
    listed = case.dataset.educator_by_id
    pools: list[Supervisor] = []
    for entry in offer.educators:
        if entry.kind != "named":
            pool = _pool(entry, offer)
            same = [p for p in pools if p.pe == pool.pe]  # S8.10: entries of one pool add up
            pools = [p for p in pools if p.pe != pool.pe]
            pools.append(replace(pool, places=pool.places + sum(p.places for p in same)))
    names = {entry.pe for entry in offer.educators if entry.kind == "named"}
    named = [as_seen_by(e, offer) for e in listed.values() if e.pe in names and not _gone(e, offer)]
    ask_the_entries = case.policy.on("E19") and len(offer.educators) > 0
    if ask_the_entries and any(_stays(s, offer) for s in (*named, *pools)):
        return (*named, *pools)
    reaching = [
        as_seen_by(e, offer)
        for e in listed.values()
        if (e.pe in names or in_reach(case, e, offer)) and not _gone(e, offer)
    ]
    found = (*reaching, *pools)
    if ask_the_entries or pools or not _may_be_found(case, offer):
        return found
    return (*found, _pool(EducatorEntry(kind="tbc"), offer))


def _may_be_found(case: Case, offer: Offer) -> bool:
    """S4.1: whether the policy lets an offer that says nothing of its PEs have one named later."""
    aside = {a.agency for a in case.dataset.agencies if a.educators_set_aside}
    known = aside | {e.employed_by for e in case.dataset.educators}
    return {"never": False, "where_none_listed": offer.agency not in known, "always": True}[
        case.policy.educators_to_be_found
    ]


def _only_stands_in(case: Case, request: Request, offer: Offer, who: Supervisor) -> bool:
    """S4.1: a listed PE whom the offer does not name, though it names some; fine for whom it has by the plan in force."""
    if who.educator is None or not offer.educators or who.pe in {e.pe for e in offer.educators}:
        return False
    rows = (case.published(request, "kept"), case.published(request, "in_force"))
    return offer.offer not in [row.offer for row in rows if row is not None]


def away(case: Case, educator: Educator, offer: Offer, start: date, end: date) -> bool:
    """S4.5: whether a PE is away on any working day of the window, the agency's."""
    if educator.available_from is not None and educator.available_from > start:
        return True
    if educator.leaves_on is not None and end > educator.leaves_on:
        return True
    if educator.withdrawn_from is not None and educator.withdrawn_from <= end:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    absent_from, absent_to = educator.absent_from or date.min, educator.absent_to or date.max
    return any(
        absent_from <= day <= absent_to for day in working_days(start, end, case.holidays | case.shut(offer.agency))
    )


def current(case: Case, educator: Educator, day: date) -> bool:
    """S4.6, for PEPS1 and PEPS2."""
    if educator.current_until is None and educator.last_student is None:
        return True
    if educator.current_until is not None and educator.current_until >= day:
        return True
    if educator.becomes is not None and educator.qualifies_on is None:
        return True  # it may have been lately
    students = [educator.last_student, educator.qualifies_on if (educator.qualifies_on or date.max) <= day else None]
    return any(had is not None and months_later(had, case.policy.currency_months) >= day for had in students)


def _may_assess(case: Case, assessor: str | None, other: str, day: date) -> bool:
    """S4.7: a listed PEPS2, registered not "no", current on the day, and not the person assessed."""
    educator = case.listed(assessor)
    return (
        educator is not None
        and educator.pe != other
        and qualification_on(educator, day) == "PEPS2"
        and educator.registered != "no"
        and current(case, educator, day)
    )


def _not_qualified(case: Case, request: Request, offer: Offer, who: Supervisor, start: date) -> bool:
    educator = who.educator
    if educator is not None and who.is_on(start) in ("trainee_1", "trainee_2"):
        assessor = educator.practice_assessor
        if assessor not in (None, "university") and not _may_assess(case, assessor, who.pe, start):
            return True
    if request.stage == "first" or who.is_on(start) in ("PEPS2", "trainee_2"):
        return False
    allowed = case.exceptions("E11", request.request, offer.offer, who.pe)
    return not (who.is_on(start) == "PEPS1" and any(_may_assess(case, v, who.pe, start) for v in allowed))


def _not_current(case: Case, request: Request, offer: Offer, who: Supervisor, start: date) -> bool:
    educator = who.educator
    if educator is None:
        return False
    if educator.registered == "no":
        return True
    if who.is_on(start) not in ("PEPS1", "PEPS2") or current(case, educator, start):
        return False
    until = case.exceptions("E12", request.request, offer.offer, who.pe)
    return not any(v is not None and date.fromisoformat(v) >= start for v in until)


def repeat_agency_barred(case: Case, request: Request, offer: Offer, pe: str) -> bool:
    """S3.13: the agency of a placement that failed, unless an exception ``agency`` applies."""
    return (
        case.policy.on("E18")
        and any(row.agency == offer.agency for row in those_rows(case, request))
        and "agency" not in case.exceptions("E18", request.request, offer.offer, pe)
    )


def _not_for_repeat(case: Case, request: Request, offer: Offer, who: Supervisor, start: date) -> bool:
    rows = those_rows(case, request)
    lifted = case.exceptions("E18", request.request, offer.offer, who.pe)
    if who.pe in [row.pe for row in rows] and "PE" not in lifted:
        return True
    return (request.repeat or bool(rows)) and who.is_on(start) != "PEPS2" and "PEPS2" not in lifted


def barred_by(case: Case, request: Request, offer: Offer, who: Supervisor, window: tuple[date, date]) -> frozenset[str]:
    """The rules by which this PE of this offer may not take this request in this window."""
    start, end = window
    declined = any(d.pe == who.pe and concerns_student(case, d, request.student) for d in case.decisions("declined"))
    facts = {
        "E05": who.pe in case.student(request).excluded_educators,
        "E11": _not_qualified(case, request, offer, who, start),
        "E12": _not_current(case, request, offer, who, start),
        "E13": declined or (who.educator is not None and away(case, who.educator, offer, start, end)),
        "E14": who.basis != "in_team" and offer.on_site_supervisor == "no",
        "E16": any(
            d.pe is not None and decision_matches(d, request, offer, who.pe) for d in case.decisions("do_not_match")
        ),
        "E18": _not_for_repeat(case, request, offer, who, start),
        "E19": _only_stands_in(case, request, offer, who),
    }
    return frozenset(rule for rule, excluded in facts.items() if excluded and case.policy.on(rule))


def hidden_by(case: Case, offer: Offer) -> frozenset[str]:
    """E15 or E19 where it keeps a listed PE who is not gone away from this offer (for counting, not for judging)."""
    shown = {s.pe for s in supervisors(case, offer)}
    hidden = [e for e in case.dataset.educators if not _gone(e, offer) and e.pe not in shown]
    return frozenset("E19" if in_reach(case, e, offer) else "E15" for e in hidden)


NOBODY = Supervisor(PE_NEEDED, "PEPS2", "PE needed")
"""Stands for ``PE needed``: outside the other PE rules and limits."""
