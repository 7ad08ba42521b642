"""Rounds that come again every year: a line is a round's place in the year, an offset the year that it is in."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from models.base import natural_key
from models.entities import Tranche
from scenarios.errors import EditError

YEAR = timedelta(days=364)
"""52 weeks: what began on a Monday begins on one again."""
_BEFORE = timedelta(days=28)
"""A round that begins so many days before the anniversary of the one being decided is of that year."""
_NEAR = timedelta(days=45)
_NUMBER = re.compile(r"(?<!\d)(?:20\d\d|\d\d)(?!\d)")


class Round(NamedTuple):
    """A round: its place in the year, and the year, 0 for this one."""

    line: str
    offset: int


class Lines:
    """The rounds of a base, and those of the years to come, which are named and dated like them.

    Parameters
    ----------
    tranches
        Of the base.

    Raises
    ------
    EditError
        None of them is being decided.
    """

    def __init__(self, tranches: Iterable[Tranche]) -> None:
        ordered = sorted(tranches, key=lambda t: (t.first_day, natural_key(t.tranche)))
        now = [t.first_day for t in ordered if t.status == "deciding"]
        if not now:
            raise EditError("no round is being decided (Tranches, status), so there is no year to go on from.")
        self.first_day = now[0]
        self.listed: dict[Round, Tranche] = {}
        self._round_of: dict[str, Round] = {}
        for tranche in ordered:
            offset = (tranche.first_day - self.first_day + _BEFORE) // YEAR
            round_ = Round(self._line(tranche, offset), offset)
            self.listed[round_] = tranche
            self._round_of[tranche.tranche] = round_
        self.horizon = tuple(r for r, t in self.listed.items() if t.status != "past")

    def _line(self, tranche: Tranche, offset: int) -> str:
        """The line of a round that is listed a year before, or one of its own."""
        taken = {r.line for r in self.listed if r.offset == offset}
        before = [
            (abs(tranche.first_day - YEAR - t.first_day), r.line)
            for r, t in self.listed.items() if r.offset == offset - 1 and r.line not in taken
        ]  # fmt: skip
        near = [found for found in before if found[0] <= _NEAR]
        return min(near)[1] if near else tranche.tranche

    def of(self, name: str) -> Round:
        """The round of a name, of this year or of one to come.

        Raises
        ------
        KeyError
            Nobody has asked for a round of that name.
        """
        return self._round_of[name]

    def name(self, round_: Round) -> str:
        """The name of a round in any year."""
        return self.row(round_).tranche

    def row(self, round_: Round) -> Tranche:
        """A round in any year: as it is listed, else as the nearest year before has it, or after, moved."""
        if round_ in self.listed:
            return self.listed[round_]
        offsets = sorted(r.offset for r in self.listed if r.line == round_.line)
        like = max([o for o in offsets if o < round_.offset], default=offsets[0])
        made = _moved(self.listed[Round(round_.line, like)], round_.offset - like, set(self._round_of))
        self.listed[round_] = made
        self._round_of[made.tranche] = round_
        return made

    def of_year(self, year: int) -> tuple[Round, ...]:
        """The rounds that are planned in a year: those of the base's horizon, so many years later."""
        return tuple(Round(r.line, r.offset + year) for r in self.horizon)

    def status(self, round_: Round, year: int) -> str:
        """What a round is when a year is planned."""
        if round_.offset < year:
            return "past"
        now = Round(round_.line, round_.offset - year)
        return "deciding" if now in self.listed and self.listed[now].status == "deciding" else "later"


def _moved(tranche: Tranche, years: int, taken: set[str]) -> Tranche:
    by = years * YEAR
    name = tranche.tranche
    for _ in range(abs(years)):
        name = next_name(name, tranche.first_day + by)
    while name in taken:
        name += "~"
    days: Mapping[str, date | None] = {
        c: getattr(tranche, c) and getattr(tranche, c) + by for c in ("first_day", "last_start", "last_end")
    }
    return tranche.model_copy(update={"tranche": name, **days})


def next_name(name: str, first_day: date) -> str:
    """The name of the same round a year later: ``JAN28`` after ``JAN27``; without a year in it with one behind it."""

    def later(found: re.Match[str]) -> str:
        number = int(found[0])
        near = abs(number % 100 - first_day.year % 100) <= 3
        return f"{number + 1:0{len(found[0])}d}" if near else found[0]

    made = _NUMBER.sub(later, name)
    return made if made != name else f"{name} {first_day.year}"
