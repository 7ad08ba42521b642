"""What is asked of a partnership: some rows or numbers changed, and what is the plan then."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from models.dataset import Dataset
from models.decisions import Decision
from models.policy import Policy

ASKED = "asked"
"""Ids of the decisions that a question stands for begin so."""


class Question(NamedTuple):
    """Changes to a dataset and its policy, all at once; what each means is what the rows would mean.

    Parameters
    ----------
    fixed
        (request, offer, PE or None): the request has this match, or stays unplaced where the match is not eligible. It
        takes the place of a fix that the dataset has for the request. A kept match stays.
    forbidden
        (request, offer or None): never this match; None: the request is not placed.
    places
        (offer, number): so many places more, or fewer where it is negative.
    settings
        (name, value): a number, switch or list of the policy.
    without
        Ids of decisions that are lifted.
    one_of
        (request, offer), the likeliest first: the plan has at least one of these matches. It is nothing that a row
        means, so that dataset and policy are as they were.
    """

    fixed: tuple[tuple[str, str, str | None], ...] = ()
    forbidden: tuple[tuple[str, str | None], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    without: tuple[str, ...] = ()
    one_of: tuple[tuple[str, str], ...] = ()

    def changed(self, dataset: Dataset, policy: Policy) -> tuple[Dataset, Policy]:
        """The dataset and the policy that the question is about."""
        parts: dict[str, object] = {}
        if self.fixed or self.forbidden or self.without:
            parts["decisions"] = (*self._standing(dataset.decisions), *self._decided())
        if self.places:
            more = dict(self.places)
            parts["offers"] = tuple(
                o.model_copy(update={"capacity": max(0, o.capacity + more[o.offer])}) if o.offer in more else o
                for o in dataset.offers
            )
        changed = dataset.model_copy(update=parts) if parts else dataset
        return changed, Policy.model_validate(policy.model_dump() | dict(self.settings)) if self.settings else policy

    def _standing(self, decisions: Iterable[Decision]) -> Iterable[Decision]:
        lifted, fixed = set(self.without), {request for request, _, _ in self.fixed}
        return (d for d in decisions if d.id not in lifted and not (d.decision == "fix" and d.request in fixed))

    def _decided(self) -> Iterable[Decision]:
        for request, offer, pe in self.fixed:
            yield Decision(decision="fix", id=f"{ASKED}/{request}/{offer}", request=request, offer=offer, pe=pe)
        for request, other in self.forbidden:
            number = f"{ASKED}/not/{request}/{other or ''}"
            yield Decision(decision="do_not_match", id=number, request=request, offer=other)
