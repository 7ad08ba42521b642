"""The versions of the plan that were published: what the sheet Versions says of each, and no rule looks at."""

from allocator.settling.draft import Draft, facts_of
from allocator.settling.repeats import repeated
from models.base import compact
from models.versions import Version


def read_versions(draft: Draft) -> tuple[Version, ...]:
    """Read the Versions sheet.

    Parameters
    ----------
    draft
        Takes problems.

    Returns
    -------
    tuple of Version
        In their order; the last is the one in force.
    """
    table = draft.table("Versions")
    repeated(table, draft.collector, {})
    found = [compact(Version(**facts_of(row, *Version.model_fields))) for row in draft.usable("Versions")]
    return tuple(sorted(found, key=lambda v: v.version))
