"""``tight_educators``, ``trainees`` and ``cap``: PEs are what is short, each time in another way."""

from datetime import date, timedelta

from benchmarks.demonstration.draw import Row, day_between, listed, source, spread
from benchmarks.demonstration.facts import Cohort, Round
from benchmarks.families.frame import Mix, Sheets, sheets_of

LISTED_ONLY = {"any": 100}
"""Offers name nobody: whoever reaches a team may come, and nobody else."""
NO_POOLS = (("educators_to_be_found", "never"),)
TIGHT = Mix(places=150, educators=48, consultants=8, independents=6, educators_of_offer=LISTED_ONLY,
            no_educator_percent=100, policy=NO_POOLS)  # fmt: skip
LONG_ARM_PERCENT = 60
"""Of the PEs whom agencies employ: those who serve other teams of theirs too."""
LOADS = {None: 70, 2: 30}
TRAINEES = Mix(
    places=115, educators=56, qualification={"PEPS2": 25, "PEPS1": 15, "trainee_1": 32, "trainee_2": 28},
    educators_of_offer=LISTED_ONLY, no_educator_percent=100, policy=NO_POOLS,
)  # fmt: skip
ON_THE_WAY_PERCENT = 50
CAP_PERCENT = 13
YEAR_1, YEAR_2, YEAR_3 = "JAN27", "SEP27", "SEP28"
THREE_YEARS = {
    YEAR_1: Round(date(2027, 1, 5), date(2027, 2, 15), date(2027, 7, 30), "deciding", {}, {"firm": 95, "forecast": 5}),
    YEAR_2: Round(date(2027, 9, 13), date(2027, 10, 11), date(2028, 3, 31), "later", {}, {"firm": 60, "forecast": 40}),
    YEAR_3: Round(date(2028, 9, 11), date(2028, 10, 9), date(2029, 3, 30), "later", {}, {"firm": 20, "forecast": 80}),
}
CAP = Mix(
    rounds=THREE_YEARS,
    cohorts=(
        Cohort("MSW", 40, (("final", YEAR_1),), first_start=date(2026, 5, 11)),
        Cohort("BA", 30, (("first", YEAR_1), ("final", YEAR_2))),
        Cohort("MSW", 30, (("first", YEAR_2), ("final", YEAR_3))),
    ),
    places=125, educators=58, consultants=9, independents=18, educators_of_offer=LISTED_ONLY,
    no_educator_percent=100, policy=(*NO_POOLS, ("independent_cap_percent", CAP_PERCENT)),
)  # fmt: skip


def tight_educators(students: int, seed: int) -> Sheets:
    """PEs' loads bind, places do not.

    Hard, since a PE reaches several teams or agencies and several rounds run at a time: what a place needs is taken by
    another one elsewhere, weeks before or after.
    """
    sheets = _drawn("tight_educators", TIGHT, students, seed)
    draw = source(seed, "loads", "families/tight_educators")
    able = [row for row in sheets["Educators"] if not _trainee(row) and row["team"] is not None]
    for row, load in zip(able, spread(LOADS, len(able), draw), strict=True):
        row["load"] = load
    return sheets


def trainees(students: int, seed: int) -> Sheets:
    """Most PEs are trainees, who need a student by a date, and half of whom are something else from a date on.

    Hard, since three tiers pull at the same PEs (finals with trainees, trainees without a student, own PEs), and who
    may take which stage changes within a round.
    """
    sheets = _drawn("trainees", TRAINEES, students, seed)
    draw = source(seed, "qualifying", "families/trainees")
    learning = [row for row in sheets["Educators"] if _trainee(row)]
    for row in learning:
        row["needs_student_by"] = draw.choice((date(2027, 2, 1), date(2027, 6, 1), date(2027, 10, 1)))
    for row in draw.sample(learning, len(learning) * ON_THE_WAY_PERCENT // 100):
        row["qualifies_on"] = day_between(date(2027, 2, 1), date(2027, 11, 30), draw)
        row["becomes"] = "PEPS2" if row["qualification"] == "trainee_2" else draw.choice(("PEPS1", "trainee_2"))
    return sheets


def cap(students: int, seed: int) -> Sheets:
    """Of each academic year's placements at most 13% are with independents and consultants, over three years.

    Hard, since a part of the whole couples every request of a year, and students with two requests couple the years.
    """
    sheets = _drawn("cap", CAP, students, seed)
    draw = source(seed, "visiting", "families/cap")
    agencies = sorted({str(row["agency"]) for row in sheets["Offers"]})
    for row in sheets["Educators"]:
        if row["employed_by"] == "independent":
            row |= {"load": 2, "serves": listed(sorted(draw.sample(agencies, min(6, len(agencies)))))}
        if row["employed_by"] in ("independent", "partnership"):
            row["current_until"] = date(2029, 12, 31)
        elif row.get("last_student"):
            row["current_until"] = date(2027, 7, 1) + timedelta(days=draw.randrange(900))
    return sheets


def _drawn(family: str, mix: Mix, students: int, seed: int) -> Sheets:
    """A partnership whose PEs reach beyond their teams: a small one has too few of them, and no team that has none."""
    sheets = sheets_of(family, mix, students, seed)
    employed = [row for row in sheets["Educators"] if row["team"] is not None]
    shares = {"yes": LONG_ARM_PERCENT, None: 100 - LONG_ARM_PERCENT}
    for row, answer in zip(
        employed, spread(shares, len(employed), source(seed, "reach", f"families/{family}")), strict=True
    ):
        row["long_arm"] = answer
    return sheets


def _trainee(row: Row) -> bool:
    return str(row["qualification"]).startswith("trainee")
