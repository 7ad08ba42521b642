"""Agencies that go or do not answer, and PEs who go."""

from datetime import date
from decimal import Decimal
from typing import Any

from allocator.reading.dates import show
from allocator.reading.folding import fold
from allocator.views.words import counted
from models.register import Register, Row
from scenarios.edits.changing import At, with_rows, with_values
from scenarios.edits.checks import found
from scenarios.edits.facts import Held, is_kept, is_live, request_key
from scenarios.edits.people import DAY, day_of, gone_from
from scenarios.edits.rounds import DECIDING, PAST, Rounds
from scenarios.errors import EditError
from scenarios.model import Absent, Leave
from scenarios.selecting import Names

_MEETING = "meeting"


def leave(register: Register, edit: Leave, at: At) -> tuple[Register, str]:
    """PEs or agencies go: they stay listed, and nobody new has them from a day.

    A PE's last day is the day before (Educators.leaves_on). At an agency's offers, and at those that have a spoke
    there, what begins anew ends before the day (Offers.latest_end); an offer that begins on the day or later has no
    place but for those who are there by agreement. Nobody asks such an agency for a least number or a fair share, which
    its partners then carry. Its PEs go with it, but for those with whom an agreed placement is: they stay with it and
    take nobody new. What is told, booked, confirmed or started stays.
    """
    day, names = day_of(edit.on, at.as_of), Names(register)
    rows = found(register, names, edit.sheet, edit.where, edit.may_be_empty)
    if edit.sheet == "Educators":
        last = f"the last day is {show(day - DAY)}"
        return gone_from(register, rows, day), f"{counted(len(rows), 'PE leaves', 'PEs leave')}: {last}"
    agencies = {names.key("Agencies", "agency", row.get("agency")) for row in rows}
    held, rounds = Held(register, names), Rounds(names, at.as_of)
    shut: set[str] = set()

    def offer(row: Row) -> Row:
        if rounds.status.get(rounds.of(row) or "") == PAST or not _is_there(names, row, agencies):
            return row
        last = rounds.day(row, "latest_end", "last_end")
        if last is not None and last < day:
            return row
        shut.add(names.key("Offers", "agency", row.get("agency")))
        first = rounds.day(row, "earliest_start", "first_day")
        values: dict[str, Any] = {"latest_end": day - DAY, "minimum": None}
        return with_values(row, values | (held.closed(row) if first is not None and first >= day else {}))

    def agency(row: Row) -> Row:
        asked = names.key("Agencies", "agency", row.get("agency")) in agencies & shut
        return with_values(row, {"social_workers_fte": None, "minimum_in_year": None}) if asked else row

    def educator(row: Row) -> Row:
        there = held.educators[fold(str(row.get("pe")))]
        mine = names.key("Educators", "employed_by", row.get("employed_by")) in agencies
        return with_values(row, {"load": Decimal(there)}) if mine and there else row

    register = with_rows(with_rows(register, "Offers", offer), "Agencies", agency)
    register = with_rows(register, "Educators", educator)
    going = [
        row for row in Names(register).rows("Educators")
        if names.key("Educators", "employed_by", row.get("employed_by")) in agencies
        and not held.educators[fold(str(row.get("pe")))]
    ]  # fmt: skip
    who = counted(len(rows), "agency leaves", "agencies leave")
    return gone_from(register, going, day), f"{who} from {show(day)}, with {counted(len(going), 'PE')}"


def absent(register: Register, edit: Absent, at: At) -> tuple[Register, str]:
    """Agencies answer nothing until a day, or until further notice.

    A round that is being decided meets on the day of its meeting (Calendar), else today; where that is before the day,
    an agency that is absent has said yes to nobody by then: its offers in that round, and those that have a spoke
    there, take nobody new. Who is told, booked, confirmed or started stays, and so does the place of a match that the
    agency has accepted (Decisions). Rounds that are decided later are not touched.
    """
    names = Names(register)
    rows = found(register, names, "Agencies", edit.where, edit.may_be_empty)
    until = day_of(edit.until, date.max)
    if until <= at.as_of:
        raise EditError(f"the day {show(until)} is not after {show(at.as_of)}, the day of the case.")
    agencies = {names.key("Agencies", "agency", row.get("agency")) for row in rows}
    held, rounds, accepted = Held(register, names), Rounds(names, at.as_of), _accepted(names)
    waiting = 0

    def offer(row: Row) -> Row:
        nonlocal waiting
        name = rounds.of(row)
        if name is None or rounds.status.get(name) != DECIDING or not _is_there(names, row, agencies):
            return row
        if until <= _meeting(names, name, at.as_of):
            return row
        stay = held.at(row.get("offer")) + accepted.get(fold(str(row.get("offer"))), 0)
        places = row.values.get("capacity", 1)
        waiting += max(0, places - stay) if isinstance(places, int) else 0
        return with_values(row, {"capacity": stay, "minimum": None})

    register = with_rows(register, "Offers", offer)
    when = "until further notice" if until == date.max else f"until {show(until)}"
    who = f"{counted(len(rows), 'agency answers', 'agencies answer')}"
    return register, f"{who} nothing {when}: {counted(waiting, 'place')} cannot be used"


def _is_there(names: Names, offer: Row, agencies: set[str]) -> bool:
    """Whether an offer is of one of the agencies, or has a spoke at one."""
    if names.key("Offers", "agency", offer.get("agency")) in agencies:
        return True
    hosts = [spoke.rpartition("=")[0].split("/") for spoke in offer.get("spokes") or ()]
    return any(len(parts) > 1 and names.key("Offers", "agency", parts[0].strip()) in agencies for parts in hosts)


def _meeting(names: Names, tranche: str, as_of: date) -> date:
    days: list[date] = [
        row.values["date"] for row in names.rows("Calendar")
        if fold(str(row.get("step"))) == _MEETING and row.get("date") is not None
        and names.key("Calendar", "tranche", row.get("tranche")) == tranche
    ]  # fmt: skip
    return max([as_of, *days])


def _accepted(names: Names) -> dict[str, int]:
    """How many matches that may yet move their agency has said yes to, by offer."""
    yes = {
        (request_key(str(row.get("request"))), names.key("Decisions", "agency", row.get("agency")))
        for row in names.rows("Decisions")
        if row.get("decision") == "agency_decision" and fold(str(row.get("value"))) == "accepted"
    }
    hosts = {
        names.key("Offers", "offer", row.get("offer")): names.key("Offers", "agency", row.get("agency"))
        for row in names.rows("Offers")
    }
    counted: dict[str, int] = {}
    for row in names.rows("Published"):
        offer = names.key("Published", "offer", row.get("offer"))
        request = request_key(str(row.get("request")))
        if is_live(row) and not is_kept(row) and (request, hosts.get(offer)) in yes:
            counted[offer] = counted.get(offer, 0) + 1
    return counted
