"""The numbers that the demonstration partnership is made with, at scale 1. Shares are proportions, not rows.

Cohort sizes follow the published figures (about 150 students; 29 BA and 25 MSW finals, the cohorts that the published
percentages fit; 9 Step Up; 3 interns; 3 PgDip places ring-fenced for adults' workers). Everything else is invented
and set so that a greedy pass comes near the published year (see the table in the package's docstring).
"""

from datetime import date
from typing import Literal, NamedTuple

JANUARY, MAY, NEXT_JANUARY = "JAN27", "MAY27", "JAN28"
AS_OF = date(2026, 11, 16)


class TrancheFacts(NamedTuple):
    """A round: its dates, and whether it is being decided."""

    first_day: date
    last_start: date
    last_end: date
    status: Literal["deciding", "later"]


TRANCHES: dict[str, TrancheFacts] = {
    JANUARY: TrancheFacts(date(2027, 1, 4), date(2027, 2, 15), date(2027, 7, 30), "deciding"),
    MAY: TrancheFacts(date(2027, 5, 10), date(2027, 7, 5), date(2027, 12, 17), "later"),
    NEXT_JANUARY: TrancheFacts(date(2028, 1, 4), date(2028, 2, 14), date(2028, 7, 28), "later"),
}


class Cohort(NamedTuple):
    """Students alike: what they need, and what ties them.

    ``tie``: the locks of their requests: ``intern`` (agency, then its authority), ``adults`` (an adults' agency),
    ``authorities`` (Step Up), ``employer``; ``found_by_employer``: counted, not matched.
    """

    programme: str
    students: int
    requests: tuple[tuple[str, str], ...]
    scheme: str | None = None
    tie: Literal["intern", "adults", "authorities", "employer"] | None = None
    employers: tuple[str, ...] = ()
    found_by_employer: bool = False


PARTNER_EMPLOYERS = (
    "Sutton Children",
    "Croydon Adults",
    "Achieving for Children",
    "Richmond and Wandsworth Adults",
    "Merton Adults",
)
OTHER_EMPLOYERS = ("Neighbouring Council Adults", "Neighbouring Council Children", "County Council Adults")
COHORTS: tuple[Cohort, ...] = (
    Cohort("MSW", 25, (("final", JANUARY),)),
    Cohort("BA", 29, (("final", JANUARY),)),
    Cohort("BA", 30, (("first", JANUARY), ("final", NEXT_JANUARY))),
    Cohort("MSW", 23, (("first", MAY), ("final", NEXT_JANUARY))),
    Cohort(
        "MSW",
        3,
        (("first", MAY), ("final", NEXT_JANUARY)),
        "intern",
        "intern",
        ("Sutton Children", "Sutton Children", "Merton Adults"),
    ),
    Cohort("PgDip", 5, (("first", JANUARY), ("final", MAY))),
    Cohort(
        "PgDip",
        3,
        (("first", JANUARY), ("final", MAY)),
        "sponsored",
        "adults",
        ("Croydon Adults", "Kingston Adults", "Sutton Adults"),
    ),
    Cohort("Step Up", 9, (("first", JANUARY), ("final", MAY)), "step_up", "authorities"),
    Cohort(
        "Apprenticeship", 5, (("first", JANUARY), ("final", NEXT_JANUARY)), "apprentice", "employer", PARTNER_EMPLOYERS
    ),
    Cohort("Apprenticeship", 4, (("final", JANUARY),), "apprentice", "employer", PARTNER_EMPLOYERS),
    Cohort("Apprenticeship", 4, (("first", JANUARY),), "apprentice", "employer", OTHER_EMPLOYERS),
    Cohort("Apprenticeship", 7, (("first", MAY),), "apprentice", "employer", OTHER_EMPLOYERS, found_by_employer=True),
    Cohort(
        "Apprenticeship", 3, (("final", JANUARY),), "apprentice", "employer", OTHER_EMPLOYERS, found_by_employer=True
    ),
)

STEP_UP_AUTHORITIES: tuple[tuple[str, ...], ...] = (("Sutton",), ("Richmond", "Kingston"), ("Windsor and Maidenhead",))

# ---- students ------------------------------------------------------------------------------------------------------
HOMES_AROUND_PERCENT = 15
DRIVES = {"yes": 38, None: 62}
READINESS_OF_FIRSTS = {"passed": 70, "pending": 28, "failed": 2}
CLEARANCE = {"passed": 80, None: 17, "not known": 3}
LIMIT_MINUTES = {None: 90, 45: 4, 60: 6}
ADJUSTMENTS = {None: 88, "step-free": 4, "ends by 15:00": 4, "quiet space": 2, "driving covered": 2}
CARING = {"yes": 8, None: 92}
NO_PREFERENCE_PERCENT = 15
DAYS_A_WEEK = {None: 96, "3-5": 4}
WAITING = {date(2026, 9, 14): 3, None: 97}
DUE_TO_GRADUATE = {"yes": 12, None: 88}
"""Of the finals being decided."""

# ---- history of students who need only a final -----------------------------------------------------------------------
FIRSTS_STATUTORY = {"MSW": {"yes": 96, "by_equivalence": 4}, "BA": {"yes": 86, "by_equivalence": 3, "no": 11},
                    "Apprenticeship": {"yes": 100}}  # fmt: skip
FIRSTS_NOT_RECORDED = 1
FINALS_FAILED = 2

# ---- offers ----------------------------------------------------------------------------------------------------------
CAPACITY = {1: 52, 2: 36, 3: 12}
STAGE = {
    JANUARY: {"final": 28, "first": 37, "either": 35},
    MAY: {"final": 22, "first": 48, "either": 30},
    NEXT_JANUARY: {"final": 55, "either": 45},
}
STAGE_NOT_STATUTORY = {tranche: {"first": 55, "either": 10, "final": 35} for tranche in (JANUARY, MAY)}
"""Where an agency's work is not statutory; in the next January only finals are due."""
FORECAST = {
    JANUARY: {"firm": 96, "forecast": 4},
    MAY: {"firm": 60, "forecast": 40},
    NEXT_JANUARY: {"firm": 15, "forecast": 85},
}
RESERVED: tuple[tuple[str, str | None, str, str, str, int], ...] = (
    ("Sutton Children", None, JANUARY, "first", "Step Up", 2),
    ("Achieving for Children", "Kingston", JANUARY, "first", "Step Up", 2),
    ("Achieving for Children", "Windsor and Maidenhead", JANUARY, "first", "Step Up", 2),
    ("Sutton Children", None, MAY, "final", "Step Up", 2),
    ("Achieving for Children", "Richmond", MAY, "final", "Step Up", 2),
    ("Achieving for Children", "Windsor and Maidenhead", MAY, "final", "Step Up", 2),
    ("Croydon Adults", None, JANUARY, "first", "PgDip", 1),
    ("Kingston Adults", None, JANUARY, "first", "PgDip", 1),
    ("Kingston Adults", None, MAY, "final", "PgDip", 1),
    ("Sutton Adults", None, MAY, "final", "PgDip", 1),
    ("Sutton Children", None, JANUARY, "either", "Apprenticeship", 2),
    ("Croydon Adults", None, JANUARY, "either", "Apprenticeship", 2),
    ("Achieving for Children", "Kingston", JANUARY, "either", "Apprenticeship", 2),
    ("Richmond and Wandsworth Adults", None, JANUARY, "either", "Apprenticeship", 2),
    ("Merton Adults", None, JANUARY, "first", "Apprenticeship", 1),
    ("Croydon Adults", None, NEXT_JANUARY, "final", "Apprenticeship", 1),
    ("Merton Adults", None, NEXT_JANUARY, "final", "Apprenticeship", 1),
)
"""Agency, authority of the team, tranche, stage, programme and places (of the agency's own) that are ring-fenced."""
OFFER_DAYS = {5: 90, 4: 10}
SUPERVISOR = {"yes": 60, "to_be_named": 36, "no": 4}
FEATURES = {"step-free": 55, "ends by 15:00": 30, "quiet space": 35, "driving covered": 30}
CANNOT = {"step-free": 20, "ends by 15:00": 35, "quiet space": 15, "driving covered": 0}
"""Percent of offers that say so, feature by feature; the rest say nothing."""
MSW_FIRST_PERCENT = 12
"""Council offers for finals kept for MSW until a release date."""
BA_CLOSED_PERCENT = 10
"""Council offers that do not take BA students."""
EDUCATORS_OF_OFFER = {"any": 45, "named": 35, "TBC": 8, "TBC PEPS2": 6, "own": 6}
NO_EDUCATOR_PERCENT = 30
"""Offers of teams without a PE for the stage that nevertheless promise none: they stay unused unless one comes."""


class Hub(NamedTuple):
    """A student hub: one PE, the hub lead, takes all its places."""

    agency: str
    team: str
    tranche: str
    places: int


HUB = Hub("Achieving for Children", "Assessment Kingston", JANUARY, 5)


# ---- educators -------------------------------------------------------------------------------------------------------
QUALIFICATION = {"PEPS2": 42, "PEPS1": 34, "trainee_1": 13, "trainee_2": 11}
REGISTERED = {"yes": 95, None: 4, "no": 1}
CURRENCY = {"current": 90, "not recorded": 5, "lapsed": 5}
LOAD = {None: 88, 2: 12}
LONG_ARM = {"yes": 14, None: 86}
AWAY = {None: 93, "absent": 4, "leaves": 3}
ASSESSOR = {"PEPS2": 70, "university": 22, None: 8}
PRACTICE_CONSULTANTS, CONSULTANT_LOAD = 2, 3
INDEPENDENTS = 3

# ---- other programmes ------------------------------------------------------------------------------------------------
OTHER_PROGRAMMES = ("Think Ahead", "Frontline", "ASYE", "Step Up elsewhere")
EDUCATORS_COMMITTED_PERCENT = 10
"""PEs in councils whose one student is another programme's, from January to July."""
AGENCY_COMMITMENTS: dict[str, tuple[str, int]] = {
    "Merton Children": ("Frontline", 2), "Wandsworth Children": ("Frontline", 3), "Croydon Children": ("Frontline", 2),
    "Surrey Children": ("Frontline", 4), "Mental Health Trust": ("Think Ahead", 3), "Sutton Adults": ("ASYE", 2),
}  # fmt: skip
"""Agency: programme and placements at once. Such an agency's maximum at once is its January places and these."""
