"""The tiers: for every tier an integer expression over the plan (SEMANTICS S6).

``max(0, .)`` and counts of "none" are integer variables bounded from one side; the tier that minimises or maximises
them makes them exact, and its equality keeps them so.
"""

import hashlib
from collections.abc import Iterable

import pulp

from allocator.reference.candidates import qualification
from allocator.reference.columns import Column
from allocator.reference.eligible import agency_answers
from allocator.reference.fair_share import Range, ranges, shared_in
from allocator.reference.limits import still_possible
from allocator.reference.model import Model
from allocator.reference.preferences import band, number_of_bands
from allocator.reference.travel import is_to_be_measured, journey
from models.entities import Request
from models.plan import Basis
from models.policy import OTHERS, Tier, tier_order

Expression = pulp.LpAffineExpression


def objectives(model: Model) -> list[tuple[Tier, Expression]]:
    """Every tier that the policy asks for, first optimised first, with its expression."""
    order = tier_order(model.facts.policy, number_of_bands(model.facts), model.facts.has_published)
    return [(tier, _expression(model, tier.name)) for tier in order]


def _expression(model: Model, name: str) -> Expression:
    if name.startswith("preferences."):
        return preferences(model, name.removeprefix("preferences."))
    if name.startswith("two_statutory."):
        return two_statutory(model, name.removeprefix("two_statutory."))
    return TIERS[name](model)


def counted(model: Model) -> list[Column]:
    """Matches that tiers count: those of programmes left out are not (S6.0)."""
    return [c for c in model.columns if model.facts.counts(c.request)]


def _placed(model: Model, requests: Iterable[Request]) -> Expression:
    return model.total(c for r in requests for c in model.by_request[r.request])


def _tranches(model: Model, status: str) -> frozenset[str]:
    return frozenset(t.tranche for t in model.facts.dataset.tranches if t.status == status)


def placed_total(model: Model) -> Expression:
    """Requests placed."""
    return _placed(model, model.facts.counted)


def placed_finals(model: Model) -> Expression:
    """Finals placed in tranches being decided."""
    now = _tranches(model, "deciding")
    return _placed(model, (r for r in model.facts.counted if r.tranche in now and r.stage == "final"))


def placed_firsts(model: Model) -> Expression:
    """Firsts placed in tranches being decided."""
    now = _tranches(model, "deciding")
    return _placed(model, (r for r in model.facts.counted if r.tranche in now and r.stage == "first"))


def placed_later(model: Model) -> Expression:
    """Requests placed in later tranches."""
    later = _tranches(model, "later")
    return _placed(model, (r for r in model.facts.counted if r.tranche in later))


def complete(model: Model) -> Expression:
    """Students with a live request, all of them placed; interns as often as the policy says.

    A binary per student, at most each of the student's requests.
    """
    terms = []
    for student, requests in model.facts.live_by_student.items():
        if model.facts.counts(next(iter(requests.values()))):
            done = model.integer(f"complete_{student}", 1)
            for request in requests.values():
                placed = model.placed(request.request)
                model.define("complete", request.request, done - placed <= 0)
            intern = model.facts.dataset.student_by_id[student].scheme == "intern"
            terms.append((done, model.facts.policy.intern_counts if intern else 1))
    return Expression(terms)


def priority(model: Model) -> Expression:
    """Sum over placed requests of the greatest weight that applies (S6.9)."""
    return model.weighted((c, _weight(model, c.request)) for c in counted(model))


def _weight(model: Model, request: Request) -> int:
    student, weights = model.facts.student(request), model.facts.policy.priority_weights
    reasons = (
        request.displaced or student.waiting_since is not None,
        request.graduation_due,
        bool(student.adjustments) or student.limit_minutes is not None or student.caring,
        request.repeat,
    )
    return max((weight for weight, applies in zip(weights, reasons, strict=True) if applies), default=0)


def changes_offers(model: Model) -> Expression:
    """Published requests in force that are unplaced or elsewhere; not counted where the pair is no longer eligible."""
    rows = [row for row in still_possible(model) if _counts(model, row.request)]
    stay = model.total(c for row in rows for c in model.by_request[row.request] if c.offer.offer == row.offer)
    left: Expression = len(rows) - stay
    return left


def changes_educators(model: Model) -> Expression:
    """Of those that stay, with another PE; not counted where the published PE is no longer eligible there (S6.3)."""
    others: list[Column] = []
    for row in still_possible(model):
        here = [c for c in model.by_request[row.request] if c.offer.offer == row.offer]
        listed = row.pe in model.facts.dataset.educator_by_id
        fix = model.fixed.get(row.request)
        freed = fix is not None and fix.pe not in (None, row.pe)  # S8.7
        if _counts(model, row.request) and listed and not freed and any(c.pe == row.pe for c in here):
            others.extend(c for c in here if c.pe != row.pe)
    return model.total(others)


def _counts(model: Model, request: str) -> bool:
    return model.facts.counts(model.facts.dataset.request_by_id[request])


def statutory_final(model: Model) -> Expression:
    """Finals in statutory offers."""
    return model.total(c for c in counted(model) if c.request.stage == "final" and model.facts.is_statutory(c.offer))


def _group_of_student(model: Model, requests: dict[str, Request]) -> str:
    """Of the groups in the policy's order the first with the student's programme and, if it names one, a live stage."""
    programme = model.facts.student(next(iter(requests.values()))).programme
    of_student = {programme, *(f"{programme} {stage}" for stage in requests)}
    return next((name for name in model.facts.policy.two_statutory_for if name in of_student), OTHERS)


def two_statutory(model: Model, group: str | None = None) -> Expression:
    """Students with a statutory final and a statutory first (placed, or history), plus lone firsts that are statutory.

    With both in the plan: a binary per student, at most each of the two (S6.2).
    """
    result = Expression()
    for student, requests in model.facts.live_by_student.items():
        if not model.facts.counts(next(iter(requests.values()))):
            continue
        if group is not None and _group_of_student(model, requests) != group:
            continue
        statutory = {
            stage: model.total(c for c in model.by_request[r.request] if model.facts.is_statutory(c.offer))
            for stage, r in requests.items()
        }
        history = model.facts.recorded_first(student)
        if len(requests) == 2:
            both = model.integer(f"two_statutory_{student}", 1)
            model.define("two_statutory", f"first_{student}", both - statutory["first"] <= 0)
            model.define("two_statutory", f"final_{student}", both - statutory["final"] <= 0)
            result += both
        elif "first" in requests:
            result += statutory["first"]
        elif history is not None and model.facts.is_statutory(history):
            result += statutory["final"]
    return result


def firm(model: Model) -> Expression:
    """Matches that wait for an offer, an agency, a PE, a supervisor or a measured time, and students whose guarantee
    rests on an answer that is not known.
    """
    waiting = model.total(c for c in counted(model) if is_waiting(model, c))
    return waiting + _guarantees_open(model) if model.facts.policy.on("L04") else waiting


def _guarantees_open(model: Model) -> Expression:
    """Students with a final whose placements are not known to be statutory, though one of them may be (S5.5).

    With both in the plan a binary u per student: (first not statutory) + (final not statutory) - u <= 1. L04 sees to
    it that then one of the two is not known, and minimising makes u no greater than it must be.
    """
    facts, result = model.facts, Expression()
    for student, requests in facts.live_by_student.items():
        if not facts.counts(next(iter(requests.values()))):
            continue
        least = facts.statutory_least(next(iter(requests.values())))
        if least == 2:
            result += _two_guarantees_open(model, student, requests)
        if "final" not in requests or least != 1:
            continue
        open_answer = {
            stage: [c for c in model.by_request[r.request] if not facts.is_statutory(c.offer)]
            for stage, r in requests.items()
        }
        if len(requests) == 2:
            result += _guarantee_open_in_plan(model, student, open_answer["first"], open_answer["final"])
            continue
        history = facts.recorded_first(student)
        if history is None or not facts.is_statutory(history):
            history_is_no = history is None or facts.is_not_statutory(history)
            result += model.total(
                c for c in open_answer["final"] if not (history_is_no and facts.is_not_statutory(c.offer))
            )
    return result


def _two_guarantees_open(model: Model, student: str, requests: dict[str, Request]) -> Expression:
    """Both have to be statutory: a binary u at least each placed match of which it is not known.

    u >= (first not known), u >= (final not known); a final beside a first in no plan that is not known: u >= final.
    """
    facts = model.facts
    rests = model.integer(f"guarantees_open_{student}", 1)
    before = facts.recorded_first(student)
    first_open = "first" not in requests and (before is None or facts.is_open(before))
    for stage, request in requests.items():
        asked = [c for c in model.by_request[request.request] if first_open or facts.is_open(c.offer)]
        model.define("firm", f"guarantees_{student}_{stage}", model.total(asked) - rests <= 0)
    return Expression(rests)


def _guarantee_open_in_plan(model: Model, student: str, firsts: list[Column], finals: list[Column]) -> Expression:
    facts = model.facts
    if firsts and finals and all(c.kept for c in (*firsts, *finals)):
        both_no = facts.is_not_statutory(firsts[0].offer) and facts.is_not_statutory(finals[0].offer)
        return Expression() if both_no else Expression(constant=1)  # facts: L04 does not bind them
    rests = model.integer(f"guarantee_open_{student}", 1)
    model.define("firm", f"guarantee_{student}", model.total(firsts) + model.total(finals) - rests <= 1)
    return Expression(rests)


def is_waiting(model: Model, column: Column) -> bool:
    """Whether a match waits (S6.4): an agency's answer and a measured time are not asked of kept matches."""
    facts, offer, candidate = model.facts, column.offer, column.candidate
    if offer.state == "forecast" or candidate is None or candidate.to_be_named:
        return True
    off_site = candidate.basis(offer) != "in_team"
    if off_site and offer.on_site_supervisor == "to_be_named" and facts.policy.on("E14"):
        return True
    if column.kept:
        return False
    asked = facts.policy.on("E06") and "to_ask" in agency_answers(facts, column.request, offer)
    return asked or is_to_be_measured(facts, column.request, offer)


def partner_share(model: Model) -> Expression:
    """max(0, ceil(75 M / 100) - N), M matches, N of them with partners: 100 s + 100 N - 75 M >= 0, s whole."""
    here, percent = counted(model), model.facts.policy.partner_share_percent
    short = model.integer("partner_share_short", len(model.facts.live))
    partners = model.total((c for c in here if model.facts.is_partner(c.offer.agency)), 100)
    model.define("partner_share", "all", 100 * short + partners - model.total(here, percent) >= 0)
    return Expression(short)


def own_educators(model: Model) -> Expression:
    """The policy's weights for 'PE needed', independent, practice consultant and elsewhere; 0 in the team."""
    bases: tuple[Basis, ...] = ("PE needed", "independent", "practice_consultant", "elsewhere")
    weights = dict(zip(bases, model.facts.policy.own_educator_weights, strict=True))
    return model.weighted(
        (c, weights.get("PE needed" if c.candidate is None else c.candidate.basis(c.offer), 0)) for c in counted(model)
    )


def trainee_finals(model: Model) -> Expression:
    """max(0, T - floor(30 F / 100)), F finals placed, T of them with a trainee: 100 s - 100 T + 30 F >= 0, s whole."""
    finals = [c for c in counted(model) if c.request.stage == "final"]
    excess = model.integer("trainee_finals_excess", len(model.facts.live))
    with_trainee = model.total((c for c in finals if c.has_trainee), 100)
    allowed = model.total(finals, model.facts.policy.trainee_finals_percent)
    model.define("trainee_finals", "all", 100 * excess - with_trainee + allowed >= 0)
    return Expression(excess)


def trainees(model: Model) -> Expression:
    """PEs who need a student by a date, and have no match that starts by then: s + matches >= 1 (S6.6).

    A trainee who has qualified by that date needs none.
    """
    lacking = []
    for educator in model.facts.dataset.educators:
        by = educator.needs_student_by
        if by is None or educator.withdrawn_from is not None:
            continue
        if educator.qualification.startswith("trainee") and qualification(educator, by) in ("PEPS1", "PEPS2"):
            continue
        lacks = model.integer(f"lacks_student_{educator.pe}", 1)
        in_time = model.total(c for c in counted(model) if c.pe == educator.pe and c.window.start <= by)
        model.define("trainees", educator.pe, lacks + in_time >= 1)
        lacking.append((lacks, 1))
    return Expression(lacking)


def fair_share(model: Model) -> Expression:
    """Sum over agencies of max(0, floor - n): s + n >= floor."""
    short = []
    for (agency, year), asked in ranges(model.facts).items():
        name = f"{agency}_{year}"
        below = model.integer(f"below_floor_{name}", asked.floor)
        n = _at_agency(model, agency, year) + _others_counted(model, asked)
        model.define("fair_share", name, below + n >= asked.floor)
        short.append((below, 1))
    return Expression(short)


def overload(model: Model) -> Expression:
    """Sum over agencies of max(0, n - ceiling): n - s <= ceiling."""
    over = []
    for (agency, year), asked in ranges(model.facts).items():
        name = f"{agency}_{year}"
        above = model.integer(f"above_ceiling_{name}", len(model.facts.live) + len(asked.others))
        n = _at_agency(model, agency, year) + _others_counted(model, asked)
        model.define("overload", name, n - above <= asked.ceiling)
        over.append((above, 1))
    return Expression(over)


def _at_agency(model: Model, agency: str, year: int) -> Expression:
    here = (c for c in counted(model) if c.offer.agency == agency)
    return model.total(c for c in here if shared_in(model.facts, c.request) == year)


def _others_counted(model: Model, asked: Range) -> int:
    """Placements of an agency's year that no plan decides, without those of programmes left out."""
    requests = [model.facts.dataset.request_by_id.get(name) for name in asked.others]
    return sum(1 for r in requests if r is None or model.facts.counts(r))


def preferences(model: Model, part: str) -> Expression:
    """Matches in one band (``band3``), or the total of bands (``sum``)."""
    bands = [(c, band(model.facts, c.request, c.offer)) for c in counted(model)]
    if part == "sum":
        return model.weighted(bands)
    return model.total(c for c, number in bands if part == f"band{number}")


def travel(model: Model) -> Expression:
    """Total minutes; unknown ones count the policy's limit."""
    return model.weighted((c, _minutes(model, c)) for c in counted(model))


def _minutes(model: Model, column: Column) -> int:
    minutes = journey(model.facts, model.facts.student(column.request), column.offer).minutes
    return model.facts.policy.travel_limit if minutes is None else minutes


def left_out(model: Model) -> Expression:
    """Requests placed of programmes that no other tier counts (S6.0)."""
    return model.total(c for c in model.columns if not model.facts.counts(c.request))


def lottery(model: Model) -> Expression:
    """Sum of the draw of request and offer, 0 to 999, so that names and row order do not matter (S6.11).

    For a student who lost out before: + w (B + 1 - b), b the band of the match, B the number of bands.
    """
    return model.weighted((c, _draw(model, c)) for c in counted(model))


def _draw(model: Model, column: Column) -> int:
    facts, request, offer = model.facts, column.request, column.offer
    text = f"{facts.policy.seed}|{request.tranche}|{request.request}|{offer.offer}"
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % 1000
    if facts.student(request).lost_out_before is None:
        return number
    return number + facts.policy.draw_lost_out * (number_of_bands(facts) + 1 - band(facts, request, offer))


TIERS = {
    "placed.total": placed_total,
    "placed.finals": placed_finals,
    "placed.firsts": placed_firsts,
    "placed.later": placed_later,
    "complete": complete,
    "priority": priority,
    "changes.offers": changes_offers,
    "changes.educators": changes_educators,
    "statutory_final": statutory_final,
    "two_statutory": two_statutory,
    "firm": firm,
    "partner_share": partner_share,
    "own_educators": own_educators,
    "trainee_finals": trainee_finals,
    "trainees": trainees,
    "fair_share": fair_share,
    "overload": overload,
    "travel": travel,
    "left_out": left_out,
    "lottery": lottery,
}
