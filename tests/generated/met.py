"""Which rarer facts a generated partnership has: an agreement run prints how many datasets met each."""

from collections.abc import Callable

from models.dataset import Dataset
from models.policy import Policy
from tests.brute_force import educators, offers, shares
from tests.brute_force.case import Case
from tests.brute_force.guarantees import least_of, may_host_interns


def met(dataset: Dataset, policy: Policy) -> frozenset[str]:
    """Names of the facts that a dataset and its policy have; each is one that a rule turns on."""
    case = Case(dataset, policy)
    return frozenset(name for name, there in FACTS.items() if there(case))


def _from_after_to(case: Case) -> bool:
    pairs = [(c.first_day, c.last_day) for c in case.dataset.commitments if c.agency is not None]
    return bool(shares.ranges(case)) and any(since and until and until < since for since, until in pairs)


def _hosted(case: Case, by_employer: bool) -> bool:
    """Whether an agency with a range has a placement outside the plan, found by an employer or one that is over."""
    found = {r.request for r in case.dataset.requests if r.found_by == "employer"}
    accounts = set(shares.ranges(case))
    return any(
        (agency, year) in accounts and (name in found) == by_employer
        for name, (year, agency) in shares.besides(case).items()
    )


def _in_year(case: Case) -> bool:
    hosts = {o.offer: o.agency for o in case.dataset.offers}
    numbered = {
        a.agency for a in case.dataset.agencies if a.minimum_in_year is not None or a.maximum_in_year is not None
    }
    return any(start is not None and hosts.get(row.offer) in numbered for row, start in case.past)


def _qualifying(case: Case) -> bool:
    """Whether a PE of an offer is on the day of a start something else than the row says."""
    pairs = ((r, o) for r in case.live.values() for o in case.dataset.offers if o.tranche == r.tranche)
    return any(
        who.is_on(case.window(request, offer)[0]) != who.qualification
        for request, offer in pairs
        for who in educators.supervisors(case, offer)
    )


def _fractions(case: Case) -> bool:
    """Whether a load or what is taken off is a fraction where somebody may be placed."""
    numbers = [e.load for e in case.dataset.educators] + [c.number for c in case.dataset.commitments]
    return any(number % 1 for number in numbers)


def _closed(case: Case) -> bool:
    """Whether an agency alone is closed on a day of a window that it hosts."""
    pairs = ((r, o) for r in case.live.values() for o in case.dataset.offers if o.tranche == r.tranche)
    spans = ((offer.agency, case.window(request, offer)) for request, offer in pairs)
    return any(start <= day <= end for agency, (start, end) in spans for day in case.shut(agency))


def _asked(case: Case, number: int) -> bool:
    return any(least_of(case, request) == number for request in case.live.values())


def _interns(case: Case) -> bool:
    return any(case.student(request).scheme == "intern" for request in case.live.values())


def _found_as(case: Case, word: str) -> bool:
    """Whether the policy's word lets other people be found for an offer than another of its words does."""
    if case.policy.educators_to_be_found != word:
        return False
    other = case.policy.model_copy(update={"educators_to_be_found": "never" if word != "never" else "always"})
    otherwise = Case(case.dataset, other)
    return any(educators.supervisors(case, o) != educators.supervisors(otherwise, o) for o in case.dataset.offers)


def _left_out(case: Case) -> set[bool]:
    """Of the live requests, whether their programme is left out: both, where some are and some are not."""
    return {case.student(r).programme in case.policy.programmes_left_out for r in case.live.values()}


def _barred_by_spokes(case: Case, *rules: str) -> bool:
    """Whether one of these rules bars an offer for its spokes alone."""
    return any(
        offers.barred_by(case, request, offer)
        .difference(offers.barred_by(case, request, offer.model_copy(update={"spokes": ()})))
        .intersection(rules)
        for request in case.live.values()
        for offer in case.dataset.offers
        if offer.spokes and offer.tranche == request.tranche
    )


def _held(case: Case, *, for_somebody: bool) -> bool:
    """Whether a place is held where the offer has one, for a request or for none."""
    places = {o.offer: o.capacity for o in case.dataset.offers}
    return any((d.request is not None) == for_somebody and places[d.offer or ""] for d in case.decisions("hold"))


FACTS: dict[str, Callable[[Case], bool]] = {
    "E11 qualifies by the start": _qualifying,
    "L02, L03 fractions": _fractions,
    "L02 places held for a request": lambda case: _held(case, for_somebody=True),
    "L02 places held for nobody yet": lambda case: _held(case, for_somebody=False),
    "closed days of an agency": _closed,
    "L04 asks for none": lambda case: _asked(case, 0),
    "L04 asks for both": lambda case: _asked(case, 2),
    "two_statutory by groups": lambda case: bool(case.policy.two_statutory_for and case.live),
    "L05 by directorate": lambda case: case.policy.contrast == "directorate",
    "L09 an intern beside agencies that are no partner authority": lambda case: (
        _interns(case) and not all(may_host_interns(case, o.agency) for o in case.dataset.offers)
    ),
    "L09 an intern, by agency": lambda case: _interns(case) and case.policy.intern_pair == "agency",
    "spokes": lambda case: any(o.spokes for o in case.dataset.offers),
    "spokes bar by E01": lambda case: _barred_by_spokes(case, "E01"),
    "spokes bar by E04": lambda case: _barred_by_spokes(case, "E04"),
    "spokes bar by E05, E06 or E10": lambda case: _barred_by_spokes(case, "E05", "E06", "E10"),
    "spokes bar by E13, E16 or E20": lambda case: _barred_by_spokes(case, "E13", "E16", "E20"),
    "L07 counts outside": lambda case: "outside" in case.policy.independent_counts,
    "L07 counts off_site": lambda case: "off_site" in case.policy.independent_counts,
    "L08 placements that are over": lambda case: _hosted(case, by_employer=False),
    "L08 placements that employers found": lambda case: _hosted(case, by_employer=True),
    "L08 two years": lambda case: len({year for _, year in shares.ranges(case)}) > 1,
    "L08 commitment from after to": _from_after_to,
    "L10 placements that are over": _in_year,
    "E19 no PE to be found where one might be": lambda case: _found_as(case, "never"),
    "E19 a PE to be found where none is listed": lambda case: _found_as(case, "where_none_listed"),
    "E19 a PE to be found always": lambda case: _found_as(case, "always"),
    "programmes left out": lambda case: True in _left_out(case),
    "programmes left out beside others": lambda case: len(_left_out(case)) > 1,
}
