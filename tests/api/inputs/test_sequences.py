"""Any sequence of steps that are accepted: the log of the service is the workbook of the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from allocator.intake import read
from allocator.lifecycle.entering import Entered
from allocator.lifecycle.ladder import Marked
from allocator.reading.editing import CellTyped, RowAdded
from allocator.reading.next_input import plain
from allocator.reading.reader import read_register
from api.inputs.entering import effect_of_row
from api.inputs.folding import Entry, workbook_in_force
from api.inputs.publishing import marked
from api.inputs.sending import Sent
from api.inputs.tasks import written
from models.dataset import Dataset
from tests.lifecycle.steps import facts
from tests.lifecycle.test_sequences import SEEDS, partnership, tried
from tests.reading.test_write_back import as_json, as_workbook

ROWS = 10_000


def kept(row: Any) -> Any:
    """As the store keeps it."""
    return json.loads(json.dumps(row))


@pytest.mark.parametrize("form", [as_workbook, as_json])
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=SEEDS)
def test_the_log_of_a_round_is_the_workbook_of_the_command_line(
    form: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    sheets, today = partnership(seed)
    source = form(tmp_path_factory.mktemp("steps"), {name: rows for name, rows in sheets.items() if rows})
    sent, typed = Sent(source.read_bytes(), source.name), tuple[Entry, ...]()
    assert today is not None

    def taken_out() -> tuple[Sent, Dataset]:
        out = workbook_in_force(sent, typed)
        with written(out) as (path,):
            return out, facts(read(path, today=today).dataset)

    for number, step in enumerate(tried(seed, sheets, read_register(source), today), 1):
        if isinstance(step.found, Entered):
            cells = next(edit.cells for edit in step.found.edits if isinstance(edit, RowAdded))
            row = {column: plain(cell) for column, cell in cells.items() if column not in ("id", "on")}
            effect = effect_of_row(sent, typed, row, ROWS, today)
            assert effect.entry == step.found.entry
            beside = tuple(CellTyped(*cell) for cell in kept(effect.cells))
            typed = (*typed, Entry(number, kept(effect.row), effect.undoes, beside))
        elif isinstance(step.found, Marked):
            edit = step.found.edits[0]
            request = next(r for r in step.register.pages["Published"].rows if r.number == edit.row).get("request")
            word, on = ("told", edit.cell) if edit.column == "student_told_on" else (str(edit.cell), None)
            done = marked(sent, typed, (request,), word, on, ROWS, today)
            assert done.done == step.found.done
            typed = (*typed, Entry(0, None, None, tuple(CellTyped(*cell) for cell in kept(done.cells))))
        else:
            continue
        out, held = taken_out()
        assert held == facts(step.found.reading.dataset)
    # The workbook that was taken out, sent back: it holds the whole log, so nothing is typed into it again.
    out, held = taken_out()
    sent, typed = out, tuple(entry._replace(cells=()) for entry in typed)
    assert taken_out() == (out, held)
