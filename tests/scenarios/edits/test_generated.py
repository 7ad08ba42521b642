"""Every edit on generated partnerships: it settles, it is the same again, and it errs to no side.

Less supply never places more, fewer commitments never fewer, more capacity never fewer (SEMANTICS S6.12).
"""

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from allocator import reference
from allocator.reading.reader import register_of
from allocator.settling.settling import Reading, settle
from models.base import Date
from models.errors import InputUnusableError
from models.plan import Match
from models.policy import Policy
from models.register import Register
from scenarios.edits import edited
from scenarios.errors import EditError
from scenarios.model import Edit
from tests.generated.frame import MONDAY
from tests.generated.rows import rows_of
from tests.scenarios.partnership import plan_of
from tests.strategies import generate
from tests.test_more_and_less import partnership

_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])
SHEETS = ("Offers", "Teams", "Agencies", "Educators", "Students", "Requests", "Commitments")
EVERY: tuple[Mapping[str, Any], ...] = (
    *({"edit": "remove", "sheet": sheet, "where": where} for sheet, where in (
        ("Offers", {"agency": "A"}), ("Teams", {"team": "X"}), ("Agencies", {"membership": ["primary", "outside"]}),
        ("Educators", {"agency.kind": "authority"}), ("Students", {"programme": "MSW"}), ("Requests", {"stage": "final"}),
        ("Commitments", {}),
    )),
    *({"edit": "scale", "sheet": sheet, "percent": percent} for sheet in SHEETS for percent in (60, 170)),
    {"edit": "add", "sheet": "Offers", "like": {"stage": ["first", "final", "either"]}, "number": 2},
    {"edit": "add", "sheet": "Offers", "each_team": {}, "values": {"stage": "final", "place": "P1", "areas": "adults"}},
    {"edit": "set", "sheet": "Offers", "values": {"capacity": "* 2", "educators": ""}, "part": 50},
    {"edit": "set", "sheet": "Students", "where": {"drives": "!= yes"}, "values": {"limit_minutes": 30}},
    *({"edit": "qualify", "stage": stage, "part": 70, "opens": True} for stage in ("trainee_1", "trainee_2", "PEPS1")),
    {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}},
    {"edit": "leave", "sheet": "Educators", "where": {"qualification": "PEPS2"}, "on": "2026-01-07"},
    {"edit": "absent", "where": {"agency": "A"}},
    *({"edit": "move_tranche", "sheet": sheet, "where": {}, "to": "T2"} for sheet in ("Requests", "Students", "Offers")),
    *({"edit": "withdraw", "sheet": sheet, "probability": 0.5} for sheet in ("Students", "Educators", "Offers")),
    {"edit": "freeze"}, {"edit": "freeze", "told": False},
)  # fmt: skip


ALLOWED = re.compile(
    r"s: edits\[1\] \w+: (no row of Offers has stage|the plan 'base' places nobody|the round 'T2' is past|there is no round)"
)
"""What an edit may say of a partnership that has nothing for it."""


def done(register: Register, edit: Mapping[str, Any], as_of: Date, *matches: Match) -> Register:
    read = _EDITS.validate_python([dict(edit) | ({} if edit["edit"] == "freeze" else {"may_be_empty": True})])
    return edited(register, read, lambda _: plan_of(*matches), as_of, "s", 1, 1)[0]


def said(register: Register) -> dict[str, list[str]]:
    return {name: [row.content for row in page.rows] for name, page in register.pages.items()}


def settled(register: Register, policy: Policy) -> Reading | None:
    """None where an edit leaves no student, offer or round that can be used."""
    try:
        return settle(register, {}, policy.as_of)
    except InputUnusableError as error:
        if all(i.code in {"V109", "V130", "V131", "V425"} for i in error.issues if i.level == "stop"):
            return None
        raise


@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 400), st.sampled_from(EVERY), st.randoms(use_true_random=False))
def test_an_edit_settles_and_is_the_same_again_whatever_the_order_of_rows(
    seed: int, edit: Mapping[str, Any], luck: random.Random
) -> None:
    dataset, policy = generate(seed)
    sheets = rows_of(dataset)
    assume("Offers" in sheets and policy.as_of is not None)
    as_of = policy.as_of or MONDAY
    matches = [Match(request=r.request, offer=o.offer) for r, o in zip(dataset.requests, dataset.offers, strict=False)]
    register = register_of(sheets)
    before = said(register)
    try:
        made = done(register, edit, as_of, *matches)
    except EditError as error:
        if not ALLOWED.match(str(error)):
            raise
        return
    assert said(register) == before
    assert said(done(register, edit, as_of, *matches)) == said(made)
    found = settled(made, policy)
    if found is not None:
        shuffled = register_of({name: luck.sample(given, len(given)) for name, given in sheets.items()})
        again = settle(done(shuffled, edit, as_of, *matches), {}, as_of)
        assert again.dataset.model_copy(update={"issues": ()}) == found.dataset.model_copy(update={"issues": ()})


# ---- directions ----------------------------------------------------------------------------------------------------
LESS: tuple[Mapping[str, Any], ...] = (
    {"edit": "remove", "sheet": "Offers", "where": {"agency": "A"}},
    {"edit": "remove", "sheet": "Agencies", "where": {"agency": "B"}},
    {"edit": "remove", "sheet": "Teams", "where": {"team": "X"}},
    {"edit": "remove", "sheet": "Educators", "where": {"team": "X"}},
    {"edit": "scale", "sheet": "Offers", "percent": 50},
    {"edit": "scale", "sheet": "Commitments", "percent": 200},
    {"edit": "leave", "sheet": "Agencies", "where": {"agency": "A"}},
    {"edit": "leave", "sheet": "Educators", "where": {"qualification": "PEPS2"}},
    {"edit": "absent", "where": {"agency": "A"}},
    {"edit": "withdraw", "sheet": "Offers", "probability": 0.5},
    {"edit": "withdraw", "sheet": "Educators", "probability": 0.5},
)
MORE: tuple[Mapping[str, Any], ...] = (
    {"edit": "remove", "sheet": "Commitments", "where": {}},
    {"edit": "scale", "sheet": "Commitments", "percent": 50},
    {"edit": "set", "sheet": "Offers", "values": {"capacity": "* 2"}},
    {"edit": "set", "sheet": "Educators", "values": {"load": "* 2"}},
    {"edit": "set", "sheet": "Teams", "values": {"maximum_at_once": ""}},
    {"edit": "scale", "sheet": "Offers", "percent": 150},
    {"edit": "scale", "sheet": "Educators", "percent": 200},
    {"edit": "add", "sheet": "Offers", "like": {"stage": ["first", "final", "either"]}, "number": 2},
    {"edit": "qualify", "stage": "PEPS1"},
)
SCARCE: tuple[Mapping[str, Any], ...] = (
    {"edit": "set", "sheet": "Offers", "values": {"capacity": 1}},
    {"edit": "set", "sheet": "Teams", "values": {"maximum_at_once": 1}},
    {"edit": "scale", "sheet": "Educators", "percent": 50},
)
"""Done before there is more of anything, so that more is wanted."""


def placed(found: Reading, policy: Policy) -> int:
    """The requests that can be placed at most; less than none where no plan can be."""
    solved = reference.solve(found.dataset, policy)
    return solved.tiers[0].value if solved.status == "optimal" else -1


@cache
def before_more_or_less(seed: int, scarce: bool) -> tuple[Register, int]:
    dataset, policy = partnership(seed)
    register = register_of(rows_of(dataset))
    for edit in SCARCE if scarce else ():
        register = done(register, edit, policy.as_of or MONDAY)
    return register, placed(settle(register, {}, policy.as_of), policy)


@pytest.mark.parametrize(
    ("edit", "least"),
    [(edit, False) for edit in LESS] + [(edit, True) for edit in MORE],
    ids=lambda value: str(value)[:60],
)
def test_less_never_places_more_and_more_never_fewer(edit: Mapping[str, Any], least: bool) -> None:
    tried = 0
    for seed in range(1, 13):
        policy = partnership(seed)[1]
        register, number = before_more_or_less(seed, least)
        found = settled(done(register, edit, policy.as_of or MONDAY), policy)
        if found is not None:
            now = placed(found, policy)
            assert (now >= number) if least else (now <= number), (seed, number, now)
            tried += 1
    assert tried >= 2
