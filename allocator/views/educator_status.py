"""The status of a PE for the yearly return: active, lapsed, trainee, away or not recorded; one of them each."""

from datetime import date

from allocator.terms.candidates import is_current, is_trainee_on, qualification_on, qualified_within
from allocator.views.facts import Facts
from models.entities import Educator, Qualification

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
    if is_trainee_on(educator, today):
        return TRAINEE
    months = facts.policy.currency_months
    recorded = educator.current_until is not None or educator.last_student is not None
    if not recorded and not qualified_within(educator, today, months):
        return NOT_RECORDED
    return ACTIVE if is_current(educator, today, months) else LAPSED


def stage_today(facts: Facts, educator: Educator) -> Qualification:
    """What a PE is today: from the day of qualifying on what the PE becomes."""
    return educator.qualification if facts.as_of is None else qualification_on(educator, facts.as_of)


def is_away(educator: Educator, day: date) -> bool:
    """Whether a PE is away on a day, or not there yet."""
    if educator.available_from is not None and educator.available_from > day:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    return (educator.absent_from or day) <= day <= (educator.absent_to or day)
