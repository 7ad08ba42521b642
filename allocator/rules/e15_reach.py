"""E15: which PEs reach an offer's team (S4.3)."""

from models.entities import INDEPENDENT, PARTNERSHIP, Educator, Offer

RULE = "E15"


def reaches(educator: Educator, offer: Offer) -> bool:
    """Own team, other teams if long-arm or without a team; others only the agencies or places listed for them."""
    if educator.employed_by in (PARTNERSHIP, INDEPENDENT):
        return offer.agency in educator.serves or offer.place in educator.serves
    same_agency = educator.employed_by == offer.agency
    return same_agency and (educator.team is None or educator.team == offer.team or educator.long_arm)
