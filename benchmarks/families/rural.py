"""``rural``: two universities, other patterns of days, and few places that a student can reach."""

from collections.abc import Mapping
from datetime import date

from benchmarks.demonstration.draw import source, spread
from benchmarks.demonstration.facts import Cohort
from benchmarks.demonstration.two_universities import (
    FIRST,
    JANUARY,
    JUNE,
    NEXT_JANUARY,
    NEXT_SEPTEMBER,
    SECOND,
    TWO_UNIVERSITIES,
)
from benchmarks.families.frame import Mix, Sheets, sheets_of

LIMIT, TARGET = 60, 30
"""Minutes one way. An estimate excludes only beyond one and a half times the limit."""
DAYS: Mapping[str, Mapping[str | None, int]] = {
    FIRST: {"4": 70, "3-4": 30}, SECOND: {None: 60, "3-5": 30, "3": 10},
}  # fmt: skip
OFFER_DAYS = {3: 25, 4: 45, 5: 30}
ROUNDS = {name: facts for name, facts in TWO_UNIVERSITIES.rounds.items() if facts.status != "past"}
LATER_END = {JANUARY: date(2027, 10, 29), JUNE: date(2028, 3, 31), NEXT_SEPTEMBER: date(2028, 7, 28),
             NEXT_JANUARY: date(2028, 12, 15)}  # fmt: skip
_BEFORE = date(2026, 5, 11)
MIX = Mix(
    base=TWO_UNIVERSITIES,
    rounds={name: facts._replace(last_end=LATER_END[name]) for name, facts in ROUNDS.items()},
    cohorts=(
        Cohort("BA", 25, (("final", JANUARY),), first_start=_BEFORE, university=FIRST),
        Cohort("MSW", 20, (("final", JANUARY),), first_start=_BEFORE, university=SECOND),
        Cohort("BA", 15, (("first", JANUARY), ("final", NEXT_SEPTEMBER)), university=SECOND),
        Cohort("BA", 20, (("first", JUNE), ("final", NEXT_JANUARY)), university=FIRST),
        Cohort("MSW", 20, (("first", JUNE), ("final", NEXT_JANUARY)), university=SECOND),
    ),
    places=115,
    drives={"yes": 50, None: 50},
    policy=(("travel_limit", LIMIT), ("travel_target", TARGET), ("travel_amber", TARGET), ("rule.E20", "off")),
)


def rural(students: int, seed: int) -> Sheets:
    """A county whose places most students cannot reach.

    Hard, since the county falls into parts that share PEs, agencies and quotas, but hardly a student: placing one more
    moves a chain of others.
    """
    sheets = sheets_of("rural", MIX, students, seed)
    draw = source(seed, "patterns", "families/rural")
    universities = {row["student"]: str(row["university"]) for row in sheets["Students"]}
    for university, shares in DAYS.items():
        own = [row for row in sheets["Requests"] if universities[row["student"]] == university]
        for row, days in zip(own, spread(shares, len(own), draw), strict=True):
            row["days_a_week"] = days
    offers = sheets["Offers"]
    for offer, days_a_week in zip(offers, spread(OFFER_DAYS, len(offers), draw), strict=True):
        offer["days_a_week"] = days_a_week
    return sheets
