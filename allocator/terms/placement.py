"""The two placements of a student side by side: what the pair rules L04, L05, L06, L09 and E10 look at."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from allocator.terms.view import Terms
from models.base import Known
from models.entities import History, Offer, Statutory, TeamKey
from models.policy import Policy

Guarantee = Literal["statutory", "not_known", "not_statutory"]
"""What a placement is worth to the statutory guarantee, by the test that counts."""


class Placement(NamedTuple):
    """One placement of a student, in this plan or in history. Blank areas, setting: not recorded.

    ``sides``: the directorates of its areas, with ``""`` where one is not known (or no area is).
    ``partner_authority``: whether it is in an agency that is a member and of kind authority; ``shared``: of what an
    intern's other placement has one too (authorities, or the agency: by policy), None where nobody has said;
    ``in_plan``: at an offer, of which everything is said; ``sites``: then its teams, those of spokes too.
    """

    agency: str | None
    team: str | None
    areas: frozenset[str]
    sides: frozenset[str]
    setting: str | None
    guarantee: Guarantee
    partner_authority: Known
    shared: frozenset[str] | None
    in_plan: bool
    start: date | None = None
    end: date | None = None
    locked: bool = False
    sites: frozenset[TeamKey] = frozenset()

    @property
    def anywhere(self) -> "Placement":
        """The same in no particular team: all that matters where teams are not compared."""
        return self._replace(agency=None, team=None, sites=frozenset())


def guarantee_of(row: Offer | History, policy: Policy) -> Guarantee:
    """By the test that counts; by equivalence is statutory (S5.5)."""
    answer: Statutory = row.statutory_regulator if policy.statutory_test == "regulator" else row.statutory_dfe
    if answer == "not_known":
        return "not_known"
    return "not_statutory" if answer == "no" else "statutory"


def is_statutory(row: Offer | History, policy: Policy) -> bool:
    """What the aims count: not known is not (S6.2)."""
    return guarantee_of(row, policy) == "statutory"


def rests_on_an_answer(first: Guarantee | None, final: Guarantee, least: int) -> bool:
    """Whether the guarantee of two placements (None: not recorded) is kept only if an answer turns out to be yes.

    ``least``: how many of them have to be statutory.
    """
    if least != 1:
        return least == 2 and not {None, "not_known"}.isdisjoint((first, final))
    return "statutory" not in (first, final) and "not_known" in (first, final)


def sides_of(terms: Terms, areas: Iterable[str]) -> frozenset[str]:
    """The directorates of some areas (S5.6); ``""`` for those of which it is not known, and for none at all."""
    return frozenset(terms.directorate_of.get(area, "") for area in areas) or frozenset(("",))


def partner_authority(terms: Terms, agency: str | None) -> Known:
    """Whether an agency is a member of the partnership and of kind authority (S5.9); one that no sheet lists may be."""
    listed = terms.dataset.agency_by_id.get(agency or "")
    if listed is None:
        return "not_known"
    answers: list[Known] = ["yes" if listed.membership != "outside" else "no"]
    if "membership" in listed.not_known:
        answers = ["not_known"]
    answers.append("not_known" if listed.kind is None else "yes" if listed.kind == "authority" else "no")
    return "no" if "no" in answers else "not_known" if "not_known" in answers else "yes"


def of_offer(
    terms: Terms, offer: Offer, start: date | None = None, end: date | None = None, *, locked: bool
) -> Placement:
    """The placement that a match at this offer would be, or is."""
    shared: frozenset[str] | None = frozenset(offer.authorities)
    if terms.policy.intern_pair == "agency":
        shared = frozenset((offer.agency,))
    elif not offer.authorities and "authorities" in offer.not_known:
        shared = None
    return Placement(
        offer.agency, offer.team, frozenset(offer.areas), sides_of(terms, offer.areas), offer.setting,
        guarantee_of(offer, terms.policy),
        partner_authority(terms, offer.agency), shared, True, start, end, locked, frozenset(offer.sites),
    )  # fmt: skip


def of_recorded(terms: Terms, row: History | Offer) -> Placement:
    """The first that a student had, or has where it still runs. Its days are asked of everything that runs (L06)."""
    if isinstance(row, Offer):
        return of_offer(terms, row, locked=False)
    shared = frozenset(row.authorities)
    if terms.policy.intern_pair == "agency":
        shared = frozenset(a for a in (row.agency,) if a in terms.dataset.agency_by_id)
    return Placement(
        row.agency, row.team, frozenset(row.areas), sides_of(terms, row.areas), row.setting,
        guarantee_of(row, terms.policy),
        partner_authority(terms, row.agency), shared or None, False,
    )  # fmt: skip
