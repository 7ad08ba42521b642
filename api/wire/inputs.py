"""Inputs over the wire: sheets as JSON, settings, and what an input was found to hold."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from models.base import Record
from models.errors import Issue

Cell = StrictStr | StrictBool | StrictInt | StrictFloat | None | list[StrictStr | StrictInt]
"""A cell of a sheet: text (dates as 2026-01-31), number, yes or no, blank, or a list of words."""
Row = dict[str, Cell]
SheetName = Annotated[str, Field(min_length=1, max_length=100)]
Sheets = Annotated[dict[SheetName, list[Row]], Field(min_length=1, max_length=100)]
"""Sheets by name, each a list of rows, each an object of column to cell: the library's JSON form."""
Setting = StrictStr | StrictBool | StrictInt | StrictFloat | None
SettingKey = Annotated[str, Field(min_length=1, max_length=200)]
Settings = Annotated[dict[SettingKey, Setting], Field(max_length=1000)]
"""Policy settings by key (``GET /v1/policy``), over those of the input: ``{"travel_limit": 75, "rule.E04": "off"}``."""


class Facts(Record):
    """What an input holds: digests of its facts and its policy, counts by kind, and what is to be said of it."""

    dataset_digest: str
    policy_digest: str
    counts: dict[str, int]
    issues: tuple[Issue, ...]
