"""Places, travel times, commitments of other programmes, and the calendar."""

import re
from decimal import Decimal
from typing import Any

from allocator.reading.folding import fold
from allocator.reading.sheets_record import CALENDAR_OWNERS, CLOSED
from allocator.reading.tables import takes_nobody
from allocator.settling.directories import Directory, resolve_column
from allocator.settling.districts import is_district
from allocator.settling.draft import Draft, one_spelling
from allocator.settling.repeats import repeated
from models.base import compact, natural_key
from models.entities import CalendarEntry, ClosedDay, Commitment, Place, TravelTime

ENGLAND = (49.8, 55.9, -6.5, 1.9)
"""Least and greatest latitude and longitude of England, in degrees."""


def read_places(draft: Draft) -> tuple[Place, ...]:
    """Read the Places sheet.

    Parameters
    ----------
    draft
        Takes the directory of places and problems.

    Returns
    -------
    tuple of Place
        In natural order.
    """
    table = draft.table("Places")
    repeated(table, draft.collector, {})
    places: dict[str, Place] = {}
    south, north, west, east = ENGLAND
    for row in draft.usable("Places"):
        latitude, longitude = row.get("latitude"), row.get("longitude")
        if row.get("place") is None or latitude is None or longitude is None:
            continue
        name = row.values["place"]
        if not (south <= latitude <= north and west <= longitude <= east):
            draft.collector.add("V419", sheet="Places", row=row.number, column="latitude", found=name, subject=name)
        places[name] = Place(place=name, latitude=float(latitude), longitude=float(longitude))
    draft.directory["places"] = Directory("Places", places)
    draft.directory["place names"] = _place_names(draft)
    return tuple(places[name] for name in sorted(places, key=natural_key))


def _place_names(draft: Draft) -> Directory:
    """Every place that any sheet names, in one spelling: that of Places, else in capitals where it is a district."""
    listed = draft.directory["places"]
    named = _named(draft)
    others = {n.upper() if is_district(n) else n for n in named if listed.find(n) is None}
    return Directory("Places", listed.ids | one_spelling(others).ids)


def _named(draft: Draft, but: str = "") -> set[str]:
    """The places that the cells of all sheets name; of one sheet not."""
    named: set[str] = set()
    for name, table in draft.tables.items():
        for column in table.sheet.columns if name != but else ():
            if column.kind in {"place", "places"}:
                for value in {row.get(column.name) for row in table.rows} - {None}:
                    named.update(value if isinstance(value, tuple) else (value,))
    return named


def read_travel(draft: Draft) -> tuple[TravelTime, ...]:
    """Read the Travel sheet.

    Parameters
    ----------
    draft
        Places have been read.

    Returns
    -------
    tuple of TravelTime
        In natural order of places.
    """
    table = draft.table("Travel")
    elsewhere = Directory("Places", draft.directory["places"].ids | _named(draft, but="Travel"))
    spelt: dict[str, str] = {}
    for row in table.rows:
        for column in ("from", "to"):
            text = row.get(column)
            if text is not None:
                if text not in spelt:
                    near = None if elsewhere.find(text) else elsewhere.near(text)
                    spelt[text] = draft.place(near or text) or text
                    if near:  # measured for a place that nobody has, it would not count where it is meant to
                        draft.collector.add(
                            "V320", sheet="Travel", row=row.number, column=column, found=text, near=near, where="Places"
                        )
                row.values[column] = spelt[text]
    # Without those that differ a time would be estimated, which may be less than each of them.
    apart = repeated(table, draft.collector, {}, cost="the longest time counts until one of them is left")
    order = {name: natural_key(name) for name in spelt.values()}
    measured = [row.values for row in draft.usable("Travel") if not _unknown(row.values)]
    for rows in apart.values():
        readable = [row.values for row in rows if not row.reasons and not _unknown(row.values)]
        measured += [max(readable, key=lambda v: v["minutes"])] if readable else []
    times = [
        compact(TravelTime(origin=v["from"], destination=v["to"], mode=v["mode"], minutes=v["minutes"]))
        for v in measured
    ]
    return tuple(sorted(times, key=lambda t: (order[t.origin], order[t.destination], t.mode)))


def _unknown(values: dict[str, Any]) -> list[str]:
    return [c for c in ("from", "to", "mode", "minutes") if not isinstance(values.get(c), str | int)]


def read_commitments(draft: Draft) -> tuple[Commitment, ...]:
    """Read the Commitments sheet.

    Parameters
    ----------
    draft
        Agencies, teams and educators have been read.

    Returns
    -------
    tuple of Commitment
        Sorted by what they take from.
    """
    table = draft.table("Commitments")
    resolve_column(table, "agency", draft.directory["agencies"], draft.collector, ask=True)
    resolve_column(table, "pe", draft.directory["educators"], draft.collector, ask=True)
    found: list[Commitment] = []
    for row in draft.usable("Commitments"):
        if row.unreadable.keys() & {"agency", "team", "pe"}:
            continue
        agency, team, pe = row.get("agency"), row.get("team"), row.get("pe")
        if team is not None:
            agency, team = draft.team_names.find(agency, team)
            if team is None and agency and (near := draft.team_names.near(agency, row.values["team"])):
                team = near
                draft.collector.add(
                    "V320", sheet="Commitments", row=row.number, column="team", found=row.values["team"], near=near,
                    where="Teams or Offers",
                )  # fmt: skip
            if team is None:
                draft.collector.add(
                    "V303",
                    sheet="Commitments",
                    row=row.number,
                    column="team",
                    found=row.values["team"],
                    where="Teams or Offers",
                    consequence=", so the row cannot be used",
                    suggestion=draft.directory["teams"].suggestion(row.values["team"]),
                )
                continue
        if (agency is None) == (pe is None):
            named = ", ".join(c for c in ("agency", "team", "pe") if row.get(c)) or "none of them"
            draft.collector.add("V420", sheet="Commitments", row=row.number, column="agency", found=named)
            continue
        first, last = row.get("from"), row.get("to")
        if first and last and last < first:
            draft.collector.add(
                "V220",
                sheet="Commitments",
                row=row.number,
                column="to",
                found=f"from {first}, to {last}",
                consequence=", so it takes nothing",
            )
        number = row.get("number")
        if takes_nobody(table.sheet, row):
            number = _all_there_is(draft, agency, team, pe)
        found.append(
            Commitment(
                agency=agency,
                team=team,
                pe=pe,
                programme=row.get("programme"),
                first_day=first,
                last_day=last,
                number=Decimal(1) if number is None else number,
            )
        )
    return tuple(sorted(found, key=lambda c: [natural_key(str(v)) for v in c.model_dump(mode="json").values()]))


def _all_there_is(draft: Draft, agency: str | None, team: str | None, pe: str | None) -> Decimal:
    """What a commitment takes of which the number cannot be read: the whole maximum, or load; 1 where there is none."""
    wholes = [
        draft.educators.get(pe or "", {}).get("load"),
        draft.teams.get((agency or "", team or ""), {}).get("maximum_at_once"),
        draft.agencies.get(agency or "", {}).get(
            "maximum_at_once"
        ),  # what a team's takes, it takes from the agency too
    ]
    return next((Decimal(whole) for whole in wholes if whole is not None), Decimal(1))


def _may_mean_closed(step: str, known: Directory) -> bool:
    """Whether a step that is none of ours may be a day that is closed, which binds: it is spelt alike, or says more."""
    return known.vocabulary.closest(step) == CLOSED or re.match(rf"{CLOSED}\b", fold(step)) is not None


def read_calendar(draft: Draft) -> tuple[tuple[CalendarEntry, ...], tuple[ClosedDay, ...]]:
    """Read the Calendar sheet: key dates, and days that are closed; a blank owner is the step's usual one.

    Parameters
    ----------
    draft
        Tranches and agencies have been read.

    Returns
    -------
    tuple of tuple
        Key dates by tranche and date, and closed days by date and agency.
    """
    table = draft.table("Calendar")
    known = Directory("the steps", (*CALENDAR_OWNERS, CLOSED))
    for row in table.rows:
        step = row.get("step")
        if step is not None and known.find(step) is None and _may_mean_closed(step, known):
            draft.collector.add(
                "V320", sheet="Calendar", row=row.number, column="step", found=step, near=CLOSED,
                where="Calendar under a name that is less alike",
            )  # fmt: skip
            row.values["step"] = CLOSED
    shut = [row for row in table.rows if (step := row.get("step")) is not None and known.find(step) == CLOSED]
    for row in shut:
        row.values["tranche"] = None  # a day is closed whatever the round, and a round has many
    resolve_column(table, "agency", draft.directory["agencies"], draft.collector)
    resolve_column(table, "tranche", draft.directory["tranches"], draft.collector, needed=True)
    repeated(table, draft.collector, {})
    entries: list[CalendarEntry] = []
    closed: set[ClosedDay] = set()
    for row in draft.usable("Calendar"):
        day, step = row.get("date"), row.get("step")
        if day is None or step is None:
            continue
        listed = known.find(step)
        if listed == CLOSED:
            closed.add(ClosedDay(date=day, agency=row.get("agency")))
            continue
        where: dict[str, Any] = {"sheet": "Calendar", "row": row.number}
        if row.get("tranche") is None:
            draft.collector.add("V216", column="tranche", allowed="the round", or_not_known="", **where)
            continue
        if row.get("agency") is not None:
            draft.collector.add("V227", column="agency", found=row.get("agency"), step=step, **where)
        if listed is None:
            draft.collector.add(
                "V203",
                sheet="Calendar",
                row=row.number,
                column="step",
                found=step,
                list="steps",
                suggestion=known.suggestion(step),
            )
        owner = row.get("owner") or CALENDAR_OWNERS.get(listed or "")
        entries.append(CalendarEntry(tranche=row.values["tranche"], step=listed or step, date=day, owner=owner))
    return (
        tuple(sorted(entries, key=lambda e: (natural_key(e.tranche), e.date, e.step))),
        tuple(sorted(closed, key=lambda c: (c.date, natural_key(c.agency or "")))),
    )
