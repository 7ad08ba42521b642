"""Capacities, loads, independents, ranges, minimums and moved matches (SEMANTICS S5): a function per rule, one list."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from copy import copy
from decimal import Decimal
from typing import TypeVar

from allocator.checker.agency_parts import l11_parts
from allocator.checker.changes import moved_requests
from allocator.checker.company import l12_together_and_apart
from allocator.checker.educator_rules import Supervision, basis
from allocator.checker.facts import Facts
from allocator.checker.fair_share import Account, Range, counts_in, ranges
from allocator.checker.findings import Findings
from allocator.checker.limits import Counted, are_too_many, judge_daily, judge_total
from allocator.checker.placements import Placement, fixes
from models.entities import INDEPENDENT, PARTNERSHIP, Agency, Offer

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
        judge_offer(facts, name, counted, findings)
    for key, counted in _grouped(placements, lambda p: (p.offer.agency, p.offer.team)).items():
        judge_team(facts, key, counted, findings)
    for name, counted in _grouped(placements, lambda p: p.offer.agency).items():
        judge_agency(facts, name, counted, findings)


def judge_offer(facts: Facts, name: str, counted: Sequence[Counted], findings: Findings) -> None:
    """Capacity of an offer, given all placements there; places that are held are taken (S5.2, S9.14)."""
    capacity, what = facts.dataset.offer_by_id[name].capacity, f"offer {name}"
    held = facts.held.get(name, {})
    others = [c for c in counted if c[0].request.request not in held]
    free = (
        (counted, capacity - held.get(None, 0)),  # for everybody
        (others, capacity - sum(held.values())),  # for those for whom nothing is held
    )
    if held and any(are_too_many(some, limit) for some, limit in free):
        there = {p.request.request for p, _ in counted}
        empty = sum(held.values()) - len(there & held.keys())
        names = (p.request.request for p, _ in counted)
        findings.add("L02", (name, *names), f"{what}, {empty} held", len(counted) + empty, capacity)
    else:
        judge_total("L02", name, what, capacity, counted, findings)


def judge_team(facts: Facts, key: tuple[str, str], counted: Sequence[Counted], findings: Findings) -> None:
    """Maximum at once of a team (agency and team), given all placements there."""
    team = facts.dataset.team_by_key.get(key)
    if team is not None and team.maximum_at_once is not None:
        what = f"team {key[1]} of {key[0]} at once"
        taken = facts.team_commitments.get(key, [])
        runs = facts.running_by_team.get(key, [])
        judge_daily(facts, "L02", "/".join(key), what, team.maximum_at_once, counted, taken, runs, findings, key[0])


def judge_agency(facts: Facts, name: str, counted: Sequence[Counted], findings: Findings) -> None:
    """Maximum at once of an agency, given all placements there."""
    agency = facts.dataset.agency_by_id.get(name)
    if agency is not None and agency.maximum_at_once is not None:
        taken = facts.agency_commitments.get(name, [])
        runs = facts.running_by_agency.get(name, [])
        what = f"agency {name} at once"
        judge_daily(facts, "L02", name, what, agency.maximum_at_once, counted, taken, runs, findings, name)


def l03_load(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Load of PEs and places of pools on every working day (S5.3); a PE chosen anew is new."""
    groups: dict[str, tuple[Supervision, list[Counted]]] = {}
    for p in placements:
        if p.pe is not None:
            # Who stays with a kept match (S1.5) is there already.
            groups.setdefault(p.pe.pe, (p.pe, []))[1].append((p, not p.pe_kept))
    for name, (pe, counted) in groups.items():
        load = Decimal(pe.places) if pe.educator is None else pe.educator.load
        taken = facts.educator_commitments.get(name, [])
        runs = facts.running_by_educator.get(name, [])
        judge_daily(facts, "L03", name, f"{name} at once", load, counted, taken, runs, findings)


def _is_independent(facts: Facts, pe: str | None, request: str, offer: str) -> bool:
    """Whether a PE counts as independent (policy), no L07 exception covering the match."""
    if pe is None or not any(counts in facts.policy.independent_counts for counts in _definitions(facts, pe, offer)):
        return False
    return not facts.exceptions("L07", request, offer, pe)


def _definitions(facts: Facts, pe: str, offer: str) -> Iterator[str]:
    """What a PE is to the partnership and to the team (S5.7); a pool's people are of the agency, and in the team."""
    educator, place = facts.dataset.educator_by_id.get(pe), facts.dataset.offer_by_id.get(offer)
    if educator is None and (place is None or pe.rpartition("@")[2] != offer or "@" not in pe):
        return
    employer = educator.employed_by if educator else place.agency if place else ""
    if employer in (PARTNERSHIP, INDEPENDENT):
        yield employer
    elif not facts.is_partner(employer):
        yield "outside"
    if educator and place and basis(educator, place) != "in_team":
        yield "off_site"


class YearCount:
    """Placements of an academic year: those that stand whatever the plan does, and new ones (S5.7)."""

    def __init__(self) -> None:
        self.fixed_all = 0
        self.fixed_independent = 0
        self.new_all = 0
        self.new_independent: list[str] = []

    def with_placement(self, facts: Facts, p: Placement) -> "YearCount":
        """The same and one placement more, which is of this year."""
        found = copy(self)
        found.new_independent = list(self.new_independent)
        found.count(facts, p)
        return found

    def count(self, facts: Facts, p: Placement) -> None:
        """Count a placement of this year."""
        independent = _is_independent(facts, p.match.pe, p.request.request, p.offer.offer)
        if p.pe_kept:  # S8.2: a PE chosen anew is not in the kept part
            self.fixed_all += 1
            self.fixed_independent += independent
        else:
            self.new_all += 1
            self.new_independent += [p.request.request] if independent else []

    def judge(self, facts: Facts, year: int, findings: Findings) -> None:
        """``100 I <= cap P``, or no new I where the kept part alone exceeds it."""
        cap, kept = facts.policy.independent_cap_percent, self.fixed_independent
        label, new = _label(year), tuple(self.new_independent)
        every, most_kept = self.fixed_all + self.new_all, cap * self.fixed_all // 100
        if 100 * kept > cap * self.fixed_all:
            detail = f"{label}: {kept} of {self.fixed_all} before any new match, so no new one"
            findings.add("L07", (label, *new), detail, kept + len(new), most_kept, kept=not new)
        elif 100 * (kept + len(new)) > cap * every:
            detail = f"{label}: {kept + len(new)} of {every} placements"
            findings.add("L07", (label, *new), detail, kept + len(new), cap * every // 100)


def _label(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02}"


def year_of(facts: Facts, p: Placement) -> int:
    """The academic year of a placement, by its start."""
    return facts.policy.academic_year(p.window.start)


def counts_by_year(facts: Facts, placements: Iterable[Placement]) -> defaultdict[int, YearCount]:
    """Placements and independents of every academic year (S5.7)."""
    policy = facts.policy
    years: defaultdict[int, YearCount] = defaultdict(YearCount)
    if facts.today is not None:
        this_year = years[policy.academic_year(facts.today)]
        this_year.fixed_all += policy.placements_so_far
        this_year.fixed_independent += policy.independents_so_far
    for row, _, _, start in facts.before:
        if start is not None:
            year = years[policy.academic_year(start)]
            year.fixed_all += 1
            year.fixed_independent += _is_independent(facts, row.pe, row.request, row.offer)
    for p in placements:
        years[year_of(facts, p)].count(facts, p)
    return years


def l07_independents(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """The cap on independents in every academic year (S5.7)."""
    for year, count in sorted(counts_by_year(facts, placements).items()):
        count.judge(facts, year, findings)


def l08_fair_share(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Ranges as limits, where the policy makes them hard (S5.8)."""
    counted = _grouped(placements, lambda p: p.offer.agency)
    for account, range_ in hard_ranges(facts).items():
        judge_range(facts, account, range_, counted.get(account.agency, []), findings)


def hard_ranges(facts: Facts) -> dict[Account, Range]:
    """The ranges of the agencies, by year, where the policy makes them limits."""
    return ranges(facts) if facts.policy.fair_share_hard else {}


def judge_range(facts: Facts, account: Account, range_: Range, there: Sequence[Counted], findings: Findings) -> None:
    """The range of one agency's year with its placements there, whatever their year."""
    of_year = [(p, new) for p, new in there if counts_in(facts, p.request, account.year)]
    number, outside = len(of_year) + len(range_.outside), [name for name, _ in range_.outside]
    where = f"agency {account.agency} in {_label(account.year)}"
    if number < range_.floor:
        findings.add("L08", (account.agency,), f"{where} is below its floor", number, range_.floor)
    judge_total("L08", account.agency, f"{where} is over its ceiling", range_.ceiling, of_year, findings, outside)


def l10_numbers(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """An offer's minimum; an agency's minimum and maximum in the year (S5.10)."""
    by_offer = _grouped(placements, lambda p: p.offer.offer)
    for offer in facts.dataset.offers:
        judge_minimum(facts, offer, by_offer.get(offer.offer, []), findings)
    by_agency = _grouped(placements, lambda p: p.offer.agency)
    before = before_by_agency(facts)
    for agency in facts.dataset.agencies:
        there = by_agency.get(agency.agency, [])
        judge_years_of_agency(facts, agency, there, before.get(agency.agency, {}), findings)


def before_by_agency(facts: Facts) -> dict[str, dict[int, list[str]]]:
    """Requests of placements outside the plan by agency and academic year, where both are known (S5.10)."""
    found: dict[str, dict[int, list[str]]] = {}
    for row, _, offer, start in facts.before:
        if offer is not None and start is not None:
            of_agency = found.setdefault(offer.agency, {})
            of_agency.setdefault(facts.policy.academic_year(start), []).append(row.request)
    return found


def judge_minimum(facts: Facts, offer: Offer, there: Sequence[Counted], findings: Findings) -> None:
    """The minimum of an offer with its placements (S5.10, S8.9); where only kept ones are there it is listed."""
    if offer.withdrawn or offer.minimum is None or offer.tranche not in facts.horizon:
        return
    number, only_kept = len(there), bool(there) and not any(is_new for _, is_new in there)
    if number < offer.minimum and (number > 0 or offer.minimum_kind == "always"):
        subjects = (offer.offer, *(p.request.request for p, _ in there)) if only_kept else (offer.offer,)
        findings.add("L10", subjects, f"minimum of offer {offer.offer}", number, offer.minimum, kept=only_kept)


def judge_years_of_agency(
    facts: Facts, agency: Agency, there: Sequence[Counted], before: dict[int, list[str]], findings: Findings
) -> None:
    """The minimum and the maximum in every year of an agency with its placements (S5.10)."""
    least, most, name = agency.minimum_in_year, agency.maximum_in_year, agency.agency
    if least is None and most is None:
        return
    of_year: defaultdict[int, list[Counted]] = defaultdict(list)
    for placement, is_new in there:
        of_year[year_of(facts, placement)].append((placement, is_new))
    deciding = {facts.policy.academic_year(t.first_day) for t in facts.dataset.tranches if t.status == "deciding"}
    for year in sorted({*before, *of_year, *deciding}):
        had = before.get(year, [])
        number = len(of_year[year]) + len(had)
        if least is not None and year in deciding and number < least:
            detail = f"minimum in the year {_label(year)} of agency {name}"
            findings.add("L10", (name,), detail, number, least)
        if most is not None:
            detail = f"maximum in the year {_label(year)} of agency {name}"
            judge_total("L10", name, detail, most, of_year[year], findings, had)


def moved_at_most(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Published matches that may move: so many beyond the fewest that events force, as the plan states them (S5.11)."""
    beyond = facts.policy.max_changes
    if beyond is None or not facts.has_published:
        return
    moved = moved_requests(facts, {p.request.request: p for p in placements}, fixes(facts))
    if facts.forced is None and len(moved) > beyond:
        names = ", ".join(moved)
        why = "the plan does not say how many changes events force"
        findings.not_judged(f"the limit on moves of published matches: {names} moved, and {why}")
    elif facts.forced is not None and len(moved) > facts.forced.fewest + beyond:
        detail = f"{len(moved)} moved, events force {facts.forced.fewest}"
        findings.add("max_changes", moved, detail, len(moved), facts.forced.fewest + beyond)


LIMIT_RULES: dict[str, Callable[[Facts, list[Placement], Findings], None]] = {
    "L02": l02_capacity,
    "L03": l03_load,
    "L07": l07_independents,
    "L08": l08_fair_share,
    "L10": l10_numbers,
    "L11": l11_parts,
    "L12": l12_together_and_apart,
    "max_changes": moved_at_most,
}


def judge_limits(facts: Facts, placements: list[Placement], findings: Findings) -> None:
    """Every limit that is on."""
    for rule, judge in LIMIT_RULES.items():
        if facts.policy.on(rule):
            judge(facts, placements, findings)
