"""What the checker says of the tiers of a plan, for the tests of its arithmetic."""

from typing import Any

from allocator.checker import check
from models.dataset import Dataset
from models.entities import Offer
from tests import builders as b
from tests.rules.case import Triple, plan_of, policy


def tiers_of(dataset: Dataset, triples: tuple[Triple, ...], **settings: Any) -> dict[str, int]:
    chosen = policy(**settings)
    return {t.tier: t.value for t in check(dataset, chosen, plan_of(dataset, chosen, triples)).tiers}


def changed(dataset: Dataset, **parts: Any) -> Dataset:
    """The dataset with other collections, its lookups built anew."""
    return Dataset(**{name: getattr(dataset, name) for name in Dataset.model_fields} | parts)


def wide(capacity: int = 9, **changes: Any) -> Offer:
    """An offer with room for everybody, beside one PE with as great a load."""
    return b.offer(**{"capacity": capacity} | changes)
