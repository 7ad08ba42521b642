"""The two placements of a student side by side: what the pair rules L04, L05, L06, L09 and E10 look at."""

from datetime import date
from typing import NamedTuple

from models.entities import History, Offer, Statutory
from models.policy import Policy


class Placement(NamedTuple):
    """One placement of a student, in this plan or in history. Blank areas, setting, authorities: not recorded."""

    agency: str | None
    team: str | None
    areas: frozenset[str]
    setting: str | None
    statutory: bool
    authorities: frozenset[str]
    in_plan: bool
    start: date | None = None
    end: date | None = None
    locked: bool = False

    @property
    def anywhere(self) -> "Placement":
        """The same in no particular team: all that matters where teams are not compared."""
        return self._replace(agency=None, team=None)


def is_statutory(row: Offer | History, policy: Policy) -> bool:
    """By the test that counts; by equivalence is statutory, not known is not (S5.5)."""
    answer: Statutory = row.statutory_regulator if policy.statutory_test == "regulator" else row.statutory_partnership
    return answer in ("yes", "by_equivalence")


def of_offer(offer: Offer, policy: Policy, start: date, end: date, *, locked: bool) -> Placement:
    """The placement that a match at this offer would be."""
    return Placement(
        offer.agency, offer.team, frozenset(offer.areas), offer.setting, is_statutory(offer, policy),
        frozenset(offer.authorities), True, start, end, locked,
    )  # fmt: skip


def of_history(row: History, policy: Policy) -> Placement:
    """A placement that the student had."""
    return Placement(
        row.agency,
        row.team,
        frozenset(row.areas),
        row.setting,
        is_statutory(row, policy),
        frozenset(row.authorities),
        False,
    )
