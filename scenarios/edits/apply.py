"""All edits of a case, one after the other, on a register."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from models.register import Register
from scenarios.edits import agencies, outcomes, people, rounds, rows
from scenarios.edits.changing import At, Drawing, Frozen
from scenarios.edits.implied import with_implied
from scenarios.errors import EditError
from scenarios.model import Edit, Where

_EDITS: Mapping[str, Callable[[Register, Any, At], tuple[Register, str]]] = {
    "add": rows.add, "remove": rows.remove, "scale": rows.scale, "set": rows.set_cells, "qualify": people.qualify,
    "leave": agencies.leave, "absent": agencies.absent, "move_tranche": rounds.move_tranche,
    "withdraw": outcomes.withdraw, "freeze": outcomes.freeze,
}  # fmt: skip

_ABOUT = {"qualify": "Educators", "absent": "Agencies"}
"""Edits that name no sheet, and the one that they are about."""


def sheets_of(edit: Edit) -> tuple[str, ...]:
    """The sheets whose rows an edit selects."""
    if edit.edit == "add" and edit.each_team is not None:
        return edit.sheet, "Teams"
    return (edit.sheet,) if hasattr(edit, "sheet") else (_ABOUT[edit.edit],) if edit.edit in _ABOUT else ()


def selections_of(edit: Edit) -> Iterator[tuple[str, str, Where]]:
    """The selections of an edit: the part that holds one, the sheet that it is of, and its conditions."""
    sheet = next(iter(sheets_of(edit)), "")
    for part in ("where", "like", "each_team"):
        where: Where | None = getattr(edit, part, None)
        if where and sheet:
            yield part, "Teams" if part == "each_team" else sheet, where


def edited(
    register: Register, edits: Sequence[Edit], frozen: Frozen, as_of: date, scenario: str = "", seed: int = 1,
    draw: int = 0,
) -> tuple[Register, tuple[str, ...]]:  # fmt: skip
    """The register after all edits, and in words what each did.

    Parameters
    ----------
    register
        The base; it stays as it is.
    edits
        In their order.
    frozen
        Gives the plan that a ``freeze`` holds to.
    as_of
        The day of the case, which edits without a day of their own mean.
    scenario, seed, draw
        What the chance of the edits depends on.

    Raises
    ------
    EditError
        An edit does not fit the base; says which one.
    """
    done = []
    like: Counter[str] = Counter()
    for number, edit in enumerate(edits, 1):
        sheets = sheets_of(edit)
        what = " ".join((edit.edit, *sheets))
        at = At(Drawing(scenario, seed, draw, f"{what} {like[what]}"), as_of, frozen)
        like[what] += 1
        try:
            register, said = _EDITS[edit.edit](with_implied(register, sheets), edit, at)
        except EditError as error:
            where = f"{scenario}: " if scenario else ""
            raise EditError(f"{where}edits[{number}] {edit.edit}: {error}") from None
        done.append(said)
    return register, tuple(done)
