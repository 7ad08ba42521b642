"""The demand side: Students, Requests, History."""

import random
from datetime import date
from typing import NamedTuple

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.agencies import AGENCIES, teams_of
from benchmarks.demonstration.districts import AROUND, DISTRICTS
from benchmarks.demonstration.draw import Row, listed, scaled, source, spread
from benchmarks.demonstration.facts import AREAS, AgencyFacts

BY_NAME: dict[str, AgencyFacts] = {agency.agency: agency for agency in AGENCIES}
FIRST_START = {"MSW": date(2026, 5, 11), "BA": date(2026, 1, 12), "Apprenticeship": date(2026, 1, 12)}
"""When the firsts of students who now need a final began."""


class Demand(NamedTuple):
    """Rows of the three sheets."""

    students: list[Row]
    requests: list[Row]
    history: list[Row]


class _Member(NamedTuple):
    cohort: c.Cohort
    position: int


def make(seed: int, scale: float) -> Demand:
    """Draw the demand side.

    Parameters
    ----------
    seed, scale
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    Demand
        Rows of the three sheets, ids in no order of cohorts.
    """
    draw = source(seed, "students")
    members = [_Member(cohort, n) for cohort in c.COHORTS for n in range(scaled(cohort.students, scale))]
    draw.shuffle(members)
    ids = [f"S{number:03d}" for number in range(1, len(members) + 1)]
    students = _students(ids, members, scale, draw)
    requests = [row for id, member in zip(ids, members, strict=True) for row in _requests(id, member)]
    _vary(requests, source(seed, "requests"))
    history = _history(dict(zip(ids, members, strict=True)), scale, source(seed, "history"))
    _repeat_finals(requests, history)
    return Demand(students, requests, history)


def _students(ids: list[str], members: list[_Member], scale: float, draw: random.Random) -> list[Row]:
    number = len(ids)
    inside = sorted(set(DISTRICTS) - AROUND)
    around = number * c.HOMES_AROUND_PERCENT // 100
    homes = [draw.choice(inside) for _ in range(number - around)] + [draw.choice(sorted(AROUND)) for _ in range(around)]
    draw.shuffle(homes)
    drives = spread(c.DRIVES, number, draw)
    readiness = spread(c.READINESS_OF_FIRSTS, number, draw)
    clearance = spread(c.CLEARANCE, number, draw)
    limits = spread(c.LIMIT_MINUTES, number, draw)
    adjustments = spread(c.ADJUSTMENTS, number, draw)
    caring = spread(c.CARING, number, draw)
    rows: list[Row] = []
    for n, (id, (cohort, position)) in enumerate(zip(ids, members, strict=True)):
        employer = _employer(cohort, position)
        tied = cohort.tie is not None
        adjustment = adjustments[n]
        rows.append(
            {
                "student": id,
                "programme": cohort.programme,
                "home": homes[n],
                "drives": "yes" if adjustment is None and drives[n] else drives[n],
                "readiness": None if cohort.requests[0][0] == "final" or tied else readiness[n],
                "clearance": "passed" if tied else clearance[n],
                "scheme": cohort.scheme,
                "employer_agency": employer if cohort.tie in ("employer", "adults") else None,
                "employer_team": _job(employer, scale, draw) if cohort.tie in ("employer", "adults") else None,
                "excluded": _excluded(draw, tied),
                "limit_minutes": None if tied else limits[n],
                "adjustments": adjustment,
                "share_needs": "yes" if adjustment and draw.randrange(4) else None,
                "caring": caring[n],
                "preferred_areas": listed(preferred(draw)),
            }
        )
    return rows


def _employer(cohort: c.Cohort, position: int) -> str | None:
    return cohort.employers[position % len(cohort.employers)] if cohort.employers else None


def _job(agency: str | None, scale: float, draw: random.Random) -> str | None:
    return draw.choice(teams_of(BY_NAME[agency], scale)).team if agency else None


def _excluded(draw: random.Random, tied: bool) -> str | None:
    """About one student in thirty has a conflict of interest with an agency."""
    hosts = [agency.agency for agency in AGENCIES if any(agency.places)]
    return draw.choice(hosts) if draw.randrange(30) == 0 and not tied else None


def preferred(draw: random.Random) -> list[str]:
    """Three areas, mostly of one directorate; some students state none.

    Parameters
    ----------
    draw
        Where chance comes from.

    Returns
    -------
    list of str
        Best first.
    """
    if draw.randrange(100) < c.NO_PREFERENCE_PERCENT:
        return []
    directorate = draw.choice(("adults", "children", "children"))
    liked = [area for area, of in AREAS.items() if of == directorate]
    other = [area for area, of in AREAS.items() if of != directorate]
    first, second, third = draw.sample(liked, 3)
    return [first, second, third if draw.randrange(2) else draw.choice(other)]


def _requests(student: str, member: _Member) -> list[Row]:
    cohort, position = member
    employer = _employer(cohort, position)
    rows: list[Row] = []
    for stage, tranche in cohort.requests:
        agencies: tuple[str, ...] = ()
        authorities: tuple[str, ...] = ()
        if cohort.tie == "intern" and employer and stage == "final":
            authorities = BY_NAME[employer].authorities
        elif cohort.tie in ("intern", "adults", "employer") and employer:
            agencies = (employer,)
        elif cohort.tie == "authorities":
            authorities = c.STEP_UP_AUTHORITIES[position % len(c.STEP_UP_AUTHORITIES)]
        rows.append(
            {
                "student": student,
                "stage": stage,
                "attempt": 1,
                "tranche": tranche,
                "locked_agencies": listed(agencies),
                "locked_authorities": listed(authorities),
                "found_by": "employer" if cohort.found_by_employer else None,
            }
        )
    return rows


def _vary(requests: list[Row], draw: random.Random) -> None:
    """Days a week, and finals whose award would be late if they waited."""
    for row, days in zip(requests, spread(c.DAYS_A_WEEK, len(requests), draw), strict=True):
        row["days_a_week"] = days
    due = [row for row in requests if (row["stage"], row["tranche"]) == ("final", c.JANUARY)]
    for row, answer in zip(due, spread(c.DUE_TO_GRADUATE, len(due), draw), strict=True):
        row["graduation_due"] = answer


# ---- history -------------------------------------------------------------------------------------------------------
def _history(members: dict[str, _Member], scale: float, draw: random.Random) -> list[Row]:
    only_final = {id: m.cohort for id, m in members.items() if m.cohort.requests[0][0] == "final"}
    statutory: dict[str, list[str]] = {
        programme: spread(shares, sum(cohort.programme == programme for cohort in only_final.values()), draw)
        for programme, shares in c.FIRSTS_STATUTORY.items()
    }
    partners = [agency for agency in AGENCIES if agency.membership != "outside" and agency.kind == "authority"]
    others = [agency for agency in AGENCIES if agency.statutory == "no" and agency.teams]
    rows: list[Row] = []
    for id, cohort in only_final.items():
        answer = statutory[cohort.programme].pop()
        employer = _employer(cohort, members[id].position)
        agency = BY_NAME[employer] if employer else draw.choice(partners if answer == "yes" else others)
        job = teams_of(agency, scale)
        team = draw.choice(job)
        rows.append(
            {
                "student": id,
                "stage": "first",
                "agency": agency.agency,
                "team": team.team,
                "areas": listed(team.areas),
                "setting": agency.setting or agency.kind,
                "statutory_regulator": answer,
                "statutory_dfe": "yes" if answer == "yes" else "no",
                "start": FIRST_START[cohort.programme],
                "outcome": "passed",
                "days_credited": 70,
            }
        )
    free = [row for row in rows if members[str(row["student"])].cohort.tie is None]
    for missing in draw.sample(free, min(len(free), scaled(c.FIRSTS_NOT_RECORDED, scale))):
        rows.remove(missing)
        free.remove(missing)
    for row in draw.sample(free, min(len(free), scaled(c.FINALS_FAILED, scale))):
        agency = draw.choice(partners)
        team = draw.choice(teams_of(agency, scale))
        rows.append(
            {
                "student": row["student"],
                "stage": "final",
                "agency": agency.agency,
                "team": team.team,
                "areas": listed(team.areas),
                "setting": agency.kind,
                "statutory_regulator": "yes",
                "statutory_dfe": "yes",
                "start": date(2026, 9, 7),
                "outcome": draw.choice(("failed", "ended_early")),
                "days_credited": 0,
            }
        )
    return rows


def _repeat_finals(requests: list[Row], history: list[Row]) -> None:
    """A student whose final did not pass asks for the second attempt."""
    again = {row["student"] for row in history if row["stage"] == "final"}
    for row in requests:
        if row["student"] in again and row["stage"] == "final":
            row["attempt"] = 2


def waiting(students: list[Row], requests: list[Row], seed: int) -> None:
    """Mark a few students who need a January final as waiting since the autumn."""
    draw = source(seed, "waiting")
    finals = {row["student"] for row in requests if (row["stage"], row["tranche"]) == ("final", c.JANUARY)}
    able = [row for row in students if row["student"] in finals and row["scheme"] is None]
    for row, since in zip(able, spread(c.WAITING, len(able), draw), strict=True):
        row["waiting_since"] = since
