"""What would place a request: the smallest change that the checker confirmed, and what a fix would cost others."""

from allocator.reasons.words import SHOWN
from allocator.solving import Question, Solver
from models.base import natural_key
from models.plan import Match, Plan
from models.reasons import Change, Moved, Near
from models.run import Limits

RESOLVED = 6
"""So many requests are solved for again: each takes about a quarter of what the plan took."""
MOST_PAIRS = 10_000
"""Where there are more eligible pairs nobody is solved for again: an answer takes longer than all other reasons."""
WORK = 60_000
"""Solver iterations that each may take; what is not proved by then is not said, nor is another asked for."""


def smallest(nearest: tuple[Near, ...]) -> Change | None:
    """The change with the fewest lifts among the nearest places, which does not wait for another placement.

    Parameters
    ----------
    nearest
        Their lifts were confirmed: with the match and with all of them the checker finds the whole plan legal.
    """
    able = [n for n in nearest if n.lifts and not any(b.rule == "L06" and b.amount is None for b in n.blocks)]
    if not able:
        return None
    near = min(able, key=lambda n: len(n.lifts))
    words = " and ".join(lift.sentence for lift in near.lifts)
    sentence = f"{words[0].upper()}{words[1:]}: then {near.offer} is possible, and nobody else has to move."
    return Change(offer=near.offer, lifts=near.lifts, sentence=sentence)


class Resolved:
    """Solves again with a request fixed, for a few requests of a plan that is proved.

    Parameters
    ----------
    solver
        Answers changed questions.
    plan
        Its plan, which the answers are compared with.
    """

    def __init__(self, solver: Solver, plan: Plan) -> None:
        self._solver, self._plan = solver, plan
        proved = plan.stopped is None and all(t.proved for t in plan.tiers)
        self._left = RESOLVED if proved and len(solver.eligibility.table.request) <= MOST_PAIRS else 0

    def fixed(self, match: Match) -> Change | None:
        """The plan if the request had the offer, with any PE; None where that cannot be, or was not solved for."""
        if self._left == 0:
            return None
        self._left -= 1
        question = Question(fixed=((match.request, match.offer, None),))
        answer = self._solver.answer(question, Limits(work=WORK), name_clash=False)
        self._left = self._left if answer.proved else 0
        placed = {m.request: m.offer for m in answer.plan.matches}
        if not answer.possible or not answer.proved or placed.get(match.request) != match.offer:
            return None
        before = {m.request: m.offer for m in self._plan.matches}
        moved = tuple(
            Moved(request=r, offer=placed[r])
            for r in sorted(placed.keys() & before.keys(), key=natural_key)
            if placed[r] != before[r]
        )
        losers = tuple(sorted(answer.lost, key=natural_key))
        sentence = f"Fixed to {match.offer}: {_who_loses(losers, moved)}."
        return Change(offer=match.offer, losers=losers, moved=moved, sentence=sentence)


def _who_loses(losers: tuple[str, ...], moved: tuple[Moved, ...]) -> str:
    shown = [f"{r} is not placed" for r in losers] + [f"{m.request} has {m.offer}" for m in moved[:SHOWN]]
    if len(moved) > SHOWN:
        shown.append(f"{len(moved) - SHOWN} more are elsewhere")
    return f"then {', '.join(shown)}" if shown else "nobody else has to move"
