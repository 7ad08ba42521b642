"""What will be deleted, over the wire."""

from datetime import datetime
from typing import Literal

from models.base import Record


class ComingDeletion(Record):
    """A round, or a run of no round, that is deleted for good at ``on`` unless somebody changes it before.

    ``name``: of the round, or of the file that the run is over; null for an administrator, where it is a run.
    """

    kind: Literal["round", "run"]
    id: str
    name: str | None
    announced: datetime
    on: datetime


class RetentionView(Record):
    """How long things are kept, and what is announced, by its day."""

    retention_days: int
    announce_days: int
    coming: tuple[ComingDeletion, ...]
