"""Any results side by side (plans, folders of them, folders of answers), as answers that are shown like all others."""

from collections.abc import Sequence

from models.errors import UsageError
from scenarios.answers import Answer
from scenarios.comparing.cases import case_by_case
from scenarios.comparing.opening import Side, opened
from scenarios.comparing.plans import plan_by_plan

__all__ = ["Side", "opened", "side_by_side"]


def side_by_side(sides: Sequence[Side]) -> tuple[Answer, ...]:
    """What is different between results; the first is the one that others are compared with.

    Parameters
    ----------
    sides
        Plans with their data are compared in all that they say; with a folder of answers, or a plan alone, case by
        case in what both say.

    Raises
    ------
    UsageError
        There is only one, or the first has nothing that another one has, too.
    """
    if len(sides) < 2:
        raise UsageError("name two or more results, the one that the others are compared with first")
    plans = [side.alone for side in sides if side.alone is not None and side.alone.plan.clash is None]
    facts = [plan.facts for plan in plans if plan.facts is not None]
    return plan_by_plan(plans, facts) if len(facts) == len(sides) else case_by_case(sides)
