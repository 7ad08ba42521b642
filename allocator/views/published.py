"""What is published of a match, where a plan still has it: its status, dates, notes, and who has the next step."""

from allocator.views.facts import Facts
from allocator.views.words import is_person
from models.entities import Published
from models.plan import Match


def has_changed(row: Published, match: Match) -> bool:
    """Whether a match is another than the one that is published, so that nothing said of that one holds for it.

    Parameters
    ----------
    row, match
        Of one request.

    Returns
    -------
    bool
        True at another offer, and with another PE. Not where a PE is named who was to be named; nor where the match is
        kept, whose PE is then gone: the place was promised, and is as it was.
    """
    if row.offer != match.offer:
        return True
    return row.standing != "kept" and is_person(row.pe) and row.pe != match.pe


def published_of(facts: Facts, match: Match) -> Published | None:
    """The published row of a match; None where there is none, or the plan has another match.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    match
        Of the plan.
    """
    row = facts.dataset.published_by_request.get(match.request)
    if row is None or row.standing not in ("kept", "in_force") or has_changed(row, match):
        return None
    return row
