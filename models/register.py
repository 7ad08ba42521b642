"""The register: the typed rows of all sheets, with where they stand. Files become a register, a register a dataset.

A register says what is typed and not what it means: names are as typed, blanks are blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from models.errors import Issue


class Special(Enum):
    """Cells that say something other than a value."""

    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Origin:
    """A table in its file: the sheet's own name, the row of its headings, and its columns.

    ``headings`` holds, by our name of a column, its position from 0 and its heading as typed; ``width`` is the
    number of columns in use.
    """

    sheet: str
    header: int
    headings: Mapping[str, tuple[int, str]]
    width: int


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column of the team's own: its heading as typed, and how many of our columns stand before it."""

    heading: str
    behind: int


@dataclass(slots=True)
class Row:
    """A row: its number as the user sees it, its values by column (blank ones left out), and what stands against it.

    ``reasons`` says why the row cannot be used (a cell that protects somebody, or must be filled, could not be read);
    ``unreadable`` holds what was found in cells that could not be read, by column; ``own`` the cells of the team's own
    columns, in their order.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    own: tuple[Any, ...] = ()

    def get(self, column: str) -> Any:
        """The value of a column, None where it is blank or not known."""
        value = self.values.get(column)
        return None if value is Special.NOT_KNOWN else value

    def copy(self) -> "Row":
        """The same, which may be changed by itself."""
        return Row(self.number, dict(self.values), list(self.reasons), dict(self.unreadable), self.own)

    @property
    def not_known(self) -> tuple[str, ...]:
        """Columns that read 'not known'."""
        return tuple(sorted([c for c, v in self.values.items() if v is Special.NOT_KNOWN]))

    @property
    def content(self) -> str:
        """All that the row says in our columns as one text: rows that say the same have the same."""
        values = sorted((c, str(v)) for c, v in self.values.items())
        return repr((values, sorted(self.reasons), sorted(self.unreadable.items())))


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one sheet and its columns, in its order; ``columns`` is empty where no headings were found.

    Pages with equal columns and rows are equal, whatever file they stand in. ``there`` is False of an empty sheet.
    ``own`` are the team's own columns, of which nothing is planned.
    """

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    origin: Origin | None = field(default=None, compare=False)
    there: bool = field(default=True, compare=False)
    own: tuple[OwnColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The sheets of an input by our names; nothing changes its rows. ``issues`` is what reading said of them.

    ``left_out`` names what the input holds beside, which no workbook that is written from the register can hold.
    """

    pages: Mapping[str, Page]
    issues: tuple[Issue, ...] = field(default=(), compare=False)
    left_out: tuple[str, ...] = field(default=(), compare=False)
