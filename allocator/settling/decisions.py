"""The Decisions sheet: what each row names, and whether it can be used; contradictions and effects come after."""

import re
from typing import get_args

from allocator.reading.folding import fold
from allocator.reading.spelling import closest
from allocator.settling.by_kind import READERS, set_aside, set_hold_aside
from allocator.settling.company import COMPANY, read_company, students_of
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from allocator.settling.ending_early import KIND as END_EARLY
from allocator.settling.naming import Named, apart, names
from models.decisions import UNDO, Decision, DecisionKind
from models.register import Row

FORBIDDING = ("do_not_match", "declined", "apart", "defer", "hold")
ALLOWING = ("fix", "exception", "unlock", "name_pe", "name_supervisor", UNDO)
"""Decisions that allow something: one that cannot be read has no effect; any other may forbid, and is held to."""


def read_decisions(draft: Draft) -> list[tuple[Decision, Row]]:
    """Read the Decisions sheet.

    Parameters
    ----------
    draft
        Everything else has been read; rows that forbid and cannot be read set aside what they name.

    Returns
    -------
    list of tuple
        Usable decisions with their rows, in an order that does not depend on that of the rows.
    """
    ids = {kind: draft.directory[kind].ids for kind in ("students", "requests", "offers", "educators")}
    draft.directory["requests or students"] = Directory("Requests", ids["requests"] | draft.students.keys())
    draft.directory["anything"] = Directory("", frozenset().union(*ids.values()))
    result: list[tuple[Decision, Row]] = []
    for row in draft.decided:
        kind = row.get("decision")
        typed = row.unreadable.get("decision", "")
        if kind is None:
            # "do not mach", "forbid" or a blank is no decision, but may have been meant to forbid something.
            word = re.sub(r"[\s-]+", "_", typed.casefold())
            meant = closest(word, (*get_args(DecisionKind), UNDO))
            if meant not in ALLOWING:
                several = students_of(draft, row).listed
                if len(several) > 1:
                    _set_students_aside(draft, row, typed or "decision", several)
                    continue
                named = names(draft, typed or "decision", row)
                if meant == "hold":
                    set_hold_aside(draft, named)
                elif named.requests or named.offer or named.pe or named.team:
                    set_aside(draft, named)
            continue
        if kind == END_EARLY:
            continue  # carried out before anything else was read
        if kind in COMPANY:
            subject, students, pairs = read_company(draft, kind, row)
            named = Named(kind, row, called=subject)
            if not pairs and kind == "apart":
                _set_students_aside(draft, row, subject, students)
        else:
            named, pairs = names(draft, kind, row), []
        if row.get("by") is None and kind != "exception":
            draft.collector.add(
                "V215",
                sheet="Decisions",
                row=row.number,
                column="by",
                subject=named.subject,
                consequence=": nobody stands behind the decision",
                allowed="initials or role",
            )
        if kind not in COMPANY:
            pairs = [d for reading in _agreed(draft, named) for d in READERS[kind](draft, reading)]
        result.extend((decision, row) for decision in _in_force(draft, named, pairs))
    counted: dict[str, int] = {}
    for n, (decision, row) in enumerate(result):
        counted[decision.id] = counted.get(decision.id, 0) + 1
        if counted[decision.id] > 1:
            result[n] = (decision.model_copy(update={"id": f"{decision.id} ({counted[decision.id]})"}), row)
    draft.decided_at |= {decision.id: row.number for decision, row in result}
    return result


def _in_force(draft: Draft, named: Named, read: list[Decision]) -> list[Decision]:
    """What of a row holds today: nothing that is dated later, but what forbids or asks is not lost by a wrong year."""
    on = named.row.get("on")
    # A withdrawal has a day of its own from which it holds.
    if not read or on is None or on <= draft.as_of or named.kind == "withdraw":
        return read
    left = [d for d in read if d.decision in FORBIDDING or d.value in ("declined", "to_ask")]
    draft.collector.add(
        "V518", sheet="Decisions", row=named.row.number, column="on", subject=named.subject, found=on,
        today=draft.as_of,
        consequence="it is held to all the same" if left else "it is not in force in this plan",
    )  # fmt: skip
    return left


def _agreed(draft: Draft, named: Named) -> list[Named]:
    """The readings of a row: one, unless its cells contradict each other; then each that bars something, or none."""
    contradiction, readings = apart(draft, named)
    if not contradiction:
        return readings
    answer = fold(str(named.row.get("value")))
    bars = named.kind in FORBIDDING or (named.kind == "agency_decision" and answer not in {"accepted", "not needed"})
    if named.kind in ("withdraw", "hold"):
        readings = [reading for reading in readings if reading.offer or named.offer is None]
    elif not bars:
        readings = []
    cost = "the row was not used" if not readings else "what each of them names is barred"
    draft.collector.add(
        "V517", sheet="Decisions", row=named.row.number, subject=named.subject, why=contradiction, consequence=cost
    )
    return readings


def _set_students_aside(draft: Draft, row: Row, subject: str, students: tuple[str, ...]) -> None:
    """What a row about two students costs that may keep them apart and cannot be read."""
    requests = tuple(request for student in students for request in draft.requests_of.get(student, ()))
    if requests:
        set_aside(draft, Named("", row, requests=requests, called=subject))
