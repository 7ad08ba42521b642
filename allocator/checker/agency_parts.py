"""L11: universities' and programmes' parts of the places that agencies offer in an academic year (SEMANTICS S5.12)."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from allocator.checker.facts import Facts
from allocator.checker.findings import Findings
from allocator.checker.limits import Counted, judge_total
from allocator.checker.placements import Placement


def l11_parts(facts: Facts, placements: Iterable[Placement], findings: Findings) -> None:
    """Placements of each name with a part, at each agency in each year of the offers' tranches."""
    counted: defaultdict[tuple[str, int, str], list[Counted]] = defaultdict(list)
    for p in placements:
        if p.offer.tranche in facts.horizon:
            for name in facts.policy.agency_part_percent.keys() & {p.student.university, p.student.programme}:
                counted[p.offer.agency, _year(facts, p.offer.tranche), name].append((p, not p.kept))
    for (agency, year, name), there in counted.items():
        places = sum(
            o.capacity
            for o in facts.dataset.offers
            if o.agency == agency and not o.withdrawn and o.tranche in facts.horizon and _year(facts, o.tranche) == year
        )
        percent = facts.policy.agency_part_percent[name]
        detail = f"{name} at {agency} in {year}-{(year + 1) % 100:02}: {percent}% of {places} places"
        judge_total("L11", agency, detail, ceil(Fraction(percent * places, 100)), there, findings)


def _year(facts: Facts, tranche: str) -> int:
    return facts.policy.academic_year(facts.dataset.tranche_by_id[tranche].first_day)
