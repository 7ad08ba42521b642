"""Two students whom a decision puts together or keeps apart (L12, SEMANTICS S5.13)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from allocator.checker.facts import Facts
from allocator.checker.findings import Findings
from allocator.checker.placements import Placement
from allocator.checker.travel import trip
from allocator.checker.working_days import Window
from models.decisions import Decision
from models.entities import Offer


class Stay(NamedTuple):
    """A placement of a student; ``new``: the plan could do without it."""

    request: str
    offer: Offer
    window: Window
    new: bool


def l12_together_and_apart(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Every decision ``together`` and ``apart``, with all placements of its two students."""
    for decision in facts.dataset.decisions:
        if decision.decision in ("together", "apart"):
            judge_company(facts, decision, placements, findings)


def judge_company(facts: Facts, decision: Decision, placements: Iterable[Placement], findings: Findings) -> None:
    """One decision; two placements that are there anyway are listed."""
    placements = list(placements)
    for one in _stays(facts, decision.student or "", placements):
        for other in _stays(facts, decision.other or "", placements):
            last = min(one.window.end, other.window.end)
            if last < one.window.start or last < other.window.start:  # a window may hold no day (published dates)
                continue
            detail, amount, limit = _broken(facts, decision, one.offer, other.offer)
            if detail:
                subjects = (one.request, other.request, decision.id)
                findings.add("L12", subjects, detail, amount, limit, kept=not (one.new or other.new))


def _stays(facts: Facts, student: str, placements: list[Placement]) -> Iterator[Stay]:
    for p in placements:
        if p.student.student == student:
            yield Stay(p.request.request, p.offer, p.window, not p.kept)
    for request, running in facts.running_by_student.get(student, ()):
        if running.offer is not None:
            yield Stay(request.request, running.offer, running.window, new=False)


def _broken(facts: Facts, decision: Decision, one: Offer, other: Offer) -> tuple[str, int | None, int | None]:
    """What is wrong with two places at once, and minutes found and allowed; no words where nothing is."""
    if decision.decision == "apart":
        for agency, team in one.sites:
            if decision.value == "team" and (agency, team) in other.sites:
                return f"both are in team {team} of {agency}", None, None
            if decision.value != "team" and any(agency == host for host, _ in other.sites):
                return f"both are in agency {agency}", None, None
        return "", None, None
    if one.agency == other.agency:
        return "", None, None
    places = f"one is in {one.agency}, the other in {other.agency}"
    if decision.value is None:
        return places, None, None
    between, most = minutes_between(facts, one, other), int(decision.value)
    if between is None or between <= most:
        return "", None, None
    return f"{places}, {between} minutes apart, limit {most}", between, most


def minutes_between(facts: Facts, one: Offer, other: Offer) -> int | None:
    """Minutes by car between the places of two offers: 0 within one place, else the longer way; None: not known."""
    if one.place == other.place:
        return None if one.place is None else 0
    there, back = trip(facts, one.place, other.place, "car"), trip(facts, other.place, one.place, "car")
    if there.minutes is None or back.minutes is None:
        return None
    return max(there.minutes, back.minutes)
