"""A file for each agency: its own places and students, as a reply form. Nothing else may be in it.

Never: district, minutes, preferences, repeat status (so no request id: its attempt would tell), readiness, clearance,
reasons, other students, other agencies' figures, notes. Needs only where the student agreed to share them.
"""

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import file_stem, save, saved_by_us
from allocator.report.layout import HEADER_ROW, cell_at, fill, write_table
from allocator.views.facts import Facts, day
from allocator.views.table import CellValue, Column, Table
from allocator.views.unused import Unused
from allocator.views.version import version
from allocator.views.words import educator_name, educator_stage, is_to_be_named, listed
from models.base import natural_key
from models.entities import INDEPENDENT, PARTNERSHIP, Offer, Student
from models.errors import UnwrittenError
from models.plan import Match

REPLY_SHEET, UNUSED_SHEET = "Reply form", "Unused places"
REASON_CODES = ("no place after all", "no PE", "dates do not suit", "conflict of interest", "other: please call")
"""Reason codes where the data lists none."""
_FORM = (
    Column("Place", 9, "centred", "Your place"),
    Column("Team", 22, group="Your place"),
    Column("Base", 9, "centred", "Your place"),
    Column("Student reference", 11, "centred", "Student"),
    Column("Programme", 13, group="Student"),
    Column("Stage", 8, "centred", "Student"),
    Column("Days", 7, "whole", "Student"),
    Column("Days a week", 7, "whole", "Student"),
    Column("Start", 12, "date", "Student"),
    Column("End", 12, "date", "Student"),
    Column("Needs agreed for sharing", 20, group="Student"),
    Column("PE", 26, group="Practice educator (PE) and supervisor"),
    Column("On-site supervisor", 22, group="Practice educator (PE) and supervisor"),
    Column("Pre-placement meeting by", 13, "date", "To do"),
    Column("Outcome: yes or no", 10, "centred", "Your reply"),
    Column("If no: reason code", 18, group="Your reply"),
    Column("PE you name (their reference)", 16, group="Your reply"),
    Column("Supervisor you name (initials or role)", 16, group="Your reply"),
)
REPLY_COLUMNS = 4
"""The last columns of the form: the agency fills them."""
_OPEN_COLUMN = 9
"""The column of the sheet of unused places that the agency fills."""


def write_agency_files(folder: Path, facts: Facts) -> list[Path]:
    """Write a file for each agency that has an offer in the horizon; none with a clash.

    Forms of an earlier run that nobody touched are replaced or removed; one that somebody filled in is kept under
    another name.

    Parameters
    ----------
    folder
        Where the files go.
    facts
        Dataset, policy and plan.

    Returns
    -------
    list of Path
        The files, sorted by agency.

    Raises
    ------
    UnwrittenError
        Some could not be written, for example because they are open; all others were.
    """
    hosts = {o.agency for o in facts.horizon_offers} if facts.plan.clash is None else set()
    taken: set[str] = set()
    paths = {agency: folder / f"{file_stem(agency, taken)}.xlsx" for agency in sorted(hosts, key=natural_key)}
    unwritten = _clear(folder, set(paths.values()))
    written = []
    for agency, path in paths.items():
        if path in unwritten:
            continue
        try:
            save(_workbook(facts, agency), path, f"Placements: {facts.agency_name(agency)}", facts.as_of)
            written.append(path)
        except UnwrittenError as error:
            unwritten |= dict(error.unwritten)
    if unwritten:
        raise UnwrittenError(written, sorted(unwritten.items()))
    return written


def _clear(folder: Path, wanted: set[Path]) -> dict[Path, str]:
    """Remove forms of an earlier run that this one does not replace; keep what somebody has filled in.

    Returns those that could be neither removed nor kept, with what the system says.
    """
    left: dict[Path, str] = {}
    for path in sorted(folder.glob("*.xlsx")):
        try:
            if not saved_by_us(path):
                if path in wanted:
                    path.replace(_free_name(path))
            elif path not in wanted:
                path.unlink()
        except OSError as error:
            left[path] = error.strerror or str(error)
    return left


def _free_name(path: Path) -> Path:
    """A name beside a form for the copy that an agency filled in."""
    number = 1
    while (free := path.with_name(f"{path.stem} - filled in {number}.xlsx")).exists():
        number += 1
    return free


def _workbook(facts: Facts, agency: str) -> Workbook:
    workbook = Workbook()
    form = workbook.active
    assert isinstance(form, Worksheet)
    form.title = REPLY_SHEET
    matches = [m for m in facts.matches if facts.offer(m).agency == agency]
    matches.sort(key=lambda m: (m.start or date.max, facts.offer(m).team.casefold()))
    last = write_table(form, _form_table(facts, agency, matches))
    if matches:
        _reply_cells(form, facts, last)
    unused = workbook.create_sheet(UNUSED_SHEET)
    last = write_table(unused, _unused_table(facts, agency))
    if last > HEADER_ROW:
        _yellow(unused, _OPEN_COLUMN, _OPEN_COLUMN, last)
        _choice(unused, _OPEN_COLUMN, last, ("yes", "no"))
    return workbook


def _form_table(facts: Facts, agency: str, matches: list[Match]) -> Table:
    dates = {facts.request(m).tranche: facts.step_date(facts.request(m), "agency answers by") for m in matches}
    until = listed(f"{day(by)} ({tranche})" for tranche, by in dates.items() if by)
    reply_by = f" Please reply by {until}." if until else ""
    return Table(
        title=f"{facts.agency_name(agency)}: placements planned",
        note=(
            "A proposal until it is confirmed. Fill in the four yellow columns and send the file back."
            f"{reply_by} Version {version(facts.plan)}, {day(facts.as_of)}."
        ),
        columns=_FORM,
        rows=[_form_row(facts, m) for m in matches],
        keys=4,
        paper="A4",
        empty="No student is planned for you in this version.",
    )


def _form_row(facts: Facts, match: Match) -> list[CellValue]:
    request, offer = facts.request(match), facts.offer(match)
    student = facts.student(request)
    return [
        offer.offer,
        offer.team,
        offer.place,
        student.student,
        student.programme,
        request.stage,
        request.days,
        facts.days_a_week(request, offer),
        match.start,
        match.end,
        shared_needs(student),
        _educator(facts, match),
        _supervisor(facts, match),
        facts.step_date(request, "pre-placement meetings by"),
        *[""] * REPLY_COLUMNS,
    ]


def shared_needs(student: Student) -> str:
    """Functional needs, only where the student agreed to share them; else blank, as for a student without any."""
    return listed(student.adjustments) if student.share_needs else ""


def _educator(facts: Facts, match: Match) -> str:
    if is_to_be_named(match):
        by = facts.step_date(facts.request(match), "PE named by")
        stage = educator_stage(match.pe, None)
        wanted = f" ({stage})" if stage.startswith("PEPS") else ""
        return f"please name a PE{wanted}" + (f" by {day(by)}" if by else "")
    educator = facts.educator(match)
    whose = {PARTNERSHIP: ", practice consultant", INDEPENDENT: ", independent"}.get(
        educator.employed_by if educator else "", ""
    )
    return educator_name(match.pe) + whose


def _supervisor(facts: Facts, match: Match) -> str:
    if match.basis in (None, "in_team"):
        return "not needed"
    if facts.offer(match).on_site_supervisor == "yes":
        return "yours, as named"
    by = facts.step_date(facts.request(match), "PE named by")
    return "please name one" + (f" by {day(by)}" if by else "")


def _unused_table(facts: Facts, agency: str) -> Table:
    unused = Unused(facts)
    offers = [o for o in facts.horizon_offers if o.agency == agency and unused.free(o)]
    return Table(
        title=f"{facts.agency_name(agency)}: places not used",
        note="Places that you offered and that this version does not use. Please say whether they stay open.",
        columns=(
            Column("Place", 9, "centred"),
            Column("Team", 26),
            Column("Base", 10, "centred"),
            Column("Tranche", 12, "centred"),
            Column("Stage", 9, "centred"),
            Column("Offered", 9, "whole"),
            Column("Not used", 9, "whole"),
            Column("State", 11, "centred"),
            Column("Stays open: yes or no", 12, "centred"),
        ),
        rows=[_unused_row(unused, o) for o in offers],
        empty="Every place that you offered is used.",
    )


def _unused_row(unused: Unused, offer: Offer) -> list[CellValue]:
    return [
        offer.offer,
        offer.team,
        offer.place,
        offer.tranche,
        offer.stage,
        offer.capacity,
        unused.free(offer),
        offer.state,
        "",
    ]


def _reply_cells(sheet: Worksheet, facts: Facts, last: int) -> None:
    first = len(_FORM) - REPLY_COLUMNS + 1
    _yellow(sheet, first, len(_FORM), last)
    codes = tuple(w.word for w in facts.dataset.words if w.list == "reason codes") or REASON_CODES
    _choice(sheet, first, last, ("yes", "no"))
    _choice(sheet, first + 1, last, codes)


def _yellow(sheet: Worksheet, first: int, final: int, last: int) -> None:
    """Mark the columns that the agency fills."""
    for row in range(HEADER_ROW + 1, last + 1):
        for column in range(first, final + 1):
            cell_at(sheet, row, column).fill = fill("warn")


def _choice(sheet: Worksheet, column: int, last: int, words: tuple[str, ...]) -> None:
    """A drop-down; longer lists than a cell's rule holds (255 characters) are left to typing."""
    quoted = ",".join(word.replace(",", " ").replace('"', "'") for word in words)
    if len(quoted) > 255:
        return
    rule = DataValidation(type="list", formula1=f'"{quoted}"', allow_blank=True, showErrorMessage=True)
    letter = get_column_letter(column)
    rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
    sheet.add_data_validation(rule)
