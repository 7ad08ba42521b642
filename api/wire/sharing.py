"""What agencies and the Alliance get of a plan that the team shared."""

from datetime import date, datetime
from typing import Any

from api.wire import Role
from api.wire.runs import Id
from models.base import Record

Cell = str | int | float | date | None


class SharedRun(Record):
    """A run that the team shared; ``round`` is the name of its round, ``kind`` allocate or scenarios."""

    id: str
    round: str
    kind: str
    answer: str | None
    shared: datetime


class SharedTable(Record):
    """A sheet of an agency's reply form: headings and rows, numbered in the workbook from ``first_row``.

    ``to_fill``: headings of what the agency fills in; ``choices``: by heading, what may be chosen, if not any text.
    """

    sheet: str
    title: str
    note: str
    headings: tuple[str, ...]
    to_fill: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]
    first_row: int
    rows: tuple[tuple[Cell, ...], ...]


class OwnOffer(Record):
    """An offer of the agency; ``used`` of its ``places`` by the plan."""

    offer: str
    team: str
    place: str | None
    tranche: str
    stage: str
    state: str
    places: int
    used: int


class OwnAccount(Record):
    """The agency's account of the year, in placements; ``asked``, ``floor``, ``ceiling`` are null where none is asked.

    ``gap`` is what it was asked for and did not offer; ``standing`` says where it is against its range.
    """

    academic_year: str
    asked: int | None
    floor: int | None
    ceiling: int | None
    other_programmes: float
    offered: int
    used: int
    firm: int
    unused: int
    gap: int | None
    standing: str


class AgencyPlan(Record):
    """An agency's part of a plan: its offers, its account, and its reply form with its students' references.

    ``to_do``: what it is asked for, in sentences.

    There is nothing in it of other agencies, and of students no district, no minutes and no preferences.
    """

    agency: str
    name: str
    version: str
    as_of: date | None
    offers: tuple[OwnOffer, ...]
    account: OwnAccount | None
    to_do: tuple[str, ...]
    form: tuple[SharedTable, ...]


class Sharing(Record):
    """A run that is shared since a moment; ``note`` says what to mind, if anything."""

    run: str
    shared: datetime
    note: str | None


class RoundMember(Record):
    """An account that is a member of a round; ``agency``: the one that it speaks for."""

    login: str
    role: Role
    agency: str | None


class RoundSharing(Record):
    """What of a round leaves the team: the plan that is shared (null: none), since when, and who the members are.

    ``note`` says what to mind of sharing the newest plan, ``newest``, if anything; ``without_account``: agencies that
    have a form in it and no account among the members.
    """

    run: Id | None
    shared: datetime | None
    newest: Id | None
    note: str | None
    members: tuple[RoundMember, ...]
    without_account: tuple[str, ...]


class AlliancePlan(Record):
    """Aggregates of a plan, as the yearly return has them: groups under ``smallest_group`` persons are withheld.

    So is what would let them be worked out. ``rows`` are those of ``return.json``; where another plan of the round has
    left the team, too, their numbers are rounded (``rounded_to``), since the two could be subtracted.
    """

    academic_year: str
    as_of: date | None
    version: str
    smallest_group: int
    rounded_to: int | None
    rows: tuple[dict[str, Any], ...]


class SharedAnswer(Record):
    """An answer of a scenario, without ids of people: numbers under ten read "withheld", the others are rounded.

    ``sentence`` is empty where it would say exact numbers.
    """

    scenario: str
    question: str
    sentence: str
    proof: str
    assumes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    rounded_to: int
