"""What a plan is called, and what it is worth: stopped, proved, checked."""

from allocator.views.counts import programme_rows
from allocator.views.facts import Facts, day
from allocator.views.forced import forced_words
from allocator.views.table import Tone
from allocator.views.version import version
from allocator.views.words import counted, listed, tier_words
from models.plan import CheckReport


def title(facts: Facts) -> str:
    """Which tranche the plan decides."""
    names = listed(t.tranche for t in facts.deciding) or listed(t.tranche for t in facts.horizon_tranches)
    return f"Placement plan: {names}" if names else "Placement plan"


def starts(facts: Facts) -> str:
    """When each tranche of the plan begins."""
    return listed(f"{t.tranche} starts {day(t.first_day)}" for t in facts.horizon_tranches)


def stamp(facts: Facts) -> str:
    """Day of the plan, and version."""
    as_of = f"as of {day(facts.as_of)}" if facts.as_of else ""
    return " · ".join(part for part in (as_of, f"version {version(facts.plan)}") if part)


def subtitle(facts: Facts) -> str:
    """First days, day of the plan, version."""
    return " · ".join(part for part in (starts(facts), stamp(facts)) if part)


def banners(facts: Facts, check: CheckReport) -> list[tuple[str, Tone]]:
    """What the plan is worth, in sentences.

    That it is the best possible is no good news where half of those who ask are not placed: it is not green then.
    """
    plan = facts.plan
    good: Tone = "good" if _most_are_placed(facts) else "quiet"
    result: list[tuple[str, Tone]] = []
    unproved = [t for t in plan.tiers if not t.proved]
    if plan.stopped is not None:
        result.append((f"Stopped early ({plan.stopped}): the best plan found so far. {_unproved(facts)}", "warn"))
    elif unproved:
        result.append((_unproved(facts), "warn"))
    elif plan.tiers:
        tiers = f"each of the {len(plan.tiers)} tiers" if len(plan.tiers) > 1 else "the one tier"
        order = ", in their order" if len(plan.tiers) > 1 else ""
        result.append((f"Proved: {tiers} is the best possible{order}.", good))
    if words := forced_words(plan):
        stated = plan.forced_changes
        moves = stated is not None and bool(stated.moved or stated.freed)
        result.append((words, "warn" if moves else good))
    if check.violations:
        result.append(
            (f"The independent check found {counted(len(check.violations), 'violation')}: see the sheet Check.", "bad")
        )
    elif check.kept_despite:
        kept = counted(len(check.kept_despite), "rule is", "rules are")
        result.append((f"The independent check passed; {kept} broken by kept matches (sheet Check).", "warn"))
    else:
        result.append(("The independent check passed: no rule is broken.", good))
    return result


def _most_are_placed(facts: Facts) -> bool:
    rows = [r for r in programme_rows(facts) if facts.dataset.tranche_by_id[r.tranche].status == "deciding"]
    rows = rows or programme_rows(facts)
    return 2 * sum(r.none for r in rows) < max(1, sum(r.to_place for r in rows))


def _unproved(facts: Facts) -> str:
    unproved = [t for t in facts.plan.tiers if not t.proved]
    if not unproved:
        return "Every tier that was reached is proved."
    first = tier_words(unproved[0].tier, facts.policy.preference_order)
    return f"Not proved: {counted(len(unproved), 'tier')} of {len(facts.plan.tiers)}, from “{first}” on."
