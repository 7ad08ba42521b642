"""The partnership's own past years (sheet Past), found by what the report calls a figure."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from allocator.reading.folding import fold
from allocator.views.facts import Facts
from models.base import natural_key
from models.catalogue import MONITORED
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
            What the figure is called; the first that a past year uses counts.
        """
        found = next((self._by_measure[key] for key in map(fold, names) if key in self._by_measure), {})
        return tuple(found.get(year) for year in self.years)

    def others(self, names: Iterable[str]) -> list[str]:
        """Measures of past years that are none of some figures, as they are spelt first."""
        known = {fold(name) for name in names}
        spelt = {fold(p.measure): p.measure for p in reversed(self._rows)}
        return [spelt[key] for key in self._by_measure if key not in known]


def is_misnamed(measure: str) -> bool:
    """Whether a measure begins with a rule's id and is no figure of the report all the same."""
    found = re.match(r"m\d\d\b", measure.casefold())
    return found is not None and found[0].upper() in MONITORED


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
