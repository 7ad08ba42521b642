"""The order in which rules are applied and reported."""

from allocator.rules import (
    e01_stage_and_dates,
    e02_readiness_and_clearance,
    e03_car_driver,
    e04_travel,
    e05_conflict_of_interest,
    e06_agency_decision,
    e07_adjustments,
    e08_locks,
    e09_programme_and_university,
    e10_not_the_same_team,
    e11_pe_qualification,
    e12_pe_registered_and_current,
    e13_away_or_declined,
    e14_on_site_supervisor,
    e16_decisions,
    e17_ranked_offers,
    e18_repeats,
    e19_named_pes,
    e20_one_part,
    l04_statutory_guarantee,
    l05_contrast,
    l06_first_before_final,
    l09_interns_authority,
)

PAIR_RULES = (
    e16_decisions, e02_readiness_and_clearance, e01_stage_and_dates, e08_locks, e09_programme_and_university,
    e06_agency_decision, e13_away_or_declined, e05_conflict_of_interest, e10_not_the_same_team, e18_repeats,
    e17_ranked_offers, e20_one_part, e03_car_driver, e07_adjustments, e04_travel,
)  # fmt: skip
"""Rules about request and offer: each has ``excludes(view)``. In the order in which removals are counted."""

SLOT_RULES = (
    e11_pe_qualification, e12_pe_registered_and_current, e13_away_or_declined, e14_on_site_supervisor, e19_named_pes,
)  # fmt: skip
"""Rules about a PE at a stage and window: each has ``bars_at(terms, slot, candidate)``; E11, E12 and E19 can be
``lifted`` for a request."""

PERSONAL_RULES = (e05_conflict_of_interest, e13_away_or_declined, e16_decisions, e18_repeats)
"""Rules about a PE and one request: each has ``bars(terms, request, offer, candidate)``."""

TWO_PLACEMENT_RULES = (
    e10_not_the_same_team, l04_statutory_guarantee, l05_contrast, l06_first_before_final, l09_interns_authority,
)  # fmt: skip
"""Rules about a student's first and final: each has ``pair_breaks(terms, first, final)``, which looks at the facts of a
placement that ``LOOKS_AT`` names and at no others, so that equal facts are judged once."""

SOME_STUDENTS = (l04_statutory_guarantee, l09_interns_authority)
"""Of these the rules that judge some students only (``applies(terms, student)``), or for whom each placement alone has
to hold (``applies_alone(terms, student)``, ``alone_breaks(terms, placement)``)."""
