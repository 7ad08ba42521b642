"""E11: PEPS1 takes firsts, PEPS2 any; trainees by stage, with a current PEPS2 practice assessor (S4.7)."""

from allocator.terms.candidates import Candidate, Slot, is_current, qualification_on
from allocator.terms.view import Terms
from models.entities import Offer, Request

RULE = "E11"


def bars_at(terms: Terms, slot: Slot, candidate: Candidate) -> bool:
    """PEs not qualified for the stage, or trainees whose assessor is no current PEPS2."""
    if slot.stage == "final" and candidate.qualification not in ("PEPS2", "trainee_2"):
        return True
    educator = candidate.educator
    if educator is None or not candidate.is_trainee or educator.practice_assessor in (None, "university"):
        return False
    return not is_assessor(terms, educator.practice_assessor, slot, candidate)


def is_assessor(terms: Terms, pe: str | None, slot: Slot, candidate: Candidate) -> bool:
    """Whether ``pe`` is a listed, registered PEPS2 on the day of the start, current, and somebody else."""
    assessor = terms.dataset.educator_by_id.get(pe or "")
    return (
        assessor is not None
        and qualification_on(assessor, slot.start) == "PEPS2"
        and assessor.registered != "no"
        and assessor.pe != candidate.pe
        and is_current(assessor, slot.start, terms.policy.currency_months)
    )


def lifted(terms: Terms, request: Request, offer: Offer, slot: Slot, candidate: Candidate) -> bool:
    """A named person allowed a PEPS1 on this final, with a PEPS2 assessor."""
    return candidate.qualification == "PEPS1" and any(
        is_assessor(terms, d.value, slot, candidate)
        for d in terms.decisions.exceptions(RULE, request.request, offer.offer, candidate.pe)
    )
