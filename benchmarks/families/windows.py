"""``windows`` and ``windows_commitments``: everybody at their own time, and so many at once.

Hard, since which students are together in a team depends on when each of them starts and how long each stays: nearly
every pair of request and offer has a window of its own, and what binds is the number on each day, not the number of
places. Commitments of other programmes, weeks long, change that number from day to day.
"""

import random
from collections import Counter
from datetime import date, timedelta

from benchmarks.demonstration.draw import Row, divided, source, spread
from benchmarks.demonstration.facts import Cohort, Round
from benchmarks.families.frame import Mix, Sheets, sheets_of

OWN_START_PERCENT, OWN_LENGTH_PERCENT = 60, 50
LENGTHS = range(50, 101)
OFFER_DAYS = {3: 30, 4: 30, 5: 40}
STARTS_WITHIN = 84
"""Days after the round's first in which own starts are."""
COMMITMENTS_PER_STUDENT = 2
WEEKS = (2, 10)
PROGRAMMES = ("Frontline", "Think Ahead", "ASYE")
AT_ONCE_OF_TEAMS, AT_ONCE_OF_AGENCIES = 100, 94
"""Room on one day of all teams, and of all agencies, in percent of the requests of the greatest round."""
FOR_OTHERS_OF_TEAMS, FOR_OTHERS_OF_AGENCIES = 12, 8
"""Percent more where commitments take some of it."""
WINTER, AUTUMN = "JAN27", "SEP27"
ROUNDS = {
    WINTER: Round(date(2027, 1, 5), date(2027, 5, 31), date(2027, 12, 17), "deciding", {}, {"firm": 95, "forecast": 5}),
    AUTUMN: Round(date(2027, 9, 13), date(2028, 2, 28), date(2028, 9, 29), "later", {}, {"firm": 100}),
}
MIX = Mix(
    rounds=ROUNDS,
    cohorts=(
        Cohort("BA", 25, (("final", WINTER),), first_start=date(2026, 5, 11)),
        Cohort("MSW", 45, (("final", WINTER),), first_start=date(2026, 5, 11)),
        Cohort("BA", 30, (("first", WINTER), ("final", AUTUMN))),
    ),
    places=150,
    educators=80,
)


def windows(students: int, seed: int) -> Sheets:
    """Own starts and lengths, offers of 3 to 5 days a week, and daily limits of teams, agencies and PEs."""
    return _drawn("windows", students, seed)


def windows_commitments(students: int, seed: int) -> Sheets:
    """The same, with two short commitments for each student: 400 at 200."""
    sheets = _drawn("windows_commitments", students, seed, FOR_OTHERS_OF_TEAMS, FOR_OTHERS_OF_AGENCIES)
    number = COMMITMENTS_PER_STUDENT * students
    sheets["Commitments"] = _commitments(sheets, number, source(seed, "commitments", "families/windows_commitments"))
    return sheets


def _drawn(family: str, students: int, seed: int, more_of_teams: int = 0, more_of_agencies: int = 0) -> Sheets:
    sheets = sheets_of(family, MIX, students, seed)
    data = f"families/{family}"
    _own_starts(sheets["Requests"], source(seed, "starts", data))
    _own_lengths(sheets["Requests"], source(seed, "lengths", data))
    _days_a_week(sheets["Offers"], source(seed, "days a week", data))
    _at_once(sheets, AT_ONCE_OF_TEAMS + more_of_teams, AT_ONCE_OF_AGENCIES + more_of_agencies)
    return sheets


def _own_starts(requests: list[Row], draw: random.Random) -> None:
    """Weekdays within twelve weeks of the round's first day."""
    chosen = draw.sample(requests, round(len(requests) * OWN_START_PERCENT / 100))
    for row in chosen:
        day = ROUNDS[str(row["tranche"])].first_day + timedelta(days=1 + draw.randrange(STARTS_WITHIN))
        row["earliest_start"] = day + timedelta(days=max(0, 7 - day.isoweekday()) if day.isoweekday() > 5 else 0)


def _own_lengths(requests: list[Row], draw: random.Random) -> None:
    for row in draw.sample(requests, round(len(requests) * OWN_LENGTH_PERCENT / 100)):
        row["days"] = draw.choice(LENGTHS)


def _days_a_week(offers: list[Row], draw: random.Random) -> None:
    for row, days in zip(offers, spread(OFFER_DAYS, len(offers), draw), strict=True):
        row["days_a_week"] = days


def _at_once(sheets: Sheets, of_teams: int, of_agencies: int) -> None:
    """Room on one day, in proportion to the places of a team or an agency; at least one where there are any."""
    requests = max(Counter(str(row["tranche"]) for row in sheets["Requests"]).values())
    teams: Counter[tuple[object, ...]] = Counter()
    agencies: Counter[tuple[object, ...]] = Counter()
    for row in sheets["Offers"]:
        teams[row["agency"], row["team"]] += int(str(row["capacity"]))
        agencies[row["agency"],] += int(str(row["capacity"]))
    room = divided(teams, requests * of_teams // 100) | divided(agencies, requests * of_agencies // 100)
    for row in sheets["Teams"]:
        row["maximum_at_once"] = max(1, room.get((row["agency"], row["team"]), 0))
    for row in sheets["Agencies"]:
        row["maximum_at_once"] = max(1, room.get((row["agency"],), 0))


def _commitments(sheets: Sheets, number: int, draw: random.Random) -> list[Row]:
    """A third each of teams, agencies and PEs, a few weeks each."""
    offering = sorted({(str(row["agency"]), str(row["team"])) for row in sheets["Offers"]})
    staff = [str(row["pe"]) for row in sheets["Educators"]]
    first, last = ROUNDS[WINTER].first_day, ROUNDS[AUTUMN].last_end
    rows: list[Row] = []
    for n in range(number):
        agency, team = draw.choice(offering)
        whose: tuple[Row, ...] = ({"agency": agency, "team": team}, {"agency": agency}, {"pe": draw.choice(staff)})
        begin = first + timedelta(days=draw.randrange((last - first).days))
        end = begin + timedelta(weeks=draw.randint(*WEEKS))
        rows.append({**whose[n % 3], "programme": draw.choice(PROGRAMMES), "from": begin, "to": end, "number": 1})
    return rows
