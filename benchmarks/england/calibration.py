"""The numbers that England is made with, where the demonstration's do not fit. All are invented.

The national totals are published (2019): 54 universities. 10,000 students with about 20,000 requests in one run and
about 230 agencies are the project's own target of scale.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

JANUARY, MAY, NEXT_JANUARY = "JAN27", "MAY27", "JAN28"


class TrancheFacts(NamedTuple):
    """The dates of a round."""

    first_day: date
    last_start: date
    last_end: date


TRANCHES: dict[str, TrancheFacts] = {
    JANUARY: TrancheFacts(date(2027, 1, 4), date(2027, 2, 15), date(2027, 7, 30)),
    MAY: TrancheFacts(date(2027, 5, 10), date(2027, 7, 5), date(2027, 12, 17)),
    NEXT_JANUARY: TrancheFacts(date(2028, 1, 4), date(2028, 2, 14), date(2028, 7, 28)),
}
FIRST_START = {"MSW": date(2026, 5, 11), "BA": date(2026, 1, 12), "Apprenticeship": date(2026, 1, 12)}
"""When the firsts of students who now need a final began."""

STUDENTS_OF_A_UNIVERSITY = 10_000 / 54
"""Students on average: so many universities make an England of fewer students as dense as the whole."""


class Cohort(NamedTuple):
    """Students alike: their programme, their part of all, their requests (stage and tranche) and what ties them.

    ``tie`` as in the demonstration. A programme is taught at every n-th university (``every``).
    """

    programme: str
    per_thousand: int
    requests: tuple[tuple[str, str], ...]
    every: int = 1
    scheme: str | None = None
    tie: Literal["intern", "adults", "authorities", "employer"] | None = None
    found_by_employer: bool = False


_APPRENTICES = (("first", JANUARY), ("final", NEXT_JANUARY))
COHORTS: tuple[Cohort, ...] = (
    Cohort("BA", 380, (("first", JANUARY), ("final", NEXT_JANUARY))),
    Cohort("MSW", 230, (("first", MAY), ("final", NEXT_JANUARY))),
    Cohort("MSW", 120, (("first", JANUARY), ("final", MAY)), 2),
    Cohort("BA", 10, (("final", JANUARY),)),
    Cohort("MSW", 10, (("final", JANUARY),)),
    Cohort("MSW", 20, (("first", MAY), ("final", NEXT_JANUARY)), 2, "intern", "intern"),
    Cohort("PgDip", 60, (("first", JANUARY), ("final", MAY)), 2),
    Cohort("PgDip", 20, (("first", JANUARY), ("final", MAY)), 2, "sponsored", "adults"),
    Cohort("Step Up", 50, (("first", JANUARY), ("final", MAY)), 3, "step_up", "authorities"),
    Cohort("Apprenticeship", 90, _APPRENTICES, 2, "apprentice", "employer"),
    Cohort("Apprenticeship", 10, _APPRENTICES, 2, "apprentice", "employer", found_by_employer=True),
)
"""98 of 100 students have both placements in the horizon: 10,000 students, 19,800 requests."""

# ---- students ------------------------------------------------------------------------------------------------------
SIZES = (0.6, 1.5)
"""Least and greatest part of the average number of students that a university has."""
HOME_KM, HOME_SPREAD_KM = 26.0, 9.0
"""Homes are within so many kilometres of the campus; their number falls by e with each 9 km."""
FAILED_PER_THOUSAND = 10
"""Students whose last placement did not pass: they repeat it."""

# ---- agencies ------------------------------------------------------------------------------------------------------
OTHERS_PER_UNIVERSITY = 46 / 54
"""Agencies that are no council: with 92 councils of two agencies each, 230."""
MEMBERSHIP = {"primary": 55, "secondary": 30, "outside": 15}
"""Of the councils' agencies."""
CHILDREN_WORKERS, ADULTS_WORKERS = (120, 330), (70, 190)
"""Least and greatest number of social workers (full-time equivalents) that the two sides of a council employ."""
OFFICE_KM = 9.0
"""A team's office is so near its agency's main office."""
NEARNESS_KM = 18.0
"""What a university needs is asked of its agencies by size; it falls by e with so many kilometres."""
PLACES_PER_REQUEST = 1.04
"""A linear relaxation (offers, loads of PEs, a final only with its first) then places 96.5% of the requests of 1,000
students and 96.6% of those of 2,000 at most; the demonstration's 1.09 would let it place 98.5%, for in a large market
more of the places find somebody."""
UNEVEN = (0.7, 1.3)
"""Least and greatest part of what is asked that an agency offers in a tranche."""
PLACES_OF_A_TEAM = 7
STAGE: Mapping[str, Mapping[str, int]] = {
    JANUARY: {"first": 62, "either": 36, "final": 2},
    MAY: {"first": 36, "either": 30, "final": 34},
    NEXT_JANUARY: {"final": 55, "either": 45},
}
STAGE_NOT_STATUTORY: Mapping[str, Mapping[str, int]] = {
    JANUARY: {"first": 85, "either": 15},
    MAY: {"first": 55, "either": 10, "final": 35},
}
FORECAST: Mapping[str, Mapping[str, int]] = {
    JANUARY: {"firm": 96, "forecast": 4},
    MAY: {"firm": 60, "forecast": 40},
    NEXT_JANUARY: {"firm": 15, "forecast": 85},
}
RING_FENCED_PERCENT = 75
"""Of the requests tied to an agency (Step Up, sponsored, apprentices): kept for their programme."""
OPEN_TO_ALL_PERCENT = 10
"""Offers that name no universities; the others take those that the agency works with."""
HUB_EVERY = 4
"""Every fourth agency for children runs a student hub in January."""

# ---- educators -----------------------------------------------------------------------------------------------------
CONSULTANTS_OF_A_UNIVERSITY, INDEPENDENTS_OF_A_UNIVERSITY = (3, 3), 3
"""Loads of the practice consultants, and number of the independents."""
OTHER_PROGRAMMES = ("Think Ahead", "Frontline", "ASYE", "Step Up elsewhere")
EDUCATORS_COMMITTED_PERCENT = 10
"""PEs in councils whose one student is another programme's, from January to July."""
COMMITTED_AGENCIES_PERCENT = 30
"""Agencies from which another programme takes places in the spring: a sixth of its January places."""
COMMITTED_FROM, COMMITTED_TO = date(2027, 1, 4), date(2027, 7, 30)

# ---- travel and decisions ------------------------------------------------------------------------------------------
MEASURED_KM, MEASURED_PER_THOUSAND = 25.0, 5
"""Of the pairs of home and office within so many kilometres, those whose time was looked up."""
DECISIONS_PER_THOUSAND = 10
"""Students about whom somebody decided something so far."""
