"""The reference model as a file that any solver reads."""

from pathlib import Path
from textwrap import wrap

from allocator.reference.aims import Expression, objectives
from allocator.reference.formulation import formulate
from models.dataset import Dataset
from models.errors import UsageError
from models.policy import Level, Policy

COMMENT = {".lp": "\\ ", ".mps": "* "}
"""What begins a comment line, by suffix."""


def export(dataset: Dataset, policy: Policy, path: Path | str) -> None:
    """Write the model with the first level as its objective; the later levels stand in comments before it.

    Rows are named after the rule and its subject, binaries after request, offer and PE. To go on by hand: add a row
    that sets the first expression to its optimum, make the second the objective, and so on.

    Parameters
    ----------
    dataset
        Everything read.
    policy
        The settings and the order of the tiers.
    path
        A file that ends in ``.lp`` or ``.mps``; it is overwritten. An MPS file says OBJSENSE MAX where it maximises.

    Raises
    ------
    UsageError
        Another suffix, or a folder that does not exist.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in COMMENT:
        raise UsageError(f"cannot export to '{path.name}': the name must end in .lp or .mps")
    if not path.parent.is_dir():
        raise UsageError(f"cannot export to '{path.name}': its folder does not exist")
    model = formulate(dataset, policy)
    levels = objectives(model)
    if levels:
        model.aim(*levels[0])
    if suffix == ".lp":
        model.problem.writeLP(str(path))
    else:
        model.problem.writeMPS(str(path), with_objsense=True)
    lines = [f"{COMMENT[suffix]}{line}\n" for line in _describe(levels)]
    path.write_text("".join(lines) + path.read_text(encoding="utf-8"), encoding="utf-8")


def _describe(levels: list[tuple[Level, Expression]]) -> list[str]:
    lines = ["Levels, first optimised first; this file optimises level 1."]
    for number, (level, expression) in enumerate(levels, start=1):
        terms = [f"{weight:+g} {variable.name}" for variable, weight in expression.items()]
        constant = [f"{expression.constant:+g}"] if expression.constant or not terms else []
        lines += wrap(f"Level {number}: {level.sense} {level.name} = {' '.join([*terms, *constant])}", 110)
    return lines
