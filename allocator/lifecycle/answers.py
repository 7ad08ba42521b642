"""What a step, moves and fits do to the plan, as records: what ``--json`` prints, and what the service answers."""

from allocator.lifecycle.accepting import Looked
from allocator.lifecycle.effect import Effect
from allocator.lifecycle.entering import Entered
from allocator.lifecycle.fit import Fit, Fits
from allocator.lifecycle.log import Entry
from allocator.lifecycle.moves import Moves
from allocator.lifecycle.replies import FormFound, Proposal
from allocator.lifecycle.results_day import NotReady
from allocator.lifecycle.telling import MoveLine, fit_line, move_lines, moves_sentences
from allocator.lifecycle.ways_out import WaysOut
from allocator.solving import Solver
from models.base import Record
from models.comparison import Comparison
from models.errors import Issue
from models.plan import Clash


class PlanEffect(Record):
    """What something does to the plan: the comparison, or the clash.

    ``of``: what it is, in a few words; ``fixes_set_aside``: requests whose fix can be before and cannot after.
    """

    of: str
    proved: bool
    clash: Clash | None
    fixes_set_aside: tuple[str, ...]
    comparison: Comparison


class LeastWaysOut(Record):
    """The least that resolves a clash: promises to unlock (None: that does not), or decisions to undo."""

    unlock: tuple[str, ...] | None
    undo: tuple[tuple[Entry, ...], ...]
    stopped: bool


class StepEffect(Record):
    """A step, and what it does to the plan; ``prices`` of a yes and a no where an agency asks.

    ``ways_out``: the least that would resolve a clash that it makes.
    """

    decision: Entry
    remarks: tuple[Issue, ...]
    effect: PlanEffect
    prices: tuple[PlanEffect, ...]
    ways_out: LeastWaysOut | None


class HeldPromise(Record):
    """A promise that was not looked at, and why."""

    request: str
    why: str


class MoveAnswer(Record):
    """What so many moves buy: who is to be unlocked, and the comparisons with none and with the line before."""

    moves: int
    unlock: tuple[str, ...]
    placed: int | None
    proved: bool
    gained: str
    with_none: Comparison | None
    with_the_step_before: Comparison | None


class MovesAnswer(Record):
    """What moves of promises buy.

    ``looked_at``: the greatest number of moves that was; ``least``: the fewest with which there is a plan (None: none
    has one); ``clash`` is that of no move; ``sentences``: what there is to say beside the lines.
    """

    proved: bool
    looked_at: int
    least: int | None
    held: tuple[HeldPromise, ...]
    clash: Clash | None
    moves: tuple[MoveAnswer, ...]
    sentences: tuple[str, ...]


class FormAnswer(Record):
    """A reply form: whose it is (None: not known), how many of its rows are filled in, what is said, its problems."""

    name: str
    agency: str | None
    answered: int
    rows: int
    said: tuple[str, ...]
    issues: tuple[Issue, ...]


class ProposalAnswer(Record):
    """What a reply proposes, and where it stands; once it is looked at, why it is refused, or what it does to whom."""

    number: int
    form: str
    where: str
    says: str
    refused: str | None = None
    does: str = ""
    harm: tuple[str, ...] = ()
    harmless: bool = False
    looked_at: bool = False


class NotReadyAnswer(Record):
    """A kept match of a student who failed: what becomes of it, a person says."""

    request: str
    offer: str
    status: str
    failed: tuple[str, ...]


class ResultsEffect(Record):
    """What the results of a results day do to the plan, and who is kept though failed."""

    effect: PlanEffect
    kept_though_failed: tuple[NotReadyAnswer, ...]


class FitAnswer(Record):
    """A match, what it does in a sentence, which tier decides, and the whole comparison."""

    request: str
    offer: str
    effect: str
    decides: str
    possible: bool
    proved: bool
    comparison: Comparison


class FitsAnswer(Record):
    """The best matches, best first; how many of how many were looked at; ``complete``: no other is better."""

    looked_at: int
    of: int
    complete: bool
    best: tuple[FitAnswer, ...]


def plan_effect(effect: Effect) -> PlanEffect:
    """An effect as a record."""
    return PlanEffect(
        of=effect.after.name, proved=effect.proved, clash=effect.after.plan.clash, fixes_set_aside=effect.set_aside,
        comparison=effect.comparison,
    )  # fmt: skip


def step_effect(entered: Entered, effect: Effect, prices: tuple[Effect, ...], ways: WaysOut | None) -> StepEffect:
    """A step as a record.

    Parameters
    ----------
    entered
        The step.
    effect, prices
        What it does, and what a yes and a no do.
    ways
        Out of the clash that it makes, if any.
    """
    return StepEffect(
        decision=entered.entry, remarks=entered.remarks, effect=plan_effect(effect),
        prices=tuple(plan_effect(price) for price in prices),
        ways_out=None if ways is None else LeastWaysOut.model_validate(ways._asdict()),
    )  # fmt: skip


def form_answer(form: FormFound) -> FormAnswer:
    """A reply form as a record."""
    return FormAnswer.model_validate(form._asdict())


def proposal_answer(number: int, proposal: Proposal, looked: Looked | None) -> ProposalAnswer:
    """What a reply proposes, as a record.

    Parameters
    ----------
    number, proposal
        The proposal.
    looked
        What it was found to do; None where it was not looked at.
    """
    facts = {"number": number, "form": proposal.form, "where": proposal.where, "says": proposal.says}
    if looked is None:
        return ProposalAnswer.model_validate(facts)
    refused = looked.refusal.words if looked.refusal else None
    found = {"refused": refused, "does": looked.line, "harm": looked.harm, "harmless": looked.harmless}
    return ProposalAnswer.model_validate(facts | found | {"looked_at": looked.looked})


def not_ready_answer(found: NotReady) -> NotReadyAnswer:
    """A kept match of a student who failed, as a record."""
    return NotReadyAnswer.model_validate(found._asdict())


def moves_answer(found: Moves) -> MovesAnswer:
    """What moves buy, as a record."""
    return MovesAnswer(
        proved=found.proved, looked_at=found.looked_at, least=found.least, clash=found.steps[0].answer.plan.clash,
        held=tuple(HeldPromise(request=locked.request, why=locked.why) for locked in found.locked),
        moves=tuple(map(_move, move_lines(found))), sentences=tuple(moves_sentences(found)),
    )  # fmt: skip


def _move(line: MoveLine) -> MoveAnswer:
    return MoveAnswer(
        moves=line.moves, unlock=line.unlocked, placed=line.placed, proved=line.proved, gained=line.gained,
        with_none=line.with_none, with_the_step_before=line.with_before,
    )  # fmt: skip


class FitAnswers:
    """Best fits as records, each worded once, so that they can be told as they are found.

    Parameters
    ----------
    base
        What they are compared with.
    """

    def __init__(self, base: Solver) -> None:
        self._base = base
        self._worded: dict[tuple[str, str], FitAnswer] = {}

    def of(self, found: Fits) -> FitsAnswer:
        """What was found, or what was found so far."""
        best = tuple(self._answer(fit) for fit in found.best)
        return FitsAnswer(looked_at=found.looked_at, of=found.of, complete=found.complete, best=best)

    def _answer(self, fit: Fit) -> FitAnswer:
        key = fit.request, fit.offer
        if key not in self._worded:
            self._worded[key] = FitAnswer.model_validate(fit_line(fit, *self._base.held)._asdict())
        return self._worded[key]
