"""``single_offers``: two offers for each student, each of one place."""

import re

from benchmarks.demonstration.draw import Row
from benchmarks.families.frame import Mix, Sheets, sheets_of

OFFERS_PER_STUDENT = 2
MIX = Mix(places=134)


def single_offers(students: int, seed: int) -> Sheets:
    """600 offers of one place for 300 students.

    Hard, since there are many more pairs than places: nothing that is decided of one offer says anything of another,
    and offers of one team that are alike are not one.
    """
    sheets = sheets_of("single_offers", MIX, students, seed)
    single: list[Row] = []
    for row in sheets["Offers"]:
        educators = re.sub(r" x\d+$", "", str(row["educators"])) if row["educators"] else None
        single += [{**row, "capacity": 1, "educators": educators} for _ in range(int(str(row["capacity"])))]
    for number, row in enumerate(single, start=1):
        row["offer"] = f"O{number:03d}"
    sheets["Offers"] = single
    return sheets
