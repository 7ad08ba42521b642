"""The meeting workbook: front page and sheets, in the order in which a meeting goes through them."""

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.front import write_front
from allocator.report.layout import Table, write_table
from allocator.report.record import (
    calendar_table,
    changes_table,
    check_table,
    decisions_table,
    input_table,
    policy_table,
    proof_table,
    rules_table,
)
from allocator.report.students import earlier_notes_table, not_placed_table, students_table
from allocator.report.supply import agencies_table, educators_table, offers_table
from allocator.views.changes import changes
from allocator.views.facts import Facts
from allocator.views.published import PublishedYear
from models.plan import CheckReport, Plan

TAB_COLOURS = {"Front page": "17405C", "Students": "2E7D6B", "Not placed": "B5473C"}


def meeting_workbook(
    facts: Facts,
    check: CheckReport,
    *,
    notes: Mapping[str, str],
    names: Mapping[str, str],
    previous: Plan | None,
    published: Sequence[PublishedYear],
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
        Names by student id, for the team's own workbook alone; empty for none.
    previous
        The plan of the run before, if there is one.
    published
        Past years to show beside the figures.

    Returns
    -------
    Workbook
        Not saved yet.
    """
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.title = "Front page"
    write_front(first, facts, check, published)
    compared_with, changed = changes(facts, previous)
    for table in (
        students_table(facts, {c.request: c for c in changed}, compared_with, notes, names),
        not_placed_table(facts, names),
        offers_table(facts),
        agencies_table(facts),
        educators_table(facts),
        changes_table(facts, compared_with, changed),
        decisions_table(facts),
        calendar_table(facts),
        rules_table(facts.policy),
        policy_table(facts.policy),
        proof_table(facts, check),
        check_table(check),
        input_table(facts),
        earlier_notes_table(facts, notes),
    ):
        if table is not None:
            _add(workbook, table)
    for name, colour in TAB_COLOURS.items():
        workbook[name].sheet_properties.tabColor = colour
    return workbook


def _add(workbook: Workbook, table: Table) -> None:
    write_table(workbook.create_sheet(table.title), table)
