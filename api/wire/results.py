"""Results over the wire: what is different between two, why a request is not placed, answers of scenarios."""

from typing import Annotated

from pydantic import Field

from api.wire.inputs import SettingKey
from api.wire.runs import Id, RunLimits
from models.base import Record
from models.comparison import Comparison
from models.reasons import Unplaced

Name = Annotated[str, Field(min_length=1, max_length=200)]


class ComparisonAsked(Record):
    """Two runs to compare."""

    before: Id
    after: Id


class ComparisonView(Record):
    """What is different between the plans of two runs: in a few sentences, and all of it."""

    sentences: tuple[str, ...]
    comparison: Comparison


class UnplacedList(Record):
    """Requests that are not placed, with what blocks each of the nearest places, who can unblock it, and the least
    change that would place it, as the plan has them.
    """

    unplaced: tuple[Unplaced, ...]


class ScenarioLine(Record):
    """A scenario of the library: its name, its question, and why it is asked."""

    name: str
    question: str
    reason: str


class ScenariosRun(Record):
    """A run of scenarios over the data in force of a round.

    Without ``files`` (TOML, by file name) the questions of the Alliance are asked; ``only``: names of scenarios, all
    where there are none; ``settings``: of the policy, over those of the data.
    """

    only: tuple[Name, ...] = Field(default=(), max_length=200)
    files: dict[Name, Annotated[str, Field(max_length=200_000)]] = Field(default={}, max_length=50)
    settings: dict[SettingKey, str] = Field(default={}, max_length=1000)
    limits: RunLimits = RunLimits()
