"""The sheets of next year beside students and PEs: rounds, offers, commitments, calendar, decisions, settings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from allocator.reading.folding import fold
from allocator.views.facts import Facts
from models.base import natural_key
from models.register import Register, Row
from scenarios.edits.changing import row_of, with_values
from scenarios.edits.facts import Held, request_key
from scenarios.selecting import Names
from scenarios.years.educators import Educators, copied_from, new_id
from scenarios.years.lines import Lines, Round
from scenarios.years.pattern import Pattern

OF_A_YEAR = frozenset(map(fold, ("as_of", "placements_so_far", "independents_so_far")))
"""Settings that hold for one year alone, folded."""
_STILL_HOLD = frozenset(("do_not_match", "declined", "exception", "agency_decision"))
"""Decisions that may be about a request of next year; others are over with their year."""


def is_ahead(facts: Facts, lines: Lines, year: int, name: str) -> bool:
    """Whether a request is of a round after a year's."""
    request = facts.dataset.request_by_id.get(name)
    return request is not None and lines.of(request.tranche).offset > year


class Sheets:
    """Makes rows of next year of those of the base.

    Parameters
    ----------
    pattern
        The base.
    register, names, facts
        This year's rows and plan.
    year
        Which year this is.
    """

    def __init__(self, pattern: Pattern, register: Register, names: Names, facts: Facts, year: int) -> None:
        self.pattern, self.lines, self.names, self.facts, self.year = pattern, pattern.lines, names, facts, year
        self.ahead = year + 1
        self._held = Held(register, names)

    def policy(self, then: date) -> list[Row]:
        """The settings as they are, with the day of next year, and nothing that was counted of this academic year."""
        rows = [row for row in self.names.rows("Policy") if fold(str(row.get("setting"))) not in OF_A_YEAR]
        return [*rows, row_of({"setting": "as_of", "value": then})]

    def commitments(self, there: Collection[str]) -> list[Row]:
        """What other programmes take, of PEs who are there."""
        key = self.pattern.names.key
        return [
            self.pattern.moved(row, self.ahead) for row in self.pattern.names.rows("Commitments")
            if row.get("pe") is None or key("Commitments", "pe", row.values["pe"]) in there
        ]  # fmt: skip

    def tranches(self, rounds: Iterable[Round]) -> list[Row]:
        """Rounds in the order of their days."""
        return [self._tranche(r) for r in sorted(rounds, key=lambda r: (self.lines.row(r).first_day, r))]

    def _tranche(self, round_: Round) -> Row:
        tranche = self.lines.row(round_)
        return row_of(
            {
                "tranche": tranche.tranche, "first_day": tranche.first_day, "last_start": tranche.last_start,
                "last_end": tranche.last_end, "status": self.lines.status(round_, self.ahead),
                "stages": tranche.stages or None, "programmes": tranche.programmes or None,
            }
        )  # fmt: skip

    def offers(self, educators: Educators, published: Sequence[Row]) -> list[Row]:
        """The base's offers in the rounds of next year, and those at which somebody is."""
        pattern, ahead = self.pattern, self.ahead
        held = {fold(str(row.values["offer"])) for row in published}
        later = {
            fold(str(row.values["offer"])) for row in published
            if is_ahead(self.facts, self.lines, self.year, str(row.values["request"]))
        }  # fmt: skip
        rows = []
        for row in self.names.rows("Offers"):
            key = fold(str(row.get("offer")))
            if key in held:
                tranche = self.facts.dataset.offer_by_id[str(row.values["offer"])].tranche
                rows.append(with_values(row, {"tranche": tranche} | (self._held.closed(row) if key in later else {})))
        there = educators.there
        copies: dict[str, list[str]] = {}
        for pe in sorted((str(row.values["pe"]) for row in educators.rows), key=natural_key):
            if pe not in pattern.dataset.educator_by_id and fold(pe) in there:
                copies.setdefault(copied_from(pe), []).append(pe)
        taken = {fold(str(row.values["offer"])) for row in rows} | {fold(o) for o in pattern.dataset.offer_by_id}
        for row in pattern.names.rows("Offers"):
            offer = pattern.dataset.offer_by_id.get(str(row.get("offer")))
            if offer is None or offer.withdrawn or self.lines.of(offer.tranche) not in self.lines.horizon:
                continue
            round_ = self.lines.of(offer.tranche)
            values: dict[str, Any] = {
                "offer": new_id(offer.offer, ahead, taken),
                "tranche": self.lines.name(Round(round_.line, round_.offset + ahead)),
                "educators": self._named(row.get("educators") or (), there, copies) or None,
            }  # fmt: skip
            if fold(str(row.get("reserved_for") or "")) in pattern.students:
                values["reserved_for"] = None
            rows.append(with_values(pattern.moved(row, ahead), values))
        return rows

    def _named(
        self, entries: Iterable[str], there: Collection[str], copies: Mapping[str, Sequence[str]]
    ) -> tuple[str, ...]:
        """Who supervises next year: those of the entries who are there, and the trainees who are like them."""
        listed = {fold(name) for name in self.pattern.dataset.educator_by_id}
        named: list[str] = []
        for entry in entries:
            key = self.pattern.names.key("Offers", "educators", entry)
            if key not in listed or key in there:
                named.append(entry)
            named += copies.get(key, ())
        return tuple(named)

    def calendar(self, rounds: Collection[Round]) -> list[Row]:
        """Key dates of rounds of next year, and days that are closed."""
        found = []
        for row in self.pattern.names.rows("Calendar"):
            moved, name = self.pattern.moved(row, self.ahead), row.get("tranche")
            if name is not None:
                listed = self.pattern.names.find("tranche", name)
                try:
                    round_ = self.lines.of(listed)
                except KeyError:
                    continue
                ahead = Round(round_.line, round_.offset + self.ahead)
                if ahead not in rounds:
                    continue
                moved = with_values(moved, {"tranche": self.lines.name(ahead)})
            found.append(moved)
        return found

    def decisions(self, asked: Collection[str], offers: Iterable[Row], there: Collection[str]) -> list[Row]:
        """Those about requests that are still asked for, and about nothing that is gone."""
        listed = {fold(str(row.values["offer"])) for row in offers}

        def holds(row: Row) -> bool:
            offer, pe = row.get("offer"), row.get("pe")
            return (
                row.get("decision") in _STILL_HOLD and not row.unreadable
                and request_key(str(row.get("request") or "")) in asked
                and (offer is None or fold(str(offer)) in listed) and (pe is None or fold(str(pe)) in there)
            )  # fmt: skip

        return [row for row in self.names.rows("Decisions") if holds(row)]
