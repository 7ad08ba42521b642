"""L05: a student's two placements contrast: a new area, another setting or directorate, as the policy says (S5.6)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms

RULE = "L05"
LOOKS_AT = ("areas", "sides", "setting", "locked", "agency", "team")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def excused(terms: Terms, first: Placement, final: Placement) -> bool:
    """A locked student in another team."""
    another_team = first.team is not None and (first.agency, first.team) != (final.agency, final.team)
    return terms.policy.locked_contrast_by_team and final.locked and another_team


def pair_breaks(terms: Terms, first: Placement, final: Placement) -> bool:
    """Too alike, and not excused as a locked student in another team."""
    if excused(terms, first, final):
        return False
    new_area = _new_area(first, final)
    may_be_another = None in (first.setting, final.setting) or first.setting != final.setting
    contrasts = {
        "any": new_area or may_be_another,
        "area": new_area,
        "setting": may_be_another,
        "directorate": first.sides != final.sides or first.sides not in ({"adults"}, {"children"}),
        "both": new_area and may_be_another,
    }
    return not contrasts[terms.policy.contrast]


def rests_on_a_setting(terms: Terms, first: Placement, final: Placement) -> bool:
    """By setting: they go together only because nobody has said what setting one of them is."""
    contrast = terms.policy.contrast
    if contrast not in ("any", "setting", "both") or None not in (first.setting, final.setting):
        return False
    if contrast == "any" and _new_area(first, final):
        return False
    return not excused(terms, first, final) and not pair_breaks(terms, first, final)


def _new_area(first: Placement, final: Placement) -> bool:
    return not first.areas or bool(final.areas - first.areas)


def may_be_alike(terms: Terms, first: Placement, final: Placement) -> bool:
    """By directorate: they go together only because nobody has said which directorate it is."""
    if terms.policy.contrast != "directorate" or excused(terms, first, final) or pair_breaks(terms, first, final):
        return False
    return not (
        (first.sides == {"adults"} and "children" in final.sides)
        or (first.sides == {"children"} and "adults" in final.sides)
    )
