"""The two placements of a student side by side: what the pair rules L04, L05, L06, L09 and E10 look at."""

from datetime import date
from typing import Literal, NamedTuple

from models.entities import History, Offer, Statutory
from models.policy import Policy

Guarantee = Literal["statutory", "not_known", "not_statutory"]
"""What a placement is worth to the statutory guarantee, by the test that counts."""


class Placement(NamedTuple):
    """One placement of a student, in this plan or in history. Blank areas, setting, authorities: not recorded.

    ``in_plan``: at an offer, so that what it leaves blank is said; ``any_authority``: nobody has said which authorities
    the team serves, so it may be any.
    """

    agency: str | None
    team: str | None
    areas: frozenset[str]
    setting: str | None
    guarantee: Guarantee
    authorities: frozenset[str]
    in_plan: bool
    start: date | None = None
    end: date | None = None
    locked: bool = False
    any_authority: bool = False

    @property
    def anywhere(self) -> "Placement":
        """The same in no particular team: all that matters where teams are not compared."""
        return self._replace(agency=None, team=None)


def guarantee_of(row: Offer | History, policy: Policy) -> Guarantee:
    """By the test that counts; by equivalence is statutory (S5.5)."""
    answer: Statutory = row.statutory_regulator if policy.statutory_test == "regulator" else row.statutory_dfe
    if answer == "not_known":
        return "not_known"
    return "not_statutory" if answer == "no" else "statutory"


def is_statutory(row: Offer | History, policy: Policy) -> bool:
    """What the aims count: not known is not (S6.2)."""
    return guarantee_of(row, policy) == "statutory"


def rests_on_an_answer(first: Guarantee | None, final: Guarantee) -> bool:
    """Whether the guarantee of two placements (None: not recorded) is kept only if an answer turns out to be yes."""
    return "statutory" not in (first, final) and "not_known" in (first, final)


def of_offer(
    offer: Offer, policy: Policy, start: date | None = None, end: date | None = None, *, locked: bool
) -> Placement:
    """The placement that a match at this offer would be, or is."""
    return Placement(
        offer.agency, offer.team, frozenset(offer.areas), offer.setting, guarantee_of(offer, policy),
        frozenset(offer.authorities), True, start, end, locked,
        not offer.authorities and "authorities" in offer.not_known,
    )  # fmt: skip


def of_recorded(row: History | Offer, policy: Policy) -> Placement:
    """The first that a student had, or has where it still runs. Its days are asked of everything that runs (L06)."""
    if isinstance(row, Offer):
        return of_offer(row, policy, locked=False)
    return Placement(
        row.agency,
        row.team,
        frozenset(row.areas),
        row.setting,
        guarantee_of(row, policy),
        frozenset(row.authorities),
        False,
    )
