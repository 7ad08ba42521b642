"""The limit on two students: together or apart, as a decision says (L12, SEMANTICS S5.13).

For two students and every match c of the one: (x of c's request at c's offer) + (x of the other's matches that may not
go with it) <= 1. A match that is there anyway (kept, or running since a round before) forbids them: they are 0.
"""

from allocator.reference.columns import Column
from allocator.reference.dates import Window
from allocator.reference.facts import Facts
from allocator.reference.model import Model
from allocator.reference.travel import one_way
from models.decisions import Decision
from models.entities import Offer


def l12_together_and_apart(model: Model) -> None:
    """Rows for every decision and every two requests of its students."""
    for decision in (*model.facts.decisions("together"), *model.facts.decisions("apart")):
        for one, other in ((decision.student, decision.other), (decision.other, decision.student)):
            _beside_running(model, decision, one or "", other or "")
        for request in model.facts.live_by_student.get(decision.student or "", {}).values():
            for beside in model.facts.live_by_student.get(decision.other or "", {}).values():
                _two_requests(model, decision, model.by_request[request.request], model.by_request[beside.request])


def _two_requests(model: Model, decision: Decision, ones: list[Column], others: list[Column]) -> None:
    if all(c.kept for c in (*ones, *others)):
        return
    at_offer: dict[str, list[Column]] = {}
    for column in ones:
        at_offer.setdefault(column.offer.offer, []).append(column)
    for offer, here in at_offer.items():
        place, window = here[0].offer, here[0].window
        bad = [c for c in others if _may_not(model.facts, decision, (place, window), (c.offer, c.window))]
        if bad:
            model.require("L12", f"{decision.id}_{offer}", model.total(here) + model.total(bad) <= 1)


def _beside_running(model: Model, decision: Decision, student: str, other: str) -> None:
    """Nothing new of a student that may not go with what of the other still runs."""
    data = model.facts.dataset
    for row, window in model.facts.running:
        request, offer = data.request_by_id.get(row.request), data.offer_by_id.get(row.offer)
        if request is None or offer is None or request.student != other:
            continue
        for live in model.facts.live_by_student.get(student, {}).values():
            new = [c for c in model.by_request[live.request] if not c.kept]
            bad = [c for c in new if _may_not(model.facts, decision, (c.offer, c.window), (offer, window))]
            model.require("L12", f"{decision.id}_beside_{row.request}", model.total(bad) <= 0)


def _may_not(facts: Facts, decision: Decision, one: tuple[Offer, Window], other: tuple[Offer, Window]) -> bool:
    """Whether two placements, each with its days, break the decision."""
    (here, days), (there, other_days) = one, other
    if max(days.start, other_days.start) > min(days.end, other_days.end):
        return False
    if decision.decision == "apart":
        if decision.value == "team":
            return not {*here.sites}.isdisjoint(there.sites)
        return not {agency for agency, _ in here.sites}.isdisjoint(agency for agency, _ in there.sites)
    if here.agency == there.agency:
        return False
    if decision.value is None:
        return True
    minutes = _between(facts, here.place, there.place)
    return minutes is not None and minutes > int(decision.value)


def _between(facts: Facts, place: str | None, other: str | None) -> int | None:
    """Minutes by car between two places, the longer of both ways; none within one place, None where not known."""
    if place is not None and place == other:
        return 0
    ways = one_way(facts, place, "car", other).minutes, one_way(facts, other, "car", place).minutes
    known = [minutes for minutes in ways if minutes is not None]
    return max(known, default=None)
