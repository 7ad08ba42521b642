"""A decision changes the facts that it is about, as a second judge states them, and nothing else."""

from datetime import date
from typing import Any, get_args

import pytest

from allocator.reading.editing import add_row
from allocator.settling.effects import EFFECTS
from allocator.settling.ending_early import KIND as END_EARLY
from allocator.settling.settling import settle
from models.dataset import Dataset
from models.decisions import DecisionKind
from models.register import Register
from tests.reading.sheets import TODAY
from tests.settling.deciding import KINDS, Deciding, partnership, register
from tests.settling.effects_case import Case
from tests.settling.effects_judge import judge

SEEDS = 20


def settled(given: Register) -> Dataset:
    return settle(given, today=TODAY).dataset


def decided(given: Register, rows: list[dict[str, Any]]) -> Register:
    for row in rows:
        cells = {c: v.isoformat() if isinstance(v, date) else v for c, v in row.items()}
        given = add_row(given, "Decisions", cells)
    return given


def without_matches(given: Register) -> Register:
    return Register({n: p for n, p in given.pages.items() if n != "Published"}, given.issues)


def test_every_kind_of_decision_has_an_effect_and_is_drawn() -> None:
    assert {*EFFECTS, END_EARLY} == set(get_args(DecisionKind))  # that one stands for rows of other sheets
    assert set(EFFECTS) == set(KINDS)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_row_changes_what_it_says_and_nothing_else(seed: int) -> None:
    given = partnership(seed)
    deciding = Deciding(seed, given)
    rows = [deciding.row(kind) for kind in deciding.draw.choices(KINDS, k=4)] if seed % 2 else []
    base = register(given)
    unnamed = settled(decided(base, [row for row, _ in rows if row["decision"] != "name_pe"]))
    base = decided(base, [row for row, _ in rows])
    read, alone = settle(base, today=TODAY), settled(without_matches(base))
    today = read.policy.as_of or TODAY
    others = tuple(row for row, broken in rows if not broken)
    problems = []
    for kind in KINDS:
        row, broken = deciding.row(kind)
        case = Case(read.dataset, alone, today, row, broken, unnamed, others)
        problems += [f"{row}: {problem}" for problem in judge(case, settled(decided(base, [row])))]
    assert problems == [], "\n".join(problems)
