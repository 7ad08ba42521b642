"""L05: a student's two placements contrast: a new area or another setting, as the policy says (S5.6)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms

RULE = "L05"
LOOKS_AT = ("areas", "setting", "locked", "agency", "team")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def pair_breaks(terms: Terms, first: Placement, final: Placement) -> bool:
    """Too alike, and not excused as a locked student in another team."""
    another_team = first.team is not None and (first.agency, first.team) != (final.agency, final.team)
    if terms.policy.locked_contrast_by_team and final.locked and another_team:
        return False
    new_area = not first.areas or bool(final.areas - first.areas)
    known = first.setting is not None and final.setting is not None
    other_setting = known and first.setting != final.setting
    contrasts = {
        "any": new_area or other_setting,
        "area": new_area,
        "setting": other_setting or not known,
        "both": new_area and (other_setting or not known),
    }
    return not contrasts[terms.policy.contrast]
