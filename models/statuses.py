"""The ladder of a match: its statuses, the steps that are legal, and which of them are facts, promises or proposals.

Words and parameters alone, shared by everybody who names a status; what a status means for a plan each judge says.
"""

from typing import Literal, get_args

Status = Literal[
    "proposed", "sent_to_agency", "meeting_booked", "meeting_passed", "confirmed", "started", "ended",
    "meeting_failed", "declined", "withdrawn", "ended_early",
]  # fmt: skip
"""The ladder of a match, then the ways off it."""
STATUSES: tuple[Status, ...] = get_args(Status)

LADDER: tuple[Status, ...] = STATUSES[: STATUSES.index("ended") + 1]
"""The statuses in the order in which a match passes them."""
FREED: tuple[Status, ...] = ("meeting_failed", "declined", "withdrawn")
"""Came to nothing: the place is free again."""
OVER: tuple[Status, ...] = ("ended", "ended_early")
"""Has been, and is no more."""
UNDER_WAY: tuple[Status, ...] = ("confirmed", "started")
"""Agreed by everybody, and not over."""

FACTS: tuple[Status, ...] = (*UNDER_WAY, *OVER)
"""Never moved by the program."""
PROMISES: tuple[Status, ...] = ("meeting_booked", "meeting_passed")
"""Move only if unlocked; so does a match of which the student was told, whatever its status."""
PROPOSALS: tuple[Status, ...] = ("proposed", "sent_to_agency")
"""Move freely, within the changes that the policy allows."""
KEPT: tuple[Status, ...] = (*PROMISES, *UNDER_WAY)
"""A match stays where it is until it is unlocked."""


def steps(status: Status) -> tuple[Status, ...]:
    """The statuses that may follow one.

    Parameters
    ----------
    status
        Where a match stands.

    Returns
    -------
    tuple of Status
        The next of the ladder first; empty where a match is over or came to nothing.
    """
    if status not in LADDER[:-1]:
        return ()
    after = LADDER[LADDER.index(status) + 1]
    return (after, "ended_early") if status == "started" else (after, *FREED)
