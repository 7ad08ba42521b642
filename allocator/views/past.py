"""The partnership's own past years (sheet Past), found by what the report calls a figure."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from allocator.reading.folding import fold
from allocator.views.facts import Facts
from models.base import natural_key
from models.entities import Past

HEADLINES = ("M01", "M03", "M04", "M05", "M06", "M08", "M09", "M10")
"""Figures of which the first is meant where a past year names the rule alone; M02 has one for each programme."""


class PastYears:
    """Past years by measure.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """

    def __init__(self, facts: Facts) -> None:
        self._rows = facts.dataset.past

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years, in order."""
        return tuple(sorted({p.year for p in self._rows}, key=natural_key))

    @cached_property
    def _by_measure(self) -> dict[str, dict[str, Past]]:
        found: dict[str, dict[str, Past]] = {}
        for past in self._rows:
            found.setdefault(fold(past.measure), {})[past.year] = past
        return found

    def of(self, *names: str) -> tuple[Past | None, ...]:
        """A figure's past years, None where it has none.

        Parameters
        ----------
        *names
            What the figure is called; of each year the first that it uses counts.
        """
        called = [self._by_measure[key] for key in map(fold, names) if key in self._by_measure]
        return tuple(next((rows[year] for rows in called if year in rows), None) for year in self.years)

    def others(self, shown: Iterable[Past | None]) -> list[str]:
        """Measures of which some year stands beside no figure, as they are spelt first."""
        known = {(fold(p.measure), p.year) for p in shown if p is not None}
        spelt = {fold(p.measure): p.measure for p in reversed(self._rows)}
        return [spelt[key] for key, rows in self._by_measure.items() if any((key, year) not in known for year in rows)]


def is_misnamed(measure: str) -> bool:
    """Whether a measure begins like the id of a figure (M01; also M1, M99) and is none of the report all the same."""
    return re.match(r"m ?\d{1,3}\b", measure.casefold()) is not None


def why_beside_none(measure: str) -> str:
    """Why a measure that begins like the id of a figure stands beside none of this year's; blank for other measures."""
    if not is_misnamed(measure):
        return ""
    if measure[:3].upper() in (*HEADLINES, "M02"):
        return "no figure of this year: spelt otherwise, or it counts nobody this year"
    return "no figure is called so"


def number(value: Decimal | float | int) -> str:
    """A number without needless digits: ``73``, ``71.5``."""
    return f"{round(float(value), 1):g}"


def past_words(past: Past | None, *, share: bool) -> str:
    """A past year's value, with what it is a share of where that is known; a dash where there is none."""
    if past is None:
        return "–"
    return number(past.value) + ("%" if share else "") + (f" of {past.of}" if past.of is not None else "")


def past_target(rows: Iterable[Past | None], *, share: bool) -> str:
    """The latest target of past years, with its year."""
    known = [p for p in rows if p is not None and p.target is not None]
    if not known or known[-1].target is None:
        return ""
    return f"{number(known[-1].target)}{'%' if share else ''} ({known[-1].year})"
