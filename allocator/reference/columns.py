"""The binaries of the model: every (request, offer, PE) that eligibility allows, and what kept matches allow."""

from collections.abc import Iterator
from dataclasses import dataclass

from allocator.reference.candidates import Candidate, candidates, is_away
from allocator.reference.dates import Window
from allocator.reference.eligible import EDUCATOR_RULES, OFFER_RULES, Question, forbidden
from allocator.reference.facts import Facts
from models.base import PE_NEEDED
from models.decisions import Decision
from models.entities import Offer, Request


@dataclass(frozen=True, eq=False)
class Column:
    """One possible match: a binary. ``candidate`` None is 'PE needed'.

    ``kept``: the match is kept (S1.5); ``educator_kept``: with the PE it has.
    """

    request: Request
    offer: Offer
    candidate: Candidate | None
    window: Window
    kept: bool = False
    educator_kept: bool = False

    @property
    def has_trainee(self) -> bool:
        """Whether the PE is in training on the day of the start, at either stage."""
        return self.candidate is not None and self.candidate.qualification_from(self.window.start).startswith("trainee")

    @property
    def pe(self) -> str:
        """The PE as a plan writes it."""
        return PE_NEEDED if self.candidate is None else self.candidate.pe


@dataclass(frozen=True)
class Candidacy:
    """All binaries, the fixes that bind (by request), and the ids of the fixes that are set aside."""

    columns: tuple[Column, ...]
    fixed: dict[str, Decision]
    fixes_set_aside: tuple[str, ...]


def candidacy(facts: Facts) -> Candidacy:
    """Enumerate the binaries (S1.2, S1.5, S1.6, S3, S4)."""
    columns: list[Column] = []
    fixed: dict[str, Decision] = {}
    aside: list[str] = []
    by_offer = {offer.offer: candidates(facts, offer) for offer in facts.offers}
    for request in facts.live:
        left_out = request.set_aside is not None and request.request not in facts.kept
        possible = [] if left_out else list(_columns(facts, request, by_offer))
        fixes = facts.fixes.get(request.request, ())
        if fixes:
            # Two different fixes of one request forbid each other; an impossible one leaves the request unplaced.
            agree = len({(d.offer, d.pe) for d in fixes}) == 1
            if agree and any(fits(fixes[0], column) for column in possible):
                fixed[request.request] = fixes[0]
            else:
                aside.extend(d.id for d in fixes)
                possible = []
        columns.extend(possible)
    return Candidacy(tuple(columns), fixed, tuple(aside))


def fits(fix: Decision, column: Column) -> bool:
    """Whether a binary is what a fix asks for (its PE may be blank)."""
    return column.offer.offer == fix.offer and fix.pe in (None, column.pe)


def _columns(facts: Facts, request: Request, by_offer: dict[str, tuple[Candidate, ...]]) -> Iterator[Column]:
    student = facts.student(request)
    if request.request in facts.kept:
        yield from _kept_columns(facts, request, by_offer)
        return
    for offer in facts.offers:
        window = facts.window(request, offer)
        for candidate in by_offer[offer.offer]:
            question = Question(facts, request, student, offer, window, candidate)
            if not forbidden(question, OFFER_RULES) and not forbidden(question, EDUCATOR_RULES):
                yield Column(request, offer, candidate, window)


def _kept_columns(facts: Facts, request: Request, by_offer: dict[str, tuple[Candidate, ...]]) -> Iterator[Column]:
    """A kept match keeps its offer (S1.5).

    Its PE too if listed and not away, or if a pool of the offer that holds all kept matches published with it; else it
    has any eligible PE, or 'PE needed'.
    """
    row = facts.kept[request.request]
    offer = facts.dataset.offer_by_id[row.offer]
    window = facts.kept_window(request, offer)
    educator = facts.dataset.educator_by_id.get(row.pe or "")
    if educator is not None and not is_away(facts, educator, offer, window):
        stays = Candidate(educator.pe, educator.qualification, educator)
        yield Column(request, offer, stays, window, kept=True, educator_kept=True)
        return
    pools = [c for c in by_offer[offer.offer] if c.listed is None and c.pe == row.pe]
    sharing = [r for r in facts.kept.values() if r.offer == row.offer and r.pe == row.pe]
    if pools and len(sharing) <= pools[0].places:
        yield Column(request, offer, pools[0], window, kept=True, educator_kept=True)
        return
    for candidate in by_offer[offer.offer]:
        question = Question(facts, request, facts.student(request), offer, window, candidate)
        if not forbidden(question, EDUCATOR_RULES):
            yield Column(request, offer, candidate, window, kept=True)
    yield Column(request, offer, None, window, kept=True)
