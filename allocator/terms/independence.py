"""In which senses the PE of a match is independent (L07): of no member, of the partnership, or not in the team."""

from allocator.terms.candidates import basis_of
from models.dataset import Dataset
from models.entities import INDEPENDENT, PARTNERSHIP, Offer
from models.policy import Independent


def independent_as(dataset: Dataset, pe: str | None, offer: Offer | None) -> frozenset[Independent]:
    """The definitions that the PE of a match meets; the policy lists those that count (S5.7).

    Parameters
    ----------
    dataset
        Knows who is listed, and which agencies are members.
    pe
        A listed PE, or a pool of the offer, whose people work for its agency and in its team; of anybody else nothing
        is known.
    offer
        Where; None where it is not listed, so that nobody can say whether the PE is in the team.

    Returns
    -------
    frozenset
        None of them, or several: whoever is of the partnership is not in the team.
    """
    educator = dataset.educator_by_id.get(pe or "")
    found = set[Independent]()
    if educator is not None:
        found |= by_employer(dataset, educator.employed_by)
        if offer is not None and basis_of(educator, offer) != "in_team":
            found.add("off_site")
    elif offer is not None and pe is not None and pe.endswith(f"@{offer.offer}"):
        found |= by_employer(dataset, offer.agency)
    return frozenset(found)


def by_employer(dataset: Dataset, employer: str) -> frozenset[Independent]:
    """The definitions that anybody employed so meets, wherever they supervise."""
    if employer == INDEPENDENT:
        return frozenset({"independent"})
    if employer == PARTNERSHIP:
        return frozenset({"partnership"})
    agency = dataset.agency_by_id.get(employer)
    member = agency is not None and agency.membership != "outside"
    return frozenset() if member else frozenset({"outside"})
