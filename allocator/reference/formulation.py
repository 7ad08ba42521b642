"""The whole model in one flat, ordered list: each limit of the catalogue is one function that adds its rows."""

from collections.abc import Callable

from allocator.reference.company import l12_together_and_apart
from allocator.reference.eligible import EDUCATOR_RULES, OFFER_RULES
from allocator.reference.facts import Facts
from allocator.reference.limits import (
    e16_fixes,
    l01_one_match,
    l02_capacity,
    l03_load,
    l07_independents,
    l08_fair_share,
    l10_minimum_and_maximum,
    l11_part_of_agency,
)
from allocator.reference.model import Model
from allocator.reference.pairs import (
    e10_not_the_same_team,
    l04_statutory_guarantee,
    l05_contrast,
    l06_first_before_final,
    l09_intern_authority,
)
from models.dataset import Dataset
from models.policy import Policy

LIMITS: tuple[tuple[str, Callable[[Model], None]], ...] = (
    ("L01", l01_one_match),
    ("E16", e16_fixes),
    ("L02", l02_capacity),
    ("L03", l03_load),
    ("E10", e10_not_the_same_team),
    ("L04", l04_statutory_guarantee),
    ("L05", l05_contrast),
    ("L06", l06_first_before_final),
    ("L07", l07_independents),
    ("L08", l08_fair_share),
    ("L09", l09_intern_authority),
    ("L10", l10_minimum_and_maximum),
    ("L11", l11_part_of_agency),
    ("L12", l12_together_and_apart),
)
RULES: frozenset[str] = frozenset(
    {rule for rule, _ in OFFER_RULES}
    | {rule for rule, _ in EDUCATOR_RULES}
    | {rule for rule, _ in LIMITS}
    | {"E15", "E19", "max_changes"}
)
"""Rules that the reference states; E15 and E19 say who is a candidate (``candidates.candidates``), and max_changes has
its row once the fewest changes are known (``lexicographic``)."""


def formulate(dataset: Dataset, policy: Policy) -> Model:
    """Build the model: the binaries that eligibility leaves, then every limit that is switched on but max_changes."""
    model = Model(Facts(dataset, policy))
    for rule, add in LIMITS:
        if policy.on(rule):
            add(model)
    return model
