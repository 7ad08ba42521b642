"""Offers: blanks filled from team, agency and tranche; who supervises; where else students are."""

import re
from functools import lru_cache
from typing import Any

from allocator.reading.tables import takes_nobody
from allocator.settling.directories import Directory, TeamNames, resolve_column
from allocator.settling.draft import Draft, Facts, facts_of, number_rows
from allocator.settling.hosts import make_team
from allocator.settling.repeats import repeated
from allocator.settling.spokes import read_spokes
from allocator.settling.tranches import TrancheChooser
from models.base import compact, natural_key
from models.entities import EVIDENCE, EducatorEntry
from models.register import Row

_POOL = re.compile(r"(tbc|own)(?:\s+(?![x×]\s*\d)(.+?))?(?:\s*[x×]\s*(\d{1,3}))?", re.IGNORECASE)
_QUALIFICATION = {
    "peps1": "PEPS1", "peps 1": "PEPS1", "peps2": "PEPS2", "peps 2": "PEPS2", "trainee_1": "trainee_1",
    "trainee 1": "trainee_1", "trainee1": "trainee_1", "trainee_2": "trainee_2", "trainee 2": "trainee_2",
    "trainee2": "trainee_2",
}  # fmt: skip
_FROM_TEAM = ("place", "areas", "setting", "statutory_regulator", "statutory_dfe", "authorities", *EVIDENCE)
_TO_BE_NAMED = frozenset(("to be named", "to be confirmed", "tba", "tbc"))
_COLUMNS = (
    "offer", "agency", "team", "areas", "setting", "statutory_regulator", "statutory_dfe", "equivalence_by",
    "equivalence_on", "stage", "tranche", "capacity", "minimum", "minimum_kind", "earliest_start", "latest_start",
    "latest_end", "days_a_week", "features", "cannot", "universities", "programmes", "reserved_until",
    "on_site_supervisor", "authorities", "state", "probability", "received_on", "note", *EVIDENCE,
)  # fmt: skip


def read_offers(draft: Draft) -> None:
    """Read the Offers sheet into ``draft.offers``.

    Parameters
    ----------
    draft
        Takes offers, teams and problems; agencies, teams, educators and tranches have been read.
    """
    table = draft.table("Offers")
    number_rows(draft, "Offers", "offer", "O")
    repeated(table, draft.collector, {})
    resolve_column(table, "tranche", draft.directory["tranches"], draft.collector)
    chooser = TrancheChooser(draft, "Offers")
    for row in sorted(draft.usable("Offers"), key=lambda r: natural_key(r.values["offer"])):
        offer = row.values["offer"]
        draft.rows["Offers", offer] = row
        facts = _facts(draft, row, chooser)
        if facts:
            draft.offers[offer] = facts
            make_team(draft, facts)
            _check(draft, row, facts)
    chooser.report()
    read_spokes(draft)
    draft.directory["offers"] = Directory("Offers", draft.offers)
    draft.directory["teams"] = Directory("Teams or Offers", (team for _, team in draft.teams))
    draft.team_names = TeamNames(draft.teams)


def _facts(draft: Draft, row: Row, chooser: TrancheChooser) -> Facts | None:
    facts = facts_of(row, *_COLUMNS)
    stage = facts.get("stage", "either")
    programmes = facts.get("programmes", ())
    name = facts.get("tranche") or chooser.choose(
        None if stage == "either" else stage, programmes, row.number, facts["offer"]
    )
    if name is None:
        return None
    tranche = draft.tranches[name]
    team = draft.teams.get((facts["agency"], facts["team"]), {})
    agency = draft.agencies[facts["agency"]]
    unknown = {*row.not_known, *_not_known_of_the_team(facts, row, team, agency)}
    facts["tranche"] = name
    facts.setdefault("earliest_start", tranche.first_day)
    facts.setdefault("latest_start", tranche.last_start)
    facts.setdefault("latest_end", tranche.last_end)
    facts["place"] = draft.place(row.get("place"))
    # "not known" is an answer: only a blank is filled from the team.
    for column in _FROM_TEAM:
        if facts.get(column) is None and column not in unknown and team.get(column) is not None:
            facts[column] = team[column]
    if facts.get("setting") is None and "setting" not in unknown:
        facts["setting"] = agency.get("kind")
    if facts.get("authorities") is None:  # where the team's are not known, they are some of the agency's
        facts["authorities"] = agency.get("authorities", ())
    facts["part"] = team.get("part") or ("part" not in unknown and agency.get("part")) or None
    facts["driver_essential"] = row.get("driver_essential") or ("not_known" if "driver_essential" in unknown else "no")
    facts["reserved_for"] = row.get("reserved_for")
    facts["educators"] = _entries(draft, row, facts)
    if takes_nobody(draft.table("Offers").sheet, row):
        facts["capacity"] = 0
        facts.pop("minimum", None)
    facts["not_known"] = tuple(sorted({*unknown, *(c for c in ("place", "areas") if not facts.get(c))}))
    return facts


def _not_known_of_the_team(facts: Facts, row: Row, team: Facts, agency: Facts) -> set[str]:
    """Blank columns of an offer that read "not known" where they would be filled from: with its team or agency."""
    found = {column for column in _FROM_TEAM if row.get(column) is None and column in team.get("not_known", ())}
    if facts.get("setting") is None and team.get("setting") is None and "kind" in agency.get("not_known", ()):
        found |= {"setting"}
    if facts.get("authorities") is None and team.get("authorities") is None:
        found |= {"authorities"} & set(agency.get("not_known", ()))
    if team.get("part") is None and "part" in (*team.get("not_known", ()), *agency.get("not_known", ())):
        found |= {"part"}
    return found


def _entries(draft: Draft, row: Row, facts: Facts) -> tuple[EducatorEntry, ...]:
    educators = draft.directory["educators"]
    entries: dict[tuple[str, str | None], EducatorEntry] = {}
    parts = [p for part in row.get("educators") or () for p in _parts(part, educators)]
    for part in parts:
        listed = educators.find(part)
        entry = pool_of(part) if listed is None else None
        if entry is not None:
            key = (entry.kind, entry.qualification)
            entries[key] = _together(entries[key], entry) if key in entries else entry
        elif listed is None and _POOL.fullmatch(part):
            allowed = draft.table("Offers").sheet.by_name["educators"].allowed_text
            draft.collector.add(
                "V423", sheet="Offers", row=row.number, column="educators", found=part, subject=facts["offer"],
                allowed=allowed,
            )  # fmt: skip
        else:
            if listed is None:
                cause = draft.collector.aside(part, "Educators")
                draft.collector.add(
                    "V308" if cause else "V414", sheet="Offers", row=row.number, column="educators", level="warning",
                    found=part, subject=facts["offer"], consequence="; the name is passed over",
                    suggestion=educators.suggestion(part), **cause,
                )  # fmt: skip
            elif listed != part:
                draft.collector.add(
                    "V304", sheet="Offers", row=row.number, column="educators", found=part, meaning=listed
                )  # fmt: skip
            entries["named", listed or part] = compact(EducatorEntry(kind="named", pe=listed or part))
    order = {"named": 0, "own": 1, "tbc": 2}
    return tuple(sorted(entries.values(), key=lambda e: (order[e.kind], natural_key(e.pe or e.qualification or ""))))


def _parts(part: str, educators: Directory) -> list[str]:
    """One entry, or several that were separated by commas."""
    return [part] if educators.find(part) or "," not in part else [p.strip() for p in part.split(",") if p.strip()]


@lru_cache(maxsize=1024)
def pool_of(text: str) -> EducatorEntry | None:
    """The pool that an entry means: ``TBC``, ``TBC PEPS2 x2``, ``own PEPS1``.

    Parameters
    ----------
    text
        One entry of Offers.educators.

    Returns
    -------
    EducatorEntry or None
        None where the text means no pool (a PE's id, or a qualification that does not exist).
    """
    found = _POOL.fullmatch("TBC" if text.casefold() in _TO_BE_NAMED else text)
    if not found:
        return None
    own = found[1].casefold() == "own"
    qualification = _QUALIFICATION.get((found[2] or "").casefold())
    places = int(found[3]) if found[3] else 1 if own else None
    if places == 0 or (qualification is None and (own or found[2])):
        return None
    return EducatorEntry.model_validate(
        {"kind": "own" if own else "tbc", "qualification": qualification, "places": places}
    )


def _together(one: EducatorEntry, other: EducatorEntry) -> EducatorEntry:
    """Two entries of one pool: their people together (to be named without a number: the offer's capacity)."""
    unlimited = one.places is None or other.places is None
    return one.model_copy(update={"places": None if unlimited else (one.places or 0) + (other.places or 0)})


def _check(draft: Draft, row: Row, facts: dict[str, Any]) -> None:
    def warn(code: str, column: str, **words: Any) -> None:
        draft.collector.add(code, sheet="Offers", row=row.number, column=column, subject=facts["offer"], **words)

    if facts.get("minimum", 0) > facts.get("capacity", 1):
        warn("V417", "minimum", minimum=facts["minimum"], capacity=facts.get("capacity", 1))
    for early, late in (
        ("earliest_start", "latest_start"),
        ("earliest_start", "latest_end"),
        ("latest_start", "latest_end"),
    ):
        first, last = facts.get(early), facts.get(late)
        if first and last and last < first and not (early == "latest_start" and last >= facts["earliest_start"]):
            warn("V220", late, found=f"{early} {first}, {late} {last}", consequence=", so nobody fits in")
    for column in ("place", "areas"):
        if not facts.get(column) and column not in row.not_known and column not in row.unreadable:
            cost = ": travel to it waits for a measured time" if column == "place" else ": it meets no preference"
            warn("V215", column, allowed=draft.table("Offers").sheet.by_name[column].allowed_text, consequence=cost)
