"""What a match waits for, as far as the tier ``firm`` counts it (SEMANTICS S6.4)."""

from allocator.checker.facts import Facts
from allocator.checker.placements import Placement
from allocator.checker.travel import to_be_measured
from models.plan import ProvisionalCode

FIRM_CODES = (
    ProvisionalCode.FORECAST,
    ProvisionalCode.TO_ASK,
    ProvisionalCode.EDUCATOR,
    ProvisionalCode.SUPERVISOR,
    ProvisionalCode.MEASURE,
)
"""The reasons of a match alone that count in ``firm``; one of a student's two placements is in ``student_rules``."""


def agency_is_to_ask(facts: Facts, p: Placement) -> bool:
    """Whether the answer of the agency, or of a spoke's, is ``to_ask`` (S3.6)."""
    answers = set()
    for name, _ in p.offer.sites:
        agency = facts.dataset.agency_by_id.get(name)
        asks = agency is not None and agency.asks_decision
        answers.add(facts.agency_answers.get((p.request.request, name), "to_ask" if asks else "not_needed"))
    return facts.policy.on("E06") and "to_ask" in answers


def waits_for(facts: Facts, p: Placement) -> frozenset[ProvisionalCode]:
    """Codes of S6.4 that hold for a match; kept ones wait neither for the agency nor for a measured time."""
    off_site = p.basis not in (None, "in_team")
    holds = {
        ProvisionalCode.FORECAST: p.offer.state == "forecast",
        ProvisionalCode.TO_ASK: not p.kept and agency_is_to_ask(facts, p),
        ProvisionalCode.EDUCATOR: p.pe_needed or (p.pe is not None and p.pe.to_be_named),
        ProvisionalCode.SUPERVISOR: (
            facts.policy.on("E14") and off_site and p.offer.on_site_supervisor == "to_be_named"
        ),
        ProvisionalCode.MEASURE: not p.kept and to_be_measured(facts, p.request, p.offer),
    }
    return frozenset(code for code, true in holds.items() if true)
