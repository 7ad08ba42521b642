"""Rules E01-E18 about one request, offer and PE: the binaries that do not exist.

Each function is one rule of the catalogue and is true where that rule *forbids* the combination. A kept match is
exempt from the offer rules; where its PE is chosen anew, the educator rules still hold (SEMANTICS S1.5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from allocator.reference.candidates import Candidate, can_assess, is_away, is_current
from allocator.reference.dates import Window
from allocator.reference.facts import Facts, overlap
from allocator.reference.travel import is_too_far
from models.decisions import Decision
from models.entities import DRIVING_COVERED, Offer, Qualification, Request, Student


@dataclass(frozen=True)
class Question:
    """May this request have this offer with this PE, in this window?"""

    facts: Facts
    request: Request
    student: Student
    offer: Offer
    window: Window
    candidate: Candidate

    @property
    def qualification(self) -> Qualification:
        """What the PE is on the day on which the match starts (S4.10)."""
        return self.candidate.qualification_from(self.window.start)

    @property
    def has_trainee(self) -> bool:
        """Whether the PE is in training then, at either stage."""
        return self.qualification in ("trainee_1", "trainee_2")

    def exceptions(self, rule: str) -> list[str | None]:
        """Values of the exceptions to a rule that apply here."""
        return [d.value for d in self.facts.exceptions(rule, self.request, self.offer, self.candidate.pe)]

    def matches(self, decision: Decision) -> bool:
        """Whether every filled field of a decision names this combination (S3.11)."""
        here = {
            "request": self.request.request,
            "student": self.student.student,
            "offer": self.offer.offer,
            "pe": self.candidate.pe,
        }
        wanted = (decision.agency, decision.team)
        return all(getattr(decision, field) in (None, value) for field, value in here.items()) and any(
            wanted in [(None, None), (None, team), (agency, None), (agency, team)] for agency, team in self.offer.sites
        )


def e01_stage_tranche_and_dates(q: Question) -> bool:
    """Stage in {either, request's}; same tranche; start <= latest start; end <= every latest end; a day for the lead
    beside the spokes' (S2.3).
    """
    start, end = q.window
    return (
        q.offer.stage not in ("either", q.request.stage)
        or q.offer.tranche != q.request.tranche
        or (q.offer.latest_start is not None and start > q.offer.latest_start)
        or (q.offer.latest_end is not None and end > q.offer.latest_end)
        or (q.request.latest_end is not None and end > q.request.latest_end)
        or (q.offer.spokes != () and sum(spoke.days for spoke in q.offer.spokes) > q.request.days - 1)
    )


def e02_readiness_and_clearance(q: Question) -> bool:
    """Readiness != failed and clearance != failed (S3.1)."""
    return "failed" in (q.student.readiness, q.student.clearance)


def e03_car_driver_essential(q: Question) -> bool:
    """Driver essential -> drives (or not known), or 'driving covered' by both (S3.2)."""
    covered = DRIVING_COVERED in q.student.adjustments and DRIVING_COVERED in q.offer.features
    return q.offer.driver_essential == "yes" and q.student.drives == "no" and not covered


def e04_travel(q: Question) -> bool:
    """Minutes <= limit if measured; 100 minutes <= 150 limit if estimated (S3.4)."""
    return is_too_far(q.facts, q.request, q.offer)


def e05_conflict_of_interest(q: Question) -> bool:
    """No site at an agency or in a team that was declared, or in the team of the student's own job (S3.5)."""
    return any(
        agency in q.student.excluded_agencies
        or (agency, team) in q.student.excluded_teams
        or (agency, team) == (q.student.employer_agency, q.student.employer_team)
        for agency, team in q.offer.sites
    )


def agency_answer(facts: Facts, request: Request, agency: str) -> str:
    """What an agency answered about a request: decided, else to ask, else not needed (S3.6)."""
    for decision in facts.decisions("agency_decision"):
        if (decision.request, decision.agency) == (request.request, agency):
            return decision.value or "to_ask"
    listed = facts.dataset.agency_by_id.get(agency)
    return "to_ask" if listed is not None and listed.asks_decision else "not_needed"


def agency_answers(facts: Facts, request: Request, offer: Offer) -> set[str]:
    """What the agencies of the lead and the spokes answered about a request."""
    return {agency_answer(facts, request, agency) for agency in {a for a, _ in offer.sites}}


def e06_agency_decision(q: Question) -> bool:
    """The answer of no site's agency is 'declined' (S3.6)."""
    return "declined" in agency_answers(q.facts, q.request, q.offer)


def e07_adjustments(q: Question) -> bool:
    """No adjustment (but 'driving covered') is among what the offer cannot (S3.7)."""
    return overlap(set(q.student.adjustments) - {DRIVING_COVERED}, q.offer.cannot)


def e08_locked(q: Question) -> bool:
    """Locked agencies hold the offer's; locked authorities meet the offer's; both where both are filled (S3.8)."""
    agencies, authorities = q.request.locked_agencies, q.request.locked_authorities
    return bool(agencies and q.offer.agency not in agencies) or bool(
        authorities
        and not overlap(authorities, q.offer.authorities)
        and (q.offer.authorities or "authorities" not in q.offer.not_known)
    )


def e09_programme_university_days(q: Question) -> bool:
    """Lists of the offer admit the student; a reservation for others is over; days a week suit (S3.9, S2.4)."""
    offer, student = q.offer, q.student
    reserved = (
        offer.reserved_for is not None
        and offer.reserved_for not in (student.programme, student.university, student.student)
        and (offer.reserved_until is None or q.facts.today <= offer.reserved_until)
    )
    return (
        bool(offer.universities and student.university not in offer.universities)
        or bool(offer.programmes and student.programme not in offer.programmes)
        or reserved
        or (
            offer.days_a_week is not None
            and not q.request.days_a_week_least <= offer.days_a_week <= q.request.days_a_week_most
        )
    )


def e10_team_of_history(q: Question) -> bool:
    """The team is in no History row of the student, whatever its outcome, and none of their placements still runs
    there (S3.10); the plan's part is a limit.
    """
    before = {(h.agency, h.team) for h in q.facts.histories(q.student.student) if h.team is not None}
    return any(site in before | q.facts.teams_running(q.student.student) for site in q.offer.sites)


def _declined(q: Question) -> list[Decision]:
    """Decisions 'declined' about this student: made for them, or for one of their requests (S3.11)."""
    requests = q.facts.dataset.request_by_id
    return [
        d
        for d in q.facts.decisions("declined")
        if q.student.student
        == (d.student or (requests[d.request].student if d.request is not None and d.request in requests else None))
    ]


def e13_offer_declined(q: Question) -> bool:
    """Nobody declined this offer, else this team, else this agency: the narrowest that the decision fills (S3.11)."""
    for d in _declined(q):
        if d.pe is not None:
            continue
        if d.offer is not None:
            barred = d.offer == q.offer.offer
        elif d.team is not None:
            teams = q.offer.sites if d.agency is not None else [(None, team) for _, team in q.offer.sites]
            barred = (d.agency, d.team) in teams
        else:
            barred = d.agency in {agency for agency, _ in q.offer.sites}
        if barred:
            return True
    return False


def e16_offer_decisions(q: Question) -> bool:
    """The offer is not withdrawn, and no 'do not match' without a PE names this pair (S3.0, S3.11)."""
    return q.offer.withdrawn or any(q.matches(d) for d in q.facts.decisions("do_not_match") if d.pe is None)


def e17_ranked_offers(q: Question) -> bool:
    """A student who ranks offers for the request ranks this one (S3.12)."""
    ranked = q.facts.ranking(q.request)
    return bool(ranked) and not any(q.offer.offer in tie for tie in ranked)


def e18_repeat_offer(q: Question) -> bool:
    """A repeat goes to another team; to another agency too, unless an exception 'agency' applies (S3.13)."""
    rows = q.facts.repeated(q.request)
    if any(h.team is not None and (h.agency, h.team) == (q.offer.agency, q.offer.team) for h in rows):
        return True
    return q.offer.agency in [h.agency for h in rows] and "agency" not in q.exceptions("E18")


def e20_one_part(q: Question) -> bool:
    """Where student and lead, or student and spoke, are each of a part of the partnership, it is the same (S3.14)."""
    return any(len({q.student.part, part} - {None}) == 2 for part in (q.offer.part, *(s.part for s in q.offer.spokes)))


def e05_educator_excluded(q: Question) -> bool:
    """The student did not declare the PE (S4.9)."""
    return q.candidate.pe in q.student.excluded_educators


def e11_qualification(q: Question) -> bool:
    """Final -> PEPS2 or stage 2 trainee (or PEPS1 by exception with an assessor); a trainee has an assessor (S4.7)."""
    start = q.window.start
    if q.request.stage == "final":
        if q.qualification == "trainee_1":
            return True
        if q.qualification == "PEPS1":
            return not any(can_assess(q.facts, pe, q.candidate, start) for pe in q.exceptions("E11"))
    if q.candidate.listed is None or not q.has_trainee:
        return False
    assessor = q.candidate.listed.practice_assessor
    return assessor not in (None, "university") and not can_assess(q.facts, assessor, q.candidate, start)


def e12_registered_and_current(q: Question) -> bool:
    """Registered is not 'no'; a qualified PE is current at the start, or by exception until then (S4.6)."""
    listed = q.candidate.listed
    if listed is None:
        return False
    if listed.registered == "no":
        return True
    if q.has_trainee or is_current(q.facts, listed, q.window.start):
        return False
    return not any(value is not None and date.fromisoformat(value) >= q.window.start for value in q.exceptions("E12"))


def e13_away_or_declined(q: Question) -> bool:
    """The PE is there on every working day of the window, and nobody declined the PE for the student (S4.5, S4.9)."""
    listed = q.candidate.listed
    away = listed is not None and is_away(q.facts, listed, q.offer, q.window)
    return away or any(d.pe == q.candidate.pe for d in _declined(q))


def e14_on_site_supervisor(q: Question) -> bool:
    """PE not in the team -> the team has an on-site supervisor, or will name one (S4.8)."""
    return q.candidate.basis(q.offer) != "in_team" and q.offer.on_site_supervisor == "no"


def e16_educator_decisions(q: Question) -> bool:
    """No 'do not match' with a PE names this combination (S4.9)."""
    return any(q.matches(d) for d in q.facts.decisions("do_not_match") if d.pe is not None)


def e18_repeat_educator(q: Question) -> bool:
    """A repeat has another PE than those rows, and a PEPS2; each unless an exception says so (S4.9)."""
    rows = q.facts.repeated(q.request)
    if not rows and not q.request.repeat:
        return False
    lifted = q.exceptions("E18")
    same = q.candidate.pe in [h.pe for h in rows] and "PE" not in lifted
    return same or (q.qualification != "PEPS2" and "PEPS2" not in lifted)


def e19_stand_in(q: Question) -> bool:
    """A listed PE whom an offer with entries does not name: only for whom the plan in force has there (S4.1)."""
    if q.candidate.listed is None or not q.offer.educators or q.candidate.pe in [e.pe for e in q.offer.educators]:
        return False
    return not any(
        (p.request, p.offer) == (q.request.request, q.offer.offer) and p.standing in ("kept", "in_force")
        for p in q.facts.dataset.published
    )


Forbids = Callable[[Question], bool]

OFFER_RULES: tuple[tuple[str, Forbids], ...] = (
    ("E01", e01_stage_tranche_and_dates),
    ("E02", e02_readiness_and_clearance),
    ("E03", e03_car_driver_essential),
    ("E04", e04_travel),
    ("E05", e05_conflict_of_interest),
    ("E06", e06_agency_decision),
    ("E07", e07_adjustments),
    ("E08", e08_locked),
    ("E09", e09_programme_university_days),
    ("E10", e10_team_of_history),
    ("E13", e13_offer_declined),
    ("E16", e16_offer_decisions),
    ("E17", e17_ranked_offers),
    ("E18", e18_repeat_offer),
    ("E20", e20_one_part),
)
EDUCATOR_RULES: tuple[tuple[str, Forbids], ...] = (
    ("E05", e05_educator_excluded),
    ("E11", e11_qualification),
    ("E12", e12_registered_and_current),
    ("E13", e13_away_or_declined),
    ("E14", e14_on_site_supervisor),
    ("E16", e16_educator_decisions),
    ("E18", e18_repeat_educator),
    ("E19", e19_stand_in),
)


def forbidden(question: Question, rules: tuple[tuple[str, Forbids], ...]) -> bool:
    """Whether a rule that is switched on forbids a combination."""
    return any(question.facts.policy.on(rule) and forbids(question) for rule, forbids in rules)
