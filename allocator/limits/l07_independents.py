"""L07: independents and practice consultants supervise at most 20% of an academic year's placements (S5.7).

year: 100 I - cap P <= 0 over new, kept, published and earlier placements; where the given ones alone exceed the cap,
new I = 0.
"""

from collections import defaultdict

from allocator.formulation.matches import Formulation, Use
from allocator.formulation.program import Linear
from allocator.terms.been import placements_before
from allocator.terms.independence import independent_as
from models.entities import Offer

RULE = "L07"


def rows(model: Formulation) -> None:
    """One row per academic year in which an independent PE could be used."""
    cap = model.policy.independent_cap_percent
    independents: defaultdict[int, int] = defaultdict(int)
    placements: defaultdict[int, int] = defaultdict(int)
    this_year = model.policy.academic_year(model.terms.as_of)
    independents[this_year] += model.policy.independents_so_far
    placements[this_year] += model.policy.placements_so_far
    for been in placements_before(model.terms):
        if been.start is not None:
            year = model.policy.academic_year(been.start)
            placements[year] += 1
            independents[year] += _counts(model, been.row.pe, been.row.request, been.row.offer)
    rechosen: defaultdict[int, int] = defaultdict(int)
    for k in model.kept:
        year = model.policy.academic_year(k.window[0])
        if k.stays is None:
            rechosen[year] += 1
        else:
            placements[year] += 1
            independents[year] += _counts(model, k.stays.pe, k.request.request, k.offer.offer)
    new: defaultdict[int, list[Use]] = defaultdict(list)
    for use in model.uses:
        new[model.policy.academic_year(use.group.window[0])].append(use)
    for year, uses in new.items():
        counting = [u for u in uses if not u.exempt and _independent(model, u.candidate.pe, u.group.slot.offer)]
        subject = f"{year}/{year + 1}"
        if 100 * independents[year] > cap * placements[year]:
            model.program.add_row(Use.total(counting), rule=RULE, subject=subject, upper=0)
        elif counting:
            placed = Use.total((u for u in uses if not u.group.kept), -cap)
            room = cap * (placements[year] + rechosen[year]) - 100 * independents[year]
            total = Linear.total([Use.total(counting, 100), placed])
            model.program.add_row(total, rule=RULE, subject=subject, upper=room)


def _independent(model: Formulation, pe: str | None, offer: Offer | None) -> bool:
    return not independent_as(model.dataset, pe, offer).isdisjoint(model.policy.independent_counts)


def _counts(model: Formulation, pe: str | None, request: str, offer: str) -> bool:
    if not _independent(model, pe, model.dataset.offer_by_id.get(offer)):
        return False
    return not model.terms.decisions.exceptions(RULE, request, offer, pe)
