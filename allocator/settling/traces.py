"""Which rows facts came from, and what rows of Decisions do to each other; rows are numbered as the user sees them."""

from collections.abc import Mapping

from pydantic import Field

from models.base import Record


class Traces(Record):
    """Where decisions and published matches stand, and which rows of Decisions others set aside or undo.

    ``decisions`` holds rows by id of a decision (of several from one row each), ``published`` by request.
    ``contradictions`` are a row that does not stand, or not alone, and the row that it contradicts; ``undone`` a row
    and the one that undoes it.
    """

    decisions: Mapping[str, int] = Field(default_factory=dict)
    published: Mapping[str, int] = Field(default_factory=dict)
    contradictions: tuple[tuple[int, int], ...] = ()
    undone: tuple[tuple[int, int], ...] = ()
