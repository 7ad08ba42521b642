"""What a person decided: who, why and when. Reading resolves contradictions; the forbidding row stands."""

from typing import Literal

from models.base import Date, Record

DecisionKind = Literal[
    "fix",
    "do_not_match",
    "exception",
    "withdraw",
    "declined",
    "hold",
    "agency_decision",
    "name_pe",
    "name_supervisor",
    "requested",
    "defer",
    "end_early",
    "unlock",
    "together",
    "apart",
]
UNDO = "undo"
"""The row with the id in ``value`` does not count any more; it changes the log and is no decision of its own."""


class Decision(Record):
    """One decision. Which fields matter depends on ``decision`` (data dictionary, SEMANTICS S1, S3, S4).

    After reading: ``student``, ``request``, ``offer``, ``pe``, ``agency``, ``team`` name what it is about;
    ``value`` is canonical text: E01 days short (``"5"``), E04 minutes (``"95"``), E11 a PE id, E12 an ISO date,
    E18 ``agency``, ``PE`` or ``PEPS2``; agency_decision ``not_needed``, ``to_ask``, ``accepted`` or ``declined``;
    together minutes, or None for one agency alone; apart ``team`` or ``agency``; defer a tranche;
    end_early the days credited. ``other`` is the second student of ``together`` and ``apart``. Of a ``hold``,
    ``places`` are how many of the offer nobody but ``request`` may have (no request: nobody), up to the day ``until``.
    """

    decision: DecisionKind
    id: str
    student: str | None = None
    other: str | None = None
    request: str | None = None
    offer: str | None = None
    pe: str | None = None
    agency: str | None = None
    team: str | None = None
    rule: str | None = None
    value: str | None = None
    places: int | None = None
    party: Literal["student", "agency", "university"] | None = None
    until: Date | None = None
    reason_code: str | None = None
    by: str | None = None
    why: str | None = None
    on: Date | None = None
    effective: Date | None = None
