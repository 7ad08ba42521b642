"""A small partnership with a published plan, the reply forms of it, and forms as they come back."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from allocator.lifecycle.accepting import Desk
from allocator.lifecycle.effect import base_of
from allocator.lifecycle.recognising import Recognised, recognised
from allocator.lifecycle.replies import Replies, replies_of
from allocator.lifecycle.reply_forms import read_reply_form
from allocator.reading.reader import register_of
from allocator.report.agencies import write_agency_files
from allocator.report.layout import HEADER_ROW
from allocator.settling.settling import settle
from allocator.views.agency_forms import REPLY_SHEET, UNUSED_SHEET, reason_codes
from allocator.views.facts import Facts
from allocator.views.version import version
from tests.cli.inputs import Sheets, sheets
from tests.report.looking import opened

PUBLISHED = (("S1", "O1", "PE1"), ("S2", "O2", "PE2"), ("S3", "O3", "TBC@O3"))
Cells = Mapping[tuple[str, str], Any]
"""By place and heading, what is typed."""


def partnership(status: str = "proposed", **changed: list[dict[str, Any]]) -> Sheets:
    """S1 and S2 at A, in O1 and O2; S3 at B, which is to be asked, in one of two places of O3, whose PE is to be named."""
    content = sheets()
    content["Students"].append({**content["Students"][0], "student": "S3"})
    content["Agencies"].append({"agency": "B", "kind": "trust", "membership": "primary", "asks_decision": "yes"})
    content["Offers"].append(
        {
            **content["Offers"][0], "offer": "O3", "agency": "B", "team": "T3", "capacity": 2, "educators": "TBC",
            "on_site_supervisor": "to_be_named",
        }
    )  # fmt: skip
    educator = {**content["Educators"][0], "pe": "PE3", "employed_by": "B", "team": "T3"}
    content["Educators"].append(educator)
    content["Published"] = [{"request": f"{s}/first", "offer": o, "pe": pe, "status": status} for s, o, pe in PUBLISHED]
    return content | changed


class Round:
    """A plan, its forms in a folder, and what comes back."""

    def __init__(self, folder: Path, content: Sheets) -> None:
        self.register = register_of(content)
        self.reading = settle(self.register, each=True)
        self.base = base_of(self.reading)
        self.plan = self.base.base
        self.version = version(self.plan)
        facts = Facts(self.reading.dataset, self.reading.policy, self.plan)
        self.paths = {path.stem: path for path in write_agency_files(folder / "agencies", facts)}
        self._folder = folder

    def filled(self, agency: str, cells: Cells, name: str | None = None) -> Path:
        """A form with replies: of headings of Unused places there, of all others in the reply form."""
        book = opened(self.paths[agency])
        for (place, heading), value in cells.items():
            found = [s for s in (book[REPLY_SHEET], book[UNUSED_SHEET]) if heading in headings(s)]
            for row in rows(found[0], place):
                found[0].cell(row, headings(found[0])[heading]).value = value
        path = self._folder / (name or f"{agency}.xlsx")
        book.save(path)
        return path

    def recognised(self, *paths: Path, in_force: str | None = None) -> tuple[Recognised, ...]:
        """Forms that came back, read and told apart."""
        codes = reason_codes(self.reading.dataset)
        forms = [read_reply_form(path, codes) for path in paths]
        return recognised(forms, self.reading.dataset, in_force or self.version)

    def replies(self, *paths: Path) -> Replies:
        """What they propose."""
        return replies_of(self.recognised(*paths), self.reading.dataset, self.plan)

    def desk(self) -> Desk:
        """Where proposals are taken in hand."""
        return Desk(self.register, self.base, "LM")


def headings(sheet: Worksheet) -> dict[str, int]:
    """Columns of a form's sheet by heading."""
    return {str(cell.value): cell.column for cell in sheet[HEADER_ROW] if cell.value is not None}


def rows(sheet: Worksheet, place: str) -> list[int]:
    """The rows of a place."""
    return [row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if sheet.cell(row, 1).value == place]


DAY = date(2026, 12, 3)
