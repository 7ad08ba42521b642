"""A table of the library as people work with it: filtered, sorted, grouped, with the columns that they chose.

All of it stands in the address, so that it can be kept, sent on and downloaded; nothing needs a script.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from allocator.views.facts import day
from allocator.views.shared_tables import is_open
from allocator.views.table import CellValue, Column, Table
from api.pages.meeting_view import shared_text
from models.base import natural_key

TEXT, SORT, GROUP, SHOW = "text", "sort", "group", "show"
"""Names in the address; a filter of a column is named as its heading is, which begins with a capital letter."""
NOTHING = "none"
"""Stands for a blank cell among the choices of a filter."""
LONG, WORDS, HEAD = 30, 17, 9
"""Characters of a column whose text is given room; of words that are given some; of such that a row begins with."""
Link = Callable[[str], str]
"""From a cell to the address of the page about it; blank where there is none."""
Params = Sequence[tuple[str, str]]


def as_it_is(text: str) -> str:
    """The choice of a filter that a cell belongs to: the cell itself."""
    return text or NOTHING


class Filter(NamedTuple):
    """A column that can be filtered: its heading, and which choice a cell belongs to."""

    heading: str
    choice: Callable[[str], str] = as_it_is


class Choice(NamedTuple):
    """A choice of a form: its words, its value, whether it is taken."""

    words: str
    value: str
    taken: bool


class Heading(NamedTuple):
    """A column that is shown: heading, group of headings, the address that sorts by it, how it is sorted now, and what
    is in it (numbers, words that want some room, or blank).
    """

    title: str
    group: str
    address: str
    sorted: str
    kind: str = ""


class Group(NamedTuple):
    """Rows under a heading of their own (blank: there are no groups), as HTML; ``numbers``: which they are."""

    title: str
    numbers: tuple[int, ...]
    rows: tuple[Markup, ...]


class Prepared:
    """A table with its cells as they are shown, worked out column by column when they are first wanted.

    Parameters
    ----------
    table
        Of the library.
    links
        By heading.
    meeting
        Whether what an agency may not see is left out.
    """

    def __init__(self, table: Table, links: Mapping[str, Link], *, meeting: bool) -> None:
        self.table = table._replace(note=shared_text(table.note)) if meeting else table
        self._links, self._meeting = links, meeting
        titles = [column.title for column in table.columns]
        twice = {title for title, number in Counter(titles).items() if number > 1}
        self.positions: dict[str, int] = {
            f"{c.title} ({c.group})" if c.title in twice else c.title: n
            for n, c in enumerate(table.columns)
            if not meeting or is_open(c.title, titles[0])
        }
        """Columns that may be shown, by a heading that no other has."""
        self._values: dict[int, list[CellValue]] = {}
        self._cells: dict[int, list[str]] = {}
        self._kinds: dict[int, str] = {}
        self._choices: dict[str, list[str]] = {}

    def values(self, position: int) -> list[CellValue]:
        """The values of a column as they may be shown."""
        if position not in self._values:
            values = [row[position] for row in self.table.rows]
            if self._meeting:
                values = [shared_text(value) if isinstance(value, str) else value for value in values]
            self._values[position] = values
        return self._values[position]

    def cells(self, position: int) -> list[str]:
        """The cells of a column as HTML."""
        if position not in self._cells:
            column = self.table.columns[position]
            above = dict(self.table.above).get(column.title)
            link = self._links.get(column.title)
            self._cells[position] = [
                _cell(value, column, position == 0, link, above) for value in self.values(position)
            ]
        return self._cells[position]

    def kind(self, position: int) -> str:
        """What is in a column: numbers, or words that want some room, its heading among them; blank for neither."""
        if position not in self._kinds:
            values, title = self.values(position), self.table.columns[position].title
            lines = (line for value in (title, *values) if isinstance(value, str) for line in value.split("\n"))
            kinds = {
                "number": any(isinstance(value, int | float) for value in values),
                "words": any(len(line) >= (WORDS if position else HEAD) and " " in line for line in lines),
            }
            self._kinds[position] = " ".join(kind for kind, is_so in kinds.items() if is_so)
        return self._kinds[position]

    def choices(self, wanted: Filter) -> list[str]:
        """To which choice of a filter each row belongs."""
        if wanted.heading not in self._choices:
            values = self.values(self.positions[wanted.heading])
            self._choices[wanted.heading] = [wanted.choice(words(value)) for value in values]
        return self._choices[wanted.heading]

    @cached_property
    def texts(self) -> list[str]:
        """All that a row says, to look for words in."""
        columns = [self.values(position) for position in self.positions.values()]
        return ["\n".join(words(value) for value in row).casefold() for row in zip(*columns, strict=True)]

    @cached_property
    def tones(self) -> list[str]:
        """The class of each row, blank where it has no tone."""
        if self.table.tone_column is None:
            return [""] * len(self.table.rows)
        position = [c.title for c in self.table.columns].index(self.table.tone_column)
        said = (words(row[position]) for row in self.table.rows)
        return [next((f"tone-{tone}" for word, tone in self.table.tones if text.startswith(word)), "") for text in said]


class View:
    """What somebody sees of a table.

    Parameters
    ----------
    prepared
        The table.
    filters
        Columns that can be filtered, and by which rows can be grouped.
    params
        Of the address.
    chosen
        Headings that are shown where nobody chose any, in this order and before others; by default those that are
        printed.
    usual
        Filters that hold where the address does not name their column; named and blank they do not.
    """

    def __init__(
        self, prepared: Prepared, filters: Sequence[Filter], params: Params, chosen: Sequence[str] = (),
        usual: Params = (),
    ) -> None:  # fmt: skip
        named, self._asked = {name for name, _ in params}, tuple(params)
        params = [*params, *((name, value) for name, value in usual if name not in named)]
        self.prepared, self._params, self._usual = prepared, params, tuple(dict.fromkeys(name for name, _ in usual))
        self.table, there = prepared.table, prepared.positions
        self.filters = [f for f in filters if f.heading in there]
        self.text = next((value for name, value in params if name == TEXT), "").strip()
        self._taken: dict[str, set[str]] = {}
        for f in self.filters:
            if found := {value for name, value in params if name == f.heading and value}:
                self._taken[f.heading] = found  # several of one column: a row has any of them
        wanted = next((value for name, value in params if name == SORT), "")
        self.down, self.sort = wanted.startswith("-"), wanted.removeprefix("-")
        self.group = next((v for n, v in params if n == GROUP and v in {f.heading for f in self.filters}), "")
        self.keys = [heading for heading, n in there.items() if n < prepared.table.keys]
        first = [h for h in chosen if h in there] or [h for h, n in there.items() if n < (self.table.printed or 10**6)]
        asked = {value for name, value in params if name == SHOW} & there.keys()
        order = dict.fromkeys([*self.keys, *(h for h in chosen if h in there), *there])
        self.shown = [h for h in order if h in self.keys or h in (asked or first)]

    # ---- rows --------------------------------------------------------------------------------------------------
    @cached_property
    def numbers(self) -> list[int]:
        """The rows that are shown, in order."""
        kept = range(len(self.table.rows))
        if sought := self.text.casefold().split():
            texts = self.prepared.texts
            kept = [n for n in kept if all(word in texts[n] for word in sought)]  # type: ignore[assignment]
        for f in self.filters:
            if wanted := self._taken.get(f.heading):
                choices = self.prepared.choices(f)
                kept = [n for n in kept if choices[n] in wanted]  # type: ignore[assignment]
        if self.sort not in self.prepared.positions:
            return list(kept)
        values = self.prepared.values(self.prepared.positions[self.sort])
        filled = sorted((n for n in kept if words(values[n])), key=lambda n: sort_key(values[n]), reverse=self.down)
        return [*filled, *(n for n in kept if not words(values[n]))]

    @cached_property
    def groups(self) -> list[Group]:
        """The rows that are shown, under the headings by which they are grouped."""
        columns = [self.prepared.cells(self.prepared.positions[heading]) for heading in self.shown]
        tones = self.prepared.tones

        def row(n: int) -> Markup:
            kind = f' class="{tones[n]}"' if tones[n] else ""
            return Markup(f"<tr{kind}>{''.join([column[n] for column in columns])}</tr>")  # cells are escaped

        return [Group(title, tuple(found), tuple(map(row, found))) for title, found in self.grouped.items()]

    @cached_property
    def grouped(self) -> dict[str, list[int]]:
        """The rows that are shown, by the choice that they are grouped by; all under a blank one where they are not."""
        if not self.group:
            return {"": self.numbers}
        choices = self.prepared.choices(next(f for f in self.filters if f.heading == self.group))
        found: dict[str, list[int]] = {}
        for n in self.numbers:
            found.setdefault(choices[n], []).append(n)
        return dict(sorted(found.items(), key=lambda item: (item[0] == NOTHING, natural_key(item[0].casefold()))))

    # ---- the form ----------------------------------------------------------------------------------------------
    @cached_property
    def headings(self) -> list[Heading]:
        """The columns that are shown."""
        result = []
        for heading in self.shown:
            column = self.table.columns[self.prepared.positions[heading]]
            now = "none" if heading != self.sort else "descending" if self.down else "ascending"
            address = self.address(sort=f"-{heading}" if now == "ascending" else heading)
            kind = self.prepared.kind(self.prepared.positions[heading])
            result.append(Heading(column.title, column.group, address, now, kind))
        return result

    def choices_of(self, wanted: Filter) -> list[Choice]:
        """The choices of a filter, with how many rows each has."""
        counts = Counter(self.prepared.choices(wanted))
        taken = self._taken.get(wanted.heading, set())
        found = sorted({*counts, *taken}, key=lambda word: (word == NOTHING, natural_key(word.casefold())))
        return [Choice(f"{word} ({counts[word]})", word, word in taken) for word in found]

    @cached_property
    def columns(self) -> list[Choice]:
        """The columns that can be chosen, without those that always stay."""
        return [Choice(h, h, h in self.shown) for h in self.prepared.positions if h not in self.keys]

    @cached_property
    def is_asked(self) -> bool:
        """Whether somebody filled in the form, so that it is shown."""
        names = {TEXT, GROUP, SORT, *(f.heading for f in self.filters)}
        return any(name in names and value for name, value in self._asked)

    @cached_property
    def in_words(self) -> str:
        """Which filters hold, to be read where the form is folded."""
        taken = [f"{heading} {', '.join(sorted(values))}" for heading, values in self._taken.items()]
        return "; ".join([*([f"“{self.text}”"] if self.text else []), *taken])

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether rows are left out, or not in the order of the report."""
        return bool(self.text or self._taken or self.sort or self.group)

    @cached_property
    def everything(self) -> str:
        """The address of all rows."""
        return "?" + urlencode([(name, "") for name in self._usual]) if self._usual else ""

    @cached_property
    def query(self) -> str:
        """The address of what is shown, after the question mark."""
        return self.address().removeprefix("?")

    def address(self, **changed: str) -> str:
        """The address of the same with something else."""
        there = (one for one in self._params if one[0] not in changed and one[0] != "done")
        kept = [(name, value) for name, value in there if value or name in self._usual]
        return "?" + urlencode([*kept, *((name, value) for name, value in changed.items() if value)])

    # ---- what is taken away ------------------------------------------------------------------------------------
    def as_table(self) -> Table:
        """What is shown as a table, to be written into a file."""
        positions = [self.prepared.positions[heading] for heading in self.shown]
        values = [self.prepared.values(position) for position in positions]
        order = [n for numbers in self.grouped.values() for n in numbers]
        columns = [self.table.columns[position] for position in positions]
        titles = {column.title for column in columns}
        return self.table._replace(
            columns=columns, rows=[[column[n] for column in values] for n in order], printed=None,
            note=self.table.note if not self.is_narrowed else f"{len(order)} of {len(self.table.rows)} rows.",
            above=[(title, number) for title, number in self.table.above if title in titles],
            tone_column=self.table.tone_column if self.table.tone_column in titles else None,
        )  # fmt: skip


def link_to(page: str) -> Link:
    """A link to a page about what a cell names; blank cells and those with several things have none."""
    return lambda text: f"{page}?id={quote(text, safe='')}" if text and "\n" not in text else ""


def words(value: CellValue) -> str:
    """A value as people read it."""
    return "" if value is None else day(value) if isinstance(value, date) else str(value)


def sort_key(value: CellValue) -> tuple[int, object]:
    """Numbers, then dates, then words."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value) if isinstance(value, date) else (2, natural_key(str(value).casefold()))


def _cell(value: CellValue, column: Column, is_head: bool, link: Link | None, above: int | None) -> str:
    """A cell as HTML, without white space, since there are thousands of them."""
    text = "<br>".join(str(escape(line)) for line in words(value).split("\n"))
    if link is not None and (address := link(words(value))):
        text = f'<a href="{escape(address)}">{text}</a>'
    if is_head:
        return f'<th scope="row">{text}</th>'
    if isinstance(value, int | float):
        text = f"<strong>{text}</strong>" if above is not None and value > above else text
        return f'<td class="number">{text}</td>'
    if isinstance(value, date):
        return f'<td class="day">{text}</td>'
    return f'<td class="long">{text}</td>' if column.width >= LONG and text else f"<td>{text}</td>"
