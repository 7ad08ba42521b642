"""Students, and the placements that they had."""

import re
from collections.abc import Mapping

from allocator.reading.words import NO
from allocator.settling.directories import Directory, near_teams, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of, number_rows
from allocator.settling.repeats import repeated
from models.base import compact, natural_key
from models.entities import History, TeamKey
from models.register import Row

_COLUMNS = (
    "student", "programme", "mode", "clearance", "limit_minutes", "adjustments", "preferred_areas", "waiting_since",
    "lost_out_before", "part", "note",
)  # fmt: skip
_Barred = str | TeamKey | None
"""What a word of ``excluded`` names: an agency or a PE, a team, or nothing that is listed."""
_BETWEEN = re.compile(r"[\s,/|]+")
"""What people type between offers instead of ``>``."""
_FIRST = ("first_agency", "first_team", "first_areas", "first_setting", "first_statutory")


def read_students(draft: Draft) -> None:
    """Read the Students sheet into ``draft.students`` (readiness is completed once the requests are known).

    Parameters
    ----------
    draft
        Takes students and problems; agencies, offers and educators have been read.
    """
    table = draft.table("Students")
    number_rows(draft, "Students", "student", "S")
    apart = repeated(
        table, draft.collector, {}, " A second placement of one student is a row on Requests, not on Students."
    )
    # Of rows that differ one stands for all, so that the student is counted and a kept match stays; nothing is placed.
    for key, rows in apart.items():
        chosen = min(rows, key=lambda r: r.content)
        chosen.reasons.append("it stands on several rows that differ")
        table.rows.append(chosen)
        draft.stages_apart[key[0]] = sorted({r.values["stage"] for r in rows if r.get("stage")})
    agencies = draft.directory["agencies"]
    for name in ("preferred_agencies", "intern_choices"):
        resolve_column(table, name, agencies, draft.collector)
    for name in ("employer_agency", "first_agency"):
        resolve_column(table, name, agencies, draft.collector, keep=True, ask=True)
    pairs = {f"{a}/{t}" for a, t in draft.teams}
    draft.directory["hosts"] = Directory(
        "Agencies, Teams or Educators", agencies.ids | pairs | draft.directory["educators"].ids
    )
    draft.directory["students"] = Directory("Students", (r.values["student"] for r in table.rows))
    teams = _teams(draft)
    near = near_teams(teams, table.rows, "employer_agency", "employer_team")
    words = {word for row in table.rows for typed in row.get("excluded") or () for word in (typed, *_split(typed))}
    barred = {word: _excludes(draft, word, teams) for word in words}
    for row in sorted(table.rows, key=lambda r: natural_key(r.values["student"])):
        name = row.values["student"]
        draft.students[name] = _facts(draft, row, near, barred)
        draft.row_by_student[name] = row


def _teams(draft: Draft) -> dict[str, Directory]:
    """Teams by agency, under which employers' and excluded teams are looked up."""
    by_agency: dict[str, set[str]] = {}
    for agency, team in draft.teams:
        by_agency.setdefault(agency, set()).add(team)
    return {agency: Directory("Teams or Offers", names) for agency, names in by_agency.items()}


def _team(draft: Draft, agency: str | None, typed: str, sheet: str, row: Row, column: str) -> tuple[str | None, str]:
    """The team that a cell names, or may name: rules bar it, and one that is only alike would pass them by.

    A name that one team alone has says which agency it is of, where no other cell does.
    """
    found, team = draft.team_names.find(agency, typed)
    if team is not None and found == agency:
        return agency, team
    near = f"{found}/{team}" if team is not None else draft.team_names.near(agency, typed) if agency else None
    if near is None:
        return agency, typed
    if (sheet, column, agency, typed) not in draft.asked:
        draft.asked.add((sheet, column, agency, typed))
        draft.collector.add("V320", sheet=sheet, row=row.number, column=column, found=typed, near=near, where="Teams")
    return (found, team) if team is not None else (agency, near)


def _split(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",")] if "," in typed else []


def _facts(draft: Draft, row: Row, near: Mapping[TeamKey, str], barred: Mapping[str, _Barred]) -> Facts:
    unknown = row.not_known
    facts = facts_of(row, *_COLUMNS)
    facts.setdefault("programme", "not known")
    facts["home"] = draft.place(row.get("home"))
    facts["university"] = row.get("university") or draft.policy.university
    facts["drives"] = row.get("drives") or ("not_known" if "drives" in unknown else "no")
    facts.setdefault("mode", "car" if facts["drives"] == "yes" else "public")
    for check in ("readiness", "clearance"):
        if check in unknown:
            facts[check] = "not_known"
        elif row.get(check):
            facts[check] = row.values[check]
    facts["scheme"] = row.get("scheme") or draft.words.scheme(facts["programme"])
    employer = row.get("employer_agency")
    facts["employer_agency"] = employer
    team = row.get("employer_team")
    if team:
        if (employer, team) in near and draft.team_names.near(employer or "", team) is None:
            draft.collector.add(
                "V303",
                sheet="Students",
                row=row.number,
                column="employer_team",
                found=team,
                level="warning",
                where="Teams or Offers",
                consequence=f" for {employer}",
                suggestion=near[employer or "", team],
            )
        facts["employer_agency"], team = _team(draft, employer, team, "Students", row, "employer_team")
    facts["employer_team"] = team
    if (facts.get("lost_out_before") or "").casefold() in ("no", "none", "never", *NO):
        del facts["lost_out_before"]
    facts["share_needs"] = row.get("share_needs") == "yes"
    facts["caring"] = row.get("caring") == "yes"
    facts["preferred_agencies"] = row.get("preferred_agencies") or ()
    facts["intern_choices"] = row.get("intern_choices") or ()
    facts["ranked_offers"] = _ranked(draft, row)
    facts |= _excluded(draft, row, barred)
    facts["not_known"] = unknown
    return facts


def _ranked(draft: Draft, row: Row) -> tuple[tuple[str, ...], ...]:
    offers = draft.directory["offers"]
    groups = []
    typed: tuple[tuple[str, ...], ...] = row.get("ranked_offers") or ()
    if len(typed) == 1 and len(typed[0]) == 1 and offers.find(typed[0][0]) is None and "," in typed[0][0]:
        # Nothing but commas: the order in which they stand is the only one that can be meant.
        typed = tuple((part.strip(),) for part in typed[0][0].split(",") if part.strip())
        ranks = " > ".join(group[0] for group in typed)
        draft.collector.add("V221", sheet="Students", row=row.number, column="ranked_offers", found=ranks)
    none = bool(typed) and not any(offers.find(name) for group in typed for name in group)
    for group in typed:
        found = []
        for name in group:
            listed = offers.find(name)
            if listed is None:
                draft.collector.add(
                    "V303",
                    sheet="Students",
                    row=row.number,
                    column="ranked_offers",
                    found=name,
                    subject=row.values["student"],
                    where="Offers",
                    level="set_aside" if none else "warning",
                    consequence=", and no other offer is ranked, so the row cannot be used"
                    if none
                    else ", so it is passed over",
                    suggestion=" Ranks are separated by >, offers of equal rank by =."
                    if any(offers.find(part) for part in _BETWEEN.split(name))
                    else offers.suggestion(name),
                )
            else:
                found.append(listed)
        if found:
            groups.append(tuple(sorted(found, key=natural_key)) if len(found) > 1 else tuple(found))
    if none:
        # Nothing left of a ranking must not read as "ranks nothing, takes anything".
        row.reasons.append("none of the ranked offers is listed")
    return tuple(groups)


def _excluded(draft: Draft, row: Row, barred: Mapping[str, _Barred]) -> Facts:
    agencies: set[str] = set()
    pairs: set[TeamKey] = set()
    educators: set[str] = set()
    words = [part for typed in row.get("excluded") or () for part in ((not barred[typed] and _split(typed)) or [typed])]
    for word in words:
        found = barred[word]
        if found is None:
            where = draft.directory["hosts"]
            draft.collector.add(
                "V303",
                sheet="Students",
                row=row.number,
                column="excluded",
                found=word,
                where=where.where,
                subject=row.values["student"],
                suggestion=where.suggestion(word),
                consequence=", and it protects somebody, so the row cannot be used",
            )
            row.reasons.append("excluded names something that is not listed")
        elif isinstance(found, tuple):
            pairs.add(found)
        elif found in draft.directory["agencies"]:
            agencies.add(found)
        if isinstance(found, str) and found in draft.directory["educators"]:
            educators.add(found)
    return {
        "excluded_agencies": tuple(sorted(agencies)),
        "excluded_teams": tuple(sorted(pairs)),
        "excluded_educators": tuple(sorted(educators, key=natural_key) if len(educators) > 1 else educators),
    }


def _excludes(draft: Draft, word: str, teams: dict[str, Directory]) -> _Barred:
    """The agency, team or PE that a word names."""
    agency = draft.directory["agencies"].find(word)
    if agency is not None:
        return agency
    for n, character in enumerate(word):
        if character == "/":
            agency = draft.directory["agencies"].find(word[:n])
            team = teams[agency].find(word[n + 1 :]) if agency in teams else None
            if agency is not None and team is not None:
                return agency, team
    return draft.directory["educators"].find(word)


def read_history(draft: Draft) -> None:
    """Read the History sheet, and the first placements that stand on Students, into ``draft.history``.

    Parameters
    ----------
    draft
        Takes history and problems; students have been read.
    """
    table = draft.table("History")
    resolve_column(table, "student", draft.directory["students"], draft.collector)
    resolve_column(table, "agency", draft.directory["agencies"], draft.collector, keep=True, ask=True)
    resolve_column(table, "pe", draft.directory["educators"], draft.collector, keep=True, ask=True)
    with_first: set[str] = set()
    for row in draft.usable("History"):
        facts = facts_of(
            row,
            "student",
            "stage",
            "agency",
            "team",
            "areas",
            "setting",
            "statutory_regulator",
            "statutory_dfe",
            "start",
            "outcome",
            "days_credited",
            "pe",
            "pe_kind",
        )
        facts["not_known"] = row.not_known
        _settle_place(draft, facts, "History", row, "team")
        if facts["stage"] == "first" and facts.get("outcome", "passed") == "passed":
            with_first.add(facts["student"])
        _keep(draft, History(**facts))
    for name, row in draft.row_by_student.items():
        filled = facts_of(row, *_FIRST)
        if not filled:
            continue
        if name in with_first:
            draft.collector.add("V416", sheet="Students", row=row.number, column="first_agency", subject=name)
            continue
        statutory = filled.get("first_statutory", "not_known")
        facts = {
            "student": name,
            "stage": "first",
            "agency": filled.get("first_agency"),
            "team": filled.get("first_team"),
            "areas": filled.get("first_areas", ()),
            "setting": filled.get("first_setting"),
            "statutory_regulator": statutory,
            "statutory_dfe": statutory,
        }
        _settle_place(draft, facts, "Students", row, "first_team")
        _keep(draft, History(**facts))


def _keep(draft: Draft, row: History) -> None:
    draft.history.append(compact(row))
    if row.outcome != "passed":
        draft.credited[row.student, row.stage] += row.days_credited or 0


def _settle_place(draft: Draft, facts: Facts, sheet: str, row: Row, column: str) -> None:
    """The team's spelling where it is listed, and the councils of the team, else of the agency (L09)."""
    if facts.get("team"):
        facts["agency"], facts["team"] = _team(draft, facts.get("agency"), facts["team"], sheet, row, column)
    agency = facts.get("agency")
    listed = draft.teams.get((agency or "", facts.get("team") or ""), {})
    council = listed.get("authorities") or draft.agencies.get(agency or "", {}).get("authorities")
    facts["authorities"] = council or ()
    # Where nobody has said which councils the team serves, they are some of the agency's, or any.
    host = draft.agencies.get(agency or "", {})
    of_host = not council and "authorities" in host.get("not_known", ())
    if of_host or "authorities" in listed.get("not_known", ()):
        facts["not_known"] = (*facts.get("not_known", ()), "authorities")
