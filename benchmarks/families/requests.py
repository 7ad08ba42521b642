"""``two_requests``, ``contrast_both`` and ``pairs``: what a student's first decides of the final, and a friend's."""

from datetime import date

from benchmarks.demonstration.draw import Row, listed, source
from benchmarks.demonstration.facts import Cohort
from benchmarks.families.frame import BOTH_FROM_JANUARY, BOTH_FROM_MAY, FINALS_NOW, Mix, Sheets, sheets_of

TWO = tuple(
    Cohort(programme, share, requests)
    for programme, share, requests in (
        ("BA", 25, BOTH_FROM_JANUARY), ("MSW", 25, BOTH_FROM_JANUARY), ("BA", 15, BOTH_FROM_MAY),
        ("MSW", 35, BOTH_FROM_MAY),
    )
)  # fmt: skip
TWO_REQUESTS = Mix(cohorts=TWO, places=90, educators=90)
CONTRAST = Mix(cohorts=TWO, places=105, not_councils=47, policy=(("contrast", "both"),))
PAIRS = Mix(
    cohorts=(
        Cohort("MSW", 25, BOTH_FROM_MAY, "intern"),
        Cohort("MSW", 25, BOTH_FROM_JANUARY, "intern"),
        Cohort("BA", 25, FINALS_NOW, first_start=date(2026, 5, 11)),
        Cohort("BA", 25, BOTH_FROM_JANUARY),
    ),
    places=112,
    educators=90,
)
FRIENDS_PERCENT = 50
"""Of interns: those who share a car with another."""
APART = 20
"""Minutes between the places of two who share a car."""


def two_requests(students: int, seed: int) -> Sheets:
    """Two requests each, and places for 90% of them.

    Hard, since a final needs its first, and which first a student has decides whether the final may be statutory, must
    be, or has to be elsewhere: what is left out is chosen over both rounds.
    """
    return sheets_of("two_requests", TWO_REQUESTS, students, seed)


def contrast_both(students: int, seed: int) -> Sheets:
    """Two requests each, whose placements have to differ in area and in setting.

    Hard, since most places are a council's: the few of another setting are what every student needs once.
    """
    return sheets_of("contrast_both", CONTRAST, students, seed)


def pairs(students: int, seed: int) -> Sheets:
    """Half of the students are interns, whose two placements are with one authority; half of them share a car.

    Hard, since an intern's two placements and those of the other intern are chosen together.
    """
    sheets = sheets_of("pairs", PAIRS, students, seed)
    draw = source(seed, "friends", "families/pairs")
    councils = [row for row in sheets["Agencies"] if row["kind"] == "authority" and row["membership"] != "outside"]
    names = [str(row["agency"]) for row in councils]
    interns = [row for row in sheets["Students"] if row["scheme"] == "intern"]
    for row in interns:
        row |= {"readiness": "passed", "clearance": "passed", "intern_choices": listed(draw.sample(names, 3))}
    asks = {(row["student"], row["stage"]): row["tranche"] for row in sheets["Requests"]}
    rounds: dict[object, list[Row]] = {}
    for row in interns:
        rounds.setdefault(asks[row["student"], "first"], []).append(row)
    for together in rounds.values():
        chosen = draw.sample(together, len(together) * FRIENDS_PERCENT // 200 * 2)
        for one, other in zip(chosen[::2], chosen[1::2], strict=True):
            other |= {"home": one["home"], "drives": "yes"}
            one["drives"] = "yes"
            sheets["Decisions"].append(
                {
                    "decision": "together", "request": f"{one['student']}/first; {other['student']}/first",
                    "value": APART, "by": "placement lead", "why": "they share a car", "on": date(2026, 11, 9),
                }
            )  # fmt: skip
    return sheets
