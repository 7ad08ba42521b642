"""The whole model of a dataset under a policy: columns, the rows of every rule, paths, and the tiers in order."""

from collections.abc import Container, Mapping
from typing import NamedTuple

from allocator.eligibility import Eligibility
from allocator.engine.tiers import TierExpressions
from allocator.formulation.decided import add_decided
from allocator.formulation.equal_offers import EqualOffers
from allocator.formulation.matches import Formulation
from allocator.formulation.pathways import Paths, add_pathways
from allocator.formulation.program import Linear, Program
from allocator.limits.order import ABOUT_EDUCATORS, LIMIT_RULES
from models.policy import Tier

Tiers = tuple[tuple[Tier, Linear], ...]


class Model(NamedTuple):
    """What is solved."""

    matches: Formulation
    paths: Paths

    @property
    def program(self) -> Program:
        """Columns and rows."""
        return self.matches.program

    def tiers(self, names: Container[str] | None = None) -> Tiers:
        """Every tier in order, or those with some names.

        Asking for them adds the columns and rows of their shortfalls, so ask once.
        """
        return TierExpressions(self.matches, self.paths).build(names)


def formulate(
    eligibility: Eligibility, chosen: Mapping[str, str] | None = None, equal: EqualOffers | None = None,
    fewest_changes: int | None = None,
) -> Model:  # fmt: skip
    """The model with the rows of every rule that is on, and the paths of students with two requests.

    Once it is decided who goes where, only rules that look at PEs can still be broken.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs.
    chosen
        Offer by request, once it is decided who goes where; educators are then individuals.
    equal
        Offers that are decided as one; default: every offer on its own.
    fewest_changes
        How many published matches move whatever the plan; default: not known, so that any number may (max_changes).
    """
    matches = Formulation(eligibility, chosen, equal)
    matches.fewest_changes = fewest_changes
    for rule in LIMIT_RULES if chosen is None else ABOUT_EDUCATORS:
        if matches.policy.on(rule.RULE):
            rule.rows(matches)
    return Model(matches, add_pathways(matches) if chosen is None else add_decided(matches))
