"""Capacities, loads, independents, ranges, minimums and moved matches (SEMANTICS S5): a function per rule, one list."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from allocator.checker.changes import moved_requests
from allocator.checker.educator_rules import Supervision
from allocator.checker.facts import Facts
from allocator.checker.fair_share import ranges
from allocator.checker.findings import Findings
from allocator.checker.limits import Counted, judge_daily, judge_total
from allocator.checker.placements import Placement, fixes
from allocator.checker.working_days import academic_year
from models.entities import Published

Key = TypeVar("Key", bound=Hashable)


def _grouped(placements: Iterable[Placement], key: Callable[[Placement], Key]) -> dict[Key, list[Counted]]:
    """Placements by key, each with whether it is new."""
    groups: defaultdict[Key, list[Counted]] = defaultdict(list)
    for p in placements:
        groups[key(p)].append((p, not p.kept))
    return dict(groups)


def l02_capacity(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Capacity of offers; teams' and agencies' maximum at once, commitments taken off (S5.2)."""
    for name, counted in _grouped(placements, lambda p: p.offer.offer).items():
        judge_total("L02", name, f"offer {name}", facts.dataset.offer_by_id[name].capacity, counted, findings)
    for key, counted in _grouped(placements, lambda p: (p.offer.agency, p.offer.team)).items():
        team = facts.dataset.team_by_key.get(key)
        if team is not None and team.maximum_at_once is not None:
            what = f"team {key[1]} of {key[0]} at once"
            taken = facts.team_commitments.get(key, [])
            judge_daily(facts, "L02", "/".join(key), what, team.maximum_at_once, counted, taken, findings)
    for name, counted in _grouped(placements, lambda p: p.offer.agency).items():
        agency = facts.dataset.agency_by_id.get(name)
        if agency is not None and agency.maximum_at_once is not None:
            taken = facts.agency_commitments.get(name, [])
            judge_daily(facts, "L02", name, f"agency {name} at once", agency.maximum_at_once, counted, taken, findings)


def l03_load(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Load of PEs and places of pools on every working day (S5.3); a PE chosen anew is new."""
    groups: dict[str, tuple[Supervision, list[Counted]]] = {}
    for p in placements:
        if p.pe is not None:
            # A pool is never "kept": only a listed PE stays with a kept match (S1.5).
            groups.setdefault(p.pe.pe, (p.pe, []))[1].append((p, not p.pe_kept))
    for name, (pe, counted) in groups.items():
        load = pe.places if pe.educator is None else pe.educator.load
        taken = facts.educator_commitments.get(name, [])
        judge_daily(facts, "L03", name, f"{name} at once", load, counted, taken, findings)


def _is_independent(facts: Facts, pe: str | None, request: str, offer: str) -> bool:
    """Whether a PE counts as independent (policy), no L07 exception covering the match."""
    educator = facts.dataset.educator_by_id.get(pe or "")
    if educator is None or educator.employed_by not in facts.policy.independent_counts:
        return False
    return not facts.exceptions("L07", request, offer, educator.pe)


def _is_past_placement(facts: Facts, row: Published) -> bool:
    """Whether a published row is a placement of its year though its request is not matched any more (S5.7)."""
    if row.standing == "over" and row.status in ("ended", "ended_early"):
        return True
    return row.status in ("confirmed", "started") and row.request not in facts.live


def l07_independents(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """``100 I <= cap P`` in every academic year, or no new I where the kept part alone exceeds it (S5.7)."""
    policy = facts.policy
    fixed_all: defaultdict[int, int] = defaultdict(int)
    fixed_independent: defaultdict[int, int] = defaultdict(int)
    new_all: defaultdict[int, int] = defaultdict(int)
    new_independent: defaultdict[int, list[str]] = defaultdict(list)
    if facts.today is not None:
        this_year = academic_year(facts.today, policy.year_starts)
        fixed_all[this_year] += policy.placements_so_far
        fixed_independent[this_year] += policy.independents_so_far
    for row in facts.dataset.published:
        if row.start is not None and _is_past_placement(facts, row):
            year = academic_year(row.start, policy.year_starts)
            fixed_all[year] += 1
            fixed_independent[year] += _is_independent(facts, row.pe, row.request, row.offer)
    for p in placements:
        year = academic_year(p.window.start, policy.year_starts)
        (fixed_all if p.pe_kept else new_all)[year] += 1  # S8.2: a PE chosen anew is not in the kept part
        if _is_independent(facts, p.match.pe, p.request.request, p.offer.offer):
            if p.pe_kept:
                fixed_independent[year] += 1
            else:
                new_independent[year].append(p.request.request)
    for year in sorted(fixed_all.keys() | new_all.keys()):
        cap, kept = policy.independent_cap_percent, fixed_independent[year]
        label, new = f"{year}-{(year + 1) % 100:02}", tuple(new_independent[year])
        every, most_kept = fixed_all[year] + new_all[year], cap * fixed_all[year] // 100
        if 100 * kept > cap * fixed_all[year]:
            detail = f"{label}: {kept} of {fixed_all[year]} before any new match, so no new one"
            findings.add("L07", (label, *new), detail, kept + len(new), most_kept, kept=not new)
        elif 100 * (kept + len(new)) > cap * every:
            detail = f"{label}: {kept + len(new)} of {every} placements"
            findings.add("L07", (label, *new), detail, kept + len(new), cap * every // 100)


def l08_fair_share(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Ranges as limits, where the policy makes them hard (S5.8)."""
    counted = _grouped(placements, lambda p: p.offer.agency)
    for agency, (floor, ceiling) in ranges(facts).items() if facts.policy.fair_share_hard else ():
        there = counted.get(agency, [])
        if len(there) < floor:
            findings.add("L08", (agency,), f"agency {agency} is below its floor", len(there), floor)
        judge_total("L08", agency, f"agency {agency} is over its ceiling", ceiling, there, findings)


def l10_numbers(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """An offer's minimum; an agency's minimum and maximum in the year (S5.10)."""
    by_offer = _grouped(placements, lambda p: p.offer.offer)
    for offer in facts.dataset.offers:
        if offer.withdrawn or offer.minimum is None or offer.tranche not in facts.horizon:
            continue
        number = len(by_offer.get(offer.offer, ()))
        if number < offer.minimum and (number > 0 or offer.minimum_kind == "always"):
            findings.add("L10", (offer.offer,), f"minimum of offer {offer.offer}", number, offer.minimum)
    by_agency = _grouped(placements, lambda p: p.offer.agency)
    for agency in facts.dataset.agencies:
        there = by_agency.get(agency.agency, [])
        if agency.minimum_in_year is not None and len(there) < agency.minimum_in_year:
            detail = f"minimum in the year of agency {agency.agency}"
            findings.add("L10", (agency.agency,), detail, len(there), agency.minimum_in_year)
        if agency.maximum_in_year is not None:
            detail = f"maximum in the year of agency {agency.agency}"
            judge_total("L10", agency.agency, detail, agency.maximum_in_year, there, findings)


def moved_at_most(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Published matches that may move (S5.11)."""
    most = facts.policy.max_changes
    if most is None or not facts.has_published:
        return
    moved = moved_requests(facts, {p.request.request: p for p in placements}, fixes(facts))
    if len(moved) > most:
        findings.add("max_changes", moved, f"{len(moved)} moved", len(moved), most)


LIMIT_RULES: dict[str, Callable[[Facts, list[Placement], Findings], None]] = {
    "L02": l02_capacity,
    "L03": l03_load,
    "L07": l07_independents,
    "L08": l08_fair_share,
    "L10": l10_numbers,
    "max_changes": moved_at_most,
}


def judge_limits(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Every limit that is on."""
    for rule, judge in LIMIT_RULES.items():
        if facts.policy.on(rule):
            judge(facts, placements, findings)
