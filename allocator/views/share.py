"""A part of a whole, as figures show it."""

from typing import NamedTuple

from allocator.views.facts import percent


class Share(NamedTuple):
    """A part of a whole, in placements, students or PEs; ``percent`` is None of nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The part in percent."""
        return percent(self.part, self.whole)

    @property
    def words(self) -> str:
        """``73% (22 of 30)``, or a dash of nothing."""
        return "–" if self.percent is None else f"{self.percent:.0f}% ({self.part} of {self.whole})"
