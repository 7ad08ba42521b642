"""Who could be the practice educator of an offer: listed people and pools (SEMANTICS S4.1-S4.6)."""

from dataclasses import dataclass
from datetime import date

from allocator.reference.dates import Window, months_later
from allocator.reference.facts import Facts
from models.base import natural_key
from models.entities import INDEPENDENT, PARTNERSHIP, Educator, EducatorEntry, Offer, Qualification
from models.plan import Basis


@dataclass(frozen=True)
class Candidate:
    """A listed PE, or a pool of an offer (``listed`` is None). ``places``: people of a pool at once.

    ``qualification`` is that of the row; the day says which one counts (:func:`qualification`).
    """

    pe: str
    qualification: Qualification
    listed: Educator | None
    to_be_named: bool = False
    places: int = 0

    def qualification_from(self, start: date) -> Qualification:
        """The qualification with which the PE takes a placement that starts on a day (S4.10)."""
        return self.qualification if self.listed is None else qualification(self.listed, start)

    def basis(self, offer: Offer) -> Basis:
        """Where the PE stands towards an offer's team (S4.4)."""
        if self.listed is None:
            return "in_team"
        if self.listed.employed_by == PARTNERSHIP:
            return "practice_consultant"
        if self.listed.employed_by == INDEPENDENT:
            return "independent"
        in_team = (self.listed.employed_by, self.listed.team) == (offer.agency, offer.team)
        return "in_team" if in_team else "elsewhere"


def qualification(educator: Educator, day: date) -> Qualification:
    """What a listed PE is on a day: what they become from the day of qualifying on, or if nobody knows it (S4.10)."""
    if educator.becomes is None:
        return educator.qualification
    not_yet = educator.qualifies_on is not None and educator.qualifies_on > day
    return educator.qualification if not_yet else educator.becomes


def candidates(facts: Facts, offer: Offer) -> tuple[Candidate, ...]:
    """Everybody who could supervise at an offer, before the rules about one request (S4.1).

    The offer's entries, less named PEs who are gone; if it has none, whoever reaches the team, and the pool TBC where
    the policy says so. With E19 off the entries name nobody, but their pools exist. If all whom it names are going,
    whoever reaches may stand in (``eligible.e19_stand_in`` says for which request).
    """
    people = [
        Candidate(e.pe, e.qualification, e) for e in facts.dataset.educators if not is_gone(e, offer)
    ]  # fmt: skip
    found = [
        c
        for c in (*people, *_pools(offer))
        if not (facts.policy.on("E15") and e15_out_of_reach(offer, c))
        and not (facts.policy.on("E19") and e19_not_an_entry(facts, offer, c))
    ]
    if _one_to_be_found(facts, offer):
        found.append(_pool(offer, EducatorEntry(kind="tbc")))
    return tuple(sorted(found, key=lambda c: natural_key(c.pe)))


def e15_out_of_reach(offer: Offer, candidate: Candidate) -> bool:
    """E15: a PE serves their own team; long-arm or without a team, the agency; others the agencies and places listed.

    A PE named on the offer is in reach, and so is a pool (S4.3).
    """
    listed = candidate.listed
    if listed is None or any(entry.pe == listed.pe for entry in offer.educators):
        return False
    if listed.employed_by in (PARTNERSHIP, INDEPENDENT):
        return offer.agency not in listed.serves and (offer.place is None or offer.place not in listed.serves)
    if listed.employed_by != offer.agency:
        return True
    return not (listed.team in (None, offer.team) or listed.long_arm)


def e19_not_an_entry(facts: Facts, offer: Offer, candidate: Candidate) -> bool:
    """E19: where an offer has entries, they are the only PEs for it, unless all whom it names are going."""
    entries, listed = _entries_left(facts, offer), facts.dataset.educator_by_id
    if not offer.educators:
        return False
    if not any(e.kind != "named" or (e.pe and not _is_going(listed[e.pe], offer)) for e in entries):
        return False
    return candidate.pe not in [e.pe if e.kind == "named" else e.pool_id(offer.offer) for e in entries]


def _one_to_be_found(facts: Facts, offer: Offer) -> bool:
    """Whether an offer without entries (E19 off: without pools) has one to be named, as the policy says (S4.1)."""
    dataset, setting = facts.dataset, facts.policy.educators_to_be_found
    speaks = offer.educators if facts.policy.on("E19") else [e for e in offer.educators if e.kind != "named"]
    if speaks or setting == "never":
        return False
    nobody_listed = not any(e.employed_by == offer.agency for e in dataset.educators) and not any(
        a.agency == offer.agency and a.educators_set_aside for a in dataset.agencies
    )
    return setting == "always" or nobody_listed


def is_gone(educator: Educator, offer: Offer) -> bool:
    """Whether a listed PE is gone when an offer begins: withdrawn by that day, or left before (S4.1)."""
    left = educator.leaves_on is not None and educator.leaves_on < offer.earliest_start
    return left or (educator.withdrawn_from is not None and educator.withdrawn_from <= offer.earliest_start)


def _is_going(educator: Educator, offer: Offer) -> bool:
    """Whether a listed PE is gone, or withdrawn from some later day: then others may be asked as well (S4.1)."""
    return is_gone(educator, offer) or educator.withdrawn_from is not None


def _entries_left(facts: Facts, offer: Offer) -> list[EducatorEntry]:
    listed = facts.dataset.educator_by_id
    return [
        e
        for e in offer.educators
        if e.kind != "named" or (e.pe is not None and e.pe in listed and not is_gone(listed[e.pe], offer))
    ]


def _pools(offer: Offer) -> list[Candidate]:
    """The pools that an offer's entries make; equal entries are one pool with the places of all."""
    pools: dict[str, Candidate] = {}
    for entry in offer.educators:
        if entry.kind != "named":
            pool = _pool(offer, entry)
            before = pools[pool.pe].places if pool.pe in pools else 0
            pools[pool.pe] = Candidate(
                pool.pe, pool.qualification, None, to_be_named=pool.to_be_named, places=before + pool.places
            )
    return list(pools.values())


def _pool(offer: Offer, entry: EducatorEntry) -> Candidate:
    """One pool (S4.2): a plain TBC is PEPS2; blank places are the offer's capacity (TBC) or 1 (own)."""
    blank = offer.capacity if entry.kind == "tbc" else 1
    return Candidate(
        pe=entry.pool_id(offer.offer),
        qualification=entry.qualification or "PEPS2",
        listed=None,
        to_be_named=entry.kind == "tbc",
        places=blank if entry.places is None else entry.places,
    )


def is_away(facts: Facts, educator: Educator, offer: Offer, window: Window) -> bool:
    """Whether a listed PE misses a working day of a window, as the offer's agency works (S4.5)."""
    if educator.available_from is not None and educator.available_from > window.start:
        return True
    if educator.leaves_on is not None and educator.leaves_on < window.end:
        return True
    if educator.withdrawn_from is not None and educator.withdrawn_from <= window.end:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    first, last = educator.absent_from or date.min, educator.absent_to or date.max
    return any(first <= day <= last for day in facts.working_days_at(offer.agency).between(window))


def is_current(facts: Facts, educator: Educator, day: date) -> bool:
    """Whether a PE is current on a day: by a refresher or a student not too long ago; both blank counts (S4.6).

    Who qualified did so with a student.
    """
    if educator.current_until is None and educator.last_student is None:
        return True
    refreshed = educator.current_until is not None and educator.current_until >= day
    practised = (
        educator.last_student is not None and months_later(educator.last_student, facts.policy.currency_months) >= day
    )
    new = educator.qualifies_on is not None and (
        educator.qualifies_on <= day <= months_later(educator.qualifies_on, facts.policy.currency_months)
    )
    nobody_knows = educator.qualifies_on is None and educator.becomes is not None
    return refreshed or practised or new or nobody_knows


def can_assess(facts: Facts, assessor: str | None, candidate: Candidate, day: date) -> bool:
    """Whether somebody else is a listed PEPS2, registered and current on a day: a practice assessor (S4.7)."""
    person = facts.dataset.educator_by_id.get(assessor or "")
    return (
        person is not None
        and person.pe != candidate.pe
        and qualification(person, day) == "PEPS2"
        and person.registered != "no"
        and is_current(facts, person, day)
    )
