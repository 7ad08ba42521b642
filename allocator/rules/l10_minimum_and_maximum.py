"""L10: an offer's minimum (if opened, or always), an agency's minimum and maximum in the year (S5.10).

always: n >= minimum; if_opened: minimum z <= n <= capacity z, z binary. n counts kept matches.
"""

from allocator.engine.formulation import Formulation

RULE = "L10"


def rows(model: Formulation) -> None:
    """Rows for each minimum and maximum that is filled."""
    tranches = model.dataset.tranche_by_id
    for offer in model.dataset.offers:
        past = offer.tranche in tranches and tranches[offer.tranche].status == "past"
        if offer.minimum is None or offer.withdrawn or past:
            continue
        terms = [(c.column, 1) for c in model.columns_at_offer.get(offer.offer, [])]
        kept = sum(k.offer.offer == offer.offer for k in model.kept)
        if offer.minimum_kind == "always" or kept:
            model.program.add_row(terms, rule=RULE, subject=offer.offer, lower=offer.minimum - kept)
        elif terms and offer.minimum > 1:
            opened = model.column_for("opened", offer.offer, 1)
            most = len(terms)
            model.program.add_row([*terms, (opened, -offer.minimum)], rule=RULE, subject=offer.offer, lower=0)
            model.program.add_row([*terms, (opened, -most)], rule=RULE, subject=offer.offer, upper=0)
    for agency in model.dataset.agencies:
        terms = [(c.column, 1) for c in model.new_columns() if c.offer.agency == agency.agency]
        kept = len(model.kept_at_agency(agency.agency))
        if agency.minimum_in_year is not None:
            model.program.add_row(terms, rule=RULE, subject=agency.agency, lower=agency.minimum_in_year - kept)
        if agency.maximum_in_year is not None:
            room = max(0, agency.maximum_in_year - kept)
            model.program.add_row(terms, rule=RULE, subject=agency.agency, upper=room)
