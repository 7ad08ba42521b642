"""Runs that look at what came in from outside: replies of agencies, and the list of a results day."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from allocator.lifecycle.accepting import Desk
from allocator.lifecycle.answers import (
    FormAnswer,
    ProposalAnswer,
    ResultsEffect,
    form_answer,
    not_ready_answer,
    plan_effect,
    proposal_answer,
)
from allocator.lifecycle.effect import effect_after
from allocator.lifecycle.kept_replies import ReplyStep, kept_step, read_back
from allocator.lifecycle.recognising import recognised, version_expected
from allocator.lifecycle.replies import Proposal, replies_of
from allocator.lifecycle.results_day import kept_though_failed
from allocator.reading.editing import CellTyped, edited
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from api.jobs.ahead import base_before, came_of, tell_step
from api.jobs.task import Came, Task
from models.base import Record

BY = "placements team"
"""Who decides as long as it is looked at only."""


class KeptReply(Record):
    """A reply as it is kept: its number in the round, its name, and its form."""

    number: int
    name: str
    form: dict[str, Any]


class Answered(Record):
    """Something that the team has answered: of which reply, where in its form, and what it says."""

    reply: int
    where: str
    says: str


class RepliesAsked(Record):
    """The settings of a run of kind ``replies``: replies of a round, and what of them is answered already.

    ``in_force``: the version of the plan that was shared, where nothing is published.
    """

    replies: tuple[KeptReply, ...]
    answered: tuple[Answered, ...] = ()
    in_force: str | None = None


class ResultsAsked(Record):
    """The settings of a run of kind ``results_day``: what is typed (sheet, row, column, cell)."""

    cells: tuple[tuple[str, int, str, Any], ...]


class LookedProposal(ProposalAnswer):
    """What a reply proposes, and what would be typed of it; ``reply``: its number."""

    reply: int
    steps: tuple[ReplyStep, ...]


class LookedReplies(Record):
    """Replies of a round looked at: every form, what is proposed, and what harms nobody.

    ``together``: proposals that harm nobody, alone or with those before them; ``left``: those that do with others, by
    number, and whom.
    """

    forms: tuple[FormAnswer, ...]
    proposals: tuple[LookedProposal, ...]
    together: tuple[int, ...]
    left: dict[int, tuple[str, ...]]


class _Open(NamedTuple):
    reply: int
    proposal: Proposal


def replies_looked_at(task: Task) -> tuple[Record, Came]:
    """Each proposal of the replies by itself, and those together that harm nobody."""
    asked = RepliesAsked.model_validate(task.settings)
    register = read_register(task.source)
    reading = settle(register, {}, task.today, each=True)
    base = base_before(task, reading)
    forms = [read_back(reply.name, reply.form) for reply in asked.replies]
    in_force = version_expected(reading.dataset, None) or asked.in_force
    found = replies_of(recognised(forms, reading.dataset, in_force), reading.dataset, base.base)
    open_ones = _not_answered(asked, found.proposals)
    desk = Desk(register, base, BY, {}, task.today)
    looked = desk.look(
        [one.proposal for one in open_ones], task.stop.is_set, lambda number, of: tell_step(task, "replies", number, of)
    )
    whole = desk.accept_harmless(looked)
    proposals = tuple(
        LookedProposal(
            **dict(proposal_answer(one.number, one.proposal, one)), reply=of.reply,
            steps=tuple(map(kept_step, one.proposal.steps)),
        )
        for one, of in zip(looked, open_ones, strict=True)
    )  # fmt: skip
    answer = LookedReplies(
        forms=tuple(map(form_answer, found.forms)), proposals=proposals, together=whole.numbers, left=dict(whole.left)
    )
    return answer, came_of(task, all(one.looked for one in looked), clash=base.base.clash is not None)


def _not_answered(asked: RepliesAsked, proposals: Sequence[Proposal]) -> list[_Open]:
    numbers = {reply.name: reply.number for reply in asked.replies}
    done = {(one.reply, one.where, one.says) for one in asked.answered}
    each = (_Open(numbers[proposal.form], proposal) for proposal in proposals)
    return [one for one in each if (one.reply, one.proposal.where, one.proposal.says) not in done]


def results_looked_at(task: Task) -> tuple[Record, Came]:
    """The plan with the results, beside the plan as it is."""
    asked = ResultsAsked.model_validate(task.settings)
    register = read_register(task.source)
    base = base_before(task, settle(register, {}, task.today, each=True))
    after = settle(edited(register, [CellTyped(*cell) for cell in asked.cells]), {}, task.today, each=True)
    effect = effect_after(base, after, "with the results", task.teller.progress, task.stop)
    failed = tuple(map(not_ready_answer, kept_though_failed(effect)))
    clash = effect.after.plan.clash is not None
    return ResultsEffect(effect=plan_effect(effect), kept_though_failed=failed), came_of(
        task, effect.proved, clash=clash
    )
