"""L08: fair share: each agency's placements of an academic year in its range (rules.md, S5.8).

floor <= placements <= ceiling where the policy makes the range hard; else two tiers, the shortfall and the excess.
A year's placements are those of its rounds: new and kept ones, those that have been, and what employers found.
"""

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Linear
from allocator.terms.fair_share import FairShare, Share

RULE = "L08"


def rows(model: Formulation) -> None:
    """Only where the policy makes the range hard."""
    if not model.policy.fair_share_hard:
        return
    fair = FairShare(model.terms)
    for share, columns in columns_of_shares(model, fair).items():
        here = Linear.sum_of(columns)
        kept = len(share.before) + sum(
            fair.year_of(k.request) == share.year for k in model.kept_at_agency(share.agency)
        )
        model.program.add_row(here, rule=RULE, subject=share.agency, lower=share.floor - kept)
        model.program.add_row(here, rule=RULE, subject=share.agency, upper=max(0, share.ceiling - kept))


def floor_of(share: Share) -> str:
    """What falls short of a share's floor is called so."""
    return f"floor of {share.agency} {share.year}"


def ceiling_of(share: Share) -> str:
    """What is above a share's ceiling is called so."""
    return f"ceiling of {share.agency} {share.year}"


def columns_of_shares(model: Formulation, fair: FairShare) -> dict[Share, Indexes]:
    """New columns of every share: at the agency, of requests that count in the year."""
    years = np.array([fair.year_of(r) or 0 for r in model.requests], dtype=np.int64)[model.x.request]
    none = np.zeros(0, dtype=np.int64)
    at_agency = {share: model.columns_at_agency.get(share.agency, none) for share in fair.shares}
    return {share: columns[years[columns] == share.year] for share, columns in at_agency.items()}
