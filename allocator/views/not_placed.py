"""The sheet Not placed: who has no placement, why, what would open the nearest places, and who can do it."""

from collections.abc import Mapping

from allocator.views.actions import holder, next_action
from allocator.views.facts import Facts
from allocator.views.front import why_not
from allocator.views.students import REQUEST_COLUMN
from allocator.views.table import CellValue, Column, Table
from allocator.views.words import rule_words, shortened
from models.catalogue import RULE_BY_ID
from models.entities import Request
from models.reasons import Near

HOLDERS = 8
"""Requests that hold what another could have, before "and n more"."""
_LAST_PRINTED = "Smallest change, and who loses by a fix"


def not_placed_table(facts: Facts, names: Mapping[str, str]) -> Table:
    """The Not placed sheet: the main reason in a sentence, the rules that removed offers, the three nearest places."""
    columns = (
        Column(REQUEST_COLUMN, 14),
        *((Column("Name", 18),) if names else ()),
        Column("Programme", 12),
        Column("Stage", 7, "centred"),
        Column("Tranche", 10, "centred"),
        Column("Main reason", 40),
        Column("Next action", 34),
        Column("Owner", 20),
        Column("Due", 11.5, "date"),
        Column("Lost out before", 10),
        Column("Nearest place", 34),
        Column("Second nearest", 34),
        Column("Third nearest", 34),
        Column(_LAST_PRINTED, 34),
        Column("Offers removed, by rule", 34),
        Column("Offers left", 8, "whole"),
        Column("Who has them", 20),
        Column("Priority", 15),
        Column("Waiting since", 12, "date"),
    )
    return Table(
        title="Not placed",
        note=(
            "Requests without a placement, why, and the three nearest places: what blocks each, who can unblock it. "
            "Columns right of the smallest change are not printed."
        ),
        columns=columns,
        rows=[_not_placed_row(facts, r, names) for r in facts.unplaced],
        keys=2 if names else 1,
        printed=[c.title for c in columns].index(_LAST_PRINTED) + 1,
        paper="A3",
        empty="Every request is placed.",
    )


def _not_placed_row(facts: Facts, request: Request, names: Mapping[str, str]) -> list[CellValue]:
    student, action = facts.student(request), next_action(facts, request)
    unplaced = facts.unplaced_of.get(request.request)
    weight, why = facts.priority(request)
    removed = [f"{rule_words(b.rule)}: {b.offers}" for b in unplaced.removed] if unplaced else []
    nearest = [near_words(facts, n) for n in (unplaced.nearest if unplaced else ())[:3]]
    row: list[CellValue] = [request.request]
    row += [names.get(student.student, "")] if names else []
    row += [
        student.programme,
        request.stage,
        request.tranche,
        why_not(facts, request),
        action.what,
        action.owner,
        action.due,
        student.lost_out_before,
        *nearest,
        *[""] * (3 - len(nearest)),
    ]
    changes = [c.sentence for c in (unplaced.change, unplaced.instead) if c is not None] if unplaced else []
    return [
        *row,
        "\n".join(changes),
        "\n".join(removed),
        unplaced.eligible_offers if unplaced else None,
        shortened(unplaced.holders, HOLDERS) if unplaced else "",
        f"{weight}: {why}" if weight else "",
        student.waiting_since,
    ]


def near_words(facts: Facts, near: Near) -> str:
    """One of the nearest places: where, how far, all that blocks it, what would open it, and who can do that."""
    offer = facts.offers.get(near.offer)
    where = f"{near.offer}: {facts.agency_name(offer.agency)}, {offer.team}" if offer else near.offer
    where += f", {near.minutes} minutes" if near.minutes is not None else ""
    blocks = near.sentence or ", ".join(RULE_BY_ID[r].blocks for r in near.rules if r in RULE_BY_ID)
    if offer is not None:  # the place stands in the first line already
        blocks = blocks.removeprefix(f"{offer.offer} ({offer.agency}, {offer.team}): ")
    lifts = [f"To open it: {'; '.join(lift.sentence for lift in near.lifts)}"] if near.lifts else []
    return "\n".join((where, f"{blocks[:1].upper()}{blocks[1:]}", *lifts, f"Can unblock it: {holder(facts, near)}"))
