"""Published matches that stay, and whose request is not listed any more: place and PE are held (SEMANTICS S9.15).

A row that somebody deleted, or that cannot be read, is no reason to give away the place of who was told of it.
"""

from datetime import date
from typing import Any

from allocator.settling.draft import Draft, Facts
from allocator.settling.staying import stays
from models.decisions import Decision
from models.entities import Commitment
from models.register import Row
from models.statuses import FREED, OVER, UNDER_WAY

HELD = "Published"
"""Ids of the decisions that hold for such matches begin so."""


def is_lost(draft: Draft, row: Row, facts: Facts) -> bool:
    """Whether a published match stays, its request is not listed, and its place is still to be had.

    Parameters
    ----------
    draft
        Requests and offers have been read.
    row, facts
        Of the sheet Published.
    """
    offer = draft.offers.get(facts["offer"])
    over = facts.get("status") in (*FREED, *OVER)
    if facts["request"] in draft.requests or offer is None or over or not stays(row):
        return False
    return not offer.get("withdrawn") and draft.tranches[offer["tranche"]].status != "past"


def _lost(draft: Draft) -> list[tuple[str, Facts]]:
    found = draft.published.items()
    return [(name, facts) for name, facts in found if is_lost(draft, draft.rows["Published", name], facts)]


def holds_of_lost(draft: Draft) -> list[Decision]:
    """A place held for each such match, older than any decision."""
    return [
        Decision(
            decision="hold", id=f"{HELD} {name}", request=name, offer=facts["offer"], places=1, on=date.min,
            effective=draft.as_of,
        )
        for name, facts in _lost(draft)
    ]  # fmt: skip


def commitments_of_lost(draft: Draft) -> tuple[Commitment, ...]:
    """The time of the PEs of such matches; of one that runs on known days it counts as it is (S1.8)."""
    return tuple(
        _commitment(facts) for _, facts in _lost(draft) if facts.get("pe") in draft.educators and not _runs(facts)
    )


def _runs(facts: Facts) -> bool:
    return facts.get("status") in UNDER_WAY and bool(facts.get("start") and facts.get("end"))


def _commitment(facts: Facts) -> Commitment:
    days: dict[str, Any] = {"first_day": facts.get("start"), "last_day": facts.get("end")}
    return Commitment(pe=facts["pe"], **days)


def held_words(draft: Draft, facts: Facts) -> str:
    """What is held for such a match, and that it is."""
    if facts.get("pe") in draft.educators:
        return f"a place of {facts['offer']} and {facts['pe']} are"
    return f"a place of {facts['offer']} is"
