"""``developing-together``: a partnership like that of South West London and Surrey, in January.

The academic year's first tranche (September) is published and runs; January is being decided; May and the finals that
its firsts and January's need come later. A year's admissions are 58 BA, 52 MSW, 8 PgDip, 9 Step Up and 23 apprentices,
150 in all: derived. 150, 9 and 23 are published; 58 and 52 are equal cohorts under 80 that all published shares fit
(69% of 58 BA students is 40, 79% is 46; 92% of 52 MSW students is 48), and 8 is what they leave.
"""

from datetime import date

from benchmarks.demonstration.developing_agencies import AGENCIES, KINGSTON, RICHMOND, WINDSOR
from benchmarks.demonstration.districts import AROUND, DISTRICTS
from benchmarks.demonstration.facts import Cohort, Hub, Partnership, RingFenced, Round, Taken

SEPTEMBER, JANUARY, MAY, NEXT_SEPTEMBER, NEXT_JANUARY = "SEP26", "JAN27", "MAY27", "SEP27", "JAN28"
_NOT_STATUTORY = {"first": 55, "either": 10, "final": 35}
ROUNDS: dict[str, Round] = {
    SEPTEMBER: Round(
        date(2026, 9, 14), date(2026, 10, 12), date(2027, 3, 12), "past",
        {"final": 70, "either": 30}, {"firm": 100},
    ),
    JANUARY: Round(
        date(2027, 1, 5), date(2027, 2, 15), date(2027, 7, 30), "deciding",
        {"final": 42, "first": 32, "either": 26}, {"firm": 96, "forecast": 4}, _NOT_STATUTORY,
    ),
    MAY: Round(
        date(2027, 5, 10), date(2027, 7, 5), date(2027, 12, 17), "later",
        {"final": 12, "first": 63, "either": 25}, {"firm": 60, "forecast": 40}, _NOT_STATUTORY, any_programme=True,
    ),
    NEXT_SEPTEMBER: Round(
        date(2027, 9, 13), date(2027, 10, 11), date(2028, 3, 10), "later",
        {"final": 70, "either": 30}, {"firm": 20, "forecast": 80},
    ),
    NEXT_JANUARY: Round(
        date(2028, 1, 4), date(2028, 2, 14), date(2028, 7, 28), "later",
        {"final": 70, "either": 30}, {"firm": 15, "forecast": 85},
    ),
}  # fmt: skip
"""MSW firsts in May and finals in January are published, and that Step Up began on 4 January (2022)."""

PARTNER_EMPLOYERS = (
    "Sutton Children",
    "Croydon Adults",
    "Achieving for Children",
    "Richmond and Wandsworth Adults",
    "Merton Adults",
)
OTHER_EMPLOYERS = ("Neighbouring Council Adults", "Neighbouring Council Children", "County Council Adults")
STEP_UP_AUTHORITIES = (("Sutton",), (RICHMOND, KINGSTON), (WINDSOR,))
INTERNS = Cohort(
    "MSW", 3, (("first", MAY), ("final", NEXT_JANUARY)), "intern", "intern",
    ("Sutton Children", "Sutton Children", "Merton Adults"),
)  # fmt: skip
FIRST_APPRENTICES = Cohort(
    "Apprenticeship", 5, (("first", JANUARY), ("final", NEXT_JANUARY)), "apprentice", "employer", PARTNER_EMPLOYERS
)
FINAL_APPRENTICES = Cohort(
    "Apprenticeship", 5, (("final", JANUARY),), "apprentice", "employer", PARTNER_EMPLOYERS,
    first_start=date(2026, 1, 12),
)  # fmt: skip
STEP_UP = Cohort(
    "Step Up", 9, (("first", JANUARY), ("final", MAY)), "step_up", "authorities", authorities=STEP_UP_AUTHORITIES
)
COHORTS: tuple[Cohort, ...] = (
    Cohort("BA", 29, (("final", SEPTEMBER),), first_start=date(2026, 1, 12)),
    Cohort("BA", 29, (("final", JANUARY),), first_start=date(2026, 5, 11)),
    Cohort("BA", 29, (("first", JANUARY), ("final", NEXT_SEPTEMBER))),
    Cohort("BA", 29, (("first", MAY), ("final", NEXT_JANUARY))),
    Cohort("MSW", 52, (("final", JANUARY),), first_start=date(2026, 5, 11)),
    Cohort("MSW", 49, (("first", MAY), ("final", NEXT_JANUARY))),
    INTERNS,
    Cohort("PgDip", 5, (("first", JANUARY), ("final", MAY))),
    Cohort(
        "PgDip", 3, (("first", JANUARY), ("final", MAY)), "sponsored", "adults",
        ("Croydon Adults", "Kingston Adults", "Sutton Adults"),
    ),
    STEP_UP,
    FIRST_APPRENTICES,
    FINAL_APPRENTICES,
    Cohort("Apprenticeship", 4, (("first", JANUARY),), "apprentice", "employer", OTHER_EMPLOYERS),
    Cohort("Apprenticeship", 14, (("first", MAY),), "apprentice", "employer", OTHER_EMPLOYERS, found_by_employer=True),
    Cohort(
        "Apprenticeship", 9, (("final", JANUARY),), "apprentice", "employer", OTHER_EMPLOYERS, found_by_employer=True,
        first_start=date(2026, 1, 12),
    ),
    Cohort(
        "Apprenticeship", 9, (("final", MAY),), "apprentice", "employer", OTHER_EMPLOYERS, found_by_employer=True,
        first_start=date(2026, 5, 11),
    ),
)  # fmt: skip

RING_FENCED: tuple[RingFenced, ...] = (
    RingFenced("Sutton Children", None, JANUARY, "first", "Step Up", 2),
    RingFenced("Achieving for Children", KINGSTON, JANUARY, "first", "Step Up", 2),
    RingFenced("Achieving for Children", WINDSOR, JANUARY, "first", "Step Up", 2),
    RingFenced("Sutton Children", None, MAY, "final", "Step Up", 2),
    RingFenced("Achieving for Children", RICHMOND, MAY, "final", "Step Up", 2),
    RingFenced("Achieving for Children", WINDSOR, MAY, "final", "Step Up", 2),
    RingFenced("Croydon Adults", None, JANUARY, "first", "PgDip", 1),
    RingFenced("Kingston Adults", None, JANUARY, "first", "PgDip", 1),
    RingFenced("Kingston Adults", None, MAY, "final", "PgDip", 1),
    RingFenced("Sutton Adults", None, MAY, "final", "PgDip", 1),
    RingFenced("Sutton Children", None, JANUARY, "either", "Apprenticeship", 2),
    RingFenced("Croydon Adults", None, JANUARY, "either", "Apprenticeship", 2),
    RingFenced("Achieving for Children", KINGSTON, JANUARY, "either", "Apprenticeship", 2),
    RingFenced("Richmond and Wandsworth Adults", None, JANUARY, "either", "Apprenticeship", 2),
    RingFenced("Merton Adults", None, JANUARY, "either", "Apprenticeship", 2),
    RingFenced("Croydon Adults", None, NEXT_JANUARY, "final", "Apprenticeship", 1),
    RingFenced("Merton Adults", None, NEXT_JANUARY, "final", "Apprenticeship", 1),
)
"""That apprentices, Step Up and PgDip have places of their own is published; where and how many is invented."""
TAKEN: tuple[Taken, ...] = (
    Taken("Merton Children", "Frontline", 2),
    Taken("Wandsworth Children", "Frontline", 3),
    Taken("Croydon Children", "Frontline", 2),
    Taken("Surrey Children", "Frontline", 4),
    Taken("Mental Health Trust", "Think Ahead", 3),
    Taken("Sutton Adults", "ASYE", 2),
)
"""That these programmes take places is published; how many and where is invented. Such an agency has room at once for
its places of two rounds that overlap, theirs included."""

YEARS = ("2018-19", "2019-20", "2020-21", "2021-22")
MEASURES: dict[str, tuple[int | None, tuple[int, ...]]] = {
    "M01 statutory by partners": (75, (47, 68, 80, 73)),
    "M02 BA two statutory": (None, (22, 48, 86, 69)),
    "M02 MSW two statutory": (None, (85, 71, 100, 92)),
    "M02 BA statutory final": (None, (83, 91, 93, 79)),
    "M02 MSW statutory final": (None, (90, 87, 100, 92)),
    "M03": (20, (8, 5, 4, 6)),
}
"""Measure: target, and percent year by year, as published (M01 of the last year: if all May placements go ahead)."""
PAST = tuple(
    (year, measure, percents[n], target)
    for n, year in enumerate(YEARS)
    for measure, (target, percents) in MEASURES.items()
)

DEVELOPING_TOGETHER = Partnership(
    name="developing-together",
    drawn_as="developing-together",
    university="Kingston University",
    rounds=ROUNDS,
    agencies=AGENCIES,
    districts=DISTRICTS,
    around=AROUND,
    cohorts=COHORTS,
    ring_fenced=RING_FENCED,
    hub=Hub("Achieving for Children", "Assessment Kingston", JANUARY),
    taken=TAKEN,
    educators_taken={"Think Ahead": 4, "Frontline": 4, "ASYE": 6},
    consultants=(5, 3),
    consultants_in_past_round=2,
    independents=3,
    far="Surrey Children",
    newly_qualified={"": 140},
    past=PAST,
)
"""Two practice consultants with 1.5 full-time equivalents, whose students in 2021-22 were 2 BA and 6 MSW, are
published: 8 at once. 5 of a full post and 3 of half of one is invented."""
