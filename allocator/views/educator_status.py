"""The status of a PE for the yearly return: active, lapsed, trainee, away or not recorded; one of them each."""

from datetime import date

from allocator.terms.candidates import is_current, is_trainee_on, known_qualification_on, qualified_within
from allocator.views.facts import Facts
from allocator.views.facts import day as in_words
from allocator.views.words import STAGES
from models.entities import Educator, Qualification

UNIVERSITY = "university"
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
    if educator.qualifies_on is None:  # who may have qualified is not known to be current by that
        educator = educator.model_copy(update={"becomes": None})
    return ACTIVE if is_current(educator, today, months) else LAPSED


def stage_today(facts: Facts, educator: Educator) -> Qualification:
    """What a PE is today: from the day of qualifying on what the PE becomes."""
    return educator.qualification if facts.as_of is None else known_qualification_on(educator, facts.as_of)


def is_away(educator: Educator, day: date) -> bool:
    """Whether a PE is away on a day, or not there yet."""
    if educator.available_from is not None and educator.available_from > day:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    return (educator.absent_from or day) <= day <= (educator.absent_to or day)


def why_cannot_assess(facts: Facts, name: str | None) -> str:
    """Why somebody cannot be practice assessor today; blank where they can.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    name
        A PE, the university, or None: to be named.
    """
    if name is None:
        return "a trainee without an assessor is provisional"
    if name == UNIVERSITY:
        return ""
    assessor, today = facts.dataset.educator_by_id.get(name), facts.as_of
    if assessor is None:
        return "is not on Educators"
    if assessor.withdrawn_from is not None:
        return f"is withdrawn from {in_words(assessor.withdrawn_from)}"
    stage = stage_today(facts, assessor)
    if stage != "PEPS2":
        return f"is {STAGES[stage]}, not PEPS2"
    if today is not None and not is_current(assessor, today, facts.policy.currency_months):
        return "is not current"
    if today is not None and is_away(assessor, today):
        return "is away"
    return ""


def may_supervise(facts: Facts, educator: Educator) -> bool:
    """Whether a PE may take a student when the first round that is decided begins (rules E11 to E13; load apart).

    What nobody knows does not speak against a PE: a match would wait for it.
    """
    first = min((t.first_day for t in facts.horizon_tranches), default=facts.as_of or date.max)
    gone = educator.withdrawn_from is not None or (educator.leaves_on is not None and educator.leaves_on < first)
    if gone or is_away(educator, first) or educator.registered == "no":
        return False
    if is_trainee_on(educator, first):
        return educator.practice_assessor is None or not why_cannot_assess(facts, educator.practice_assessor)
    return is_current(educator, first, facts.policy.currency_months)
