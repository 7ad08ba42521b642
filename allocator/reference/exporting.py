"""The reference model as a file that any solver reads."""

from pathlib import Path
from textwrap import wrap

from allocator.reference.formulation import formulate
from allocator.reference.limits import FEWEST, changes_are_limited, moved
from allocator.reference.tiers import Expression, objectives
from models.dataset import Dataset
from models.errors import UsageError
from models.policy import Policy, Tier

COMMENT = {".lp": "\\ ", ".mps": "* "}
"""What begins a comment line, by suffix."""


def export(dataset: Dataset, policy: Policy, path: Path | str) -> None:
    """Write the model with the first tier as its objective; the later tiers stand in comments before it.

    Rows are named after the rule and its subject, binaries after request, offer and PE. To go on by hand: add a row
    that sets the first expression to its optimum, make the second the objective, and so on. With a published plan tier
    1 is ``forced_changes``: it is held at its optimum and ``max_changes`` more.

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
    forced = [(FEWEST, moved(model))] if changes_are_limited(model) else []
    tiers = [*forced, *objectives(model)]
    if tiers:
        model.optimise(*tiers[0])
    lines = [f"{COMMENT[suffix]}{line}\n" for line in _describe(tiers)]
    partial = path.with_name(f"{path.name}.part")
    try:
        if suffix == ".lp":
            model.problem.writeLP(str(partial))
        else:
            model.problem.writeMPS(str(partial), with_objsense=True)
        partial.write_text("".join(lines) + partial.read_text(encoding="utf-8"), encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _describe(tiers: list[tuple[Tier, Expression]]) -> list[str]:
    lines = ["Tiers, first optimised first; this file optimises tier 1."]
    for number, (tier, expression) in enumerate(tiers, start=1):
        terms = [f"{weight:+g} {variable.name}" for variable, weight in expression.items()]
        constant = [f"{expression.constant:+g}"] if expression.constant or not terms else []
        lines += wrap(f"Tier {number}: {tier.sense} {tier.name} = {' '.join([*terms, *constant])}", 110)
    return lines
