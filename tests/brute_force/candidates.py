"""Every match that a request alone may have, with the facts that limits and tiers need (SEMANTICS S1.5, S1.6, S6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import blake2b

from models.decisions import Decision
from models.entities import Educator, Offer, Published, Request
from tests.brute_force import educators, offers
from tests.brute_force.case import Case
from tests.brute_force.days import working_days
from tests.brute_force.educators import NOBODY, Supervisor


@dataclass(frozen=True, eq=False)
class Candidate:
    """One request, offer and PE, with window and worth. ``new_pe``: a kept match whose PE is chosen anew."""

    request: Request
    offer: Offer
    who: Supervisor
    start: date
    end: date
    days: tuple[date, ...]
    kept: bool
    new_pe: bool
    counted: bool
    deciding: bool
    minutes: int
    band: int
    priority: int
    waits: bool
    lottery: int

    @property
    def pe(self) -> str:
        """Id of the PE or pool, or ``PE needed``."""
        return self.who.pe

    @property
    def educator(self) -> Educator | None:
        """The listed educator, if the PE is one."""
        return self.who.educator


def bands(case: Case) -> int:
    """S6.7: the number of preference bands in the dataset."""
    ranks = [len(case.student(r).ranked_offers) if case.ranks(r) else 5 for r in case.live.values()]
    return max(ranks, default=0)


def points(case: Case, request: Request, offer: Offer) -> Fraction:
    """S6.7: points of area, agency and travel, exactly."""
    student, policy = case.student(request), case.policy
    total = Fraction(0)
    if student.preferred_areas:
        ranks = [i for i, area in enumerate(student.preferred_areas) if area in offer.areas]
        if ranks and ranks[0] < len(policy.points_area):
            total += policy.points_area[ranks[0]]
    else:
        total += Fraction(policy.points_area[0], 2)
    if student.preferred_agencies:
        if offer.agency in student.preferred_agencies:
            rank = student.preferred_agencies.index(offer.agency)
            total += policy.points_agency[rank] if rank < len(policy.points_agency) else 0
    else:
        total += Fraction(policy.points_agency[0], 2)
    time = offers.minutes(case, student, offer)
    longest = min(policy.travel_limit, student.limit_minutes if student.limit_minutes is not None else 10**6)
    target = policy.travel_target
    if time is None:
        total += Fraction(policy.points_travel, 2)
    elif time <= min(target, longest):
        total += policy.points_travel
    elif longest > target:
        total += max(Fraction(0), Fraction(policy.points_travel * (longest - time), longest - target))
    return total


def band(case: Case, request: Request, offer: Offer) -> int:
    """S6.7: the band of a request at an offer; 1 is best."""
    if case.ranks(request):
        ranked = case.student(request).ranked_offers
        return next((i for i, tie in enumerate(ranked, 1) if offer.offer in tie), bands(case))
    worth = points(case, request, offer)
    return next((i for i, least in enumerate(case.policy.band_points, 1) if worth >= least), 5)


def priority(case: Case, request: Request) -> int:
    """S6.9: the greatest weight that applies."""
    student = case.student(request)
    first, second, third, fourth = case.policy.priority_weights
    weights = [
        (first, request.displaced or student.waiting_since is not None),
        (second, request.graduation_due),
        (third, bool(student.adjustments or student.limit_minutes is not None or student.caring)),
        (fourth, request.repeat),
    ]
    return max((weight for weight, applies in weights if applies), default=0)


def waits(case: Case, request: Request, offer: Offer, who: Supervisor, kept: bool) -> bool:
    """S6.4: whether a match counts in the tier ``firm``."""
    asked = case.policy.on("E06") and "to_ask" in offers.agency_answers(case, request, offer)
    unnamed = who is NOBODY or (who.educator is None and who.pe.startswith("TBC"))
    supervisor = case.policy.on("E14") and who.basis != "in_team" and offer.on_site_supervisor == "to_be_named"
    measure = offers.to_be_measured(case, request, offer)
    return offer.state == "forecast" or unnamed or supervisor or (not kept and (asked or measure))


def lottery(case: Case, request: Request, offer: Offer) -> int:
    """S6.11."""
    text = f"{case.policy.seed}|{request.tranche}|{request.request}|{offer.offer}"
    draw = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % 1000
    lost_out = case.student(request).lost_out_before is not None
    return draw + lost_out * case.policy.draw_lost_out * (1 + bands(case) - band(case, request, offer))


def candidate(case: Case, request: Request, offer: Offer, who: Supervisor) -> Candidate:
    """A match with its window and worth, whether or not it is allowed."""
    row = case.published(request, "kept")
    kept = row is not None and row.offer == offer.offer
    start, end = window(case, request, offer)
    time = offers.minutes(case, case.student(request), offer)
    return Candidate(
        request=request,
        offer=offer,
        who=who,
        start=start,
        end=end,
        days=working_days(start, end, case.holidays),
        kept=kept,
        new_pe=kept and row is not None and not keeps_pe(case, row),
        counted=case.student(request).programme not in case.policy.programmes_left_out,
        deciding=case.dataset.tranche_by_id[request.tranche].status == "deciding",
        minutes=case.policy.travel_limit if time is None else time,
        band=band(case, request, offer),
        priority=priority(case, request),
        waits=waits(case, request, offer, who, kept),
        lottery=lottery(case, request, offer),
    )


def window(case: Case, request: Request, offer: Offer) -> tuple[date, date]:
    """S1.5 and S2.2: a kept match has its published dates, every other the computed ones."""
    start, end = case.window(request, offer)
    row = case.published(request, "kept")
    if row is not None and row.offer == offer.offer:
        return row.start or start, row.end or end
    return start, end


def keeps_pe(case: Case, row: Published) -> bool:
    """S1.5: whether the PE of a kept match stays: a listed one who is there, or a pool that is still large enough."""
    educator = case.listed(row.pe)
    request, offer = case.dataset.request_by_id[row.request], case.dataset.offer_by_id[row.offer]
    if educator is None:
        pool = pool_of(case, row)
        kept = [p for r in case.live.values() if (p := case.published(r, "kept")) is not None]
        return pool is not None and sum((p.offer, p.pe) == (row.offer, row.pe) for p in kept) <= pool.places
    return not educators.away(case, educator, offer, *window(case, request, offer))


def pool_of(case: Case, row: Published) -> Supervisor | None:
    """The pool of the published offer that a row names as PE, if the offer has it."""
    here = educators.supervisors(case, case.dataset.offer_by_id[row.offer])
    return next((who for who in here if who.educator is None and who.pe == row.pe), None)


def eligible(case: Case, request: Request, offer: Offer) -> Iterator[Supervisor]:
    """The PEs with whom a request may be matched to an offer by E01 to E19; nobody where the pair is excluded."""
    if offers.barred_by(case, request, offer):
        return
    span = case.window(request, offer)
    for who in educators.supervisors(case, offer):
        if not educators.repeat_agency_barred(case, request, offer, who.pe) and not educators.barred_by(
            case, request, offer, who, span
        ):
            yield who


def obeys(fix: Decision | None, offer: str, pe: str) -> bool:
    """Whether an offer and a PE are what a fix asks for (its PE may be blank); anything is, without a fix."""
    return fix is None or (fix.offer == offer and fix.pe in (None, pe))


def choices(case: Case, request: Request) -> list[Candidate | None]:
    """What one request alone may be given; None is "not placed"."""
    row = case.published(request, "kept")
    if row is not None:
        return list(_kept_choices(case, request, row))
    if request.set_aside is not None:
        return [None]
    fix = case.fix(request)
    found = [
        candidate(case, request, offer, who)
        for offer in case.dataset.offers
        for who in eligible(case, request, offer)
        if obeys(fix, offer.offer, who.pe)
    ]
    return list(found) if fix is not None and found else [None, *found]


def _kept_choices(case: Case, request: Request, row: Published) -> Iterator[Candidate]:
    offer = case.dataset.offer_by_id[row.offer]
    educator, pool = case.listed(row.pe), pool_of(case, row)
    if keeps_pe(case, row):
        stays = pool if educator is None else educators.as_seen_by(educator, offer)
        assert stays is not None
        yield candidate(case, request, offer, stays)
        return
    span = window(case, request, offer)
    for who in educators.supervisors(case, offer):
        if not educators.barred_by(case, request, offer, who, span):
            yield candidate(case, request, offer, who)
    yield candidate(case, request, offer, NOBODY)


def excluded_by(case: Case) -> frozenset[str]:
    """The E rules that keep at least one live, unkept request from an offer or a PE (counted by the agreement run)."""
    rules: set[str] = set()
    for request in case.live.values():
        if case.published(request, "kept"):
            continue
        for offer in case.dataset.offers:
            barred = offers.barred_by(case, request, offer)
            rules |= barred
            if barred:
                continue
            rules |= educators.hidden_by(case, offer)
            for who in educators.supervisors(case, offer):
                rules |= educators.barred_by(case, request, offer, who, case.window(request, offer))
                if educators.repeat_agency_barred(case, request, offer, who.pe):
                    rules.add("E18")
    return frozenset(rules)
