"""Practice educators: who employs them, what they may carry, and who assesses trainees."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from allocator.reading.dates import show
from allocator.reading.folding import fold
from allocator.reading.tables import takes_nobody
from allocator.settling.directories import Directory, near_teams, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of, number_rows
from allocator.settling.repeats import repeated
from models.base import PE_NEEDED
from models.entities import INDEPENDENT, PARTNERSHIP, Qualification, TeamKey
from models.register import Row

UNIVERSITY = "university"
_COLUMNS = (
    "pe", "qualification", "registered", "current_until", "last_student", "available_from", "leaves_on",
    "absent_from", "absent_to", "needs_student_by", "qualifies_on", "assesses_at_most", "note",
)  # fmt: skip
_RESERVED = ("tbc", "own ")
_NO_STEP = frozenset((("PEPS1", "PEPS1"), ("PEPS2", "PEPS1"), ("PEPS2", "PEPS2")))
"""Before and after qualifying: who is no more by it."""


def read_educators(draft: Draft) -> None:
    """Read the Educators sheet into ``draft.educators``.

    Parameters
    ----------
    draft
        Takes educators and problems; agencies and teams have been read.
    """
    table = draft.table("Educators")
    number_rows(draft, "Educators", "pe", "PE")
    repeated(table, draft.collector, {})
    employers = Directory(
        "Agencies",
        [*draft.directory["agencies"].ids, PARTNERSHIP, INDEPENDENT],
        {"practice consultant": PARTNERSHIP, "consultant": PARTNERSHIP} | _aliases(draft),
    )
    resolve_column(table, "employed_by", employers, draft.collector)
    draft.directory["educators"] = Directory("Educators", (r.values["pe"] for r in table.rows))
    for name in ("practice_assessor", "fall_back"):
        known = Directory(
            "Educators", [*draft.directory["educators"].ids, *([UNIVERSITY] if name == "practice_assessor" else [])]
        )
        resolve_column(table, name, known, draft.collector, keep=name == "practice_assessor")
    hosts = _Hosts(draft)
    for row in draft.usable("Educators"):
        facts = _facts(draft, row, hosts)
        if facts:
            draft.educators[facts["pe"]] = facts
            draft.rows["Educators", facts["pe"]] = row
    for row in table.rows:
        agency = draft.agencies.get(row.get("employed_by") or "")
        if agency is not None and row.get("pe") not in draft.educators:
            agency["educators_set_aside"] = True  # it is not one that lists nobody (E19)
    draft.directory["educators"] = Directory("Educators", draft.educators)


class _Hosts:
    """Teams by agency and places of offers, looked up by every PE."""

    def __init__(self, draft: Draft) -> None:
        rows = [*draft.table("Offers").rows, *draft.table("Teams").rows]
        teams: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.get("agency") and row.get("team"):
                teams[row.values["agency"]].add(row.values["team"])
        self.teams = {agency: Directory("Teams or Offers", names) for agency, names in teams.items()}
        self.none = Directory("Teams or Offers", ())
        self.near = near_teams(self.teams, draft.usable("Educators"), "employed_by", "team")
        places = {place for row in rows if (place := draft.place(row.get("place")))} | draft.directory["places"].ids
        self.served = Directory("Agencies, Places or Offers", places | draft.directory["agencies"].ids)


def _aliases(draft: Draft) -> dict[str, str]:
    return {
        alias: name
        for name, facts in sorted(draft.agencies.items())
        for alias in (*facts.get("also_called", ()), facts.get("name") or name)
    }


def _facts(draft: Draft, row: Row, hosts: _Hosts) -> Facts | None:
    name = row.values["pe"]
    if name in {PE_NEEDED, UNIVERSITY} or fold(name).startswith(_RESERVED):
        draft.collector.add("V306", sheet="Educators", row=row.number, column="pe", found=name, subject=name)
        return None
    away_from, away_to = row.get("absent_from"), row.get("absent_to")
    if away_from and away_to and away_to < away_from:
        draft.collector.add(
            "V220",
            sheet="Educators",
            row=row.number,
            column="absent_to",
            subject=name,
            level="set_aside",
            found=f"absent_from {away_from}, absent_to {away_to}",
            consequence=", so it is not clear when the PE is away and the row cannot be used",
        )
        return None
    if row.get("qualification") is None:
        draft.collector.add(
            "V217",
            sheet="Educators",
            row=row.number,
            column="qualification",
            subject=name,
            allowed=row_allowed(draft, "qualification"),
        )
        return None
    facts = facts_of(row, *_COLUMNS)
    facts["employed_by"] = row.values["employed_by"]
    facts["team"] = _team(draft, row, hosts.teams.get(facts["employed_by"], hosts.none), hosts.near)
    facts["long_arm"] = row.get("long_arm") == "yes"
    facts["load"] = row.get("load") if row.get("load") is not None else default_load(facts)
    if takes_nobody(draft.table("Educators").sheet, row):
        facts["load"] = 0
    facts["becomes"] = _becomes(draft, row)
    facts["practice_assessor"] = row.get("practice_assessor")
    facts["fall_back"] = row.get("fall_back")
    facts["serves"] = _serves(draft, row, hosts)
    facts["not_known"] = row.not_known
    leaves, from_day = facts.get("leaves_on"), facts.get("available_from")
    if leaves and from_day and leaves < from_day:
        draft.collector.add(
            "V220",
            sheet="Educators",
            row=row.number,
            column="leaves_on",
            subject=name,
            found=f"available_from {from_day}, leaves_on {leaves}",
            consequence=", so this PE is never there",
        )
    return facts


def _becomes(draft: Draft, row: Row) -> Qualification | None:
    """What the PE is from ``qualifies_on`` on, or from a day that is not known; None where nobody speaks of one."""
    before: Qualification = row.values["qualification"]
    after: Qualification | None = row.get("becomes")
    day, needs = row.get("qualifies_on"), row.get("needs_student_by")
    where = {"sheet": "Educators", "row": row.number, "subject": row.values["pe"]}
    if day is None:
        if "qualifies_on" in row.not_known and before == "PEPS1" and after in (None, "PEPS2"):
            return "PEPS2"  # the day may have come: whoever has that PE waits for it
        if after is not None and after != before:
            draft.collector.add("V225", column="qualifies_on", found=after, qualification=before, **where)
        return None
    default: Qualification = "PEPS1" if before == "trainee_1" else "PEPS2"
    lower = (before, after) == ("PEPS2", "PEPS1")  # once the day has come the cell 'qualification' may name the new one
    if (before, after or default) in _NO_STEP and (lower or day > draft.as_of):
        why = f"is {before} and is to become {after or default} on {show(day)}"
        draft.collector.add("V226", column="becomes" if after else "qualifies_on", found=why, **where)
    if before.startswith("trainee") and needs is not None and day <= needs:
        why = f"qualifies on {show(day)} and needs a student by {show(needs)}, when they are {after or default}"
        draft.collector.add("V226", column="needs_student_by", found=why, **where)
    return after or default


def row_allowed(draft: Draft, column: str) -> str:
    """What a column of Educators may hold, in words."""
    return draft.table("Educators").sheet.by_name[column].allowed_text


def default_load(facts: Facts) -> int:
    """Students at once of a PE whose load is blank: trainees 1, consultants and independents 2, others 1 (L03).

    Parameters
    ----------
    facts
        ``qualification`` and ``employed_by``.

    Returns
    -------
    int
        Students at once.
    """
    if str(facts["qualification"]).startswith("trainee"):
        return 1
    return 2 if facts["employed_by"] in {PARTNERSHIP, INDEPENDENT} else 1


def _team(draft: Draft, row: Row, teams: Directory, near: Mapping[TeamKey, str]) -> str | None:
    typed: str | None = row.get("team")
    if typed is None:
        return None
    listed = teams.find(typed)
    if listed is None:
        # A team that offers nothing is a fact; a spelling near a team that does is probably that team.
        hint = near.get((row.values["employed_by"], typed))
        if hint:
            draft.collector.add(
                "V303",
                sheet="Educators",
                row=row.number,
                column="team",
                found=typed,
                where=teams.where,
                level="warning",
                consequence=f" for {row.values['employed_by']}",
                suggestion=hint,
            )
        return typed
    if listed != typed:
        draft.collector.add("V304", sheet="Educators", row=row.number, column="team", found=typed, meaning=listed)
    return listed


def _serves(draft: Draft, row: Row, hosts: _Hosts) -> tuple[str, ...]:
    served = []
    for name in row.get("serves") or ():
        listed = draft.directory["agencies"].find(name) or hosts.served.find(draft.place(name) or name)
        if listed is None:
            draft.collector.add(
                "V303",
                sheet="Educators",
                row=row.number,
                column="serves",
                found=name,
                where=hosts.served.where,
                level="warning",
                consequence="",
                suggestion=hosts.served.suggestion(name),
            )
        served.append(listed or draft.place(name) or name)
    return tuple(sorted(set(served)))


def check_assessors(draft: Draft) -> None:
    """Warn of trainees whose practice assessor is no current PEPS2 when the next round begins.

    Parameters
    ----------
    draft
        Educators have been read.
    """
    starts = [t.first_day for t in draft.tranches.values() if t.status != "past"]
    day = max(draft.as_of, min(starts, default=draft.as_of))
    for name, facts in draft.educators.items():
        assessor = facts.get("practice_assessor")
        if not _on(facts, day).startswith("trainee") or assessor in {None, UNIVERSITY}:
            continue
        why = _why_not(draft.educators.get(str(assessor)), assessor == name, day, draft.policy.currency_months)
        if assessor not in draft.educators and (cause := draft.collector.aside(str(assessor), "Educators")):
            why = f"has a row that was set aside ({cause['cause']})"
        if why:
            row = draft.rows["Educators", name]
            draft.collector.add(
                "V404",
                sheet="Educators",
                row=row.number,
                column="practice_assessor",
                subject=name,
                found=assessor,
                why=why,
            )


def _why_not(assessor: Facts | None, is_self: bool, day: date, months: int) -> str | None:
    if is_self:
        return "is the trainee"
    if assessor is None:
        return "is not on Educators"
    if (is_then := _on(assessor, day)) != "PEPS2":
        return f"is {is_then}, not PEPS2" + (f", on {show(day)}" if assessor.get("becomes") else "")
    if assessor.get("registered") == "no":
        return "is not registered"
    until, last, new = (assessor.get(name) for name in ("current_until", "last_student", "qualifies_on"))
    if (until is None and last is None) or (until and until >= day):
        return None
    if any(had and add_months(had, months) >= day for had in (last, new if new and new <= day else None)):
        return None
    if assessor.get("becomes") and new is None:
        return None
    return f"is not current on {day.isoformat()}"


def _on(facts: Facts, day: date) -> str:
    """The qualification on a day."""
    since = facts.get("qualifies_on")
    qualified = facts.get("becomes") and (since is None or since <= day)
    return str(facts["becomes"] if qualified else facts["qualification"])


def add_months(day: date, months: int) -> date:
    """Calendar months later, the day clipped to the month's end (SEMANTICS S4.6).

    Parameters
    ----------
    day
        A date.
    months
        How many.

    Returns
    -------
    date
        Such as 28 February for 31 August and 6 months.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
