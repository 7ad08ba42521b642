"""L10: an offer's minimum (if opened, or always), an agency's minimum and maximum in the year (S5.10).

An agency's numbers count its placements of an academic year by start: new, kept, and those that have been (S1.10).
always: n >= minimum; if_opened: minimum z <= n <= capacity z, z binary. Where kept matches are there:
(minimum - kept) z <= new <= capacity z whatever the kind, as a minimum that kept matches alone do not
reach is listed and stops no run.
"""

from collections import Counter

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear
from allocator.terms.been import placements_before

RULE = "L10"


def rows(model: Formulation) -> None:
    """Rows for each minimum and maximum that is filled."""
    tranches = model.dataset.tranche_by_id
    kept_at = Counter(k.offer.offer for k in model.kept)
    for offer in model.dataset.offers:
        past = offer.tranche in tranches and tranches[offer.tranche].status == "past"
        if offer.minimum is None or offer.withdrawn or past:
            continue
        columns, kept = model.columns_at_offer.get(offer.offer, ()), kept_at[offer.offer]
        here, needed = Linear.sum_of(columns), offer.minimum - kept
        if offer.minimum_kind == "always" and not kept:
            model.program.add_row(here, rule=RULE, subject=offer.offer, lower=needed)
        elif len(columns) and needed > 1:
            opened = model.column_for_opened(offer.offer)
            least = Linear.total([here, Linear.of([(opened, -needed)])])
            most = Linear.total([here, Linear.of([(opened, -len(columns))])])
            model.program.add_row(least, rule=RULE, subject=offer.offer, lower=0)
            model.program.add_row(most, rule=RULE, subject=offer.offer, upper=0)
    _of_agencies(model)


def _of_agencies(model: Formulation) -> None:
    """A minimum for the years in which a tranche being decided starts, a maximum for every year."""
    year_of = model.policy.academic_year
    deciding = {year_of(t.first_day) for t in model.dataset.tranches if t.status == "deciding"}
    there = Counter((k.offer.agency, year_of(k.window[0])) for k in model.kept)
    for been in placements_before(model.terms):
        if been.offer is not None and been.start is not None:
            there[been.offer.agency, year_of(been.start)] += 1
    years = np.array([year_of(s.window[0]) for s in model.slots], dtype=np.int64)[model.x.slot]
    for agency in model.dataset.agencies:
        if agency.minimum_in_year is None and agency.maximum_in_year is None:
            continue
        columns = model.columns_at_agency.get(agency.agency, np.zeros(0, dtype=np.int64))
        for year in sorted(deciding.union(years[columns].tolist())):
            here, standing = Linear.sum_of(columns[years[columns] == year]), there[agency.agency, year]
            if agency.minimum_in_year is not None and year in deciding:
                least = agency.minimum_in_year - standing
                model.program.add_row(here, rule=RULE, subject=agency.agency, lower=least)
            if agency.maximum_in_year is not None:
                room = max(0, agency.maximum_in_year - standing)
                model.program.add_row(here, rule=RULE, subject=agency.agency, upper=room)
