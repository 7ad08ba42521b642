"""Offers.spokes: the other sites of an offer's placements, and how many of their days are there."""

import re
from typing import Any

from allocator.reading.spelling import did_you_mean
from allocator.settling.directories import Directory, TeamNames
from allocator.settling.draft import Draft, Facts
from models.entities import Spoke
from models.register import Row

_SPOKE = re.compile(r"(.*[^=\s])\s*=\s*(.*?)(?:\s*days?)?", re.IGNORECASE)
_DAYS = re.compile(r"[1-9]\d{0,2}")


def read_spokes(draft: Draft) -> None:
    """Read the spokes of every offer; an offer with one that cannot be read is set aside.

    Parameters
    ----------
    draft
        Its offers are changed; takes teams that no other row names, and problems. All offers' own teams are known.
    """
    with_spokes = [(o, draft.rows["Offers", o]) for o in draft.offers if draft.rows["Offers", o].get("spokes")]
    if not with_spokes:
        return
    names = TeamNames(draft.teams)
    for offer, row in with_spokes:
        facts, found = draft.offers[offer], list[Spoke]()
        for text in row.values["spokes"]:
            spoke = _read(draft, row, facts, names, text)
            if isinstance(spoke, str):
                draft.collector.add("V413", **_at(row), subject=offer, found=text, why=spoke)
                del draft.offers[offer]
                break
            if (spoke.agency, spoke.team) == (facts["agency"], facts["team"]):
                draft.collector.add("V440", **_at(row), subject=offer, found=text)
            else:
                found.append(spoke)
        facts["spokes"] = tuple(found)
        if offer in draft.offers:
            _make_teams(draft, found)
            _check_days(draft, row, facts)


def _at(row: Row) -> dict[str, Any]:
    return {"sheet": "Offers", "row": row.number, "column": "spokes"}


def _read(draft: Draft, row: Row, offer: Facts, names: TeamNames, text: str) -> Spoke | str:
    """The spoke that a text means, or why it means none."""
    typed = _SPOKE.fullmatch(text)
    if typed is None:
        return "no '=' and days stand in it"
    if not _DAYS.fullmatch(typed[2]):
        return f"'{typed[2]}' is no whole number of days"
    parts = [part.strip() for part in typed[1].split("/")]
    if not all(parts) or len(parts) > 3:
        return "what stands before '=' is not agency/team or agency/team/place"
    agency = offer["agency"] if len(parts) == 1 else _agency(draft, row, parts[0])
    if agency is None:
        hint = did_you_mean(parts[0], draft.directory["agencies"].ids).strip()
        return f"'{parts[0]}' is not on Agencies" + (f" ({hint})" if hint else "")
    team = _team(draft, row, names, agency, parts[0] if len(parts) == 1 else parts[1])
    listed = draft.teams.get((agency, team), {})
    place = draft.place(parts[2]) if len(parts) == 3 else listed.get("place")
    host = draft.agencies.get(agency, {})
    of_team, of_agency = "part" in listed.get("not_known", ()), "part" in host.get("not_known", ())
    part = listed.get("part") or (None if of_team or of_agency else host.get("part"))
    if part is None and (of_team or of_agency):
        offer["not_known"] = tuple(sorted({*offer["not_known"], "part"}))
    return Spoke(agency=agency, team=team, days=int(typed[2]), place=place, part=part or None)


def _agency(draft: Draft, row: Row, typed: str) -> str | None:
    """The agency; one that is only alike is asked about, and one that no sheet could list is made."""
    agencies = draft.directory["agencies"]
    found = agencies.find(typed) or agencies.near(typed)
    if found is None and not draft.table("Agencies").there:
        draft.agencies[typed] = {"agency": typed}
        draft.directory["agencies"] = Directory(agencies.where, {*agencies.ids, typed})
        return typed
    if found is not None and agencies.find(typed) is None:
        draft.collector.add("V320", **_at(row), found=typed, near=found, where="Agencies")
    return found


def _team(draft: Draft, row: Row, names: TeamNames, agency: str, typed: str) -> str:
    """The team; one that is only alike is asked about, and another is a team that no other row names."""
    team = names.find(agency, typed)[1]
    if team is not None:
        return team
    near = names.near(agency, typed)
    if near is not None:
        draft.collector.add("V320", **_at(row), found=typed, near=near, where="Teams")
    elif draft.table("Teams").there:
        draft.collector.add(
            "V303", **_at(row), found=typed, where="Teams", level="warning",
            consequence=f" for {agency}; the team was made from this spoke", agency=agency, suggestion="",
        )  # fmt: skip
    return near or typed


def _make_teams(draft: Draft, spokes: list[Spoke]) -> None:
    for spoke in spokes:
        place = {} if spoke.place is None else {"place": spoke.place}
        draft.teams.setdefault((spoke.agency, spoke.team), {"agency": spoke.agency, "team": spoke.team, **place})


def _check_days(draft: Draft, row: Row, offer: Facts) -> None:
    days = sum(spoke.days for spoke in offer["spokes"])
    for stage, needed in (("first", draft.policy.days_first), ("final", draft.policy.days_final)):
        if offer.get("stage", "either") in ("either", stage) and days >= needed:
            draft.collector.add("V439", **_at(row), subject=offer["offer"], days=days, needed=needed, stage=stage)
