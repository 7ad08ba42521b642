"""Each agency's account of the fair share (rule L08): asked, offered, range, allowance, used, unused, gap."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from allocator.views.facts import PARTNERS, Facts
from models.base import natural_key


class Account(NamedTuple):
    """One agency's account, in placements. ``None``: the agency has no weight, so no range.

    ``gap`` is what it was asked for and did not offer; ``allowance`` is half of what other programmes take.
    """

    agency: str
    asked: int | None
    floor: int | None
    ceiling: int | None
    allowance: int
    other_programmes: Decimal | int
    offered: int
    used: int
    firm: int
    gap: int | None

    @property
    def unused(self) -> int:
        """Places offered that the plan does not use."""
        return max(0, self.offered - self.used)

    @property
    def standing(self) -> str:
        """The agency against its range, in words."""
        if self.floor is None or self.ceiling is None:
            return "no range"
        if self.used < self.floor:
            return f"{self.floor - self.used} below its range"
        return f"{self.used - self.ceiling} above its range" if self.used > self.ceiling else "in its range"


def accounts(facts: Facts) -> dict[str, Account]:
    """The account of every agency that is listed or offers a place.

    Parameters
    ----------
    facts
        Dataset, policy and plan.

    Returns
    -------
    dict
        Accounts by agency, sorted by name.
    """
    asked = quotas(facts)
    agencies = {a.agency for a in facts.dataset.agencies} | {o.agency for o in facts.horizon_offers}
    names = sorted(agencies, key=lambda a: (facts.agency_name(a).casefold(), natural_key(a)))
    return {agency: _account(facts, agency, asked.get(agency)) for agency in names}


def quotas(facts: Facts) -> dict[str, int]:
    """What partners are asked for: the partners' share of all requests, split by weight, by largest remainder.

    ``T = floor(share x D / 100 + 1/2)``; ties by greater weight, then id.
    """
    if not facts.policy.on("L08"):
        return {}
    weights = {
        a.agency: Fraction(a.social_workers_fte)
        for a in facts.dataset.agencies
        if a.membership in PARTNERS and a.social_workers_fte is not None and a.social_workers_fte > 0
    }
    if not weights:
        return {}
    total = (facts.policy.partner_share_percent * demand(facts) * 2 + 100) // 200
    whole = sum(weights.values())
    exact = {agency: total * weight / whole for agency, weight in weights.items()}
    result = {agency: int(share) for agency, share in exact.items()}
    by_remainder = sorted(
        weights, key=lambda a: (result[a] - exact[a], -weights[a], natural_key(a))
    )  # the greatest remainder first
    for agency in by_remainder[: total - sum(result.values())]:
        result[agency] += 1
    return result


def demand(facts: Facts) -> int:
    """D: requests of the horizon, employer-found ones too, less apprentices of employers that are no partners."""
    counted = [r for r in facts.shown if r.request in facts.live_ids or r.found_by == "employer"]
    return sum(
        1
        for r in counted
        if not (
            facts.student(r).scheme == "apprentice" and not facts.is_partner(facts.student(r).employer_agency or "")
        )
    )


def _account(facts: Facts, agency: str, asked: int | None) -> Account:
    others = _other_programmes(facts, agency)
    allowance = int(others / 2)
    offered = sum(o.capacity for o in facts.horizon_offers if o.agency == agency and not o.withdrawn)
    matches = [m for m in facts.matches if facts.offer(m).agency == agency]
    tolerance = max(1, facts.policy.fair_share_tolerance_percent * (asked or 0) // 100)
    return Account(
        agency=agency,
        asked=asked,
        floor=None if asked is None else max(0, min(asked - tolerance - allowance, offered)),
        ceiling=None if asked is None else asked + tolerance,
        allowance=allowance,
        other_programmes=others,
        offered=offered,
        used=len(matches),
        firm=sum(not facts.is_provisional(m) for m in matches),
        gap=None if asked is None else max(0, asked - offered),
    )


def _other_programmes(facts: Facts, agency: str) -> Decimal:
    """Places that other programmes take at the agency and its teams during the horizon."""
    tranches = facts.horizon_tranches
    if not tranches:
        return Decimal(0)
    first_day = tranches[0].first_day
    ends = [t.last_end for t in tranches]
    last_day = date.max if None in ends else max(e for e in ends if e is not None)
    return sum(
        (
            c.number
            for c in facts.dataset.commitments
            if c.agency == agency
            and (c.first_day is None or c.first_day <= last_day)
            and (c.last_day is None or c.last_day >= first_day)
        ),
        Decimal(0),
    )
