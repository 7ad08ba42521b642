"""S5.13: two students whom a decision puts together or keeps apart, as one judgement of a whole plan for each."""

from collections.abc import Sequence
from datetime import date

from models.decisions import Decision
from models.entities import Offer
from tests.brute_force.candidates import Candidate
from tests.brute_force.case import Case
from tests.brute_force.offers import drive

Where = tuple[Offer, date, date, bool]
"""A place, first and last day, and whether it is a fact that no plan changes."""


def decided(case: Case) -> list[Decision]:
    """The decisions of both kinds."""
    return [*case.decisions("together"), *case.decisions("apart")]


def goes_well(case: Case, decision: Decision, plan: Sequence[Candidate]) -> bool:
    """Whether no two placements that share a day break the decision, facts beside facts left out."""
    for here, first, last, is_fact in _where(case, plan, decision.student):
        for there, other_first, other_last, other_is_fact in _where(case, plan, decision.other):
            share_a_day = max(first, other_first) <= min(last, other_last)
            if share_a_day and not (is_fact and other_is_fact) and not _allowed(case, decision, here, there):
                return False
    return True


def _where(case: Case, plan: Sequence[Candidate], student: str | None) -> list[Where]:
    found = [(m.offer, m.start, m.end, m.kept) for m in plan if m.request.student == student]
    for row, first, last in case.running:
        request, offer = case.dataset.request_by_id.get(row.request), case.dataset.offer_by_id.get(row.offer)
        if request is not None and offer is not None and request.student == student:
            found.append((offer, first, last, True))
    return found


def _allowed(case: Case, decision: Decision, here: Offer, there: Offer) -> bool:
    one_agency = here.agency == there.agency
    if decision.decision == "apart":
        teams, others = ({(o.agency, o.team)} | {(s.agency, s.team) for s in o.spokes} for o in (here, there))
        if decision.value == "team":
            return not teams & others
        return not any(host == other for host, _ in teams for other, _ in others)
    if one_agency or decision.value is None:
        return one_agency
    if here.place is not None and here.place == there.place:
        return True
    ways = [drive(case, *way, "car")[0] for way in ((here.place, there.place), (there.place, here.place))]
    return all(minutes is None or minutes <= int(decision.value) for minutes in ways)
