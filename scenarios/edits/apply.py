"""All edits of a case, one after the other, on a register."""

from collections.abc import Callable, Sequence
from typing import Any

from models.plan import Plan
from models.register import Register
from scenarios.edits import rows
from scenarios.edits.changing import Drawing
from scenarios.errors import EditError
from scenarios.model import Edit

Frozen = Callable[[str], Plan]
"""The plan that a name stands for: ``base``, or a plan file."""
_ROWS: dict[str, Callable[[Register, Any, Drawing], tuple[Register, str]]] = {
    "add": rows.add, "remove": rows.remove, "scale": rows.scale, "set": rows.set_cells,
}  # fmt: skip


def edited(
    register: Register, edits: Sequence[Edit], frozen: Frozen, scenario: str = "", seed: int = 1, draw: int = 0
) -> tuple[Register, tuple[str, ...]]:
    """The register after all edits, and in words what each did.

    Parameters
    ----------
    register
        The base; it stays as it is.
    edits
        In their order.
    frozen
        Gives the plan that a ``freeze`` holds to.
    scenario, seed, draw
        What the chance of the edits depends on.

    Raises
    ------
    EditError
        An edit does not fit the base.
    """
    done = []
    for number, edit in enumerate(edits):
        drawing = Drawing(scenario, seed, draw, number)
        if edit.edit not in _ROWS:
            raise EditError(f"the edit '{edit.edit}' is not built yet")
        register, said = _ROWS[edit.edit](register, edit, drawing)
        done.append(said)
    return register, tuple(done)
