"""The limits on a student's two placements: E10 in the plan, L04, L05, L06 and L09.

They bind where first and final are both placed, or the first is history or still runs, and not where both are kept
(SEMANTICS S5.4). A final at offer g and a first at offer f that may not stand together give, for every f,
(sum of x over the first at f) + (sum of x over every such g) <= 1; a request has one match, so both terms are 0 or 1.
"""

from collections.abc import Callable, Iterator

from allocator.reference.columns import Column
from allocator.reference.facts import Facts, is_locked, overlap
from allocator.reference.model import Model
from models.entities import History, Offer, Request

Placement = Offer | History


def e10_not_the_same_team(model: Model) -> None:
    """First and final of one student have no team in common, spokes' teams counted (S3.10)."""
    _not_together(model, "E10", lambda f, g: bool(set(f.offer.sites) & set(g.offer.sites)))


def l04_statutory_guarantee(model: Model) -> None:
    """One of two: not both are said not to be statutory; without a recorded first, not the final (S5.5).

    Two of two: no new match is said not to be, whatever the other placement is.
    """
    facts = model.facts

    def asked(request: Request, number: int) -> bool:
        return facts.statutory_least(request) == number

    def is_not(column: Column) -> bool:
        return facts.is_not_statutory(column.offer)

    _not_together(model, "L04", lambda f, g: asked(g.request, 1) and is_not(f) and is_not(g))
    for student, finals in _finals_without_live_first(model):
        first = facts.recorded_first(student)
        if first is None or facts.is_not_statutory(first):
            bad = [c for c in finals if asked(c.request, 1) and is_not(c)]
            model.require("L04", f"history_{student}", model.total(bad) <= 0)
    for request in facts.live:
        bad = [c for c in model.by_request[request.request] if asked(request, 2) and not c.kept and is_not(c)]
        model.require("L04", f"alone_{request.request}", model.total(bad) <= 0)


def l05_contrast(model: Model) -> None:
    """The final has an area that the first had not, or another setting, as the policy asks (S5.6)."""
    facts = model.facts
    _not_together(model, "L05", lambda f, g: not contrasts(facts, f.offer, g.offer, g.request))
    for student, finals in _finals_without_live_first(model):
        first = facts.recorded_first(student)
        if first is not None:
            bad = [c for c in finals if not contrasts(facts, first, c.offer, c.request)]
            model.require("L05", f"history_{student}", model.total(bad) <= 0)


def l06_first_before_final(model: Model) -> None:
    """A new final only with its live first: final <= first; and start(final) > end(first), running or not (S5.4)."""
    for student, first, final in _students_with_two(model):
        if final.request not in model.facts.kept:
            model.require(
                "L06", f"with_first_{student}", model.placed(final.request) - model.placed(first.request) <= 0
            )
    _not_together(model, "L06", lambda f, g: g.window.start <= f.window.end)
    for row, window in model.facts.running:
        earlier = model.facts.dataset.request_by_id.get(row.request)
        if earlier is None or earlier.stage != "first":
            continue
        later = model.facts.live_by_student.get(earlier.student, {}).get("final")
        if later is not None:
            too_soon = [c for c in model.by_request[later.request] if not c.kept and c.window.start <= window.end]
            model.require("L06", f"after_running_{row.request}", model.total(too_soon) <= 0)


def l09_intern_authority(model: Model) -> None:
    """An intern's new matches are with partner authorities, and first and final with one and the same (S5.9).

    A History row without authorities, or of an agency that no sheet lists, has not recorded them; an offer without
    has none, unless that is not known.
    """
    facts, same_agency = model.facts, model.facts.policy.intern_pair == "agency"

    def silent(place: Placement) -> bool:
        if same_agency:
            return place.agency not in facts.dataset.agency_by_id
        return not place.authorities and (isinstance(place, History) or "authorities" in place.not_known)

    def apart(first: Placement, final: Offer) -> bool:
        if facts.is_no_partner_authority(first.agency) or facts.is_no_partner_authority(final.agency):
            return True
        if silent(first) or silent(final):
            return False
        return first.agency != final.agency if same_agency else not overlap(first.authorities, final.authorities)

    def is_intern(request: Request) -> bool:
        return facts.student(request).scheme == "intern"

    for request in filter(is_intern, facts.live):
        outside = [
            c for c in model.by_request[request.request]
            if not c.kept and facts.is_no_partner_authority(c.offer.agency)
        ]  # fmt: skip
        model.require("L09", f"alone_{request.request}", model.total(outside) <= 0)
    _not_together(model, "L09", lambda f, g: is_intern(g.request) and apart(f.offer, g.offer))
    for student, finals in _finals_without_live_first(model):
        first = facts.recorded_first(student)
        if first is not None:
            bad = [c for c in finals if is_intern(c.request) and apart(first, c.offer)]
            model.require("L09", f"history_{student}", model.total(bad) <= 0)


def contrasts(facts: Facts, first: Placement, final: Offer, request: Request) -> bool:
    """Whether a final contrasts with a first by policy.contrast, or for a locked request by another team (S5.6)."""
    new_area = not first.areas or bool(set(final.areas) - set(first.areas))
    known = first.setting is not None and final.setting is not None
    other_setting = known and first.setting != final.setting
    by_setting = other_setting or not known
    enough = {
        "any": new_area or by_setting,
        "area": new_area,
        "setting": by_setting,
        "directorate": facts.may_be_other_directorate(first, final),
        "both": new_area and by_setting,
    }[facts.policy.contrast]
    another_team = first.team is not None and (first.agency, first.team) != (final.agency, final.team)
    return enough or (facts.policy.locked_contrast_by_team and is_locked(request) and another_team)


def _students_with_two(model: Model) -> Iterator[tuple[str, Request, Request]]:
    """Students with a live first and a live final."""
    for student, requests in model.facts.live_by_student.items():
        if len(requests) == 2:
            yield student, requests["first"], requests["final"]


def _finals_without_live_first(model: Model) -> Iterator[tuple[str, list[Column]]]:
    """New finals, by student, whose first is history, still runs or is not recorded."""
    for student, requests in model.facts.live_by_student.items():
        if "first" not in requests:
            yield student, [c for c in model.by_request[requests["final"].request] if not c.kept]


def _not_together(model: Model, rule: str, clash: Callable[[Column, Column], bool]) -> None:
    """Forbid a first and a final of one student for which ``clash`` is true, unless both are kept."""
    for student, first, final in _students_with_two(model):
        if first.request in model.facts.kept and final.request in model.facts.kept:
            continue
        at_offer: dict[str, list[Column]] = {}
        for column in model.by_request[first.request]:
            at_offer.setdefault(column.offer.offer, []).append(column)
        for offer, firsts in at_offer.items():
            bad = [c for c in model.by_request[final.request] if clash(firsts[0], c)]
            if bad:
                model.require(rule, f"{student}_{offer}", model.total(firsts) + model.total(bad) <= 1)
