"""What blocks a place, in a sentence with its numbers; the rules' own words stay in the catalogue."""

import re
from datetime import date, timedelta
from decimal import Decimal

from allocator.terms.holds import Holds
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.dataset import Dataset
from models.entities import Request
from models.plan import Match, Violation
from models.reasons import Block

WITHOUT_DETAIL = frozenset(("E02", "E05", "E07", "E10"))
"""Rules whose detail would say more of a student than who reads the sentence has to know."""
SHOWN = 4
"""So many ids are named; the others are counted."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_AT_ONCE = re.compile(
    r"(.*) at once on (\d{4}-\d\d-\d\d)(?:, the worst of \d+ working days)?(?:, ([\d.]+) committed)?", re.DOTALL
)


def day_words(day: date) -> str:
    """A day as it is said: 14 May 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(ids: tuple[str, ...]) -> str:
    """The first few ids, and how many more there are."""
    more = len(ids) - SHOWN
    return ", ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def at_once(found: Violation) -> tuple[str, date, Decimal]:
    """Who takes too many at once, on which day, and how many other programmes have then."""
    said = _AT_ONCE.fullmatch(found.detail)
    assert said is not None, found.detail
    return said[1], date.fromisoformat(said[2]), Decimal(said[3] or 0)


class BlockWords:
    """Says violations that one match more would make.

    Parameters
    ----------
    dataset
        What the ids mean.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._holds = Holds(dataset)

    def held(self, found: Violation) -> list[str]:
        """For whom decisions hold the places that somebody would take, until when, and which decisions."""
        if found.rule != "L02":
            return []
        return [h.words(day_words) for h in self._holds.empty(found.subjects[0], found.subjects[1:])]

    def block(self, found: Violation, match: Match, request: Request) -> Block:
        """One violation as a block."""
        own = {
            "L02": self._places, "L03": self._load, "L06": self._order, "L07": self._independents,
            "L08": self._range, "L10": self._number, "L11": self._part,
        }.get(found.rule)  # fmt: skip
        words = own(found, match, request) if own else self._fix(found, request) or self._plain(found)
        return Block(
            rule=found.rule, subjects=found.subjects, sentence=words, amount=found.amount, limit=found.limit
        )  # fmt: skip

    @staticmethod
    def _plain(found: Violation) -> str:
        rule = RULE_BY_ID.get(found.rule)
        if rule is None or found.rule == "L01":
            return found.detail
        return rule.blocks if found.rule in WITHOUT_DETAIL or not found.detail else f"{rule.blocks}: {found.detail}"

    def _fix(self, found: Violation, request: Request) -> str | None:
        """A fix to somewhere else that is set aside bars every other place, and is itself one row to undo."""
        fixes = [d for d in self._dataset.decisions if d.decision == "fix" and d.request == request.request]
        if found.rule != "E16" or not fixes or not found.detail.startswith(("the fix to", "fixed to")):
            return None
        where = " and ".join(
            f"{d.offer}{f' with {d.pe}' if d.pe else ''} (decision {d.id}{f', by {d.by}' if d.by else ''})"
            for d in fixes
        )
        return f"the fix to {where} stands in the way"

    @staticmethod
    def _others(found: Violation, request: Request) -> tuple[str, ...]:
        return tuple(sorted((s for s in found.subjects[1:] if s != request.request), key=natural_key))

    def _places(self, found: Violation, match: Match, request: Request) -> str:
        held, most = self._others(found, request), found.limit or 0
        if found.detail.startswith("offer "):
            whom = [*([f"by {listed(held)}"] if held else []), *self.held(found)]
            if not whom:
                return "it has no place"
            places = "its place is" if most == 1 else f"its {most} places are" if most else "its places are"
            return f"{places} held {' and '.join(whom)}"
        who, day, committed = at_once(found)
        when = f" ({day_words(day)}{f': {committed} committed' if committed else ''})"
        return f"{who} takes at most {most} at once{when}" + (f", held by {listed(held)}" if held else "")

    def _load(self, found: Violation, match: Match, request: Request) -> str:
        held, most = self._others(found, request), found.limit or 0
        educator = self._dataset.educator_by_id.get(match.pe or "")
        who = found.subjects[0]
        if not held:
            load = f" of {educator.load}" if educator is not None else ""
            return f"{who} has nothing left of the load{load}" if load else f"{who} takes nobody"
        return f"{who} takes at most {most} at once, held by {listed(held)}"

    def _order(self, found: Violation, match: Match, request: Request) -> str:
        if found.amount is None or match.start is None or match.end is None:
            return f"its first placement, {found.subjects[-1]}, is not placed"
        gap = timedelta(days=found.amount)
        final = match.start if request.stage == "final" else match.end + gap
        first = match.end if request.stage == "first" else match.start - gap
        if found.amount == 0:
            return f"the first ends on the day the final starts: {day_words(first)}"
        return f"the first ends on {day_words(first)}, after the final starts ({day_words(final)})"

    @staticmethod
    def _independents(found: Violation, match: Match, request: Request) -> str:
        return f"{RULE_BY_ID['L07'].blocks}: {found.detail}, at most {found.limit}"

    @staticmethod
    def _range(found: Violation, match: Match, request: Request) -> str:
        return f"{found.subjects[0]} is at the top of its range: {found.limit}"

    def _part(self, found: Violation, match: Match, request: Request) -> str:
        held = listed(self._others(found, request))
        return f"{RULE_BY_ID['L11'].blocks}: {found.detail}, at most {found.limit}" + (
            f", held by {held}" if held else ""
        )

    @staticmethod
    def _number(found: Violation, match: Match, request: Request) -> str:
        who, number, limit = found.subjects[0], found.amount or 0, found.limit or 0
        if number < limit:
            return f"the minimum of {who} is {limit}, and it would have {number}"
        return f"{who}'s maximum of {limit} in the year is reached"
