"""Everything around supply and demand: Tranches, Places, Travel, Decisions, Policy, Lists, Calendar."""

import math
import random
from collections.abc import Mapping
from datetime import date, timedelta

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.draw import Row, source
from benchmarks.demonstration.facts import AREAS, Partnership

MEASURED_PERCENT = 6
"""Pairs of home and place in use whose time was looked up."""
STEPS: tuple[tuple[str, int, str | None], ...] = (
    ("ask", 15, None),
    ("offers due", 9, "agency"),
    ("results in", 6, "university"),
    ("clearance in", 6, "university"),
    ("meeting", 6, None),
    ("release", 5, None),
    ("pe named by", 4, "agency"),
    ("agency answers by", 4, "agency"),
    ("pre-placement meetings by", 2, "agency"),
    ("final", 1, None),
    ("start", 0, "agency"),
)
"""Step, weeks before the first day, and owner."""


def tranches(partnership: Partnership) -> list[Row]:
    """The rounds."""
    columns = ("first_day", "last_start", "last_end", "status")
    return [
        {"tranche": name} | {column: getattr(facts, column) for column in columns}
        for name, facts in partnership.rounds.items()
    ]


def places(partnership: Partnership) -> list[Row]:
    """Every district with its coordinates."""
    return [
        {"place": name, "latitude": at[0], "longitude": at[1]} for name, at in sorted(partnership.districts.items())
    ]


def travel(partnership: Partnership, students: list[Row], offers: list[Row], seed: int) -> list[Row]:
    """Measured times for some pairs: a direct line at a plausible speed, drawn apart from the engine's estimate."""
    draw = source(seed, "travel", partnership.drawn_as)
    districts = partnership.districts
    homes = sorted({(str(row["home"]), "car" if row["drives"] == "yes" else "public") for row in students})
    bases = sorted({str(row["place"]) for row in offers})
    return [
        {"from": home, "to": base, "mode": mode, "minutes": minutes(districts[home], districts[base], mode, draw)}
        for home, mode in homes
        for base in bases
        if home != base and draw.randrange(100) < MEASURED_PERCENT
    ]


def minutes(home: tuple[float, float], base: tuple[float, float], mode: str, draw: random.Random) -> int:
    """A plausible measured time, from the distance on a flat map (at 51.4 degrees a degree is 69.4 km east).

    Parameters
    ----------
    home, base
        Latitude and longitude in degrees.
    mode
        ``car`` or ``public``.
    draw
        Where chance comes from.

    Returns
    -------
    int
        Minutes one way, to 5.
    """
    (north, east), (other_north, other_east) = home, base
    km = 1.3 * math.hypot(111.2 * (north - other_north), 69.4 * (east - other_east))
    overhead, near, far = (8, 28, 60) if mode == "car" else (15, 18, 40)
    typical = overhead + 60 * min(km, 8) / near + 60 * max(km - 8, 0) / far
    return max(5, 5 * round(typical * draw.uniform(0.85, 1.3) / 5))


def policy(partnership: Partnership) -> list[Row]:
    """Today, the university, and where the partnership differs from the product's default."""
    return [
        {"setting": "as_of", "value": c.AS_OF},
        {"setting": "seed", "value": 1},
        {"setting": "university", "value": partnership.university},
        *({"setting": setting, "value": value} for setting, value in partnership.policy),
    ]


def past_years(partnership: Partnership) -> list[Row]:
    """Published figures of earlier years."""
    return [
        {"year": year, "measure": measure, "value": value, "target": target}
        for year, measure, value, target in partnership.past
    ]


def calendar(first_days: Mapping[str, date]) -> list[Row]:
    """Key dates, counted back from each round's first day."""
    return [
        {"tranche": name, "step": step, "date": first_day - timedelta(weeks=weeks), "owner": owner}
        for name, first_day in first_days.items()
        for step, weeks, owner in STEPS
    ]


def lists() -> list[Row]:
    """The words that the sheets use."""
    words: list[tuple[str, str, str | None]] = [("areas", area, of) for area, of in AREAS.items()]
    words += [("programmes", p, None) for p in ("BA", "MSW", "PgDip")]
    words += [("programmes", "Step Up", "step_up"), ("programmes", "Apprenticeship", "apprentice")]
    words += [("settings", s, None) for s in ("authority", "trust", "voluntary", "private", "school")]
    words += [("adjustments", a, None) for a in c.ADJUSTMENTS if a]
    words += [("features", f, None) for f in c.FEATURES]
    words += [
        ("reason codes", "capacity", "no room in the team"),
        ("reason codes", "interest", "a conflict of interest"),
        ("reason codes", "distance", "travel was looked at again"),
        ("reason codes", "meeting", "said at the meeting"),
    ]
    return [{"list": list_, "word": word, "meaning": meaning} for list_, word, meaning in words]


def decisions(
    partnership: Partnership, students: list[Row], requests: list[Row], offers: list[Row], seed: int
) -> list[Row]:
    """What people decided so far: one exception, one pair never, two agencies' answers, one agency's refusal."""
    draw = source(seed, "decisions", partnership.drawn_as)
    free = {str(row["student"]) for row in students if row["scheme"] is None}
    finals = [
        f"{row['student']}/final" + ("" if row["attempt"] == 1 else f"/{row['attempt']}")
        for row in requests
        if row["student"] in free and (row["stage"], row["tranche"]) == ("final", partnership.deciding)
    ]
    request = draw.sample(finals, 5)
    asking = {agency.agency for agency in partnership.agencies if agency.asks_decision}
    offered = [row for row in offers if row["tranche"] == partnership.deciding and row["stage"] != "first"]
    council = [row for row in offered if row["agency"] == partnership.far] or offered
    asked = [row for row in offered if row["agency"] in asking] or offered
    far, never = draw.choice(council), draw.choice(offered)
    refused = draw.choice([row for row in offered if row["agency"] != never["agency"]] or offered)
    on = date(2026, 11, 9)
    return [
        {
            "decision": "exception", "request": request[0], "offer": far["offer"], "rule": "E04", "value": 110,
            "by": "placement lead", "why": "the student agreed to the journey", "on": on,
        },
        {
            "decision": "do_not_match", "request": request[1], "offer": never["offer"], "reason_code": "interest",
            "by": "university lead", "on": on,
        },
        {
            "decision": "agency_decision", "request": request[2], "agency": asked[0]["agency"], "value": "accepted",
            "by": "agency lead", "on": on,
        },
        {
            "decision": "agency_decision", "request": request[3], "agency": asked[0]["agency"], "value": "declined",
            "reason_code": "capacity", "by": "agency lead", "on": on,
        },
        {
            "decision": "declined", "request": request[4], "agency": refused["agency"], "team": refused["team"],
            "party": "agency", "reason_code": "meeting", "by": "agency lead", "on": on,
        },
    ]  # fmt: skip
