"""Parts of the partnership (E20): one spelling on all sheets; what is only alike is one, and asked about."""

from typing import Any

from allocator.reading.folding import fold
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft, one_spelling
from allocator.settling.hosts import MOST_COMPARED
from models.base import natural_key
from models.register import Special

HOSTS = "Agencies or Teams"


def settle_parts(draft: Draft) -> None:
    """Read the parts of students as those of agencies and teams, and each in one spelling.

    Parameters
    ----------
    draft
        Its rows are changed; takes what is asked about.
    """
    for sheet in ("Agencies", "Teams", "Students"):
        for row in draft.table(sheet).rows:
            if "part" in row.unreadable:  # what confines and cannot be read is not "anywhere"
                row.values["part"] = Special.NOT_KNOWN
    hosts = _typed(draft, "Agencies") | _typed(draft, "Teams")
    students = _typed(draft, "Students")
    if not hosts | students:
        return
    settled: dict[str, str] = {}
    listed = Directory(HOSTS, ())
    for name in sorted(one_spelling(hosts).ids, key=natural_key):
        settled[fold(name)] = (listed.near(name) if len(listed.ids) <= MOST_COMPARED else None) or name
        listed = Directory(HOSTS, listed.ids | {settled[fold(name)]})
    for name in sorted(one_spelling(students).ids, key=natural_key):
        if fold(name) not in settled:
            settled[fold(name)] = listed.near(name) or name
    for sheet in ("Agencies", "Teams", "Students"):
        _settle(draft, sheet, settled, listed)


def _typed(draft: Draft, sheet: str) -> set[str]:
    found = (row.get("part") for row in draft.table(sheet).rows)
    return {part for part in found if isinstance(part, str)}


def _settle(draft: Draft, sheet: str, settled: dict[str, str], listed: Directory) -> None:
    told: set[str] = set()
    for row in draft.table(sheet).rows:
        typed = row.get("part")
        if typed is None or typed is Special.NOT_KNOWN:
            continue
        part = row.values["part"] = settled[fold(typed)]
        if typed in told:
            continue
        told.add(typed)
        where: dict[str, Any] = {"sheet": sheet, "row": row.number, "column": "part", "found": typed}
        if fold(part) != fold(typed):
            draft.collector.add("V320", **where, near=part, where=HOSTS)
        elif part != typed:
            draft.collector.add("V304", **where, meaning=part)
        if part not in listed and draft.policy.on("E20"):
            draft.collector.add("V437", **where, suggestion=listed.suggestion(typed))
