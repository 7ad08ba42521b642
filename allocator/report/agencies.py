"""Writes a file for each agency."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import file_stem, save, saved_by_us
from allocator.report.layout import write_table
from allocator.views.agency_forms import REPLY_SHEET, form_tables, hosts
from allocator.views.facts import Facts
from allocator.views.unused import Unused
from models.base import natural_key
from models.errors import UnwrittenError


def write_agency_files(folder: Path, facts: Facts) -> list[Path]:
    """Write a file for each agency that has an offer in the horizon, or a team that is a spoke of one.

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
    paths = {agency: folder / name for agency, name in form_names(facts).items()}
    unwritten = _clear(folder, set(paths.values()))
    unused = Unused(facts)
    written = []
    for agency, path in paths.items():
        if path in unwritten:
            continue
        try:
            save(_workbook(facts, agency, unused), path, f"Placements: {facts.agency_name(agency)}", facts.as_of)
            written.append(path)
        except UnwrittenError as error:
            unwritten |= dict(error.unwritten)
    if unwritten:
        raise UnwrittenError(written, sorted(unwritten.items()))
    return written


def form_names(facts: Facts) -> dict[str, str]:
    """The name of each agency's file, by agency: those that :func:`write_agency_files` writes."""
    taken: set[str] = set()
    return {agency: f"{file_stem(agency, taken)}.xlsx" for agency in sorted(hosts(facts), key=natural_key)}


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


def _workbook(facts: Facts, agency: str, unused: Unused) -> Workbook:
    workbook = Workbook()
    form = workbook.active
    assert isinstance(form, Worksheet)
    form.title = REPLY_SHEET
    for name, table in form_tables(facts, agency, unused).items():
        write_table(form if name == REPLY_SHEET else workbook.create_sheet(name), table)
    return workbook
