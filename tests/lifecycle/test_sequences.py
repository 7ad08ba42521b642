"""Any sequence of steps that are accepted, on generated partnerships: what must hold after each of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.intake import read
from allocator.lifecycle.effect import base_of, effect_of
from allocator.lifecycle.entering import Entered, enter, undo
from allocator.lifecycle.ladder import Marked, mark
from allocator.lifecycle.log import log_of
from allocator.lifecycle.next_file import next_name, write_step
from allocator.reading.reader import read_register, register_of
from allocator.settling.settling import Reading, settle
from models.errors import InputUnusableError
from models.register import Register
from models.statuses import STATUSES
from tests.generated.rows import rows_of
from tests.lifecycle.steps import facts
from tests.reading.test_write_back import as_folder, as_json, as_workbook
from tests.settling.deciding import KINDS, Deciding
from tests.strategies import generate

SEEDS = st.integers(0, 1_000)
SHEETS = ("Decisions", "Published", "Requests", "Offers", "Educators")
TRIED = 7
"""Rows that are tried on each partnership; about every second one is accepted."""


class Tried(NamedTuple):
    """A row that was tried: the register and what it settles into before it, and what came of it."""

    register: Register
    held: Reading
    kind: str
    found: Any


def partnership(seed: int) -> tuple[dict[str, list[dict[str, Any]]], date | None]:
    """The sheets of a tiny partnership, with an empty log, and the day of the plan."""
    data, policy = generate(seed)
    sheets = rows_of(data) | {"Decisions": []}
    return {name: [] for name in SHEETS} | sheets, policy.as_of


def tried(
    seed: int, sheets: dict[str, list[dict[str, Any]]], register: Register, today: date | None
) -> Iterator[Tried]:
    """Rows of every kind one after the other, each on what the accepted ones before it left."""
    if not all(sheets[name] for name in SHEETS[2:]) or len(sheets["Students"]) < 2:
        return
    draw, deciding = Random(f"steps {seed}"), Deciding(3 * seed, sheets)
    for number in range(TRIED):
        try:
            held = settle(register, today=today, each=True)
        except InputUnusableError:
            return
        kind = draw.choice((*KINDS, "undo", "end_early", "mark"))
        if kind == "mark":
            found: Any = mark(register, [draw.choice(deciding.requests)], draw.choice((*STATUSES, "told")), today=today)
        else:
            ending = {"value": draw.choice((0, 20)), "request": draw.choice(deciding.requests)}
            cells: dict[str, dict[str, Any]] = {
                "undo": {"value": f"D{draw.randint(1, number + 1)}"},
                "end_early": ending,
            }
            row = {"decision": kind, "by": "AB", **cells[kind]} if kind in cells else deciding.row(kind)[0]
            found = enter(register, {c: v for c, v in row.items() if c != "on"}, today=today)
        yield Tried(register, held, kind, found)
        register = found.register if isinstance(found, Entered | Marked) else register


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(seed=SEEDS)
def test_what_is_accepted_is_in_force_has_a_plan_or_a_clash_and_can_be_undone(seed: int) -> None:
    sheets, today = partnership(seed)
    for step in tried(seed, sheets, register_of(sheets), today):
        if not isinstance(step.found, Entered):
            assert isinstance(step.found, Marked) or step.found.found or step.found.issues
            assert settle(step.register, today=today, each=True) == step.held
            continue
        entered: Entered = step.found
        log = log_of(entered.register, entered.reading)
        assert log[-1].state == "in_force"
        assert not {entry.state for entry in log} & {"set_aside", "to_come"}
        # A plan that the checker does not accept is an error; a clash names what cannot be together.
        base = base_of(entered.before)
        effect = effect_of(base, entered.reading, entered.entry)
        clash = effect.after.plan.clash
        assert clash is None or clash.members
        back = undo(entered.register, entered.entry.name, "AB", today=today)
        assert isinstance(back, Entered)
        assert facts(back.reading.dataset).digest == facts(step.held.dataset).digest
        again = effect_of(base, back.reading, back.entry).after.plan
        assert (again.matches, again.tiers) == (effect.before.plan.matches, effect.before.plan.tiers)


@pytest.mark.parametrize("form", [as_workbook, as_folder, as_json])
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=SEEDS)
def test_a_written_step_is_the_same_dataset(
    form: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    sheets, today = partnership(seed)
    folder = tmp_path_factory.mktemp("steps")
    source = form(folder, {name: rows for name, rows in sheets.items() if rows})
    for step in tried(seed, sheets, read_register(source), today):
        if isinstance(step.found, Entered | Marked):
            target = next_name(source)
            assert write_step(source, target, read_register(source), step.found.edits, today=today) == ()
            assert facts(read(target, today=today).dataset).digest == facts(step.found.reading.dataset).digest
            source = target


def test_sequences_meet_most_kinds() -> None:
    met = Counter[str]()
    for seed in range(24):
        sheets, today = partnership(seed)
        for step in tried(seed, sheets, register_of(sheets), today):
            met["accepted" if isinstance(step.found, Entered | Marked) else "refused"] += 1
            met[step.kind] += isinstance(step.found, Entered | Marked)
    assert min(met["accepted"], met["refused"]) > 20, met
    assert len([kind for kind in (*KINDS, "undo", "mark") if met[kind]]) > 10, met
