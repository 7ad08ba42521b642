"""A synthetic England: 54 universities, 230 agencies, 10,000 students; deterministic, with seed and size.

What is real and what is not:

=============================================  =====================================================================
real                                           invented
=============================================  =====================================================================
54 universities teach social work (2019)       that one run allocates for all of them; 10,000 students
cities and towns; postcode districts with      which town has a university or a council here, where its campus and
rounded coordinates                            its offices are, every home
a council's adults' and children's services    every agency, team, place, PE, answer, decision, history and number:
are two agencies; a trust serves several       the names of towns make places recognisable and mean no council,
councils                                       trust, charity or university that exists
-                                              who works with whom: the nearest three universities within 60 km
shares of the demonstration (published or      the sizes of cohorts; that almost every student needs both placements
invented there: see its docstring)
=============================================  =====================================================================

Students live around their university. What a university needs is asked of the agencies that work with it, by their
size and nearness, and answered unevenly: about as many places as requests, so that neighbouring universities compete
and some requests cannot be met. Fewer students make a smaller England of the same density: a connected region of
fewer universities with its agencies. Nothing in the data is about a person.
"""

from benchmarks.demonstration import surroundings as shared
from benchmarks.demonstration.draw import Row
from benchmarks.england import demand, supply, surroundings
from benchmarks.england.agencies import make_hosts
from benchmarks.england.calibration import STUDENTS_OF_A_UNIVERSITY, TRANCHES
from benchmarks.england.geography import UNIVERSITIES


def generate(seed: int = 1, students: int = 10_000) -> dict[str, list[Row]]:
    """Draw England or a part of it.

    Parameters
    ----------
    seed
        The same seed gives the same rows.
    students
        How many: 100 to 10,000. There are about 2 requests and 2.04 places for each.

    Returns
    -------
    dict
        By sheet: its rows, each a mapping of column to value, as :func:`benchmarks.demonstration.generate` has them.

    Raises
    ------
    ValueError
        ``students`` is out of range.
    """
    if not 100 <= students <= 10_000:
        raise ValueError("students must be from 100 to 10,000")
    universities = UNIVERSITIES[: max(1, round(students / STUDENTS_OF_A_UNIVERSITY))]
    agencies = make_hosts(seed, universities)
    members = demand.make_members(seed, students, universities, agencies)
    hosts = supply.share_out(seed, members, agencies)
    people = demand.make(seed, members, hosts)
    offered = supply.make(seed, members, hosts, universities)
    return {
        "Tranches": surroundings.tranches(),
        "Students": people.students,
        "Requests": people.requests,
        "History": people.history,
        "Agencies": offered.agencies,
        "Teams": offered.teams,
        "Offers": offered.offers,
        "Educators": offered.educators,
        "Places": surroundings.places(people.students, offered.teams),
        "Travel": surroundings.travel(people.students, offered.offers, seed),
        "Commitments": offered.commitments,
        "Decisions": surroundings.decisions(people.students, people.requests, offered.offers, hosts, seed),
        "Policy": surroundings.policy(),
        "Lists": shared.lists(),
        "Calendar": shared.calendar({name: facts.first_day for name, facts in TRANCHES.items()}),
    }
