"""One decision after publication: a plan is published, a seeded decision is drawn, and what is read then is solved.

The published matches and the decision are rows of the input, so that what they free and displace is the reader's word.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from allocator.intake import Reading, read_sheets
from models.dataset import Dataset
from models.plan import Match, Plan

Sheets = Mapping[str, Sequence[Mapping[str, Any]]]
Row = dict[str, Any]
MaxChanges = Literal["0", "none"]


class Drawn(NamedTuple):
    """A decision: what it is in words, and its row of the sheet Decisions."""

    kind: str
    row: Row


def _withdraw_offer(dataset: Dataset, match: Match) -> Row:
    return {"decision": "withdraw", "about": "offer", "offer": match.offer}


def _withdraw_educator(dataset: Dataset, match: Match) -> Row | None:
    # A pool "to be named" is nobody who could withdraw.
    listed = match.pe in dataset.educator_by_id
    return {"decision": "withdraw", "about": "pe", "pe": match.pe} if listed else None


def _student_declines(dataset: Dataset, match: Match) -> Row:
    return {"decision": "declined", "party": "student", "request": match.request, "offer": match.offer}


def _agency_declines(dataset: Dataset, match: Match) -> Row:
    agency = dataset.offer_by_id[match.offer].agency
    return {"decision": "declined", "party": "agency", "request": match.request, "agency": agency}


def _agency_answers_no(dataset: Dataset, match: Match) -> Row:
    agency = dataset.offer_by_id[match.offer].agency
    return {"decision": "agency_decision", "request": match.request, "agency": agency, "value": "declined"}


def _student_withdraws(dataset: Dataset, match: Match) -> Row:
    return {"decision": "withdraw", "about": "student", "request": match.request}


def _educator_declines(dataset: Dataset, match: Match) -> Row | None:
    listed = match.pe in dataset.educator_by_id
    return {"decision": "declined", "party": "agency", "request": match.request, "pe": match.pe} if listed else None


KINDS: Mapping[str, Callable[[Dataset, Match], Row | None]] = {
    "an offer is withdrawn": _withdraw_offer,
    "a PE withdraws": _withdraw_educator,
    "a student declines the match": _student_declines,
    "an agency declines a student": _agency_declines,
    "an agency answers no": _agency_answers_no,
    "a student withdraws": _student_withdraws,
    "a PE declines a student": _educator_declines,
}


def published(plan: Plan) -> list[Row]:
    """All matches as rows of the sheet Published: sent to nobody yet, so that each may move."""
    return [
        {"request": m.request, "offer": m.offer, "pe": m.pe, "status": "proposed", "start": m.start, "end": m.end}
        for m in plan.matches
    ]


def draw(dataset: Dataset, plan: Plan, count: int, seed: int = 1) -> list[Drawn]:
    """Decisions about matches of a plan, each kind in turn.

    Parameters
    ----------
    dataset, plan
        What was published.
    count
        How many.
    seed
        The same seed gives the same decisions for the same plan.

    Returns
    -------
    list of Drawn
        Each by itself: none of them follows another.

    Raises
    ------
    ValueError
        The plan has no matches.
    """
    if not plan.matches:
        raise ValueError("a plan without matches cannot be published")
    luck = random.Random(seed)
    kinds = list(KINDS.items())
    drawn: list[Drawn] = []
    while len(drawn) < count:
        kind, make = kinds[len(drawn) % len(kinds)]
        possible = [row for match in plan.matches if (row := make(dataset, match)) is not None]
        if possible:
            drawn.append(Drawn(kind, {**luck.choice(possible), "by": "benchmark"}))
        else:
            kinds.remove((kind, make))
    return drawn


def after(sheets: Sheets, plan: Plan, decision: Drawn | None, max_changes: MaxChanges) -> Reading:
    """What is read once a plan is published and a decision is taken.

    Parameters
    ----------
    sheets
        The input that the plan was made from, as the JSON form has it.
    plan
        What is published.
    decision
        What was decided; None for nothing.
    max_changes
        The policy's ``max_changes``.

    Returns
    -------
    Reading
        The changed dataset and policy.
    """
    decided = [*sheets.get("Decisions", ()), *([] if decision is None else [decision.row])]
    # What runs since a round before stays published.
    requests = {match.request for match in plan.matches}
    before = [row for row in sheets.get("Published", ()) if row["request"] not in requests]
    changed = {**sheets, "Published": [*before, *published(plan)], "Decisions": decided}
    return read_sheets(changed, {"max_changes": max_changes})
