"""Plain words for codes, as the meeting uses them. Rules and their words stay in the catalogue."""

import re
from collections.abc import Iterable, Sequence

from allocator.reading.sheets_record import SHEETS
from models.base import PE_NEEDED
from models.catalogue import RULE_BY_ID
from models.entities import Offer, Qualification
from models.errors import Issue
from models.plan import Basis, Match, ProvisionalCode, TierResult, Waiting
from models.policy import OTHERS, group_of

STAGES = {"PEPS1": "PEPS1", "PEPS2": "PEPS2", "trainee_1": "PEPS1 trainee", "trainee_2": "PEPS2 trainee"}
BASES: dict[Basis, str] = {
    "in_team": "in the team",
    "elsewhere": "off-site (long-arm)",
    "practice_consultant": "practice consultant",
    "independent": "independent",
    "PE needed": PE_NEEDED,
}
SPANS = 12
"""Runs of rows that one problem names where it is about many; its data hold them all."""
STATUTORY = {"yes": "yes", "no": "no", "by_equivalence": "by equivalence", "not_known": "not known"}
SUPERVISORS = {"yes": "yes", "no": "no", "to_be_named": "to be named"}
WAITING: dict[ProvisionalCode, str] = {
    ProvisionalCode.FORECAST: "offer is a forecast",
    ProvisionalCode.TO_ASK: "agency to ask",
    ProvisionalCode.EDUCATOR: "PE to be named",
    ProvisionalCode.SUPERVISOR: "on-site supervisor to be named",
    ProvisionalCode.MEASURE: "travel to be measured",
    ProvisionalCode.STATUTORY: "ask: is it statutory",
    ProvisionalCode.READINESS: "readiness pending",
    ProvisionalCode.CLEARANCE: "clearance pending",
    ProvisionalCode.ADJUSTMENT: "ask about an adjustment",
    ProvisionalCode.NOT_RECORDED: "first placement not recorded",
    ProvisionalCode.CURRENCY: "PE's currency not known",
    ProvisionalCode.REGISTRATION: "PE's registration not checked",
    ProvisionalCode.ASSESSOR: "practice assessor to be named",
    ProvisionalCode.QUALIFYING: "PE still to qualify",
    ProvisionalCode.DRIVING: "driving not known",
    ProvisionalCode.BETWEEN: "travel between two students to be measured",
    ProvisionalCode.NOT_KNOWN: "something not known",
}
_COLUMNS = frozenset(c.name for sheet in SHEETS.values() for c in sheet.columns if "_" in c.name)
_COLUMN = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
ASK, OFFERS_DUE, MEETING, MEETINGS_BY = "ask", "offers due", "meeting", "pre-placement meetings by"
ANSWERS_BY, NAMED_BY = "agency answers by", "PE named by"
RELEASE = "release"
"""Steps of the Calendar (whatever their capitals): ``meeting`` is the allocation meeting, ``release`` the day on which
students are told.
"""
CALENDAR_STEP: dict[ProvisionalCode, str] = {
    ProvisionalCode.TO_ASK: ANSWERS_BY,
    ProvisionalCode.STATUTORY: ANSWERS_BY,
    ProvisionalCode.EDUCATOR: NAMED_BY,
    ProvisionalCode.SUPERVISOR: NAMED_BY,
    ProvisionalCode.READINESS: "results in",
    ProvisionalCode.CLEARANCE: "clearance in",
}
"""The step of the Calendar by which a provisional match is to be settled."""
DECISIONS = {
    "fix": "fix",
    "hold": "places held",
    "do_not_match": "do not match",
    "exception": "exception",
    "withdraw": "withdraw",
    "declined": "declined",
    "agency_decision": "agency's decision",
    "name_pe": "PE named",
    "name_supervisor": "supervisor named",
    "requested": "asked for by the agency",
    "defer": "deferred",
    "end_early": "ended early",
    "unlock": "unlock",
    "together": "together",
    "apart": "apart",
}
TIERS = {
    "placed.total": "Requests placed",
    "placed.finals": "Finals placed, of the tranche being decided",
    "placed.firsts": "Firsts placed, of the tranche being decided",
    "placed.later": "Requests placed, of later tranches",
    "complete": "Students with all their requests placed (what an intern counts: by policy)",
    "priority": "Priority: waiting or displaced, graduation due, needs, repeat (weights by policy)",
    "changes.offers": "Published matches that move to another place or fall out",
    "changes.educators": "Published matches that get another PE",
    "statutory_final": "Finals in statutory places",
    "two_statutory": "Students with two statutory placements (or a statutory first, where that is all so far)",
    "firm": "Matches that wait for an offer, an answer, a PE, a supervisor or a measured time",
    "partner_share": "Matches short of the partners' share",
    "own_educators": "PEs from outside the team: PE needed, independent, consultant, elsewhere (weights by policy)",
    "trainee_finals": "Finals on trainees above the share aimed at",
    "trainees": "Trainees who need a student and get none in time",
    "fair_share": "Places short of the floors of the agencies' ranges",
    "overload": "Places above the ceilings of the agencies' ranges",
    "travel": "Minutes of travel, all matches",
    "left_out": "Placed of programmes left out",
    "lottery": "Tie-break draw",
    "preferences.sum": "Preference bands, total",
}
UNPLACED = {
    "later": "belongs to a later tranche",
    "set aside": "its row was set aside",
    "fix": "fixed where it cannot be",
    "none eligible": "no offer fits",
    "limits": "limits of the whole plan",
}
"""Codes of unplaced requests that are no rule."""
BASIS_OF_RULES = {
    "P": "partnership's documents",
    "E": "national evaluation",
    "K": "Kent and Medway",
    "S": "regulator's standards",
    "B": "PE standards",
    "D": "policy default",
}


def tier_words(tier: str, preference_order: str = "") -> str:
    """What a tier counts; of preferences also their order, where that is known."""
    if tier.startswith("preferences.band"):
        orders = {"": "", "generous": " (nobody badly matched first)"}
        order = orders.get(preference_order, " (best matches first)")
        return f"Matches in preference band {tier.removeprefix('preferences.band')}{order}"
    if tier.startswith("two_statutory."):
        group = tier.removeprefix("two_statutory.")
        programme, stage = group_of(group)
        who = "everybody else" if group == OTHERS else f"{programme} with a {stage} to place" if stage else group
        return f"{TIERS['two_statutory']}: {who}"
    return TIERS.get(tier, tier)


def proof_words(tier: TierResult) -> str:
    """Whether a tier is proved; else how far it may be from the best."""
    if tier.proved:
        return "proved" + (" (given the tier before, which is not)" if tier.conditional else "")
    if tier.bound is None:
        return "not proved: no bound"
    gap = abs(tier.bound - tier.value)
    end = ", if the tiers before stay as they are" if tier.conditional else ""
    return f"not proved: at most {gap} {'more' if tier.sense == 'max' else 'fewer'} possible{end}"


def waiting_words(waiting: Waiting) -> str:
    """What a match waits for, and who has it: ``PE to be named: Croydon Adults (agency)``."""
    text = waited_for(waiting)
    return f"{text} ({waiting.who})" if waiting.who else text


def waited_for(waiting: Waiting) -> str:
    """What a match waits for, whoever has it; columns of the workbook as words, ``limit minutes``."""
    if not waiting.detail:
        return WAITING[waiting.code]
    detail = waiting.detail
    if waiting.code is ProvisionalCode.NOT_KNOWN:
        detail = _COLUMN.sub(lambda name: name[0].replace("_", " ") if name[0] in _COLUMNS else name[0], detail)
    return f"{WAITING[waiting.code]}: {detail}"


def rule_words(rule: str) -> str:
    """Title and id of a rule; of one whose id is the name of a setting the title alone."""
    known = RULE_BY_ID.get(rule)
    if known is None:
        return rule
    return known.title if rule in known.settings else f"{known.title} ({rule})"


def rows_words(issue: Issue, most: int = SPANS) -> str:
    """The rows of a problem of the input: ``7``, or ``5, 9-12`` where it is one of several; empty where it has none."""
    spans: list[list[int]] = []
    for row in issue.rows or ((issue.row,) if issue.row else ()):
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:most]]
    return ", ".join(shown) + (f" and {sum(b - a + 1 for a, b in spans[most:])} more" if len(spans) > most else "")


def place_words(issue: Issue) -> str:
    """Where a problem of the input stands: ``Offers row 7, agency``; whom it is about where no sheet is named."""
    number = rows_words(issue)
    row = " ".join(part for part in (issue.sheet, number and f"row{'s' if issue.rows else ''} {number}") if part)
    return ", ".join(part for part in (row, issue.column) if part) or issue.subject or ""


def rows_aside(issues: Iterable[Issue]) -> tuple[list[Issue], int]:
    """The rows that problems of the input set aside, however many problems a row has.

    Parameters
    ----------
    issues
        Of any level; those that set nothing aside are passed over.

    Returns
    -------
    tuple
        For each sheet one problem with all its rows, in the order of the first of each; and how many rows there are,
        a problem without a row counting as one.
    """
    aside = [i for i in issues if i.level == "set_aside"]
    found: dict[str | None, set[int]] = {}
    for issue in aside:
        if issue.row:
            found.setdefault(issue.sheet, set()).update(issue.rows or (issue.row,))
    sheets = [
        Issue(
            level="set_aside", code="", message="", sheet=sheet, row=min(rows),
            rows=tuple(sorted(rows)) if len(rows) > 1 else (),
        )
        for sheet, rows in found.items()
    ]  # fmt: skip
    return sheets, sum(map(len, found.values())) + sum(not i.row for i in aside)


def educator_stage(pe: str | None, listed: Qualification | None) -> str:
    """Stage of a PE who is listed as this; of one to be named as far as the id says it."""
    if listed is not None:
        return STAGES[listed]
    if pe is None or pe == PE_NEEDED:
        return ""
    said = pe.split("@")[0].removeprefix("TBC").removeprefix("own").strip()
    return STAGES.get(said, "as the stage needs")


def educator_name(pe: str | None) -> str:
    """A PE as the meeting reads it: an id, ``PE needed``, or one to be named or the team's own."""
    if pe is None or pe == PE_NEEDED:
        return PE_NEEDED
    if "@" not in pe:
        return pe
    word, _, stage = pe.split("@")[0].partition(" ")
    name = "to be named" if word == "TBC" else "team's own PE"
    return f"{name} ({STAGES.get(stage, stage)})" if stage else name


def is_to_be_named(match: Match) -> bool:
    """Whether the match's PE is still to be named."""
    return match.pe is None or match.pe == PE_NEEDED or (match.pe.startswith("TBC") and "@" in match.pe)


def is_person(pe: str | None) -> bool:
    """Whether a PE is somebody with an id: not to be named, and no one of a team's own who is on no list."""
    return pe is not None and pe != PE_NEEDED and "@" not in pe and not pe.startswith("TBC")


def entry_words(offer: Offer) -> str:
    """The PEs that an offer names, as the meeting reads them."""
    words = []
    for entry in offer.educators:
        if entry.kind == "named":
            words.append(entry.pe or "")
        else:
            times = f" x{entry.places}" if entry.places and entry.places > 1 else ""
            words.append(educator_name(entry.pool_id(offer.offer)) + times)
    return "; ".join(words) or "any who reach"


def listed(items: Iterable[str], empty: str = "") -> str:
    """Items joined for a cell."""
    return "; ".join(items) or empty


def shortened(items: Sequence[str], most: int) -> str:
    """The first items joined, and how many more there are."""
    more = len(items) - most
    return "; ".join(items[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 place``, ``3 places``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
