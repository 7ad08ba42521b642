"""What of the published plan moves, in words: how many events force, who, and by which rules."""

from allocator.views.words import counted, listed, rule_words
from models.plan import MovedMatch, Plan


def forced_words(plan: Plan) -> str | None:
    """One line for screen and front page; None where nothing limits the changes of a published plan."""
    stated, most = plan.forced_changes, plan.policy.max_changes
    if stated is None or most is None:
        return None
    sure = "" if stated.proved else " (not proved)"
    if not stated.moved:
        return f"Published plan: no match moves{sure}; max_changes allows {most}."
    number = f"events force {counted(stated.fewest, 'change')}{sure}, and max_changes allows {most} more"
    return f"Published plan: {number}. {' '.join(_one(m) for m in stated.moved)}"


def _one(moved: MovedMatch) -> str:
    """Where a match was, and what would be broken with it put back; without rules the plan is better so."""
    why = listed(rule_words(rule) for rule in moved.rules)
    return f"{moved.request} leaves {moved.offer}{f': {why}' if why else ', for a better plan'}."
