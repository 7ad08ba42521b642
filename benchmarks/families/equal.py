"""``all_equal`` and ``all_equal_two``: nothing tells one student from another, nor one offer.

Hard, since every plan that places as many is as good in every tier but the draw: whatever searches meets the same plan
again and again under other names.
"""

from datetime import date

from benchmarks.demonstration import surroundings
from benchmarks.demonstration.calibration import AS_OF
from benchmarks.demonstration.draw import Row
from benchmarks.families.frame import Sheets

DISTRICT = "KT1"
AGENCIES = 4
TEAMS = 5
PLACES = 94
"""Percent of the requests of a round."""
NOW: Row = {"tranche": "JAN27", "first_day": date(2027, 1, 5), "last_start": date(2027, 2, 15),
            "last_end": date(2027, 7, 30), "status": "deciding"}  # fmt: skip
NEXT: Row = {"tranche": "SEP27", "first_day": date(2027, 9, 13), "last_start": date(2027, 10, 11),
             "last_end": date(2028, 3, 31), "status": "later"}  # fmt: skip


def all_equal(students: int, seed: int) -> Sheets:
    """One request each."""
    return _alike(students, seed, (("final", NOW),))


def all_equal_two(students: int, seed: int) -> Sheets:
    """Two requests each: the same, and the first is another's final's."""
    return _alike(students, seed, (("first", NOW), ("final", NEXT)))


def _alike(students: int, seed: int, requests: tuple[tuple[str, Row], ...]) -> Sheets:
    """The seed is that of the draw: rows that differ in nothing are the same for every seed."""
    people = [f"S{number:03d}" for number in range(1, students + 1)]
    number = students * PLACES // 100
    teams = [(f"Council {a}", f"Team {t}") for t in range(1, TEAMS + 1) for a in range(1, AGENCIES + 1)]
    alike: Row = {"place": DISTRICT, "areas": "child protection", "statutory_regulator": "yes", "statutory_dfe": "yes"}
    offers: list[Row] = [
        {
            "offer": f"O{n + position * number + 1:03d}", "agency": teams[n % len(teams)][0],
            "team": teams[n % len(teams)][1], **alike, "stage": stage, "tranche": tranche["tranche"], "capacity": 1,
            "days_a_week": 5, "on_site_supervisor": "yes",
        }
        for position, (stage, tranche) in enumerate(requests)
        for n in range(number)
    ]  # fmt: skip
    history: list[Row] = [
        {
            "student": student, "stage": "first", "agency": "Charity", "team": "Centre", "areas": "homelessness",
            "setting": "voluntary", "statutory_regulator": "yes", "statutory_dfe": "yes", "start": date(2026, 5, 11),
            "outcome": "passed",
        }
        for student in (people if len(requests) == 1 else ())
    ]  # fmt: skip
    return {
        "Tranches": [tranche for _, tranche in requests],
        "Students": [
            {"student": student, "programme": "MSW", "home": DISTRICT, "drives": "yes", "readiness": "passed",
             "clearance": "passed"}
            for student in people
        ],
        "Requests": [
            {"student": student, "stage": stage, "attempt": 1, "tranche": tranche["tranche"]}
            for student in people
            for stage, tranche in requests
        ],
        "History": history,
        "Agencies": [
            {"agency": f"Council {a}", "kind": "authority", "directorate": "children", "membership": "primary",
             "authorities": f"Authority {a}", "social_workers_fte": 100}
            for a in range(1, AGENCIES + 1)
        ],
        "Teams": [{"agency": agency, "team": team, **alike} for agency, team in teams],
        "Offers": offers,
        "Educators": [
            {"pe": f"PE{n + 1:03d}", "employed_by": teams[n % len(teams)][0], "team": teams[n % len(teams)][1],
             "qualification": "PEPS2", "registered": "yes", "current_until": date(2028, 12, 31)}
            for n in range(number)
        ],
        "Places": [{"place": DISTRICT, "latitude": 51.409, "longitude": -0.297}],
        "Policy": [
            {"setting": "as_of", "value": AS_OF}, {"setting": "seed", "value": seed},
            {"setting": "contrast", "value": "any"}, {"setting": "rule.L05", "value": "off"},
        ],
        "Lists": surroundings.lists(),
    }  # fmt: skip
