"""What a student's two placements owe: statutory ones, contrast, and for an intern one authority (SEMANTICS S5.4 to S5.9)."""

from collections.abc import Sequence

from models.entities import History, Offer, Request, Statutory
from models.policy import Policy
from tests.brute_force.candidates import Candidate
from tests.brute_force.case import Case
from tests.brute_force.offers import has_lock

STATUTORY = ("yes", "by_equivalence")


def flag(row: History | Offer | Candidate, policy: Policy) -> Statutory:
    """S5.5: the flag that the policy names."""
    facts = row.offer if isinstance(row, Candidate) else row
    return facts.statutory_regulator if policy.statutory_test == "regulator" else facts.statutory_dfe


def statutory(row: History | Offer | Candidate, policy: Policy) -> bool:
    """S5.5: whether a placement counts as statutory by the test that the policy names."""
    return flag(row, policy) in STATUTORY


def least_of(case: Case, request: Request) -> int:
    """S5.5: how many of the two have to be statutory."""
    return case.policy.statutory_least.get(case.student(request).programme, 1)


def guaranteed(rows: Sequence[History | Offer | Candidate], policy: Policy, least: int) -> bool:
    """S5.5: where one is asked for, some placement is statutory, or its flag is not known."""
    return least != 1 or any(flag(row, policy) != "no" for row in rows)


def _may_differ(case: Case, before: Sequence[str], after: Sequence[str]) -> bool:
    """S5.6: areas that are not all known to be of one directorate, the same before and after."""
    meaning = {w.word: w.meaning or "" for w in case.dataset.words if w.list == "areas"}
    known = [[meaning.get(area, "") for area in areas] for areas in (before, after)]
    return [set(sides) for sides in known] not in ([{"adults"}] * 2, [{"children"}] * 2)


def contrasts(case: Case, first: History | Offer | Candidate, final: Candidate) -> bool:
    """S5.6."""
    policy = case.policy
    before = first.offer if isinstance(first, Candidate) else first
    here = final.offer
    by_team = policy.locked_contrast_by_team and has_lock(final.request) and before.team is not None
    if by_team and (before.agency, before.team) != (here.agency, here.team):
        return True
    new_area = not before.areas or bool(set(here.areas) - set(before.areas))
    known = before.setting is not None and here.setting is not None
    other_setting = known and before.setting != here.setting
    setting = other_setting or not known
    if policy.contrast == "directorate":
        return _may_differ(case, before.areas, here.areas)
    return {"any": new_area or setting, "area": new_area, "setting": setting, "both": new_area and setting}[
        policy.contrast
    ]


def may_host_interns(case: Case, name: str | None) -> bool:
    """S5.9: a member of kind authority, as far as anybody has said."""
    host = case.dataset.agency_by_id.get(name or "")
    if host is None:
        return True
    member = host.membership in ("primary", "secondary") or "membership" in host.not_known
    return member and (host.kind or "authority") == "authority"


def with_one_authority(case: Case, first: History | Offer | Candidate, final: Candidate) -> bool:
    """S5.9."""
    before = first.offer if isinstance(first, Candidate) else first
    if not (may_host_interns(case, before.agency) and may_host_interns(case, final.offer.agency)):
        return False
    if case.policy.intern_pair == "agency":
        return before.agency == final.offer.agency or before.agency not in case.dataset.agency_by_id
    if isinstance(before, History) and not before.authorities:
        return True
    places = [p for p in (before, final.offer) if not isinstance(p, History)]
    if any(p.authorities == () and "authorities" in p.not_known for p in places):
        return True  # what nobody has said may be so
    return bool(set(before.authorities) & set(final.offer.authorities))
