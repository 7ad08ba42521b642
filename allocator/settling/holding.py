"""Places that decisions hold: which of them are in force, and which hold more than is free (SEMANTICS S9.14)."""

from collections import defaultdict

from allocator.settling.contradictions import Rows, warn
from allocator.settling.draft import Draft
from models.base import natural_key
from models.decisions import Decision


def holds_in_force(draft: Draft, holds: list[Decision], rows: Rows) -> list[Decision]:
    """The decisions that hold places: none that has lapsed or is about what is over, and no more than can be held.

    Where they hold more of an offer than kept matches of others leave, the newest are set aside until it fits.

    Parameters
    ----------
    draft
        Everything else was carried out and standings are settled; takes what is said of the others.
    holds
        As read.
    rows
        Their rows.

    Returns
    -------
    list of Decision
        Those that stand.
    """
    groups: defaultdict[str, list[Decision]] = defaultdict(list)
    for hold in holds:
        if why := _is_over(draft, hold):
            warn(draft, "V513", hold, rows, why=why)
        else:
            groups[hold.offer or ""].append(hold)
    return [hold for offer, group in groups.items() for hold in _that_fit(draft, offer, group, rows)]


def _is_over(draft: Draft, hold: Decision) -> str:
    """Why a hold keeps nothing any more; blank where it does."""
    offer, request = draft.offers[hold.offer or ""], draft.requests.get(hold.request or "")
    if hold.until is not None and hold.until < draft.as_of:
        return f"it lapsed: places of {hold.offer} were held until {hold.until}"
    if offer.get("withdrawn"):
        return f"{hold.offer} is withdrawn"
    if draft.tranches[offer["tranche"]].status == "past":
        return f"{hold.offer} is of {offer['tranche']}, which is past"
    if request is None:
        return ""
    standing = draft.published.get(request["request"], {}).get("standing")
    is_past = draft.tranches[request["tranche"]].status == "past"
    is_placed = standing == "over" or request.get("found_by") == "employer"
    if is_past or is_placed or draft.students[request["student"]].get("withdrawn"):
        return f"nothing is to be found for {hold.request} any more"
    return ""


def _that_fit(draft: Draft, offer: str, holds: list[Decision], rows: Rows) -> list[Decision]:
    """Of one offer's holds the oldest that fit together beside the kept matches of requests that have none there."""
    kept = [
        name for name, match in draft.published.items()
        if match["offer"] == offer and match["standing"] == "kept"
        and draft.requests[name].get("found_by") != "employer"
    ]  # fmt: skip
    standing = sorted(holds, key=lambda d: (d.on or draft.as_of, natural_key(d.id)))
    while standing:
        owners = {d.request for d in standing}
        free = draft.offers[offer].get("capacity", 1) - sum(name not in owners for name in kept)
        held = [d.places or 0 for d in standing]
        if sum(held) <= free:
            break
        newest = standing.pop()
        if newest.id in rows:  # what is held for a published match was said when that was read
            left = max(0, free - sum(held[:-1]))
            warn(draft, "V522", newest, rows, places=newest.places, offer=offer, free=left)
    return standing
