"""Which offers a request may have, whoever the PE is (SEMANTICS S2.3 to S3.13)."""

import math
from typing import Literal

from models.decisions import Decision
from models.entities import DRIVING_COVERED, History, Offer, Request, Student
from tests.brute_force.case import Case

Source = Literal["measured", "estimated", "unknown"]


def minutes(case: Case, student: Student, offer: Offer) -> int | None:
    """S3.3: minutes one way to the farthest site; not known where those to one site are not."""
    found = [time for time, _ in minutes_to_sites(case, student, offer)]
    return None if None in found else max(time or 0 for time in found)


def minutes_to_sites(case: Case, student: Student, offer: Offer) -> list[tuple[int | None, Source]]:
    """Minutes to the lead and to the spokes."""
    return [_minutes_to(case, student, place) for place in [offer.place, *[s.place for s in offer.spokes]]]


def _minutes_to(case: Case, student: Student, place: str | None) -> tuple[int | None, Source]:
    """S3.3: minutes one way, and where the number comes from."""
    return drive(case, student.home, place, student.mode)


def drive(case: Case, home: str | None, place: str | None, mode: str) -> tuple[int | None, Source]:
    """S3.3 from anywhere to anywhere."""
    for origin, destination in ((home, place), (place, home)):
        for row in case.dataset.travel:
            if (row.origin, row.destination, row.mode) == (origin, destination, mode):
                return row.minutes, "measured"
    if home is None or place is None:
        return None, "unknown"
    if home == place:
        return _estimate(case, mode, 0.0), "estimated"
    known = case.dataset.place_by_id
    if home not in known or place not in known:
        return None, "unknown"
    a, b = known[home], known[place]
    north, south = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * (
        math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return _estimate(case, mode, 2 * 6371.0088 * math.asin(math.sqrt(half))), "estimated"


def _estimate(case: Case, mode: str, straight: float) -> int:
    rules = case.policy
    road = straight * rules.road_factor_percent / 100
    overhead, near, far = (
        (rules.car_overhead, rules.car_near_speed, rules.car_far_speed)
        if mode == "car"
        else (rules.public_overhead, rules.public_near_speed, rules.public_far_speed)
    )
    slow, fast = min(road, rules.near_km), max(road - rules.near_km, 0.0)
    return math.ceil(overhead + 60 * slow / near + 60 * fast / far - 1e-6)


def has_lock(request: Request) -> bool:
    """Whether the request is locked to agencies or authorities."""
    return bool(request.locked_agencies or request.locked_authorities)


def _authorities_are_known(offer: Offer) -> bool:
    return bool(offer.authorities) or "authorities" not in offer.not_known


def _elsewhere(request: Request, offer: Offer) -> bool:
    return bool(request.locked_authorities) and set(request.locked_authorities).isdisjoint(offer.authorities)


def travel_limit(case: Case, request: Request, offer: Offer) -> int | None:
    """S3.4: the limit that E04 applies, in minutes; None where there is none."""
    own = case.student(request).limit_minutes
    limits = [] if own is None else [own]
    if not has_lock(request):
        limits.append(case.policy.travel_limit)
    if not limits:
        return None
    raised = [int(v) for v in case.exceptions("E04", request.request, offer.offer, None) if v]
    return max([min(limits), *raised])


def to_be_measured(case: Case, request: Request, offer: Offer) -> bool:
    """S3.4: whether a match here waits for a measured time."""
    if not case.policy.on("E04"):
        return False
    limit = travel_limit(case, request, offer)
    return any(
        time is None
        or (
            source == "estimated"
            and limit is not None
            and limit < time
            and not _site_too_far(case, time, source, limit)
        )
        for time, source in minutes_to_sites(case, case.student(request), offer)
    )


def _too_far(case: Case, request: Request, offer: Offer) -> bool:
    limit = travel_limit(case, request, offer)
    there = minutes_to_sites(case, case.student(request), offer)
    return any(_site_too_far(case, time, source, limit) for time, source in there)


def _site_too_far(case: Case, time: int | None, source: Source, limit: int | None) -> bool:
    if time is None or limit is None:
        return False
    return time > limit if source == "measured" else 100 * time > case.policy.travel_estimate_percent * limit


def agency_answer(case: Case, request: Request, agency: str) -> str:
    """S3.6: what the agency said about this request."""
    for d in case.decisions("agency_decision"):
        if (d.request, d.agency) == (request.request, agency):
            return d.value or "not_needed"
    return "to_ask" if case.dataset.agency_by_id[agency].asks_decision else "not_needed"


def agency_answers(case: Case, request: Request, offer: Offer) -> list[str]:
    """S3.6: what the agencies of the offer's sites said about this request."""
    return [agency_answer(case, request, agency) for agency, _ in offer.sites]


def those_rows(case: Case, request: Request) -> list[History]:
    """S3.13: the student's failed or broken-down History rows of this stage."""
    return [
        row
        for row in case.dataset.history
        if row.student == request.student and row.stage == request.stage and row.outcome != "passed"
    ]


def concerns_student(case: Case, decision: Decision, student: str) -> bool:
    """Whether a decision is about this student, named or through one of their requests."""
    if decision.student is not None:
        return decision.student == student
    named = case.dataset.request_by_id.get(decision.request or "")
    return named is not None and named.student == student


def decision_matches(decision: Decision, request: Request, offer: Offer, pe: str | None) -> bool:
    """S3.11: whether all filled fields of a ``do_not_match`` match."""
    facts = (
        (decision.request, request.request), (decision.student, request.student), (decision.offer, offer.offer),
        (decision.pe, pe),
    )  # fmt: skip
    return all(said is None or said == fact for said, fact in facts) and _has_a_site(offer, decision)


def _has_a_site(offer: Offer, decision: Decision) -> bool:
    """S3.15: whether one of the offer's sites is where a decision says."""
    here = [
        site
        for site in offer.sites
        if all(said is None or said == fact for said, fact in zip((decision.agency, decision.team), site, strict=True))
    ]
    return bool(here)


def _dates_and_stage(case: Case, request: Request, offer: Offer) -> bool:
    start, end = case.window(request, offer)
    ends = [d for d in (offer.latest_end, request.latest_end) if d is not None]
    return (
        offer.stage not in ("either", request.stage)
        or offer.tranche != request.tranche
        or (offer.latest_start is not None and start > offer.latest_start)
        or any(end > d for d in ends)
        or (bool(offer.spokes) and request.days <= sum(s.days for s in offer.spokes))
    )


def _programme(case: Case, request: Request, offer: Offer) -> bool:
    student = case.student(request)
    if offer.universities and student.university not in offer.universities:
        return True
    if offer.programmes and student.programme not in offer.programmes:
        return True
    reserved = offer.reserved_for is not None and (offer.reserved_until is None or case.today <= offer.reserved_until)
    if reserved and offer.reserved_for not in (student.programme, student.university, student.student):
        return True
    pace = offer.days_a_week
    return pace is not None and (pace < request.days_a_week_least or pace > request.days_a_week_most)


def _declined(case: Case, request: Request, offer: Offer) -> bool:
    for d in case.decisions("declined"):
        if d.pe is not None or not concerns_student(case, d, request.student):
            continue
        barred = d.offer == offer.offer if d.offer is not None else _has_a_site(offer, d)
        if barred:
            return True
    return False


def barred_by(case: Case, request: Request, offer: Offer) -> frozenset[str]:
    """The rules that exclude this offer for this request, whoever the PE is.

    E18's "another agency" is not here: an exception to it may name a PE (``educators.barred_by``).
    """
    student = case.student(request)
    history = [row for row in case.dataset.history if row.student == request.student]
    team = (offer.agency, offer.team)
    facts = {
        "E01": _dates_and_stage(case, request, offer),
        "E02": "failed" in (student.readiness, student.clearance),
        "E03": offer.driver_essential == "yes"
        and student.drives == "no"
        and not (DRIVING_COVERED in student.adjustments and DRIVING_COVERED in offer.features),
        "E04": _too_far(case, request, offer),
        "E05": not {a for a, _ in offer.sites}.isdisjoint(student.excluded_agencies)
        or not {(student.employer_agency, student.employer_team), *student.excluded_teams}.isdisjoint(offer.sites),
        "E06": "declined" in agency_answers(case, request, offer),
        "E07": any(a in offer.cannot for a in student.adjustments if a != DRIVING_COVERED),
        "E08": bool(request.locked_agencies and offer.agency not in request.locked_agencies)
        or (_authorities_are_known(offer) and _elsewhere(request, offer)),
        "E09": _programme(case, request, offer),
        "E10": any((row.agency, row.team) in offer.sites for row in history)
        or any(
            not set(there.sites).isdisjoint(offer.sites) for _, there, _ in case.placements_running(request.student)
        ),
        "E13": _declined(case, request, offer),
        "E16": offer.withdrawn
        or any(d.pe is None and decision_matches(d, request, offer, None) for d in case.decisions("do_not_match")),
        "E17": case.ranks(request) and all(offer.offer not in tie for tie in student.ranked_offers),
        "E18": any((row.agency, row.team) == team for row in those_rows(case, request)),
        "E20": bool(student.part)
        and any(part not in (None, student.part) for part in (offer.part, *(s.part for s in offer.spokes))),
    }
    return frozenset(rule for rule, excluded in facts.items() if excluded and case.policy.on(rule))
