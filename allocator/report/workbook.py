"""The meeting workbook: front page, numbers and sheets, in the order in which a meeting goes through them."""

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.comparison import Result, compare, published_result
from allocator.report.layout import write_table
from allocator.report.page import write_page
from allocator.views.calendar import calendar_table
from allocator.views.chase import chase_table
from allocator.views.compared import changes_table
from allocator.views.facts import Facts
from allocator.views.figure_blocks import figure_blocks
from allocator.views.front import front_blocks
from allocator.views.not_placed import not_placed_table
from allocator.views.numbers import number_blocks
from allocator.views.outcomes import outcome_blocks
from allocator.views.partners import partner_blocks
from allocator.views.pipeline import pipeline_blocks
from allocator.views.progress import progress_table
from allocator.views.record import (
    check_table,
    decisions_table,
    input_table,
    policy_table,
    proof_table,
    rules_table,
)
from allocator.views.returns import return_rows, return_table
from allocator.views.students import Kept, earlier_notes_table, students_table
from allocator.views.supply import agencies_table, educators_table, offers_table
from allocator.views.table import Table
from models.plan import CheckReport

TAB_COLOURS = {"Front page": "17405C", "Numbers": "17405C", "Students": "2E7D6B", "Not placed": "B5473C"}


def meeting_workbook(
    facts: Facts,
    check: CheckReport,
    *,
    notes: Mapping[str, str],
    names: Mapping[str, str],
    previous: Result | None,
) -> Workbook:
    """Build the meeting workbook.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    check
        The independent check's findings.
    notes
        Notes of earlier runs by request id.
    names
        Names by id of student or PE, for the team's own workbook alone; empty for none.
    previous
        The result of the version before, if it is at hand; None compares with what is published.

    Returns
    -------
    Workbook
        Not saved yet.
    """
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.title = "Front page"
    write_page(first, front_blocks(facts, check, names))
    write_page(workbook.create_sheet("Numbers"), number_blocks(facts, check))
    before = previous or published_result(facts)
    comparison = compare(before, Result("this plan", facts.plan, facts, check)) if before else None
    changed = {c.request: c for c in (comparison.requests or ())} if comparison else {}
    for table in (
        students_table(facts, Kept(changed, before.name if before else None, notes, names)),
        not_placed_table(facts, names),
        offers_table(facts, names),
        agencies_table(facts),
        educators_table(facts, names),
    ):
        _add(workbook, table)
    _add_year(workbook, facts)
    for other in (
        changes_table(comparison, facts.policy, before.facts if before else None, facts),
        decisions_table(facts),
        chase_table(facts, names),
        calendar_table(facts),
        rules_table(facts.policy),
        policy_table(facts.policy),
        proof_table(facts, check),
        check_table(check),
        input_table(facts),
        earlier_notes_table(facts, notes),
    ):
        if other is not None:
            _add(workbook, other)
    for name, colour in TAB_COLOURS.items():
        workbook[name].sheet_properties.tabColor = colour
    return workbook


def _add_year(workbook: Workbook, facts: Facts) -> None:
    """What the partnership owes each year; a page with nothing to say is left out."""
    for title, page in (
        ("Figures", figure_blocks(facts)),
        ("Partners", partner_blocks(facts)),
        ("PEPS pipeline", pipeline_blocks(facts)),
        ("Outcomes", outcome_blocks(facts)),
    ):
        blocks = list(page)
        if blocks:
            write_page(workbook.create_sheet(title), blocks)
    for table in (return_table(facts, return_rows(facts)), progress_table(facts)):
        _add(workbook, table)


def _add(workbook: Workbook, table: Table) -> None:
    sheet = workbook.create_sheet(table.title)
    write_table(sheet, table)
    if not table.on_paper or not table.rows:
        sheet.sheet_state = "hidden"
