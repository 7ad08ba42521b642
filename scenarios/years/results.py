"""How the placements of a year end: who passes, who does not, who had none."""

from typing import Literal, NamedTuple

from allocator.views.facts import Facts
from models.base import natural_key
from models.entities import Request
from models.plan import Match
from models.statuses import FACTS
from scenarios.edits.changing import Drawing, share_of
from scenarios.years.lines import Lines
from scenarios.years.rates import Rates

SCENARIO = "years"
READY, PASS, LEAVE, ON, ADMIT, LIKE, FINALS = "ready", "pass", "leave", "on", "admit", "like", "finals"
"""What is drawn, so that no draw depends on another."""


class Ended(NamedTuple):
    """A request of a year with what came of it; ``match`` is None where an employer found the placement."""

    request: Request
    outcome: Literal["passed", "failed", "not placed", "not begun"]
    match: Match | None = None


def drawing(seed: int, year: int, what: str) -> Drawing:
    """Chance of a year, for one kind of thing."""
    return Drawing(SCENARIO, seed, year, what)


def asked_in(facts: Facts, lines: Lines, year: int) -> tuple[Request, ...]:
    """The requests of a year's rounds, of several attempts the last, of students who have not withdrawn."""
    dataset = facts.dataset
    last: dict[tuple[str, str], Request] = {}
    for request in dataset.requests:
        here = lines.of(request.tranche).offset == year and not dataset.student_by_id[request.student].withdrawn
        if here and dataset.tranche_by_id[request.tranche].status != "past":
            before = last.setdefault((request.student, request.stage), request)
            if request.attempt > before.attempt:
                last[request.student, request.stage] = request
    return tuple(sorted(last.values(), key=lambda r: natural_key(r.request)))


def match_of(facts: Facts, request: Request) -> Match | None:
    """Where a request is placed: by the plan, or as is published of what is over."""
    row = facts.dataset.published_by_request.get(request.request)
    if row is not None and row.standing == "over" and row.status in FACTS:
        return Match(request=row.request, offer=row.offer, pe=row.pe, start=row.start, end=row.end)
    return facts.match_of.get(request.request)


def results_of(facts: Facts, lines: Lines, year: int, rates: Rates, seed: int) -> dict[str, Ended]:
    """What comes of every request of a year, by id.

    Of the placements of each stage so many percent are passed, by seeded choice. A final of who has no passed first is
    not begun. Placements that employers found are passed.
    """
    asked = asked_in(facts, lines, year)
    found: dict[str, Ended] = {}
    firsts: dict[str, Ended] = {}
    for stage in ("first", "final"):
        placed: dict[str, Match] = {}
        for request in (r for r in asked if r.stage == stage):
            first, match = firsts.get(request.student), match_of(facts, request)
            if stage == "final" and first is not None and first.outcome != "passed":
                found[request.request] = Ended(request, "not begun", match)
            elif request.found_by == "employer":
                found[request.request] = Ended(request, "passed")
            elif match is None:
                found[request.request] = Ended(request, "not placed")
            else:
                placed[request.request] = match
        chance = drawing(seed, year, PASS).chance
        order = sorted(placed, key=lambda name: (chance(name), name))
        failed = set(order[: share_of(len(order), 100 - rates.passed)])
        for request in (r for r in asked if r.request in placed):
            outcome: Literal["passed", "failed"] = "failed" if request.request in failed else "passed"
            found[request.request] = Ended(request, outcome, placed[request.request])
        if stage == "first":
            firsts = {e.request.student: e for e in found.values()}
    return found
