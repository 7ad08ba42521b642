"""What of the published plan moves, in words: what events ended, how many changes they force, who, and why."""

from itertools import zip_longest

from allocator.views.words import counted, listed, rule_words
from models.plan import ForcedChanges, MovedMatch, Plan


def forced_words(plan: Plan) -> str | None:
    """One line for screen and front page; None where nothing limits the changes of a published plan."""
    stated, most = plan.forced_changes, plan.policy.max_changes
    if stated is None or most is None:
        return None
    offers = {m.request: m.offer for m in plan.matches}
    who = " ".join(
        [
            *(_one(m, offers.get(m.request), m.reason) for m in stated.freed),
            *(_one(m, offers.get(m.request), "for a better plan") for m in stated.moved),
        ]
    )
    return f"Published plan: {_number(stated, most)}.{f' {who}' if who else ''}"


def _number(stated: ForcedChanges, most: int) -> str:
    sure = "" if stated.proved else " (not proved)"
    ended = f"events end {counted(len(stated.freed), 'match', 'matches')}"
    if not stated.moved:
        nobody = f"{ended}, and no other match moves" if stated.freed else "no match moves"
        return f"{nobody}{sure}; the limit on moves allows {most}"
    forced = f"force {counted(stated.fewest, 'change')}{sure}, and the limit on moves allows {most} more"
    return f"{ended} and {forced}" if stated.freed else f"events {forced}"


def _one(moved: MovedMatch, now: str | None, without_rules: str) -> str:
    """Where a match was and is now, and what would be broken with it put back."""
    beside = zip_longest(moved.rules, moved.details, fillvalue="")
    why = listed(f"{rule_words(rule)}{': ' if detail else ''}{detail}" for rule, detail in beside) or without_rules
    return f"{moved.request} leaves {moved.offer}, {f'for {now}' if now else 'and is not placed'}: {why}."
