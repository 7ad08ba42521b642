"""The status of a PE for the yearly return: active, lapsed, trainee, away or not recorded; one of them each."""

from datetime import date

from allocator.terms.candidates import add_months
from allocator.views.facts import Facts
from models.entities import Educator

ACTIVE, LAPSED, TRAINEE, AWAY, NOT_RECORDED = "active", "lapsed", "trainee", "away", "currency not recorded"
STATUSES = (ACTIVE, LAPSED, TRAINEE, AWAY, NOT_RECORDED)


def listed_educators(facts: Facts) -> list[Educator]:
    """PEs of the partnership today: listed, not withdrawn, and not gone."""
    today = facts.as_of or date.max
    return [
        e for e in facts.dataset.educators if e.withdrawn_from is None and (e.leaves_on is None or e.leaves_on >= today)
    ]


def status_of(facts: Facts, educator: Educator) -> str:
    """The first that applies: away today, a trainee, lapsed (rule E12), currency not recorded, else active."""
    today = facts.as_of
    if today is None:
        return NOT_RECORDED
    if is_away(educator, today):
        return AWAY
    if educator.qualification in ("trainee_1", "trainee_2"):
        return TRAINEE
    until = current_until(educator, facts.policy.currency_months)
    if until is None:
        return NOT_RECORDED
    return ACTIVE if until >= today else LAPSED


def is_away(educator: Educator, day: date) -> bool:
    """Whether a PE is away on a day, or not there yet."""
    if educator.available_from is not None and educator.available_from > day:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    return (educator.absent_from or day) <= day <= (educator.absent_to or day)


def current_until(educator: Educator, months: int) -> date | None:
    """The last day on which a PE is current: the day that is noted, or so many months after the last student."""
    by_student = add_months(educator.last_student, months) if educator.last_student else None
    return max((day for day in (educator.current_until, by_student) if day is not None), default=None)
