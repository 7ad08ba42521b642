"""An agency's reply form read back: which agency and version it is of, and what stands in the cells to be filled in.

Cells are read and named as those of every input. A row that cannot be read costs itself alone, a file its own rows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from allocator.reading.collecting import Collector
from allocator.reading.columns import Column, Sheet, column
from allocator.reading.folding import fold, skeleton
from allocator.reading.persons import contact_in, initials_of
from allocator.reading.sources import RawSheet, read_file
from allocator.reading.spelling import did_you_mean
from allocator.reading.tables import parse
from allocator.reading.words import heading_key
from allocator.views.agency_forms import (
    ALL_USED,
    MEETING_ON,
    NOBODY_PLANNED,
    OUTCOME,
    PE_NAMED,
    PLACE,
    REASON,
    REPLY_SHEET,
    STAGE,
    STAYS_OPEN,
    STUDENT,
    SUPERVISOR_NAMED,
    TITLES,
    UNUSED_SHEET,
    VISITS_SHEET,
    WITHDRAWN,
    YOUR_TEAM,
)
from models.errors import InputUnusableError, Issue
from models.register import Row

ANSWERS: Mapping[str, tuple[str, ...]] = {
    REPLY_SHEET: (OUTCOME, REASON, MEETING_ON, PE_NAMED, SUPERVISOR_NAMED, WITHDRAWN),
    VISITS_SHEET: (OUTCOME, REASON),
    UNUSED_SHEET: (STAYS_OPEN,),
}
"""By sheet, the columns that an agency fills in."""
KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    REPLY_SHEET: (PLACE, STUDENT, STAGE), VISITS_SHEET: (PLACE, STUDENT, STAGE, YOUR_TEAM), UNUSED_SHEET: (PLACE,),
}  # fmt: skip
"""By sheet, the columns by which a row is recognised."""
_SHOWN = (
    "Team", "Base", "Spokes", "Programme", "Days", "Days a week", "Days with you", "Start", "End",
    "Needs agreed for sharing", "PE", "On-site supervisor", "Pre-placement meeting by", "Led by: agency, team",
    "Tranche", "Stage", "Offered", "Not used", "State", "Of these held by the team",
)  # fmt: skip
"""Columns that are for the agency to read."""
_KINDS: Mapping[str, Any] = {
    OUTCOME: "yes_no", STAYS_OPEN: "yes_no", WITHDRAWN: "yes_no", MEETING_ON: "date", PLACE: "reference",
    STUDENT: "reference", PE_NAMED: "reference",
}  # fmt: skip
_SAID = frozenset(
    (
        "V101", "V102", "V103", "V104", "V105", "V106", "V112", "V114", "V115", "V116", "V118", "V119", "V120", "V123",
        "V132", "V135", "V136", "V137", "V140", "V141", "V142", "V201", "V202", "V205", "V206", "V207", "V208", "V210",
        "V211", "V214",
    )
)  # fmt: skip
"""Kinds of problem that matter here: files, headings, and cells of replies."""
NEW_PLACE = "If a new place is offered, type it on Offers."
_UNDER_HEADINGS = 3
"""Rows above the headings; people insert some."""
_VERSION = re.compile(r"\bVersion ([0-9a-f]{8})\b")
_PERSONAL = "(text that names a person, or contact details)"


class FormRow(NamedTuple):
    """A row of a form: where it stands, what it is about as typed, and by heading what was filled in.

    ``unreadable`` are the headings of cells that were filled in and cannot be read.
    """

    sheet: str
    number: int
    place: str | None
    student: str | None
    stage: str | None
    team: str | None
    replies: Mapping[str, Any]
    unreadable: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Sheet and row in words."""
        return f"{self.sheet}, row {self.number}"

    @property
    def answered(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.replies or self.unreadable)


class TypedRow(NamedTuple):
    """A row that was filled in elsewhere than in a workbook: by heading, what it is about, and what was typed."""

    number: int
    known_by: Mapping[str, str]
    answers: Mapping[str, str]


class ReplyForm(NamedTuple):
    """A form as it came back. ``agency`` and ``version`` are what it says of itself; None where it says nothing."""

    name: str
    agency: str | None
    version: str | None
    rows: tuple[FormRow, ...]
    issues: tuple[Issue, ...]
    said: tuple[str, ...] = ()


def read_reply_form(path: Path, codes: Sequence[str]) -> ReplyForm:
    """Read a form that an agency sent back.

    Parameters
    ----------
    path
        A workbook that ``allocate`` wrote.
    codes
        Reason codes that may be typed.

    Returns
    -------
    ReplyForm
        Without rows where the file cannot be opened or is no form; its problems say why.

    Raises
    ------
    UsageError
        There is nothing at ``path``.
    """
    collector = Collector()
    try:
        raws = read_file(path, collector)
    except InputUnusableError as error:
        return ReplyForm(path.name, None, None, (), error.issues)
    said: list[str] = []
    found = _sheets_of(raws)
    if not found:
        names = ", ".join(f"'{raw.name}'" for raw in raws) or "none"
        said.append(f"It is no reply form: it has no sheet '{REPLY_SHEET}' (its sheets: {names}).")
    extra = [raw.name for raw in raws if raw.rows and all(raw is not one for one in found.values())] if found else []
    said += [f"The sheet '{name}' is none of the form's, and was not read." for name in extra]
    heads = [cells for raw in found.values() for _, cells in raw.rows[: _UNDER_HEADINGS + 9]]
    return _form(path.name, _agency_in(heads), _version_in(heads), found, codes, collector, said)


def typed_form(
    name: str, agency: str, version: str, sheets: Mapping[str, Sequence[TypedRow]], codes: Sequence[str]
) -> ReplyForm:  # fmt: skip
    """A form that was filled in elsewhere than in a workbook, read as one that came back.

    Parameters
    ----------
    name
        What it is called.
    agency, version
        Whose it is, and of which plan.
    sheets
        Its rows by sheet.
    codes
        Reason codes that may be typed.

    Returns
    -------
    ReplyForm
        The same as of a workbook in which the same is typed.
    """
    raws: dict[str, RawSheet] = {}
    for sheet, rows in sheets.items():
        titles = (*KNOWN_BY[sheet], *ANSWERS[sheet])
        cells = [(row.number, [row.known_by.get(t) or row.answers.get(t) for t in titles]) for row in rows]
        raws[sheet] = RawSheet(sheet, [(0, titles), *cells])
    return _form(name, agency, version, raws, codes, Collector(), [])


def _form(
    name: str, agency: str | None, version: str | None, sheets: Mapping[str, RawSheet], codes: Sequence[str],
    collector: Collector, said: list[str],
) -> ReplyForm:  # fmt: skip
    rows: list[FormRow] = []
    for sheet, raw in sheets.items():
        rows += _rows(raw, sheet, codes, collector, said)
    issues = (_in_words(issue) for issue in collector.in_order() if issue.code in _SAID)
    return ReplyForm(name, agency, version, tuple(rows), tuple(issues), tuple(said))


def _sheets_of(raws: Iterable[RawSheet]) -> dict[str, RawSheet]:
    by_name = {fold(raw.name): raw for raw in raws}
    return {name: by_name[fold(name)] for name in ANSWERS if fold(name) in by_name}


def _texts(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    return (" ".join(cell.split()) for cells in rows for cell in cells if isinstance(cell, str))


def _agency_in(rows: Iterable[Sequence[Any]]) -> str | None:
    """The agency by a sheet's title."""
    titles = [f": {title}" for title in TITLES.values()]
    found = (text.removesuffix(title) for text in _texts(rows) for title in titles if text.endswith(title))
    return next(found, None)


def _version_in(rows: Iterable[Sequence[Any]]) -> str | None:
    return next((found[1] for text in _texts(rows) if (found := _VERSION.search(text))), None)


def _spec(name: str) -> Sheet:
    """The sheet as reading knows sheets; its columns are called as headings are spelt for comparing them."""

    def of(title: str) -> Column:
        kind = _KINDS.get(title, "text")
        return column(heading_key(title), kind, title, "no answer" if title in ANSWERS[name] else "not shown")

    titles = dict.fromkeys((*KNOWN_BY[name], *ANSWERS[name], *_SHOWN))
    key = tuple(heading_key(title) for title in KNOWN_BY[name][:2])
    return Sheet(name, "a place", tuple(of(title) for title in titles), key=key)


def _rows(
    raw: RawSheet, name: str, codes: Sequence[str], collector: Collector, said: list[str]
) -> Iterator[FormRow]:  # fmt: skip
    table = parse(raw, _spec(name), {}, collector)
    if table.origin is None:
        return
    missing = [t for t in (*KNOWN_BY[name][:2], *ANSWERS[name]) if heading_key(t) not in table.columns]
    for title in missing:
        said.append(f"{name}: the column '{title}' is missing, so it was read as blank. Put its heading back.")
    for row in table.rows:
        _without_persons(name, row, collector)
        _reason(name, row, codes, collector)
        found = _form_row(name, row)
        empty = found.place in (None, NOBODY_PLANNED, ALL_USED) and found.student is None
        if found.answered or not empty:
            yield found
        elif name == UNUSED_SHEET and found.place is None and row.values:
            said.append(f"{found.where}: it has no place. {NEW_PLACE}")


def _form_row(name: str, row: Row) -> FormRow:
    def typed(title: str) -> str | None:
        value = row.get(heading_key(title)) if title in KNOWN_BY[name] else None
        text = None if value is None else str(value)
        return _PERSONAL if text and (contact_in(text) or initials_of(text)) and title != YOUR_TEAM else text

    replies = {title: value for title in ANSWERS[name] if (value := row.get(heading_key(title))) is not None}
    unreadable = tuple(title for title in ANSWERS[name] if heading_key(title) in row.unreadable)
    place, student, stage, team = map(typed, (PLACE, STUDENT, STAGE, YOUR_TEAM))
    return FormRow(name, row.number, place, student, stage, team, replies, unreadable)


def _without_persons(name: str, row: Row, collector: Collector) -> None:
    """Names and contact details are not kept: of a supervisor the initials are."""
    for title in (PE_NAMED, SUPERVISOR_NAMED, REASON):
        key = heading_key(title)
        text = row.values.get(key)
        if not isinstance(text, str):
            continue
        where: dict[str, Any] = {"sheet": name, "row": row.number, "column": title, "level": "warning"}
        short = initials_of(text)
        if contact_in(text):
            collector.add("V140", found=contact_in(text), **where)
        elif short and title == SUPERVISOR_NAMED:
            collector.add("V142", found=short, **where)
            row.values[key] = short
            continue
        elif short and title == PE_NAMED:
            collector.add("V141", found=short, **where)
        else:
            continue
        del row.values[key]
        row.unreadable[key] = _PERSONAL


def _reason(name: str, row: Row, codes: Sequence[str], collector: Collector) -> None:
    """A reason code in the spelling of the list; a text of one's own is none."""
    key = heading_key(REASON)
    text = row.get(key)
    if text is None:
        return
    code = next((code for code in codes if skeleton(code) == skeleton(str(text))), None)
    if code is not None:
        row.values[key] = code
        return
    collector.add(
        "V202", sheet=name, row=row.number, column=REASON, found=text, consequence=", so it counts as blank",
        suggestion=did_you_mean(str(text), codes), allowed=" or ".join(codes),
    )  # fmt: skip
    row.unreadable[key] = str(row.values.pop(key))


def _in_words(issue: Issue) -> Issue:
    """A problem with the heading as it stands in the form, and without what names a person."""
    every = [t for answers in (*ANSWERS.values(), *KNOWN_BY.values()) for t in answers]
    titles = {name: t for t in every for name in (heading_key(t), t)}
    message, found = issue.message, issue.found
    title = titles.get(issue.column or "", issue.column)
    if issue.column in titles:
        message = message.replace(f"'{issue.column}'", f"'{title}'").replace(f"for {issue.column},", f"for '{title}',")
    if found and (contact_in(found) or (initials_of(found) and found.istitle())):  # "Yes please" names nobody
        message, found = message.replace(found, _PERSONAL), _PERSONAL
    return issue.model_copy(update={"message": message, "column": title, "found": found})
