"""Equal offers: what differs in nothing but its id is decided as one offer with the places of all.

A workbook with a row for every place has many of them, and a column for each would make every plan one of many that
no tier tells apart. The draw alone looks at ids: single offers come back for it (``single_offers``).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple, Self

import numpy as np

from allocator.eligibility import Codes, Eligibility, PairTable, SlotChoice
from allocator.terms.candidates import Candidate
from models.dataset import Dataset
from models.entities import EVIDENCE, Offer

NOT_COMPARED = frozenset({"offer", "capacity", "note", "received_on", *EVIDENCE})
"""Facts of an offer that no rule and no tier looks at; its places are added up."""


class EqualOffers(NamedTuple):
    """The offers as the model has them.

    ``offers`` has the dataset's indexes; the first of equal offers has the places of all, and pairs for all.
    ``members`` are the indexes of equal offers by that of the first, itself included.
    """

    offers: tuple[Offer, ...]
    members: Mapping[int, tuple[int, ...]]

    @classmethod
    def none(cls, dataset: Dataset) -> Self:
        """Every offer on its own."""
        return cls(dataset.offers, {})

    @classmethod
    def of(cls, eligibility: Eligibility) -> Self:
        """Find them.

        Parameters
        ----------
        eligibility
            Dataset, policy, and who may supervise at an offer. Left on its own is an offer that a decision or the
            published plan names, one with a minimum, and one whose team's own PEs may be fewer than its places: they
            could not be shared out afterwards as freely as places can. So is every offer where places have no limit
            (L02 off), and where other tiers come after the draw.
        """
        dataset, policy = eligibility.dataset, eligibility.policy
        if not policy.on("L02") or "lottery" in policy.tiers[:-1]:
            return cls.none(dataset)
        named = {p.offer for p in dataset.published} | {d.offer for d in dataset.decisions}
        wishes = _wishes(dataset)
        compared = [name for name in Offer.model_fields if name not in NOT_COMPARED]
        alike: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for index, offer in enumerate(dataset.offers):
            if offer.offer not in named and offer.minimum is None:
                alike[*(getattr(offer, name) for name in compared), wishes.get(offer.offer)].append(index)
        several = ([i for i in found if cls._shareable(eligibility, i)] for found in alike.values() if len(found) > 1)
        members = {found[0]: tuple(found) for found in several if len(found) > 1}
        offers = list(dataset.offers)
        for first, found in members.items():
            places = sum(dataset.offers[i].capacity for i in found)
            offers[first] = offers[first].model_copy(update={"capacity": places})
        return cls(tuple(offers), members)

    @staticmethod
    def _shareable(eligibility: Eligibility, index: int) -> bool:
        """Whether every pool of an offer has people for all of its places."""
        offer = eligibility.dataset.offers[index]
        candidates = eligibility.educator_rules.candidates(offer)
        return all(c.people >= offer.capacity for c in candidates if c.educator is None)

    @property
    def first_of(self) -> Codes:
        """By index of an offer: the first of its equals, itself where it has none."""
        found = np.arange(len(self.offers), dtype=np.int32)
        for first, members in self.members.items():
            found[list(members)] = first
        return found

    def merged(self, table: PairTable) -> PairTable:
        """The pairs of first and single offers; a slot of equal offers has the places and the people of all."""
        if not self.members:
            return table
        whole = {self.offers[first].offer: self.offers[first] for first in self.members}
        slots = (_with_all_places(s, whole[s.offer.offer]) if s.offer.offer in whole else s for s in table.slots)
        return table.only(self.first_of[table.offer] == table.offer)._replace(slots=tuple(slots))


def _with_all_places(slot: SlotChoice, offer: Offer) -> SlotChoice:
    def candidate(found: Candidate) -> Candidate:
        return found if found.educator is not None else found._replace(people=offer.capacity)

    return slot._replace(offer=offer, educators=tuple(map(candidate, slot.educators)))


def _wishes(dataset: Dataset) -> dict[str, tuple[tuple[str, int], ...]]:
    """By offer: who ranks it, and how high."""
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for student in dataset.students:
        for rank, tied in enumerate(student.ranked_offers):
            for offer in tied:
                found[offer].append((student.student, rank))
    return {offer: tuple(sorted(ranked)) for offer, ranked in found.items()}
