"""The base of every record: frozen, unknown fields refused, facts only."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

Date = date
Stage = Literal["first", "final"]
Known = Literal["yes", "no", "not_known"]
"""An answer that may be missing; ``not_known`` is never "no" (data dictionary)."""

PE_NEEDED = "PE needed"
"""The ``pe`` of a kept match that has lost its practice educator."""


class Record(BaseModel):
    """A frozen record; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed; its cached lookups and digest are its own, worked out anew.

        Parameters
        ----------
        update
            New values by field; they are not validated, as in pydantic.
        deep
            Whether the fields' values are copied too.

        Returns
        -------
        Record
            The copy.
        """
        copy = super().model_copy(update=update, deep=deep)
        # Cached properties live beside the fields, and pydantic copies them: they would answer for the original.
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


R = TypeVar("R", bound=Record)
_EVERY_FIELD: dict[type[Record], set[str]] = {}


def compact(record: R) -> R:
    """Let records of a kind share the note of the fields that were filled, which takes more memory than the facts.

    Parameters
    ----------
    record
        Just made; which of its fields were filled, and which have their defaults, must be of no interest.

    Returns
    -------
    Record
        The same. Records are frozen, and a copy of one copies its note, so nobody changes the shared one.
    """
    kind = type(record)
    if kind not in _EVERY_FIELD:
        _EVERY_FIELD[kind] = set(kind.model_fields)
    object.__setattr__(record, "__pydantic_fields_set__", _EVERY_FIELD[kind])
    return record


class TextEnum(StrEnum):
    """A closed list of words that read the same on paper and in files."""


_PARTS = re.compile(r"\d+|\D+")
IDS_HELD = 50_000
"""Sort keys are asked for again and again, of ten thousand students and their offers too."""


@lru_cache(maxsize=IDS_HELD)
def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key under which PE2 comes before PE10, whatever the digits mean.

    Parameters
    ----------
    text
        An id.

    Returns
    -------
    tuple
        Comparable with the key of any other text.
    """
    key = [(0, int(p), p) if p.isdecimal() else (1, 0, p.casefold()) for p in _PARTS.findall(text)]
    return (*key, (-1, 0, text))
