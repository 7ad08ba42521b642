"""The demand side of England: Students, Requests, History."""

import math
import random
from datetime import date
from typing import NamedTuple

from benchmarks.demonstration import calibration as shared
from benchmarks.demonstration.demand import preferred
from benchmarks.demonstration.draw import Row, listed, source, spread
from benchmarks.demonstration.facts import AgencyFacts
from benchmarks.england import calibration as c
from benchmarks.england.agencies import Host, by_university
from benchmarks.england.geography import University, kilometres, within


class Member(NamedTuple):
    """A student before any detail is drawn: cohort, university, and whom a lock ties them to."""

    cohort: c.Cohort
    university: University
    employer: str | None = None
    authorities: tuple[str, ...] = ()


class Demand(NamedTuple):
    """Rows of the three sheets."""

    students: list[Row]
    requests: list[Row]
    history: list[Row]


def make_members(seed: int, students: int, universities: tuple[University, ...], hosts: list[Host]) -> list[Member]:
    """Who studies what where, and who is tied to which agency.

    Parameters
    ----------
    seed
        The same seed gives the same students.
    students
        How many.
    universities, hosts
        Where they study, and whom they may be tied to.

    Returns
    -------
    list of Member
        In order of id, which is no order of cohorts.
    """
    draw = source(seed, "members", "england")
    sizes = {university: draw.randint(*(round(100 * part) for part in c.SIZES)) for university in universities}
    near = by_university(hosts)
    members: list[Member] = []
    numbers = spread({cohort: cohort.per_thousand for cohort in c.COHORTS}, students, draw)
    for cohort in c.COHORTS:
        teaching = {u: sizes[u] for n, u in enumerate(universities) if n % cohort.every == 0}
        for university in spread(teaching, numbers.count(cohort), draw):
            members.append(_tied(Member(cohort, university), near[university.university], draw))
    draw.shuffle(members)
    return members


def _tied(member: Member, hosts: list[Host], draw: random.Random) -> Member:
    tie = member.cohort.tie
    if tie is None:
        return member
    side = {"adults": ("adults",), "authorities": ("children",)}.get(tie, ("adults", "children"))
    councils = [host for host in hosts if host.facts.kind == "authority" and host.facts.directorate in side]
    weights = [host.nearness(member.university) for host in councils]
    employer = draw.choices(councils, weights)[0].facts
    if tie != "authorities":
        return member._replace(employer=employer.agency)
    other = draw.choices(councils, weights)[0].facts
    return member._replace(authorities=tuple(dict.fromkeys(employer.authorities + other.authorities)))


def make(seed: int, members: list[Member], hosts: list[Host]) -> Demand:
    """Draw the demand side.

    Parameters
    ----------
    seed
        The same seed gives the same rows.
    members
        The students.
    hosts
        Agencies with their teams: where students work, worked or must not go.

    Returns
    -------
    Demand
        Rows of the three sheets.
    """
    draw = source(seed, "students", "england")
    ids = [f"S{number:05d}" for number in range(1, len(members) + 1)]
    by_name = {host.facts.agency: host for host in hosts}
    students = _students(ids, members, by_name, draw)
    requests = [row for id, member in zip(ids, members, strict=True) for row in _requests(id, member, by_name)]
    _vary(students, requests, source(seed, "requests", "england"))
    history = _history(dict(zip(ids, members, strict=True)), requests, by_name, source(seed, "history", "england"))
    return Demand(students, requests, history)


def _students(ids: list[str], members: list[Member], by_name: dict[str, Host], draw: random.Random) -> list[Row]:
    number = len(ids)
    drives = spread(shared.DRIVES, number, draw)
    readiness = spread(shared.READINESS_OF_FIRSTS, number, draw)
    clearance = spread(shared.CLEARANCE, number, draw)
    limits = spread(shared.LIMIT_MINUTES, number, draw)
    adjustments = spread(shared.ADJUSTMENTS, number, draw)
    caring = spread(shared.CARING, number, draw)
    near = by_university(list(by_name.values()))
    homes = {campus: _homes(campus) for campus in sorted({member.university.campus for member in members})}
    rows: list[Row] = []
    for n, (id, (cohort, university, employer, _)) in enumerate(zip(ids, members, strict=True)):
        tied, adjustment = cohort.tie is not None, adjustments[n]
        job = by_name[employer].facts if employer and cohort.tie in ("employer", "adults") else None
        conflict = draw.randrange(30) == 0 and not tied
        rows.append(
            {
                "student": id,
                "programme": cohort.programme,
                "university": university.university,
                "home": draw.choices(*homes[university.campus])[0],
                "drives": "yes" if adjustment is None and drives[n] else drives[n],
                "readiness": None if cohort.requests[0][0] == "final" or tied else readiness[n],
                "clearance": "passed" if tied else clearance[n],
                "scheme": cohort.scheme,
                "employer_agency": job.agency if job else None,
                "employer_team": draw.choice(job.teams).team if job else None,
                "excluded": draw.choice(near[university.university]).facts.agency if conflict else None,
                "limit_minutes": None if tied else limits[n],
                "adjustments": adjustment,
                "share_needs": "yes" if adjustment and draw.randrange(4) else None,
                "caring": caring[n],
                "preferred_areas": listed(preferred(draw)),
                "waiting_since": None,
            }
        )
    return rows


def _homes(campus: str) -> tuple[list[str], list[int]]:
    """Districts around a campus, and how likely a home is in each."""
    around = list(within(campus, c.HOME_KM))
    return around, [round(1000 * math.exp(-kilometres(campus, home) / c.HOME_SPREAD_KM)) for home in around]


def _requests(student: str, member: Member, by_name: dict[str, Host]) -> list[Row]:
    rows: list[Row] = []
    for stage, tranche in member.cohort.requests:
        agencies: tuple[str, ...] = (member.employer,) if member.employer else ()
        authorities = member.authorities
        if member.cohort.tie == "intern" and member.employer and stage == "final":
            agencies, authorities = (), by_name[member.employer].facts.authorities
        rows.append(
            {
                "student": student,
                "stage": stage,
                "attempt": 1,
                "tranche": tranche,
                "locked_agencies": listed(agencies),
                "locked_authorities": listed(authorities),
                "found_by": "employer" if member.cohort.found_by_employer else None,
            }
        )
    return rows


def _vary(students: list[Row], requests: list[Row], draw: random.Random) -> None:
    """Days a week, and of the finals that come first: whose award would be late, and who waits since the autumn."""
    for row, days in zip(requests, spread(shared.DAYS_A_WEEK, len(requests), draw), strict=True):
        row["days_a_week"] = days
    due = [row for row in requests if row["stage"] == "final" and row["tranche"] != c.NEXT_JANUARY]
    for row, answer in zip(due, spread(shared.DUE_TO_GRADUATE, len(due), draw), strict=True):
        row["graduation_due"] = answer
    finals = {row["student"] for row in due}
    able = [row for row in students if row["student"] in finals and row["scheme"] is None]
    for row, since in zip(able, spread(shared.WAITING, len(able), draw), strict=True):
        row["waiting_since"] = since


# ---- history -------------------------------------------------------------------------------------------------------
def _history(
    members: dict[str, Member], requests: list[Row], by_name: dict[str, Host], draw: random.Random
) -> list[Row]:
    """Firsts of students who need only a final, and placements that did not pass: those are repeated."""
    near = by_university(list(by_name.values()))
    rows: list[Row] = []
    only_final = [id for id, member in members.items() if member.cohort.requests[0][0] == "final"]
    answers = {
        programme: spread(shares, sum(members[id].cohort.programme == programme for id in only_final), draw)
        for programme, shares in shared.FIRSTS_STATUTORY.items()
    }
    for id in only_final:
        programme = members[id].cohort.programme
        answer = answers[programme].pop()
        hosts = near[members[id].university.university]
        such = [host for host in hosts if (host.facts.kind == "authority") == (answer == "yes")]
        rows.append(_placement(id, "first", draw.choice(such or hosts).facts, answer, c.FIRST_START[programme], draw))
    free = sorted(id for id, member in members.items() if member.cohort.tie is None)
    again = set(draw.sample(free, max(1, len(free) * c.FAILED_PER_THOUSAND // 1000)))
    for request in requests:
        id, stage = str(request["student"]), str(request["stage"])
        if id in again and stage == members[id].cohort.requests[0][0]:
            councils = [h for h in near[members[id].university.university] if h.facts.kind == "authority"]
            failed = _placement(id, stage, draw.choice(councils).facts, "yes", date(2026, 9, 7), draw)
            rows.append(failed | {"outcome": draw.choice(("failed", "ended_early")), "days_credited": 0})
            request["attempt"] = 2
    return rows


def _placement(id: str, stage: str, agency: AgencyFacts, statutory: str, start: date, draw: random.Random) -> Row:
    team = draw.choice(agency.teams)
    return {
        "student": id,
        "stage": stage,
        "agency": agency.agency,
        "team": team.team,
        "areas": listed(team.areas),
        "setting": agency.setting or agency.kind,
        "statutory_regulator": statutory,
        "statutory_dfe": "yes" if statutory == "yes" else "no",
        "start": start,
        "outcome": "passed",
        "days_credited": 70,
    }
