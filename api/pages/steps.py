"""What comes next in a round: the steps from its first workbook to a published plan, and which of them are done."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from api.store.listing import newest_plan
from api.store.rounds import datasets_of, log_of
from api.store.versions import versions_of


class Step(NamedTuple):
    """A step: what it is called, what is done there, where (below the round's address), and whether it is done."""

    title: str
    words: str
    path: str
    done: bool


def steps_of(session: Session, round: str) -> tuple[Step, ...]:
    """The steps of a round, in order.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    """
    workbooks = datasets_of(session, round)
    mended = bool(workbooks) and all(issue["level"] == "warning" for issue in workbooks[-1].issues)
    return (
        Step("Upload", "Send the workbook", "/workbooks", bool(workbooks)),
        Step("Mend", "Put right what is set aside", "/workbooks", mended),
        Step("Plan", "Work out the plan", "/runs", newest_plan(session, round) is not None),
        Step("Decide", "Take the meeting's decisions", "/board", bool(log_of(session, round))),
        Step("Publish", "Put it in force, send letters", "/publish", bool(versions_of(session, round))),
    )


def is_published(steps: tuple[Step, ...]) -> bool:
    """Whether the last step is done."""
    return steps[-1].done
