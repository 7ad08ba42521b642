"""The demand side: Students, Requests, History."""

import random
from datetime import date
from typing import NamedTuple

from benchmarks.demonstration import calibration as c
from benchmarks.demonstration.draw import Row, listed, scaled, source, spread
from benchmarks.demonstration.facts import AREAS, AgencyFacts, Cohort, Partnership
from benchmarks.demonstration.hosts import teams_of


class Demand(NamedTuple):
    """Rows of the three sheets."""

    students: list[Row]
    requests: list[Row]
    history: list[Row]


class _Member(NamedTuple):
    cohort: Cohort
    position: int

    @property
    def employer(self) -> str | None:
        """The agency to which the student is tied."""
        employers = self.cohort.employers
        return employers[self.position % len(employers)] if employers else None

    @property
    def only_final(self) -> bool:
        """Whether the first placement is history."""
        return self.cohort.requests[0][0] == "final"


def make(partnership: Partnership, seed: int, scale: float) -> Demand:
    """Draw the demand side.

    Parameters
    ----------
    partnership, seed, scale
        As for :func:`benchmarks.demonstration.generate`.

    Returns
    -------
    Demand
        Rows of the three sheets, ids in no order of cohorts.
    """
    name = partnership.drawn_as
    draw = source(seed, "students", name)
    members = [_Member(cohort, n) for cohort in partnership.cohorts for n in range(scaled(cohort.students, scale))]
    draw.shuffle(members)
    ids = [f"S{number:03d}" for number in range(1, len(members) + 1)]
    students = _students(partnership, ids, members, scale, draw)
    requests = [row for id, member in zip(ids, members, strict=True) for row in _requests(partnership, id, member)]
    _vary(partnership, requests, source(seed, "requests", name))
    history = _history(partnership, dict(zip(ids, members, strict=True)), scale, source(seed, "history", name))
    _repeat_finals(requests, history)
    _waiting(partnership, students, requests, source(seed, "waiting", name))
    return Demand(students, requests, history)


def _students(
    partnership: Partnership, ids: list[str], members: list[_Member], scale: float, draw: random.Random
) -> list[Row]:
    number = len(ids)
    inside = sorted(set(partnership.districts) - partnership.around)
    edge = sorted(partnership.around)
    around = number * c.HOMES_AROUND_PERCENT // 100
    homes = [draw.choice(inside) for _ in range(number - around)] + [draw.choice(edge) for _ in range(around)]
    draw.shuffle(homes)
    drives = spread(partnership.drives, number, draw)
    waiting_for_a_first = [m for m in members if not m.only_final and m.cohort.tie is None]
    readiness = iter(spread(c.READINESS_OF_FIRSTS, len(waiting_for_a_first), draw))
    clearance = spread(c.CLEARANCE, number, draw)
    limits = spread(c.LIMIT_MINUTES, number, draw)
    adjustments = spread(c.ADJUSTMENTS, number, draw)
    caring = spread(c.CARING, number, draw)
    rows: list[Row] = []
    for n, (id, member) in enumerate(zip(ids, members, strict=True)):
        cohort = member.cohort
        tied = cohort.tie is not None
        adjustment = adjustments[n]
        employed = member.employer if cohort.tie in ("employer", "adults") else None
        rows.append(
            {
                "student": id,
                "programme": cohort.programme,
                "university": cohort.university,
                "home": homes[n],
                "drives": "yes" if adjustment is None and drives[n] else drives[n],
                "readiness": None if member.only_final or tied else next(readiness),
                "clearance": "passed" if tied else clearance[n],
                "scheme": cohort.scheme,
                "employer_agency": employed,
                "employer_team": draw.choice(teams_of(partnership.by_name(employed), scale)).team if employed else None,
                "excluded": _excluded(partnership, draw, tied),
                "limit_minutes": None if tied else limits[n],
                "adjustments": adjustment,
                "share_needs": "yes" if adjustment and draw.randrange(4) else None,
                "caring": caring[n],
                "preferred_areas": listed(preferred(draw)),
                "part": cohort.part,
            }
        )
    return rows


def _excluded(partnership: Partnership, draw: random.Random, tied: bool) -> str | None:
    """About one student in thirty has a conflict of interest with an agency."""
    hosts = [agency.agency for agency in partnership.agencies if any(agency.places)]
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


def _requests(partnership: Partnership, student: str, member: _Member) -> list[Row]:
    cohort, employer = member.cohort, member.employer
    rows: list[Row] = []
    for stage, tranche in cohort.requests:
        agencies: tuple[str, ...] = ()
        authorities: tuple[str, ...] = ()
        if cohort.tie == "intern" and employer and stage == "final":
            authorities = partnership.by_name(employer).authorities
        elif cohort.tie in ("intern", "adults", "employer") and employer:
            agencies = (employer,)
        elif cohort.tie == "authorities":
            authorities = cohort.authorities[member.position % len(cohort.authorities)]
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
        if cohort.found_by_employer:
            facts = partnership.rounds[tranche]
            rows[-1] |= {"earliest_start": facts.first_day, "latest_end": facts.last_end}
    return rows


def _vary(partnership: Partnership, requests: list[Row], draw: random.Random) -> None:
    """Days a week, and finals whose award would be late if they waited."""
    for row, days in zip(requests, spread(c.DAYS_A_WEEK, len(requests), draw), strict=True):
        row["days_a_week"] = days
    due = _finals_due(partnership, requests)
    for row, answer in zip(due, spread(c.DUE_TO_GRADUATE, len(due), draw), strict=True):
        row["graduation_due"] = answer


def _finals_due(partnership: Partnership, requests: list[Row]) -> list[Row]:
    """Finals of the round being decided."""
    return [row for row in requests if (row["stage"], row["tranche"]) == ("final", partnership.deciding)]


# ---- history -------------------------------------------------------------------------------------------------------
def _history(partnership: Partnership, members: dict[str, _Member], scale: float, draw: random.Random) -> list[Row]:
    """Firsts of students who need only a final; a few finals that did not pass."""
    only_final = {id: member for id, member in members.items() if member.only_final}
    statutory: dict[str, list[str]] = {
        programme: spread(shares, sum(m.cohort.programme == programme for m in only_final.values()), draw)
        for programme, shares in c.FIRSTS_STATUTORY.items()
    }
    agencies = [agency for agency in partnership.agencies if agency.teams]
    partners = [agency for agency in agencies if agency.membership != "outside" and agency.kind == "authority"]
    others = [agency for agency in agencies if agency.statutory == "no"]
    rows: list[Row] = []
    for id, member in only_final.items():
        answer = statutory[member.cohort.programme].pop()
        employer = member.employer
        agency = partnership.by_name(employer) if employer else draw.choice(partners if answer == "yes" else others)
        rows.append(_placement(id, "first", agency, answer, member.cohort.first_start, scale, draw))
    free = [
        row for row in rows
        if only_final[str(row["student"])].cohort.tie is None
        and only_final[str(row["student"])].cohort.requests[0][1] == partnership.deciding
    ]  # fmt: skip
    for missing in draw.sample(free, min(len(free), scaled(c.FIRSTS_NOT_RECORDED, scale))):
        rows.remove(missing)
        free.remove(missing)
    for row in draw.sample(free, min(len(free), scaled(c.FINALS_FAILED, scale))):
        agency = draw.choice(partners)
        failed = _placement(str(row["student"]), "final", agency, "yes", date(2026, 9, 7), scale, draw)
        rows.append(failed | {"outcome": draw.choice(("failed", "ended_early")), "days_credited": 0})
    return rows


def _placement(
    student: str, stage: str, agency: AgencyFacts, statutory: str, start: date | None, scale: float,
    draw: random.Random,
) -> Row:  # fmt: skip
    team = draw.choice(teams_of(agency, scale))
    return {
        "student": student,
        "stage": stage,
        "agency": agency.agency,
        "team": team.team,
        "areas": listed(team.areas),
        "setting": agency.setting or agency.kind,
        "statutory_regulator": statutory,
        "statutory_dfe": "yes" if statutory == "yes" else "no",
        "start": start,
        "outcome": "passed",
        "days_credited": None,
    }


def _repeat_finals(requests: list[Row], history: list[Row]) -> None:
    """A student whose final did not pass asks for the second attempt."""
    again = {row["student"] for row in history if row["stage"] == "final"}
    for row in requests:
        if row["student"] in again and row["stage"] == "final":
            row["attempt"] = 2


def _waiting(partnership: Partnership, students: list[Row], requests: list[Row], draw: random.Random) -> None:
    """A few students who need a final now wait since the autumn."""
    finals = {row["student"] for row in _finals_due(partnership, requests)}
    able = [row for row in students if row["student"] in finals and row["scheme"] is None]
    for row, since in zip(able, spread(c.WAITING, len(able), draw), strict=True):
        row["waiting_since"] = since
