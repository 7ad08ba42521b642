"""What changed since the last version: against the plan before, else against what is published."""

from typing import NamedTuple

from allocator.views.facts import Facts
from allocator.views.words import educator_name
from models.base import natural_key
from models.plan import Plan


class Change(NamedTuple):
    """One request whose match is not what it was; ``short`` is the change for one cell."""

    request: str
    kind: str
    before: str
    now: str
    short: str


def last_version(facts: Facts, previous: Plan | None) -> tuple[str, dict[str, tuple[str, str | None]] | None]:
    """What the plan is compared with, and its (offer, PE) by request; None when this is the first version.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    previous
        The plan of the run before; None compares with the published plan.
    """
    if previous is not None:
        return "the run before", {m.request: (m.offer, m.pe) for m in previous.matches}
    rows = {p.request: (p.offer, p.pe) for p in facts.dataset.published if p.standing != "over"}
    return ("the published plan", rows) if rows else ("nothing: this is the first version", None)


def changes(facts: Facts, previous: Plan | None) -> tuple[str, list[Change]]:
    """Requests whose place or PE is not what it was, sorted by request id.

    Returns
    -------
    tuple of str and list of Change
        What the plan is compared with, and the changes.
    """
    name, before = last_version(facts, previous)
    if before is None or facts.plan.clash is not None:
        return name, []
    now = {m.request: (m.offer, m.pe) for m in facts.plan.matches}
    result = []
    for request in sorted(set(before) | set(now), key=natural_key):
        was, is_ = before.get(request), now.get(request)
        if was == is_ or (was and is_ and was == (is_[0], None)):  # a version without PEs says nothing about them
            continue
        kind = _kind(was, is_)
        short = f"{kind}: {_ids(was)} → {_ids(is_)}"
        result.append(Change(request, kind, _where(facts, was), _where(facts, is_), short))
    return name, result


def _kind(was: tuple[str, str | None] | None, is_: tuple[str, str | None] | None) -> str:
    if was is None:
        return "newly placed"
    if is_ is None:
        return "no longer placed"
    return "other place" if was[0] != is_[0] else "other PE"


def _ids(match: tuple[str, str | None] | None) -> str:
    if match is None:
        return "none"
    return match[0] + (f" {_educator(match[1])}" if match[1] else "")


def _educator(pe: str) -> str:
    name = educator_name(pe)
    return f"PE {name}" if name.startswith("to be named") else name


def _where(facts: Facts, match: tuple[str, str | None] | None) -> str:
    if match is None:
        return "not placed"
    offer = facts.offers.get(match[0])
    place = f"{facts.agency_name(offer.agency)}, {offer.team} ({offer.offer})" if offer else match[0]
    return place + (f", {_educator(match[1])}" if match[1] else "")
