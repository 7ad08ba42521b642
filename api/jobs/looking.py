"""Runs that look ahead: what a decision does to the plan, what moves buy, what fits a place or a student best.

Each writes one file, which holds what the command line prints with ``--json``; moves and fits keep it as it grows. With
an effect and with fits comes the plan that they are compared with, where one was made from the same data before.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field

from allocator.garbage import NEW_OBJECTS, searched_every
from allocator.intake import read
from allocator.lifecycle.answers import FitAnswers, moves_answer, step_effect
from allocator.lifecycle.effect import effect_of, prices_of
from allocator.lifecycle.entering import enter
from allocator.lifecycle.fit import MOST as MOST_FITS
from allocator.lifecycle.fit import best_fits, pairs_asked
from allocator.lifecycle.moves import MOST as MOST_MOVES
from allocator.lifecycle.moves import moves
from allocator.lifecycle.objecting import Refusal
from allocator.lifecycle.ways_out import ways_out
from api.inputs.folding import Entry
from api.inputs.sending import Sent
from api.jobs.ahead import FoundSoFar, base_before, came_of
from api.jobs.replying import RepliesAsked, ResultsAsked, replies_looked_at, results_looked_at
from api.jobs.task import Came, Task, in_its_time
from models.base import Record

Kind = Literal["effect", "moves", "fits", "replies", "results_day"]
FILES: Mapping[Kind, str] = {
    "effect": "effect.json", "moves": "moves.json", "fits": "fits.json", "replies": "replies.json",
    "results_day": "results_day.json",
}  # fmt: skip
"""What a run of each kind writes."""


class EffectAsked(Record):
    """The settings of a run of kind ``effect``: a row of the sheet Decisions that is not in the data yet.

    ``log``: what is typed into the run's input before it is in force.
    """

    row: dict[str, Any]
    log: tuple[Entry, ...] = ()


class MovesAsked(Record):
    """The settings of a run of kind ``moves``: how many moves are looked at, and settings over those of the data."""

    most: int = MOST_MOVES
    settings: dict[str, str] = Field(default_factory=dict)


class FitsAsked(Record):
    """The settings of a run of kind ``fits``: who suits an offer, or which place a request; how many of the best.

    ``judged``: how many are looked at, at most; None: until the best are known.
    """

    offer: str | None = None
    request: str | None = None
    most: int = MOST_FITS
    judged: int | None = None
    settings: dict[str, str] = Field(default_factory=dict)


Asked = EffectAsked | MovesAsked | FitsAsked | RepliesAsked | ResultsAsked
WITH_BASE = (EffectAsked, FitsAsked, RepliesAsked, ResultsAsked)
"""What is asked with the plan that it is compared with, where there is one."""


def looked_ahead(kind: Kind) -> Callable[[Task], Came]:
    """What is done with a run of a kind that looks ahead.

    Parameters
    ----------
    kind
        Which.
    """
    look = _LOOK[kind]

    def done(task: Task) -> Came:
        with in_its_time(task):
            answer, came = look(task)
            task.out.mkdir()
            (task.out / FILES[kind]).write_text(answer.model_dump_json(), encoding="utf-8")
        return came

    return done


@searched_every(NEW_OBJECTS)
def _effect(task: Task) -> tuple[Record, Came]:
    asked = EffectAsked.model_validate(task.settings)
    with searched_every(0):
        held = task.bases.inputs.held(Sent(task.source.read_bytes(), task.source.name), asked.log, task.today)
        entered = enter(held.register, asked.row, today=task.today, held=held.reading)
    if isinstance(entered, Refusal):
        raise entered.error
    base = base_before(task, entered.before)
    effect = effect_of(base, entered.reading, entered.entry, task.teller.progress, task.stop)
    task.bases.keep(entered.reading, task.round, effect.solver)
    prices = prices_of(base, entered.reading, entered.entry, task.stop)
    clash, ways = effect.after.plan.clash, None
    if clash is not None:
        ways = ways_out(
            entered.register, entered.reading, clash, today=task.today, besides=entered.entry.row, stop=task.stop
        )  # fmt: skip
    return step_effect(entered, effect, prices, ways), came_of(task, effect.proved, clash=clash is not None)


def _moves(task: Task) -> tuple[Record, Came]:
    asked = MovesAsked.model_validate(task.settings)
    reading = read(task.source, asked.settings, task.today)
    so_far = FoundSoFar(task, "moves", FILES["moves"])
    found = moves(
        reading.dataset, reading.policy, asked.most, stop=task.stop,
        told=lambda found, done, of: so_far.tell(done, of, lambda: moves_answer(found)),
    )  # fmt: skip
    return moves_answer(found), came_of(task, found.proved, clash=found.least is None and not found.stopped)


def _fits(task: Task) -> tuple[Record, Came]:
    asked = FitsAsked.model_validate(task.settings)
    if asked.settings:
        reading = read(task.source, asked.settings, task.today)
    else:
        reading = task.bases.inputs.held(Sent(task.source.read_bytes(), task.source.name), (), task.today).reading
    base = base_before(task, reading)
    pairs = pairs_asked(base, asked.offer, asked.request)
    so_far, answers = FoundSoFar(task, "fits", FILES["fits"]), FitAnswers(base)
    found = best_fits(
        base, pairs, asked.most, judged=asked.judged, stop=task.stop,
        told=lambda found: so_far.tell(found.looked_at, found.of, lambda: answers.of(found)),
    )  # fmt: skip
    return answers.of(found), came_of(task, found.complete, clash=base.base.clash is not None)


_LOOK: Mapping[Kind, Callable[[Task], tuple[Record, Came]]] = {
    "effect": _effect, "moves": _moves, "fits": _fits, "replies": replies_looked_at, "results_day": results_looked_at,
}  # fmt: skip
