"""Rows that nobody typed and that are there all the same: requests by Students.stage, agencies and teams by Offers."""

from collections import Counter
from collections.abc import Iterable

from allocator.reading.folding import fold
from models.base import natural_key
from models.entities import INDEPENDENT, PARTNERSHIP
from models.register import Register, Row, Special
from scenarios.edits.changing import row_of, with_more, with_rows, with_values
from scenarios.selecting import Names


def with_implied(register: Register, sheets: Iterable[str]) -> Register:
    """The register with rows for what other sheets imply, so that edits of these sheets find it.

    Settling makes the same of it as before.
    """
    for sheet in sheets:
        if sheet in _IMPLIED:
            register = _IMPLIED[sheet](register)
    return register


def _requests(register: Register) -> Register:
    """A row for each placement that Students.stage alone asks for; then Requests alone says who asks for what."""
    names = Names(register)
    there = {(names.key("Requests", "student", row.get("student")), row.get("stage")) for row in names.rows("Requests")}
    rows = [row for row in names.rows("Students") if row.get("student") is not None]
    times = Counter(fold(str(row.values["student"])) for row in rows)
    # Of whom stands on several rows nobody knows what they ask for; settling says so.
    asked = [row for row in rows if row.get("stage") and times[fold(str(row.values["student"]))] == 1]
    made = {
        (fold(str(row.values["student"])), row.values["stage"]): row_of(
            {c: row.values[c] for c in ("student", "stage")}
        )
        for row in asked
    }
    ids = {id(row) for row in asked}
    register = with_rows(register, "Students", lambda row: with_values(row, {"stage": None}) if id(row) in ids else row)
    return with_more(register, "Requests", [row for key, row in made.items() if key not in there])


def _agencies(register: Register) -> Register:
    """A row for each agency that other sheets name, where no sheet is about agencies: nobody knows who is a member."""
    names = Names(register)
    if names.rows("Agencies"):
        return register
    listed = sorted(names.directory("Agencies").ids - {PARTNERSHIP, INDEPENDENT}, key=fold)
    return with_more(register, "Agencies", [row_of({"agency": one, "membership": Special.NOT_KNOWN}) for one in listed])


def _teams(register: Register) -> Register:
    """A row for each team that Offers alone names, as its first offer has it: others take their blanks from there."""
    names = Names(register)

    def key(row: Row) -> tuple[str, str]:
        return names.key("Teams", "agency", row.get("agency")), names.key("Teams", "team", row.get("team"))

    there = {key(row) for row in names.rows("Teams")}
    named = [row for row in names.rows("Offers") if not row.reasons and all(row.get(c) for c in _NAMED)]
    first: dict[tuple[str, str], Row] = {}
    for row in sorted(
        named, key=lambda row: (row.get("offer") is None, natural_key(str(row.get("offer"))), row.content)
    ):
        first.setdefault(key(row), row)
    made = [row_of({c: row.get(c) for c in _OF_TEAM}) for one, row in sorted(first.items()) if one not in there]
    return with_more(register, "Teams", made)


_NAMED = ("agency", "team")
_OF_TEAM = (*_NAMED, "place", "areas", "setting", "statutory_regulator", "statutory_dfe", "authorities")
_IMPLIED = {"Requests": _requests, "Agencies": _agencies, "Teams": _teams, "Offers": _teams}
