"""What is different between two results: facts only; their words are those of ``allocator.views.compared``.

``before`` and ``after`` are the two results in the order in which they were given. None stands for what a result does
not know: a plan alone knows nothing of its data.
"""

from typing import Literal

from models.base import Date, Record, Stage
from models.plan import Waiting

Verdict = Literal["better", "worse", "same"]
RequestKind = Literal[
    "newly_placed", "newly_unplaced", "new_not_placed", "no_longer_asked", "moved", "other_pe", "pe_named",
    "other_dates", "now_firm", "now_provisional",
]  # fmt: skip
Gap = Literal[
    "data_before", "data_after", "only_matches_before", "clash_before", "clash_after", "other_year", "only_notes",
]  # fmt: skip
"""What could not be compared, or only in part, and why."""


class FieldChange(Record):
    """A fact or a setting that differs, as text; None where it is blank or not there."""

    field: str
    before: str | None
    after: str | None


class RowChange(Record):
    """A row of the input that was added, removed or changed; ``row`` is its id."""

    sheet: str
    row: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()


class SheetCount(Record):
    """How many rows of a sheet differ."""

    sheet: str
    added: int
    removed: int
    changed: int


class InputChanges(Record):
    """How the inputs differ: counts by sheet, every row, every setting."""

    counts: tuple[SheetCount, ...] = ()
    rows: tuple[RowChange, ...] = ()
    settings: tuple[FieldChange, ...] = ()


class TierChange(Record):
    """A tier of the order of aims; ``verdict`` is in its sense, None where it stands in one of the two orders only."""

    tier: str
    sense: Literal["max", "min"]
    before: int | None
    after: int | None
    difference: int | None
    verdict: Verdict | None
    proved_before: bool
    proved_after: bool


class ShareChange(Record):
    """A part of a whole, before and after; a whole of 0 has no percentage."""

    part_before: int
    whole_before: int
    part_after: int
    whole_after: int

    @property
    def changed(self) -> bool:
        """Whether part or whole differ."""
        return (self.part_before, self.whole_before) != (self.part_after, self.whole_after)

    @property
    def turned(self) -> bool:
        """Whether the percentage goes one way while the part goes the other: read alone, it would mislead."""
        if not self.whole_before or not self.whole_after:
            return False
        percent = self.part_after * self.whole_before - self.part_before * self.whole_after
        return percent * (self.part_after - self.part_before) < 0


class FigureChange(Record):
    """A monitored figure (M01 ...) of a group, over firm placements and with provisional ones.

    ``misleads``: a percentage rises while its part falls, or the other way round.
    """

    rule: str
    title: str
    group: str
    firm: ShareChange
    all: ShareChange
    misleads: bool


class RequestChange(Record):
    """A request that has not what it had. ``reason``: why it is not placed any more, as the plan says it."""

    request: str
    kind: RequestKind
    offer_before: str | None = None
    offer_after: str | None = None
    pe_before: str | None = None
    pe_after: str | None = None
    start_before: Date | None = None
    start_after: Date | None = None
    end_before: Date | None = None
    end_after: Date | None = None
    waiting_before: tuple[Waiting, ...] = ()
    waiting_after: tuple[Waiting, ...] = ()
    reason: str | None = None


class StudentState(Record):
    """What a student has in a result: stages placed, sum of preference bands, minutes one way (None: one unknown)."""

    placed: tuple[Stage, ...]
    bands: int
    minutes: int | None


class StudentChange(Record):
    """A student who is better or worse off: placed before not placed, then band, then minutes."""

    student: str
    verdict: Verdict
    before: StudentState
    after: StudentState


class AgencyState(Record):
    """An agency in a result: places offered, places used, how far the number used is outside its range."""

    offered: int
    used: int
    outside_range: int


class AgencyChange(Record):
    """An agency that is better or worse off: nearer to its range, then more of its places used."""

    agency: str
    verdict: Verdict
    before: AgencyState
    after: AgencyState


class EducatorState(Record):
    """A listed PE in a result: students; for one who needs a student by a day, whether there is one in time."""

    students: int
    in_time: bool | None


class EducatorChange(Record):
    """A PE who is better or worse off: a student in time, then one student at all.

    A PE with two students instead of one is neither.
    """

    pe: str
    verdict: Verdict
    before: EducatorState
    after: EducatorState


class Comparison(Record):
    """Everything that differs between two results. None: a part that could not be compared (``gaps`` says why)."""

    before: str
    after: str
    placed_before: int
    placed_after: int
    inputs: InputChanges | None = None
    tiers: tuple[TierChange, ...] = ()
    figures: tuple[FigureChange, ...] | None = None
    requests: tuple[RequestChange, ...] | None = None
    students: tuple[StudentChange, ...] | None = None
    agencies: tuple[AgencyChange, ...] | None = None
    educators: tuple[EducatorChange, ...] | None = None
    gaps: tuple[Gap, ...] = ()
