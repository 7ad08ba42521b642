"""Looking ahead over the wire: the effect of a decision on the plan, moves of promises, and what fits best."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from api.wire import PRINTED, WholeNumber
from api.wire.inputs import SettingKey
from api.wire.rounds import NewDecision
from api.wire.runs import RunLimits
from models.base import Record

Settings = Annotated[dict[SettingKey, str], Field(max_length=1000)]
"""Of the policy, over those of the data."""
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTED)]


class DecisionToLookAt(NewDecision):
    """A decision to look at. ``plan``: what it does to the plan is wanted too, which a run finds within ``limits``."""

    plan: bool = False
    limits: RunLimits = RunLimits()


class MovesWanted(Record):
    """How many moves of promises to look at, at most."""

    most: Annotated[int, Field(ge=0, le=20), WholeNumber] = 5
    settings: Settings = Field(default={})
    limits: RunLimits = RunLimits()


MOST_FITS = 1000
"""So many best fits may be asked for."""


class FitsWanted(Record):
    """The best students for an ``offer``, or the best places for a ``request``: one of the two; ``most``: how many.

    ``judged``: how many are looked at, at most, those first that are likely to be among the best; where it is left out,
    as many as it takes to know the best.
    """

    offer: Name | None = None
    request: Name | None = None
    most: Annotated[int, Field(ge=1, le=MOST_FITS), WholeNumber] = 10
    judged: Annotated[int, Field(ge=1, le=MOST_FITS), WholeNumber] | None = None
    settings: Settings = Field(default={})
    limits: RunLimits = RunLimits()

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.offer is None) == (self.request is None):
            raise ValueError("name either offer or request: who suits a place, or which place suits a student")
        return self
