"""The demonstration partnership ``developing-together``: a deterministic generator with seed and scale.

What is from the published reports, and what is not:

=============================================  =====================================================================
from the reports                               invented
=============================================  =====================================================================
partner agencies, membership, directorate      every team, its office, areas and authority; all agencies outside;
                                               what of NSPCC counts as statutory; no offers from the university
500 adults' and 1,310 children and family      how these divide between the agencies
social workers employed by the authorities
about 150 students a year; 29 BA and 25 MSW    sizes of all other cohorts; homes, cars, preferences, adjustments,
finals fit the published percentages;          conflicts of interest, results of checks, histories
23 apprentices, most of them employed outside
MSW firsts in May, MSW finals in January;      rounds of BA, PgDip and apprentices; every date but Step Up's first;
Step Up from 4 January                         the years (2021-22 is moved to 2026-27)
9 Step Up students and their authorities;      how the 9 divide between them; employers and jobs of apprentices and
3 interns and their agencies (2020);           sponsored staff; what employers find; that an intern's
3 PgDip places for adults' workers (2021)      first is locked to the agency and the final to its authority
practice consultants and independents count    their number (2 and 3), loads, whom they serve
as independent; consultants go where a place
has no PE of its own
70 and 100 days; average PE loads of 1 to 2    165 PEs and 249 places, by agency and round; who is PEPS1, PEPS2 or a
                                               trainee, currency, absence, long-arm, assessors; which offer names whom
a hub lead with several students               where the hub is and that it has 5 places
programmes that compete: Step Up, Think        how many places and PEs each takes, and where
Ahead, Frontline, ASYE, apprentices
about 27% of placements from outside           which offers are forecast, ring-fenced, for car drivers, 4 days a week;
                                               features, measured times, decisions, key dates
-                                              coordinates of postcode districts are real (rounded); homes are not
=============================================  =====================================================================

The shares in :mod:`benchmarks.demonstration.calibration` are set so that a greedy pass (:mod:`benchmarks.greedy`)
comes near the published year 2021-22 on seed 1. Nothing in the data is about a person.
"""

from pathlib import Path

from allocator.reading import write_workbook
from benchmarks.demonstration import demand, supply, surroundings
from benchmarks.demonstration.draw import Row


def generate(seed: int = 1, scale: float = 1.0) -> dict[str, list[Row]]:
    """Draw the partnership.

    Parameters
    ----------
    seed
        The same seed gives the same rows.
    scale
        1: 150 students, 228 requests, 249 places, 165 PEs. Cohorts, places, PEs and teams grow in proportion;
        agencies and districts stay.

    Returns
    -------
    dict
        By sheet: its rows, each a mapping of column to value.

    Raises
    ------
    ValueError
        ``scale`` is not positive.
    """
    if scale <= 0:
        raise ValueError("scale must be positive")
    hosts = supply.make(seed, scale)
    people = demand.make(seed, scale)
    demand.waiting(people.students, people.requests, seed)
    return {
        "Tranches": surroundings.tranches(),
        "Students": people.students,
        "Requests": people.requests,
        "History": people.history,
        "Agencies": hosts.agencies,
        "Teams": hosts.teams,
        "Offers": hosts.offers,
        "Educators": hosts.educators,
        "Places": surroundings.places(),
        "Travel": surroundings.travel(people.students, hosts.offers, seed),
        "Commitments": hosts.commitments,
        "Decisions": surroundings.decisions(people.students, people.requests, hosts.offers, seed),
        "Policy": surroundings.policy(),
        "Lists": surroundings.lists(),
        "Calendar": surroundings.calendar(),
    }


def write(path: Path, seed: int = 1, scale: float = 1.0) -> None:
    """Write the partnership as a workbook.

    Parameters
    ----------
    path
        The workbook, replaced where it exists.
    seed, scale
        As for :func:`generate`.
    """
    write_workbook(path, generate(seed, scale))
