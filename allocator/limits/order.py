"""The rules that add rows to the engine's model, in order: each has ``rows(model)`` and is left out when off.

The two-placement rules (E10 in the plan, L04, L05, L06, L09) are paths, see ``allocator.formulation.pathways``.
"""

from allocator.limits import (
    l01_one_match,
    l02_capacity,
    l03_pe_load,
    l07_independents,
    l08_fair_share,
    l10_minimum_and_maximum,
    l11_part_of_agency,
    l12_together_and_apart,
    max_changes,
)

LIMIT_RULES = (
    l01_one_match, l02_capacity, l03_pe_load, l07_independents, l08_fair_share, l10_minimum_and_maximum,
    l11_part_of_agency, l12_together_and_apart, max_changes,
)  # fmt: skip
ABOUT_EDUCATORS = (l03_pe_load, l07_independents)
"""Those that look at PEs: a plan that holds the others does so whoever is named."""
