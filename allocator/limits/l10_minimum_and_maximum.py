"""L10: an offer's minimum (if opened, or always), an agency's minimum and maximum in the year (S5.10).

always: n >= minimum; if_opened: minimum z <= n <= capacity z, z binary. Where kept matches are there:
(minimum - kept) z <= new <= capacity z whatever the kind, as a minimum that kept matches alone do not
reach is listed and stops no run.
"""

from collections import Counter

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear

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
    for agency in model.dataset.agencies:
        here = Linear.sum_of(model.columns_at_agency.get(agency.agency, ()))
        kept = len(model.kept_at_agency(agency.agency))
        if agency.minimum_in_year is not None:
            model.program.add_row(here, rule=RULE, subject=agency.agency, lower=agency.minimum_in_year - kept)
        if agency.maximum_in_year is not None:
            room = max(0, agency.maximum_in_year - kept)
            model.program.add_row(here, rule=RULE, subject=agency.agency, upper=room)
