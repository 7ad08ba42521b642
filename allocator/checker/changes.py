"""What a plan changes of the plan now in force (SEMANTICS S6.3)."""

from allocator.checker.educator_rules import pair_rules_with_anybody, triple_rules
from allocator.checker.facts import Facts
from allocator.checker.placements import Fix, Placement
from models.entities import Published


def _freed_by_fix(row: Published, fix: Fix | None, pe: str | None) -> bool:
    """Whether a fix decided something else than the published offer (and PE): then a person moved it, not the plan."""
    if fix is None:
        return False
    if fix.broken or fix.decision.offer != row.offer:
        return True
    return pe is not None and fix.decision.pe not in (None, pe)


def moved_requests(facts: Facts, placements: dict[str, Placement], fixes: dict[str, Fix]) -> tuple[str, ...]:
    """Requests in force that are now unplaced or at another offer, though their pair is still eligible.

    Parameters
    ----------
    facts
        Dataset and policy.
    placements
        What the plan places, by request.
    fixes
        Fixes by request: a fix elsewhere frees a request, and so does one that is set aside.

    Returns
    -------
    tuple of str
        Request ids, in the order of the published rows.
    """
    moved: list[str] = []
    for row in facts.dataset.published:
        request = facts.live.get(row.request)
        offer = facts.dataset.offer_by_id.get(row.offer)
        if row.standing != "in_force" or request is None or offer is None:
            continue
        placed = placements.get(row.request)
        if placed is not None and placed.offer.offer == row.offer:
            continue
        # A request that reading set aside cannot be placed at all: data freed it, not the plan.
        freed = request.set_aside is not None or _freed_by_fix(row, fixes.get(row.request), None)
        if not freed and not pair_rules_with_anybody(facts, request, offer):
            moved.append(row.request)
    return tuple(moved)


def let_go(facts: Facts, placements: dict[str, Placement]) -> tuple[str, ...]:
    """Requests whose published match was no fact, and which the plan does not hold where it was, whatever for."""
    there = {name: placed.offer.offer for name, placed in placements.items()}
    return tuple(
        row.request
        for row in facts.dataset.published
        if row.standing not in ("kept", "over") and there.get(row.request) != row.offer
    )


def other_educators(facts: Facts, placements: dict[str, Placement], fixes: dict[str, Fix]) -> tuple[str, ...]:
    """Requests in force that keep their offer and have another PE, though the published one is still eligible."""
    changed: list[str] = []
    for row in facts.dataset.published:
        placed = placements.get(row.request)
        if row.standing != "in_force" or placed is None or placed.offer.offer != row.offer:
            continue
        if row.pe not in facts.dataset.educator_by_id or placed.match.pe in (None, row.pe) or row.pe is None:
            continue
        freed = _freed_by_fix(row, fixes.get(row.request), row.pe)
        if not freed and not triple_rules(facts, placed.request, placed.offer, row.pe):
            changed.append(row.request)
    return tuple(changed)
