"""What moves and fits do, in words: from the one comparison of plans, so that nothing is said that is not in it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from allocator.comparison import compare, result_of
from allocator.comparison.tiers import first_difference
from allocator.lifecycle.fit import Fit
from allocator.lifecycle.moves import Moves, Step
from allocator.solving import Answer
from allocator.views.compared import decided_words
from allocator.views.words import listed
from models.comparison import Comparison, RequestChange
from models.plan import CheckReport, Plan

NOT_PROVED = "not proved: it was stopped"
CLASH = "There is no plan: rules clash."


class MoveLine(NamedTuple):
    """So many moves: who is unlocked, how many are placed, and the comparisons with none and with the step before."""

    moves: int
    unlocked: tuple[str, ...]
    placed: int | None
    gained: str
    proved: bool
    with_none: Comparison | None
    with_before: Comparison | None


class FitLine(NamedTuple):
    """A match, what it does in a sentence, which tier decides, and the whole comparison."""

    request: str
    offer: str
    effect: str
    decides: str
    possible: bool
    proved: bool
    comparison: Comparison


def move_lines(found: Moves) -> list[MoveLine]:
    """A line for every number of moves that buys something."""
    return [_move_line(found.steps, number) for number in range(len(found.steps))]


def _move_line(steps: Sequence[Step], number: int) -> MoveLine:
    step, base = steps[number], steps[0]
    plan = step.answer.plan
    if plan.clash is not None:
        return MoveLine(step.moves, step.unlocked, None, CLASH, step.answer.proved, None, None)
    if not number or base.answer.plan.clash is not None:
        gained = "" if not number else "There is a plan."
        none = before = None
    else:
        none, before = _compared(base, step), _compared(steps[number - 1], step)
        gained = decided_words(first_difference(before.tiers), plan.policy)
    return MoveLine(step.moves, step.unlocked, len(plan.matches), gained, step.answer.proved, none, before)


def _compared(before: Step, after: Step) -> Comparison:
    return _comparison(_moves(before.moves), before.answer, _moves(after.moves), after.answer)


def _moves(number: int) -> str:
    return f"{number} move{'s' * (number != 1)}"


def _comparison(before_name: str, before: Answer, after_name: str, after: Answer) -> Comparison:
    old = result_of(before_name, before.plan, before.dataset, before.check)
    return compare(old, result_of(after_name, after.plan, after.dataset, after.check))


def moves_sentences(found: Moves) -> list[str]:
    """What there is to say beside the lines: how far was looked, who was held where they are, and what is proved."""
    said = []
    if found.least is None and not found.stopped:
        those = "of the promises that were looked at " if found.locked else ""
        said.append(f"No number of moves {those}resolves the clash.")
    elif found.least:
        said.append(f"At least {_moves(found.least)} for there to be a plan.")
    last = found.steps[-1].moves
    if not found.promises:
        said.append("Nobody has a promise that could move.")
    elif found.least is not None and last < found.looked_at and not found.stopped:
        said.append(f"{_moves(found.looked_at)} {'buys' if found.looked_at == 1 else 'buy'} nothing more than {last}.")
    said += [f"{locked.request} was held where it is: {locked.why}." for locked in found.locked]
    if found.stopped:
        said.append("Not all was looked at: more may be bought than is shown.")
    said.append("Nothing is unlocked by looking.")
    return said


def fit_line(fit: Fit, base: Plan, checked_base: CheckReport) -> FitLine:
    """A match in words.

    Parameters
    ----------
    fit
        What was solved for.
    base, checked_base
        The plan that it is compared with, and its check.
    """
    before = Answer(fit.answer.dataset, base.policy, base, checked_base, base)
    comparison = _comparison("as it is", before, f"{fit.request} at {fit.offer}", fit.answer)
    plan, possible = fit.answer.plan, fit.answer.possible
    effect = _effect(fit, base, comparison) if possible else "It cannot be."
    decides = decided_words(first_difference(comparison.tiers), plan.policy) if possible else ""
    return FitLine(fit.request, fit.offer, effect, decides, possible, fit.answer.proved, comparison)


def _effect(fit: Fit, base: Plan, comparison: Comparison) -> str:
    changes = {c.request: c for c in comparison.requests or ()}
    had = next((m for m in base.matches if m.request == fit.request), None)
    if had is not None and had.offer == fit.offer:
        first = f"{fit.request} has it now"
    elif had is not None:
        first = f"moves {fit.request} from {had.offer}"
    else:
        first = f"places {fit.request}"
    others = [c for name, c in changes.items() if name != fit.request]
    there = [c for c in others if c.offer_before == fit.offer and c.kind in ("moved", "newly_unplaced")]
    taken = [f"takes it from {c.request}, who then {_then(c)}" for c in there]
    elsewhere = list(_others([c for c in others if c not in there]))
    return "; ".join([first, *taken, *(elsewhere or ([] if taken else ["nobody else moves"]))])


def _then(change: RequestChange) -> str:
    return f"has {change.offer_after}" if change.kind == "moved" else "has no place"


def _others(changes: Sequence[RequestChange]) -> Iterator[str]:
    kinds = (("moved", "also moved"), ("newly_placed", "also placed"), ("newly_unplaced", "no longer placed"))
    for kind, words in kinds:
        names = [c.request for c in changes if c.kind == kind]
        if names:
            yield f"{words}: {listed(names)}"
