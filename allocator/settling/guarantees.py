"""Students of whom two statutory placements are asked and who cannot have them any more: the first was none (L04)."""

from datetime import date

from allocator.settling.draft import Draft
from models.base import natural_key


def check_guarantees(draft: Draft) -> None:
    """Warn of each student who is to have two statutory placements, has had one that is none, and one is left.

    Parameters
    ----------
    draft
        Everything has been read and every decision carried out.
    """
    if not draft.policy.on("L04") or 2 not in draft.policy.statutory_least.values():
        return
    last: dict[str, str] = {}
    with_first: set[str] = set()
    for name, facts in draft.requests.items():
        if draft.tranches[facts["tranche"]].status != "past":
            if facts["stage"] == "first":
                with_first.add(facts["student"])
            elif facts.get("found_by") != "employer":
                last[facts["student"]] = name
    for student in sorted(last.keys() - with_first, key=natural_key):
        facts, where = draft.students[student], _not_statutory(draft, student)
        if draft.policy.least_statutory(facts["programme"]) == 2 and not facts.get("withdrawn") and where is not None:
            draft.collector.add(
                "V441",
                sheet="Students",
                row=draft.row_by_student[student].number,
                column="programme",
                subject=student,
                found=facts["programme"],
                where=where,
                request=last[student],
            )


def _not_statutory(draft: Draft, student: str) -> str | None:
    """Where the student's first was, if it is said not to be statutory; None: it is, nobody says, or there is none."""
    column = f"statutory_{draft.policy.statutory_test}"
    rows = [h for h in draft.history if (h.student, h.stage) == (student, "first")]
    told = {(h.agency, h.team) for h in rows}
    firsts = [(h.start or date.min, h.agency, h.team, getattr(h, column)) for h in rows if h.outcome == "passed"]
    for name in draft.requests_of.get(student, ()):
        published = draft.published.get(name, {})
        offer = draft.offers.get(published.get("offer", ""))
        runs = (published.get("standing"), published.get("status")) == ("over", "started")
        if not runs or offer is None or draft.requests[name]["stage"] != "first":
            continue
        if (site := (offer["agency"], offer["team"])) not in told:
            firsts.append((published.get("start") or date.min, *site, offer.get(column, "not_known")))
    if not firsts:
        return None
    _, agency, team, statutory = max(reversed(firsts), key=lambda first: first[0])
    return (", ".join(part for part in (agency, team) if part) or "not recorded") if statutory == "no" else None
