"""All edits of a case, one after the other, on a register."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from models.register import Register
from scenarios.edits import agencies, outcomes, people, rounds, rows
from scenarios.edits.changing import At, Drawing, Frozen
from scenarios.errors import EditError
from scenarios.model import Edit

_EDITS: Mapping[str, Callable[[Register, Any, At], tuple[Register, str]]] = {
    "add": rows.add, "remove": rows.remove, "scale": rows.scale, "set": rows.set_cells, "qualify": people.qualify,
    "leave": agencies.leave, "absent": agencies.absent, "move_tranche": rounds.move_tranche,
    "withdraw": outcomes.withdraw, "freeze": outcomes.freeze,
}  # fmt: skip


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
    for number, edit in enumerate(edits, 1):
        at = At(Drawing(scenario, seed, draw, number - 1), as_of, frozen)
        try:
            register, said = _EDITS[edit.edit](register, edit, at)
        except EditError as error:
            where = f"{scenario}: " if scenario else ""
            raise EditError(f"{where}edits[{number}] {edit.edit}: {error}") from None
        done.append(said)
    return register, tuple(done)
