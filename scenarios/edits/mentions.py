"""Rows left out with what other sheets say of them; what is a fact stays."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from allocator.reading.folding import fold
from models.entities import INDEPENDENT, PARTNERSHIP
from models.register import Register, Row
from scenarios.edits.changing import KEYS, name_of, with_rows, with_values
from scenarios.edits.facts import Held, request_key, request_of, student_of
from scenarios.selecting import Names

_ABOUT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Students": {"Requests": ("student",), "History": ("student",), "Outcomes": ("student",)},
    "Agencies": {
        "Teams": ("agency",), "Offers": ("agency",), "Educators": ("employed_by",), "Commitments": ("agency",),
        "Calendar": ("agency",),
    },
    "Teams": {"Offers": ("agency", "team"), "Commitments": ("agency", "team")},
    "Educators": {"Commitments": ("pe",)},
}  # fmt: skip
"""Sheet to the sheets whose rows are about its rows, with the columns of the key there."""
_COMPANY = ("together", "apart")
_SEVERAL = re.compile(r"[;,&+]|\band\b")


class _Gone(NamedTuple):
    """What is there no more, by folded id: agencies, teams (``agency/team``), offers, PEs, students, requests."""

    agencies: set[str]
    teams: set[str]
    offers: set[str]
    educators: set[str]
    students: set[str]
    requests: set[str]


def without(register: Register, sheet: str, rows: Iterable[Row]) -> tuple[Register, int]:
    """A register without rows, and without what other sheets say of them.

    An offer at which a published match stays (told, booked, confirmed, started) is a fact: it stays, with its team and
    agency, and takes nobody new. What was, stays too: History, Travel, placements that are over. PEs who are named in
    offers stay named there, so that nobody else stands in for them; for the same reason one PE of an agency whose PEs
    are all gone stays listed, without a load. Decisions about what is gone are left out.

    Parameters
    ----------
    register
        The base.
    sheet, rows
        What is left out.

    Returns
    -------
    tuple
        The register, and how many offers stay for those who are there.
    """
    names = Names(register)
    held = Held(register, names)
    gone: dict[str, dict[int, Row]] = defaultdict(dict)
    stay: dict[int, Row] = {}
    _collect(names, held, sheet, list(rows), gone, stay, first=True)
    hosts = {names.key("Offers", "agency", row.get("agency")) for row in stay.values()}
    teams = {_team(names, row) for row in stay.values()}
    for other, key in (("Agencies", hosts), ("Teams", teams)):
        for number, row in list(gone[other].items()):
            if (_team(names, row) if other == "Teams" else names.key(other, "agency", row.get("agency"))) in key:
                del gone[other][number]
    last = _last_of_agencies(names, gone)
    for number in last:
        del gone["Educators"][number]
    lost = _lost(names, gone)
    for other, left in gone.items():
        register = with_rows(register, other, lambda row, left=left: None if id(row) in left else row)  # type: ignore[misc]
    ids = set(stay)
    register = with_rows(
        register, "Offers", lambda row: with_values(row, held.closed(row)) if id(row) in ids else row
    )  # fmt: skip
    nobody = {"load": Decimal(0)}
    register = with_rows(register, "Educators", lambda row: with_values(row, nobody) if id(row) in last else row)
    return _unmentioned(register, names, lost), len(stay)


def _collect(
    names: Names, held: Held, sheet: str, rows: list[Row], gone: dict[str, dict[int, Row]], stay: dict[int, Row],
    first: bool = False,
) -> None:  # fmt: skip
    """Rows with all that is about them, less what facts rest on."""
    for row in rows:
        if sheet == "Offers" and held.at(row.get("offer")):
            stay[id(row)] = row
        elif first or sheet != "Educators" or not held.educators[fold(str(row.get("pe")))]:
            gone[sheet][id(row)] = row
    keys = {tuple(names.key(sheet, c, row.get(c)) for c in KEYS[sheet]) for row in rows} if sheet in KEYS else set()
    for other, columns in _ABOUT.get(sheet, {}).items():
        about = [r for r in names.rows(other) if tuple(names.key(other, c, r.get(c)) for c in columns) in keys]
        _collect(names, held, other, [r for r in about if id(r) not in gone[other]], gone, stay)


def _last_of_agencies(names: Names, gone: Mapping[str, Mapping[int, Row]]) -> set[int]:
    """One PE of each agency whose PEs are all gone: were nobody listed, one to be found would stand in for them."""
    agencies = {names.key("Agencies", "agency", row.get("agency")) for row in gone.get("Agencies", {}).values()}
    left: dict[str, list[Row]] = defaultdict(list)
    for row in names.rows("Educators"):
        left[names.key("Educators", "employed_by", row.get("employed_by"))].append(row)
    return {
        id(min(rows, key=lambda row: name_of("Educators", row)))
        for agency, rows in left.items()
        if agency not in {*agencies, PARTNERSHIP, INDEPENDENT} and all(id(row) in gone["Educators"] for row in rows)
    }


def _team(names: Names, row: Row) -> str:
    return f"{names.key('Teams', 'agency', row.get('agency'))}/{fold(str(row.get('team')))}"


def _lost(names: Names, gone: Mapping[str, Mapping[int, Row]]) -> _Gone:
    def ids(sheet: str, column: str) -> set[str]:
        return {fold(str(row.values[column])) for row in gone.get(sheet, {}).values() if row.get(column) is not None}

    return _Gone(
        agencies=ids("Agencies", "agency"), teams={_team(names, row) for row in gone.get("Teams", {}).values()},
        offers=ids("Offers", "offer"), educators=ids("Educators", "pe"), students=ids("Students", "student"),
        requests={request_of(row) for row in gone.get("Requests", {}).values()},
    )  # fmt: skip


def _unmentioned(register: Register, names: Names, lost: _Gone) -> Register:
    """Cells and rows that would speak of what is gone, and would bar or set aside somebody by it."""

    def student(row: Row) -> Row:
        barred = row.get("excluded") or ()
        left = tuple(one for one in barred if not _names_lost(names, lost, one))
        return with_values(row, {"excluded": left or None}) if left != barred else row

    def request(row: Row) -> Row:
        locked = row.get("locked_agencies") or ()
        left = tuple(one for one in locked if names.key("Requests", "locked_agencies", one) not in lost.agencies)
        # Who is tied to agencies that are all gone is not free to go elsewhere: the tie stays.
        return with_values(row, {"locked_agencies": left}) if left and left != locked else row

    def published(row: Row) -> Row | None:
        name = str(row.get("request") or "")
        return None if student_of(name) in lost.students or request_key(name) in lost.requests else row

    register = with_rows(register, "Students", student)
    register = with_rows(register, "Requests", request)
    register = with_rows(register, "Published", published)
    return with_rows(register, "Decisions", lambda row: _decision(names, lost, row))


def _names_lost(names: Names, lost: _Gone, text: str) -> bool:
    agency, slash, team = text.partition("/")
    if slash:
        key = names.key("Agencies", "agency", agency.strip())
        return key in lost.agencies or f"{key}/{fold(team)}" in lost.teams
    return names.key("Agencies", "agency", text) in lost.agencies or fold(text) in lost.educators


def _decision(names: Names, lost: _Gone, row: Row) -> Row | None:
    """A row of Decisions, less what it says of whom is gone; None where it is about that alone."""
    if row.get("decision") in _COMPANY:
        return _company(lost, row)
    for column in ("request", "about"):
        name = str(row.get(column) or "")
        if name and (student_of(name) in lost.students or request_key(name) in lost.requests):
            return None
        if column == "about" and fold(name) in lost.offers | lost.educators:
            return None
    agency, team = row.get("agency"), row.get("team")
    key = names.key("Agencies", "agency", agency) if agency else ""
    if key in lost.agencies or fold(str(row.get("offer") or "")) in lost.offers:
        return None
    if fold(str(row.get("pe") or "")) in lost.educators:
        return None
    if team is not None and lost.teams:
        said = f"{key}/{fold(team)}"
        alone = not agency and any(said == f"/{one.partition('/')[2]}" or fold(team) == one for one in lost.teams)
        if said in lost.teams or alone:
            return None
    return row


def _company(lost: _Gone, row: Row) -> Row | None:
    """Of several students those who are there are still together, or apart."""
    text = str(row.get("request") or "")
    named = [part.strip() for part in _SEVERAL.split(text) if part.strip()]
    left = [name for name in named if student_of(name) not in lost.students]
    if len(left) == len(named):
        about = str(row.get("about") or "")
        return None if about and student_of(about) in lost.students else row
    return with_values(row, {"request": "; ".join(left)}) if len(left) > 1 else None
