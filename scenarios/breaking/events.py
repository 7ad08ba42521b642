"""What happens after a plan is published: who and what goes in each draw. Chance is each row's own."""

from functools import cached_property
from typing import NamedTuple

from pydantic import Field

from models.base import Record, natural_key
from models.dataset import Dataset
from scenarios.edits import edited
from scenarios.edits.changing import Drawing
from scenarios.edits.outcomes import BY
from scenarios.model import Edit, Withdraw
from scenarios.running import Bench

SCENARIO = "breaks"
MONTHS = 12
WHOLE = 100.0
_PULLS_OUT = "an agency pulls out"
_EDIT = "agency"
"""The chance of agencies is drawn apart from that of edits, which have their kinds and sheets."""


class Rates(Record):
    """How likely each event is, in percent.

    ``children`` and ``adults``: PEs who leave in a year, by the directorate of their employer, of which ``months``
    count; where it has both, or there is none (practice consultants, independents), the mean. ``students`` and
    ``offers`` (firm ones): of each row, in all. ``agency``: that one agency pulls out, with its offers and PEs.
    Forecast offers come with the probability that they state.
    """

    children: float = Field(default=22.05, ge=0, le=100)
    adults: float = Field(default=11.7, ge=0, le=100)
    months: float = Field(default=6, ge=0, le=60)
    students: float = Field(default=3, ge=0, le=100)
    offers: float = Field(default=2, ge=0, le=100)
    agency: float = Field(default=10, ge=0, le=100)

    def of_a_year(self, percent: float) -> float:
        """The probability of an event within the months, of a rate a year."""
        return round(1 - float((1 - percent / WHOLE) ** (self.months / MONTHS)), 6)

    @property
    def educators(self) -> dict[str, float]:
        """The probability that a PE leaves, by directorate of the employer."""
        yearly = {"children": self.children, "adults": self.adults, "both": (self.children + self.adults) / 2}
        return {directorate: self.of_a_year(percent) for directorate, percent in yearly.items()}

    @property
    def words(self) -> tuple[str, ...]:
        """What is assumed, as answers say it."""
        by = self.educators
        return (
            f"PEs leave at the workforce's rates a year ({self.children:g}% children's, {self.adults:g}% adults', the "
            f"mean where it is both or neither), of which {self.months:g} months count: {by['children']:.1%}, "
            f"{by['adults']:.1%} and {by['both']:.1%}.",
            f"Each student withdraws with {self.students:g}%, each firm offer with {self.offers:g}%; a forecast offer "
            "comes with the probability that it states, and always where it states none.",
            f"In {self.agency:g}% of draws one agency pulls out, each as likely as the other: its offers and PEs go.",
            "Events come independently of each other, after the plan is published and before it is repaired.",
        )  # fmt: skip


class Events(NamedTuple):
    """Who and what goes in a draw and was there before, by id; ``agency`` is the one that pulls out, or blank."""

    students: frozenset[str]
    offers: frozenset[str]
    educators: frozenset[str]
    agency: str = ""


class Chance:
    """The events of draws on a base.

    Parameters
    ----------
    bench
        The base.
    rates
        How likely each event is.
    """

    def __init__(self, bench: Bench, rates: Rates) -> None:
        self._bench = bench
        self._rates = rates

    @cached_property
    def _agencies(self) -> tuple[str, ...]:
        offers = self._bench.reading.dataset.offers
        return tuple(sorted({o.agency for o in offers if not o.withdrawn}, key=natural_key))

    def agency(self, seed: int, draw: int) -> str:
        """The agency that pulls out in a draw; blank where none does."""
        drawing = Drawing(_PULLS_OUT, seed, draw, _EDIT)
        if not self._agencies or drawing.chance("") >= self._rates.agency / WHOLE:
            return ""
        return min(self._agencies, key=lambda name: (drawing.chance(name), name))

    def edits(self, seed: int, draw: int) -> tuple[Edit, ...]:
        """The edits that a draw stands for; only those of the agency differ between draws."""
        rates = self._rates
        made = [_withdraw("Students", {}, rates.students / WHOLE)]
        made += [_withdraw("Educators", {"agency.directorate": d}, p) for d, p in rates.educators.items()]
        made += [
            _withdraw("Offers", {"state": "forecast"}, "1 - probability"),
            _withdraw("Offers", {"state": "firm"}, rates.offers / WHOLE),
        ]
        gone = self.agency(seed, draw)
        if gone:
            made += [_withdraw("Offers", {"agency": gone}, 1.0), _withdraw("Educators", {"employed_by": gone}, 1.0)]
        return tuple(made)

    def events(self, seed: int, draw: int) -> Events:
        """Who and what goes in a draw, found without solving."""
        bench = self._bench
        as_of = bench.reading.policy.as_of or bench.base.today
        register, _ = edited(bench.register, self.edits(seed, draw), lambda _: bench.plan, as_of, SCENARIO, seed, draw)
        rows = register.pages["Decisions"].rows if "Decisions" in register.pages else ()
        gone = [row for row in rows if row.get("by") == BY and row.get("decision") == "withdraw"]
        before = _gone_before(bench.reading.dataset)
        students, offers, educators = (
            frozenset(str(row.values[column]) for row in gone if row.get("about") == about) - before[about]
            for about, column in (("student", "request"), ("offer", "offer"), ("pe", "pe"))
        )
        return Events(students, offers, educators, self.agency(seed, draw))


def _gone_before(dataset: Dataset) -> dict[str, frozenset[str]]:
    return {
        "student": frozenset(s.student for s in dataset.students if s.withdrawn),
        "offer": frozenset(o.offer for o in dataset.offers if o.withdrawn),
        "pe": frozenset(e.pe for e in dataset.educators if e.withdrawn_from is not None),
    }


def _withdraw(sheet: str, where: dict[str, str], probability: float | str) -> Withdraw:
    return Withdraw.model_validate(
        {"edit": "withdraw", "sheet": sheet, "where": where, "probability": probability, "may_be_empty": True}
    )
