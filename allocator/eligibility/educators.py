"""Which PEs may take a pair: candidates of an offer, then slot rules, then personal rules (SEMANTICS S4)."""

from allocator.rules import e11_pe_qualification, e12_pe_registered_and_current, e19_named_pes
from allocator.rules.e15_reach import reaches
from allocator.rules.e19_named_pes import entries_in_force, is_gone, is_left
from allocator.rules.order import PERSONAL_RULES, SLOT_RULES
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate, Slot, listed_candidate, pool_candidate
from allocator.terms.view import Terms
from models.base import natural_key
from models.entities import INDEPENDENT, PARTNERSHIP, Educator, EducatorEntry, Offer, Request

LIFTED = {"E11": e11_pe_qualification.lifted, "E12": e12_pe_registered_and_current.lifted, "E19": e19_named_pes.lifted}


class EducatorEligibility:
    """Candidates per offer, and the rules that bar them; answers are cached by slot."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        policy = terms.policy
        self._slot_rules = tuple(r for r in SLOT_RULES if policy.on(r.RULE))
        self._personal_rules = tuple(r for r in PERSONAL_RULES if policy.on(r.RULE))
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        self._barred: dict[tuple[str, str, Window], dict[str, tuple[str, ...]]] = {}
        self._reach: dict[str, list[Educator]] = {}
        for educator in terms.dataset.educators:
            keys = educator.serves if educator.employed_by in (PARTNERSHIP, INDEPENDENT) else (educator.employed_by,)
            for key in set(keys):
                self._reach.setdefault(key, []).append(educator)
        self._listing = {e.employed_by for e in terms.dataset.educators}
        self._listing |= {a.agency for a in terms.dataset.agencies if a.educators_set_aside}
        self.personal = self._requests_with_personal_rules()

    def candidates(self, offer: Offer) -> tuple[Candidate, ...]:
        """Everybody who could supervise at an offer by E15 and E19, in order of id; qualified as the rows say.

        Where all whom it names are going, the others who reach are among them; E19 says for whom they may stand in.
        """
        found = self._candidates.get(offer.offer)
        if found is None:
            found = tuple(sorted(self._find(offer), key=lambda c: natural_key(c.pe)))
            self._candidates[offer.offer] = found
        return found

    def _find(self, offer: Offer) -> list[Candidate]:
        dataset = self.terms.dataset
        entries = entries_in_force(dataset, offer)
        named_only = bool(offer.educators) and self.terms.policy.on("E19")
        listed: dict[str, Educator] = {}
        pools: dict[str, tuple[EducatorEntry, int]] = {}
        for entry in entries:
            if entry.kind == "named":
                listed[entry.pe or ""] = dataset.educator_by_id[entry.pe or ""]
            else:
                people = entry.places or (offer.capacity if entry.kind == "tbc" else 1)
                pools[entry.pool_id(offer.offer)] = (
                    entry,
                    people + pools.get(entry.pool_id(offer.offer), (entry, 0))[1],
                )
        if not named_only or is_left(dataset, offer):
            listed |= {e.pe: e for e in self._in_reach(offer)}
        if not named_only and not pools and self._to_be_found(offer):
            entry = EducatorEntry(kind="tbc")
            pools[entry.pool_id(offer.offer)] = (entry, offer.capacity)
        return [
            *(listed_candidate(e, offer) for e in listed.values()),
            *(pool_candidate(entry, offer, people) for entry, people in pools.values()),
        ]

    def _to_be_found(self, offer: Offer) -> bool:
        """Whether somebody may be named later at an offer that says nothing of its PEs."""
        setting = self.terms.policy.educators_to_be_found
        return setting == "always" or (setting == "where_none_listed" and offer.agency not in self._listing)

    def _in_reach(self, offer: Offer) -> list[Educator]:
        if self.terms.policy.on("E15"):
            near = {e.pe: e for key in (offer.agency, offer.place) if key for e in self._reach.get(key, ())}
            found = [e for e in near.values() if reaches(e, offer)]
        else:
            found = list(self.terms.dataset.educators)
        named = (self.terms.dataset.educator_by_id.get(e.pe or "") for e in offer.educators if e.kind == "named")
        return [e for e in (*found, *named) if e is not None and not is_gone(e, offer)]

    def _there(self, slot: Slot) -> tuple[Candidate, ...]:
        """The candidates as they are on the day on which the slot begins (S4.10)."""
        return tuple(c.on(slot.start) for c in self.candidates(slot.offer))

    def barred_at(self, slot: Slot) -> dict[str, tuple[str, ...]]:
        """Rules that bar each candidate at a slot, whoever the student; exceptions not yet considered."""
        key = slot.offer.offer, slot.stage, (slot.start, slot.end)
        found = self._barred.get(key)
        if found is None:
            found = {
                c.pe: tuple(r.RULE for r in self._slot_rules if r.bars_at(self.terms, slot, c))
                for c in self._there(slot)
            }
            self._barred[key] = found
        return found

    def broken_rules(self, request: Request, slot: Slot, candidate: Candidate) -> tuple[str, ...]:
        """Every PE rule that bars this candidate for this request, exceptions considered."""
        candidate = candidate.on(slot.start)
        at_slot = self.barred_at(slot).get(candidate.pe, ())
        if request.request not in self.personal:
            return at_slot
        offer = slot.offer
        left = tuple(
            rule for rule in at_slot
            if rule not in LIFTED or not LIFTED[rule](self.terms, request, offer, slot, candidate)
        )  # fmt: skip
        own = tuple(r.RULE for r in self._personal_rules if r.bars(self.terms, request, offer, candidate))
        return left + own

    def allowed(self, request: Request, slot: Slot) -> tuple[Candidate, ...]:
        """Candidates whom no rule bars, in order of id."""
        if request.request in self.personal:
            return tuple(c for c in self._there(slot) if not self.broken_rules(request, slot, c))
        return self.at_slot(slot)

    def at_slot(self, slot: Slot) -> tuple[Candidate, ...]:
        """Candidates whom no rule bars at a slot, exceptions and personal rules left out, in order of id."""
        barred = self.barred_at(slot)
        return tuple(c for c in self._there(slot) if not barred[c.pe])

    def _requests_with_personal_rules(self) -> set[str]:
        terms, book = self.terms, self.terms.decisions
        general = any(d.pe and not d.request and not d.student for d in book.do_not_match)
        found = book.requests_with_exception("E11") | book.requests_with_exception("E12")
        left = {o.offer for o in terms.dataset.offers if is_left(terms.dataset, o)}
        found |= {p.request for p in terms.dataset.published if p.offer in left}
        for r in terms.horizon.live:
            declared = terms.student(r).excluded_educators or any(d.pe for d in terms.declined_by(r))
            forbidden = any(d.pe and d.request in (None, r.request) for d in book.do_not_match)
            if general or declared or forbidden or terms.is_repeat(r):
                found.add(r.request)
        return found

    def listed(self, pe: str, offer: Offer) -> Candidate | None:
        """A listed educator as seen from an offer, in reach or not (kept matches); None when not listed."""
        educator = self.terms.dataset.educator_by_id.get(pe)
        return None if educator is None else listed_candidate(educator, offer)
