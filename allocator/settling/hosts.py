"""Agencies and teams: listed ones, and those made from the other sheets; offers' blanks are filled from them."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import combinations

from rapidfuzz.distance import Indel

from allocator.reading.folding import fold, one_slip, skeleton
from allocator.reading.tables import Table, takes_nobody
from allocator.settling.directories import Directory, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of, one_spelling
from allocator.settling.repeats import repeated
from models.base import natural_key
from models.entities import EVIDENCE, INDEPENDENT, PARTNERSHIP
from models.register import Row

MOST_COMPARED = 300
"""Names up to which each is compared with each."""
ALIKE = 0.9
"""Two names at least so similar are pointed out (ratio of matching letters)."""
_AGENCY_COLUMNS = (
    "agency", "name", "kind", "directorate", "membership", "authorities", "also_called", "social_workers_fte",
    "maximum_at_once", "minimum_in_year", "maximum_in_year", "nqsw_posts", "internships",
    "asked_on", "heard_from", "attended", "part",
)  # fmt: skip
_TEAM_COLUMNS = (
    "agency", "team", "areas", "setting", "statutory_regulator", "statutory_dfe", "authorities",
    "vacancies", "maximum_at_once", "part", *EVIDENCE,
)  # fmt: skip


def read_agencies(draft: Draft) -> None:
    """Read the Agencies sheet, or make agencies from the other sheets; canonical names everywhere.

    Parameters
    ----------
    draft
        Takes agencies, directories and problems.
    """
    listed = draft.table("Agencies")
    if listed.there:
        repeated(listed, draft.collector, {})
        for row in draft.usable("Agencies"):
            name = row.get("agency")
            if name is None:
                draft.collector.add(
                    "V216",
                    sheet="Agencies",
                    row=row.number,
                    column="agency",
                    allowed="the agency's id",
                    or_not_known="",
                )
                continue
            if name in {PARTNERSHIP, INDEPENDENT}:
                draft.collector.add("V306", sheet="Agencies", row=row.number, column="agency", found=name, subject=name)
                continue
            facts = facts_of(row, *_AGENCY_COLUMNS)
            facts["not_known"] = row.not_known
            if takes_nobody(listed.sheet, row):
                facts["maximum_at_once"] = 0
                facts.pop("minimum_in_year", None)
            # Whether the agency wants to be asked is not known: then it is asked.
            facts["asks_decision"] = row.get("asks_decision") == "yes" or "asks_decision" in row.not_known
            draft.agencies[name] = facts
            draft.rows["Agencies", name] = row
        aliases = {
            alias: name
            for name, facts in sorted(draft.agencies.items())
            for alias in (*facts.get("also_called", ()), facts.get("name") or name)
        }
        draft.directory["agencies"] = Directory("Agencies", draft.agencies, aliases)
    else:
        names = {
            row.get(column)
            for sheet, column in (("Offers", "agency"), ("Teams", "agency"), ("Educators", "employed_by"))
            for row in draft.table(sheet).rows
        }
        outside = {None, PARTNERSHIP, INDEPENDENT}
        draft.directory["agencies"] = one_spelling(str(n) for n in names - outside)
        # Where no sheet is about agencies, nobody has said which are members.
        draft.agencies = {n: {"agency": n, "not_known": ("membership",)} for n in draft.directory["agencies"].ids}
        _report_alike(draft)
    _read_authorities(draft)
    for sheet in ("Teams", "Offers"):
        resolve_column(draft.table(sheet), "agency", draft.directory["agencies"], draft.collector)


def _report_alike(draft: Draft) -> None:
    names = sorted(draft.agencies, key=natural_key)
    if len(names) > MOST_COMPARED:
        return
    for one, other in combinations(names, 2):
        if _alike(one, other):
            draft.collector.add("V307", sheet="Offers", column="agency", found=one, other=other, subject=one)


def _alike(typed: str, too: str) -> bool:
    one, other = typed.casefold(), too.casefold()
    # Names that differ in a number ("Team 1", "Team 2") are meant to differ.
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    # The fast likeness is never below the other (allocator.reading.spelling), which is asked of few pairs so.
    near = Indel.normalized_similarity(one, other, score_cutoff=ALIKE - 1e-9)
    return _one_thing(typed, too) or (near > 0 and SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _report_alike_teams(draft: Draft, agency: str, made: Iterable[str]) -> None:
    """Ask about teams of an agency that no sheet lists, where two of them are one slip of the keyboard apart.

    Nothing less: "Social Work Team North" and "Social Work Team South" have most letters in common.
    """
    names = sorted(made, key=natural_key)
    for one, other in combinations(names, 2) if len(names) <= MOST_COMPARED else ():
        if _one_thing(one, other):
            rows = [r.number for r in draft.table("Offers").rows if r.get("agency") == agency and r.get("team") == one]
            draft.collector.add(
                "V307", sheet="Offers", column="team", rows=rows, found=one, other=other, subject=f"{agency}/{one}"
            )


def _one_thing(one: str, other: str) -> bool:
    return skeleton(one) == skeleton(other) or one_slip(fold(one), fold(other))


def _read_authorities(draft: Draft) -> None:
    """One spelling of each council, whatever sheet it stands on."""
    columns = [(draft.table(s), "authorities") for s in ("Agencies", "Teams", "Offers")]
    names = {name for table, column in columns for row in table.rows for name in row.get(column) or ()}
    draft.directory["authorities"] = one_spelling(names)
    draft.directory["authorities"].where = "Agencies, Teams or Offers (authorities)"
    for table, column in columns:
        resolve_column(table, column, draft.directory["authorities"], draft.collector)
    for name, facts in draft.agencies.items():
        row = draft.rows.get(("Agencies", name))
        if row and row.get("authorities"):
            facts["authorities"] = row.values["authorities"]


def _one_spelling_of_teams(draft: Draft) -> None:
    """Rows of one team are one team, however it is spelt on them."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    rows = [row for row in draft.table("Teams").rows if row.get("agency") and row.get("team")]
    for row in rows:
        named[row.values["agency"]].add(row.values["team"])
    spelt = {agency: one_spelling(names) for agency, names in named.items()}
    for row in rows:
        typed = row.values["team"]
        team = spelt[row.values["agency"]].find(typed)
        if team is not None and team != typed:
            draft.collector.add("V304", sheet="Teams", row=row.number, column="team", found=typed, meaning=team)
            row.values["team"] = team


def read_teams(draft: Draft) -> None:
    """Read the Teams sheet; one spelling of each team of an agency, on Offers too.

    Parameters
    ----------
    draft
        Takes teams and problems.
    """
    table = draft.table("Teams")
    _one_spelling_of_teams(draft)
    apart = repeated(
        table, draft.collector, {}, cost="none of them was used, except that the least of their maximum_at_once holds"
    )
    draft.least_of_teams = {key: least for key, rows in apart.items() if (least := _least(table, rows)) is not None}
    for row in draft.usable("Teams"):
        if row.get("team") is None:
            draft.collector.add(
                "V216", sheet="Teams", row=row.number, column="team", allowed="the team's name", or_not_known=""
            )
            continue
        agency, team = row.values["agency"], row.values["team"]
        agency_facts = draft.agencies[agency]
        facts = facts_of(row, *_TEAM_COLUMNS)
        facts["place"] = draft.place(row.get("place"))
        if takes_nobody(table.sheet, row):
            facts["maximum_at_once"] = 0
        facts.setdefault("authorities", agency_facts.get("authorities", ()))
        if "setting" not in row.not_known:  # "not known" is an answer: only a blank is filled
            facts.setdefault("setting", agency_facts.get("kind"))
        if row.get("front_line"):
            facts["front_line"] = row.values["front_line"] == "yes"
        facts["not_known"] = row.not_known
        draft.teams[agency, team] = facts
        draft.rows["Teams", f"{agency}/{team}"] = row
    offered = [r for r in draft.table("Offers").rows if r.get("agency") and r.get("team")]
    teams_of: defaultdict[str, set[str]] = defaultdict(set)
    for agency, team in draft.teams:
        teams_of[agency].add(team)
    offered_by: defaultdict[str, list[Row]] = defaultdict(list)
    for row in offered:
        offered_by[row.values["agency"]].append(row)
    for agency in sorted(offered_by):
        teams = teams_of[agency]
        listed = Directory("Teams", teams)
        made = one_spelling({n for r in offered_by[agency] if listed.find(n := r.values["team"]) is None})
        for row in offered_by[agency]:
            typed = row.values["team"]
            team = listed.find(typed) or made.find(typed) or typed
            if team != typed:
                draft.collector.add("V304", sheet="Offers", row=row.number, column="team", found=typed, meaning=team)
                row.values["team"] = team
            if (agency, team) not in draft.teams and draft.table("Teams").there and teams:
                draft.collector.add(
                    "V303",
                    sheet="Offers",
                    row=row.number,
                    column="team",
                    found=team,
                    where="Teams",
                    level="warning",
                    consequence=f" for {agency}; the team was made from this offer",
                    agency=agency,
                    suggestion=listed.suggestion(team),
                )
        _report_alike_teams(draft, agency, made.ids)


def _least(table: Table, rows: Iterable[Row]) -> int | None:
    """The least of the greatest numbers of a team that stands on several rows: none of them may be passed over."""
    stated = [0 if takes_nobody(table.sheet, row) else row.get("maximum_at_once") for row in rows]
    return min((most for most in stated if most is not None), default=None)


def make_team(draft: Draft, offer: Facts) -> None:
    """Make the team of an offer where Teams has none.

    Parameters
    ----------
    draft
        Takes the team.
    offer
        The offer's facts, blanks filled.
    """
    key = (offer["agency"], offer["team"])
    if key not in draft.teams:
        columns = (
            "agency",
            "team",
            "place",
            "areas",
            "setting",
            "statutory_regulator",
            "statutory_dfe",
            "authorities",
        )
        draft.teams[key] = {c: offer[c] for c in columns if offer.get(c) is not None}
        if key in draft.least_of_teams:
            draft.teams[key]["maximum_at_once"] = draft.least_of_teams[key]
