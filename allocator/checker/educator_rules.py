"""Eligibility of the PE for request and offer (SEMANTICS S4): who may be named there, and one function per rule."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from allocator.checker.facts import Facts
from allocator.checker.pair_rules import Breach, pair_breaches
from allocator.checker.working_days import Window, add_months
from models.entities import INDEPENDENT, PARTNERSHIP, Educator, Offer, Qualification, Request
from models.plan import Basis


class Supervision(NamedTuple):
    """A PE at an offer. ``educator`` is None for a pool; ``places`` is how many people a pool holds at once."""

    pe: str
    qualification: Qualification
    basis: Basis
    educator: Educator | None = None
    to_be_named: bool = False
    places: int = 0


def basis(educator: Educator, offer: Offer) -> Basis:
    """On what basis a listed PE supervises there (S4.4)."""
    if educator.employed_by == offer.agency and educator.team == offer.team:
        return "in_team"
    if educator.employed_by == PARTNERSHIP:
        return "practice_consultant"
    return "independent" if educator.employed_by == INDEPENDENT else "elsewhere"


def is_gone(educator: Educator, offer: Offer) -> bool:
    """Whether a PE is not among those of an offer any more (S4.1)."""
    left = educator.leaves_on is not None and educator.leaves_on < offer.earliest_start
    return left or (educator.withdrawn_from is not None and educator.withdrawn_from <= offer.earliest_start)


def is_going(educator: Educator, offer: Offer) -> bool:
    """Whether a PE is gone, or will be some day, so that an offer does not rest on them (S4.1)."""
    return educator.withdrawn_from is not None or is_gone(educator, offer)


def in_reach(facts: Facts, educator: Educator, offer: Offer) -> bool:
    """Reach (S4.3): own team, own agency if long-arm or without a team, or a listed agency or place; named: always."""
    if not facts.policy.on("E15") or any(entry.pe == educator.pe for entry in offer.educators):
        return True
    if educator.employed_by == offer.agency:
        return educator.team in (None, offer.team) or educator.long_arm
    if educator.employed_by in (PARTNERSHIP, INDEPENDENT):
        return offer.agency in educator.serves or (offer.place is not None and offer.place in educator.serves)
    return False


def _staying(facts: Facts, offer: Offer) -> tuple[tuple[str, ...], bool]:
    """Ids of the entries of an offer, less named PEs who are gone, and whether one is not even going."""
    ids: dict[str, None] = {}
    rests = False
    for entry in offer.educators:
        if entry.kind != "named":
            ids[entry.pool_id(offer.offer)] = None
            rests = True
        elif entry.pe is not None:
            educator = facts.dataset.educator_by_id.get(entry.pe)
            if educator is not None and not is_gone(educator, offer):
                ids[entry.pe] = None
                rests = rests or not is_going(educator, offer)
    return tuple(ids), rests


def _reaching(facts: Facts, offer: Offer) -> Iterator[Educator]:
    candidates = facts.near(offer) if facts.policy.on("E15") else facts.dataset.educators
    yield from (e for e in candidates if in_reach(facts, e, offer))
    # A named PE of another employer is in reach too (S4.3), and not among those near.
    named = (facts.dataset.educator_by_id.get(entry.pe or "") for entry in offer.educators)
    yield from (e for e in named if e is not None)


def _has_plain_pool(facts: Facts, offer: Offer) -> bool:
    """Whether the offer has the pool ``TBC@<offer>`` although no entry says so, since the policy does."""
    if offer.educators and (facts.policy.on("E19") or any(entry.kind != "named" for entry in offer.educators)):
        return False
    found = facts.policy.educators_to_be_found
    return found == "always" or (found == "where_none_listed" and not facts.lists_educators(offer.agency))


def educators_of(facts: Facts, offer: Offer) -> Iterator[str]:
    """Ids of the PEs and pools of an offer (S4.1).

    With E19 off the entries only add: named PEs stay in reach and pools stay pools (S8.8). Where all whom the offer
    names are going, those are among them who may only stand in for them.
    """
    if facts.policy.on("E19"):
        staying, rests = _staying(facts, offer)
        yield from staying
        if not rests:
            yield from (e.pe for e in _reaching(facts, offer) if not is_gone(e, offer))
    else:
        yield from (e.pe for e in _reaching(facts, offer) if not is_gone(e, offer))
        yield from (entry.pool_id(offer.offer) for entry in offer.educators if entry.kind != "named")
    if _has_plain_pool(facts, offer):
        yield f"TBC@{offer.offer}"


def supervision(facts: Facts, offer: Offer, pe: str, day: date) -> Supervision | None:
    """A PE id read at an offer from a day on: a listed PE, or a pool of this offer (S4.2); None if it is neither."""
    educator = facts.dataset.educator_by_id.get(pe)
    if educator is not None:
        return Supervision(pe, standing(educator, day), basis(educator, offer), educator)
    entries = [e for e in offer.educators if e.kind != "named" and e.pool_id(offer.offer) == pe]
    if not entries:
        plain = pe == f"TBC@{offer.offer}" and _has_plain_pool(facts, offer)
        return Supervision(pe, "PEPS2", "in_team", None, True, offer.capacity) if plain else None
    to_be_named = entries[0].kind == "tbc"
    blank = offer.capacity if to_be_named else 1
    places = sum(blank if e.places is None else e.places for e in entries)
    return Supervision(pe, entries[0].qualification or "PEPS2", "in_team", None, to_be_named, places)


def unknown(facts: Facts, offer: Offer, pe: str) -> tuple[str, str]:
    """The rule that an unreadable PE id breaks at an offer, and how.

    E15 for one to be named where nobody is in reach and nobody may be found; E19 for a pool that is not of this offer;
    L01 for no PE at all.
    """
    nobody = pe == f"TBC@{offer.offer}" and not any(not is_gone(e, offer) for e in _reaching(facts, offer))
    if nobody and not offer.educators and facts.policy.on("E15"):
        return "E15", f"nobody on Educators is there for team {offer.team} of {offer.agency}"
    if nobody and offer.educators and facts.policy.on("E19"):
        return "E19", f"all whom {offer.offer} names have left or are withdrawn"
    rule = "E19" if pe in facts.pool_ids and facts.policy.on("E19") else "L01"
    return rule, f"{pe} is neither a listed PE nor a pool of {offer.offer}"


def is_away(facts: Facts, educator: Educator, offer: Offer, window: Window) -> bool:
    """Away on a working day of the window, of the offer's agency (S4.5)."""
    if educator.available_from is not None and educator.available_from > window.start:
        return True
    if educator.leaves_on is not None and window.end > educator.leaves_on:
        return True
    if educator.withdrawn_from is not None and educator.withdrawn_from <= window.end:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    first = max(window.start, educator.absent_from or date.min)
    last = min(window.end, educator.absent_to or date.max)
    return first <= last and facts.days_of(offer.agency).any_between(first, last)


def standing(educator: Educator, day: date) -> Qualification:
    """What a PE is by a day: what the PE becomes, once qualified or may be; until then what the row says (S4.10)."""
    from_day = educator.qualifies_on or date.min
    return educator.becomes if educator.becomes is not None and from_day <= day else educator.qualification


def _until(educator: Educator | None, day: date) -> str:
    """What a PE is to become after a day, in words; blank where nothing is to come."""
    if educator is None or educator.becomes is None or educator.qualifies_on is None or educator.qualifies_on <= day:
        return ""
    return f" on {day} ({educator.becomes} from {educator.qualifies_on})"


def is_current(facts: Facts, educator: Educator, day: date) -> bool:
    """Current on a day (S4.6): trainees always; both dates blank counts as current; qualifying is like a student."""
    if standing(educator, day) in ("trainee_1", "trainee_2"):
        return True
    until, last, qualified = educator.current_until, educator.last_student, educator.qualifies_on
    if until is None and last is None:
        return True
    if (until is not None and until >= day) or (educator.becomes is not None and qualified is None):
        return True
    taught = [d for d in (last, qualified if qualified is not None and qualified <= day else None) if d is not None]
    return any(add_months(d, facts.policy.currency_months) >= day for d in taught)


def assesses(facts: Facts, assessor: str | None, pe: str, start: date) -> bool:
    """Whether an id is a PEPS2 who may assess for ``pe``: listed, registered, current at the start, somebody else."""
    educator = facts.dataset.educator_by_id.get(assessor or "")
    return (
        educator is not None
        and educator.pe != pe
        and standing(educator, start) == "PEPS2"
        and educator.registered != "no"
        and is_current(facts, educator, start)
    )


EducatorRule = Callable[[Facts, Request, Offer, Supervision, Window], Breach | None]


def e05_conflict(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """A PE whom the student declared (S4.9)."""
    return Breach(f"{pe.pe} is excluded") if pe.pe in facts.student(request).excluded_educators else None


def e11_qualification(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """Qualified for the stage, a listed trainee with a practice assessor (S4.7)."""
    if request.stage == "final" and pe.qualification not in ("PEPS2", "trainee_2"):
        by_exception = pe.qualification == "PEPS1" and any(
            assesses(facts, x.value, pe.pe, window.start)
            for x in facts.exceptions("E11", request.request, offer.offer, pe.pe)
        )
        if not by_exception:
            return Breach(f"{pe.pe} is {pe.qualification}{_until(pe.educator, window.start)}, the placement is a final")
    if pe.educator is not None and pe.qualification in ("trainee_1", "trainee_2"):
        assessor = pe.educator.practice_assessor
        if assessor not in (None, "university") and not assesses(facts, assessor, pe.pe, window.start):
            return Breach(f"{assessor} is no current PEPS2 practice assessor for {pe.pe}")
    return None


def e12_registered_current(
    facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window
) -> Breach | None:
    """Registered, and current at the start unless an exception holds until then (S4.6)."""
    if pe.educator is None:
        return None
    if pe.educator.registered == "no":
        return Breach(f"{pe.pe} is not registered")
    if is_current(facts, pe.educator, window.start):
        return None
    exceptions = facts.exceptions("E12", request.request, offer.offer, pe.pe)
    if any(x.value and date.fromisoformat(x.value) >= window.start for x in exceptions):
        return None
    return Breach(f"{pe.pe} is not current on {window.start}")


def e13_away_declined(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """Away on a working day of the window (S4.5), or declined (S4.9)."""
    if pe.educator is not None and is_away(facts, pe.educator, offer, window):
        return Breach(f"{pe.pe} is away between {window.start} and {window.end}")
    for decision in facts.declined(request.student):
        if decision.pe == pe.pe:
            return Breach(f"{pe.pe} is declined ({decision.id})")
    return None


def e14_supervisor(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """A PE who is not in the team needs an on-site supervisor there (S4.8)."""
    if pe.basis != "in_team" and offer.on_site_supervisor == "no":
        return Breach(f"{pe.pe} is not in team {offer.team} of {offer.agency}")
    return None


def e15_reach(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """Reach (S4.3)."""
    if pe.educator is None or in_reach(facts, pe.educator, offer):
        return None
    return Breach(f"{pe.pe} does not serve team {offer.team} of {offer.agency}")


def e16_decisions(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """Do not match, with the PE filled (S4.9)."""
    for decision in facts.forbidden(request, offer, pe.pe):
        if decision.pe is not None:
            return Breach(f"do not match with {pe.pe} ({decision.id})")
    return None


def e18_repeat(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """A repeat goes to another PE, who is a PEPS2 (S4.9), each but by exception."""
    rows = [
        row
        for row in facts.history(request.student)
        if row.stage == request.stage and row.outcome in ("failed", "ended_early")
    ]
    if not (request.repeat or rows):
        return None
    lifted = {x.value for x in facts.exceptions("E18", request.request, offer.offer, pe.pe)}
    if "PE" not in lifted and any(row.pe == pe.pe for row in rows):
        return Breach(f"{pe.pe} had the placement that is repeated")
    if "PEPS2" not in lifted and pe.qualification != "PEPS2":
        return Breach(f"{pe.pe} is {pe.qualification}{_until(pe.educator, window.start)}, a repeat needs a PEPS2")
    return None


def e19_named(facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window) -> Breach | None:
    """Named PEs are the only ones for the offer; one who is gone is no longer among its PEs (S4.1).

    Where all whom it names are going, a match of the plan in force may have another who reaches.
    """
    if pe.educator is None:
        return None
    if is_gone(pe.educator, offer):
        return Breach(f"{pe.pe} has left or is withdrawn")
    staying, rests = _staying(facts, offer)
    if not offer.educators or pe.pe in staying or (not rests and _is_there(facts, request, offer)):
        return None
    if staying:
        return Breach(f"{offer.offer} names {', '.join(staying)}, not {pe.pe}")
    return Breach(f"all whom {offer.offer} names have left or are withdrawn")


def _is_there(facts: Facts, request: Request, offer: Offer) -> bool:
    """Whether the plan in force has the request at the offer."""
    row = facts.dataset.published_by_request.get(request.request)
    return row is not None and row.offer == offer.offer and row.standing in ("kept", "in_force")


EDUCATOR_RULES: dict[str, EducatorRule] = {
    "E05": e05_conflict,
    "E11": e11_qualification,
    "E12": e12_registered_current,
    "E13": e13_away_declined,
    "E14": e14_supervisor,
    "E15": e15_reach,
    "E16": e16_decisions,
    "E18": e18_repeat,
    "E19": e19_named,
}


def educator_breaches(
    facts: Facts, request: Request, offer: Offer, pe: Supervision, window: Window
) -> list[tuple[str, Breach]]:
    """Every rule that is on and that the PE breaks there, in the order of the catalogue."""
    judged = (
        (rule, judge(facts, request, offer, pe, window))
        for rule, judge in EDUCATOR_RULES.items()
        if facts.policy.on(rule)
    )
    found = [(rule, breach) for rule, breach in judged if breach is not None]
    if not facts.policy.on("E19") and pe.educator is not None and is_gone(pe.educator, offer):
        # S8.8: whoever is gone is none of the offer's PEs, whether or not the named ones are the only ones
        found.append(("L01", Breach(f"{pe.pe} has left or is withdrawn")))
    return found


def triple_rules(facts: Facts, request: Request, offer: Offer, pe: str) -> tuple[str, ...]:
    """Ids of the rules that request, offer and PE break by themselves (S3, S4); empty: eligible."""
    broken = {rule for rule, _ in pair_breaches(facts, request, offer, pe)}
    window = facts.window(request, offer)
    there = supervision(facts, offer, pe, window.start)
    if there is None:
        broken.add(unknown(facts, offer, pe)[0])
    else:
        broken |= {rule for rule, _ in educator_breaches(facts, request, offer, there, window)}
    return tuple(sorted(broken))


def pair_rules_with_anybody(facts: Facts, request: Request, offer: Offer) -> tuple[str, ...]:
    """Ids of the rules that keep every PE from request and offer; empty: the pair is eligible with some PE (S6.3)."""
    alone = tuple(rule for rule, _ in pair_breaches(facts, request, offer, None))
    if alone:
        return alone
    broken: set[str] = set()
    # An offer with nobody lacks one to be named.
    for pe in list(educators_of(facts, offer)) or [f"TBC@{offer.offer}"]:
        rules = triple_rules(facts, request, offer, pe)
        if not rules:
            return ()
        broken |= set(rules)
    return tuple(sorted(broken))
