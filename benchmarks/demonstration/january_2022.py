"""``january-2022``: the same partnership a year in which MSW finals were short.

Published: too few places for MSW finals in January 2022, and five causes: Step Up, Think Ahead, newly qualified
workers' cohorts (ASYE) that start in January, apprentices, and that few PEs went on from PEPS1 to PEPS2; 9 Step Up
students from 4 January 2022; apprentices, 60 admitted in 2020 and 23 in 2021; 2 interns of 2021 and their agencies.
Invented: how much each cause takes, apart from Step Up. It was set once, before any of it was solved, and the same in
supply and demand otherwise as ``developing-together``: what each is worth is what solving without it shows.
"""

from benchmarks.demonstration.developing_together import (
    COHORTS,
    DEVELOPING_TOGETHER,
    FINAL_APPRENTICES,
    INTERNS,
    JANUARY,
    MAY,
    NEXT_JANUARY,
    NEXT_SEPTEMBER,
    PAST,
    SEPTEMBER,
    TAKEN,
)
from benchmarks.demonstration.facts import Cohort, Taken

_OWN: dict[Cohort, Cohort] = {
    # 60 apprentices of 2020 in the shares of 2021 (5 of 23 with partners): 13 whose finals partners give.
    FINAL_APPRENTICES: FINAL_APPRENTICES._replace(students=13),
    INTERNS: INTERNS._replace(students=2, employers=("Croydon Adults", "Sutton Children")),
}
COHORTS_OF_2022: tuple[Cohort, ...] = tuple(
    _OWN.get(cohort, cohort._replace(students=50) if (cohort.programme, cohort.students) == ("MSW", 49) else cohort)
    for cohort in COHORTS
)

JANUARY_2022 = DEVELOPING_TOGETHER._replace(
    name="january-2022",
    cohorts=COHORTS_OF_2022,
    taken=(
        *(taken for taken in TAKEN if taken.programme == "Frontline"),
        Taken("Mental Health Trust", "Think Ahead", 4),
        Taken("Richmond and Wandsworth Adults", "Think Ahead", 4),
    ),
    educators_taken={"Think Ahead": 4, "Frontline": 4, "ASYE": 16},
    not_going_on=12,
    past=tuple(row for row in PAST if row[0] < "2021-22"),
    # 261 weeks: the days of the week stay, and the first Tuesday of January 2027 is 4 January 2022.
    days_moved=-7 * 261,
    round_names={SEPTEMBER: "SEP21", JANUARY: "JAN22", MAY: "MAY22", NEXT_SEPTEMBER: "SEP22", NEXT_JANUARY: "JAN23"},
)
