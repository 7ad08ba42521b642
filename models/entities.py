"""What a partnership consists of: the rows of the data dictionary, with every blank resolved to its meaning.

Entities hold facts only. No rule is decided here: engine, reference and checker each judge in their own code.
Dates are calendar dates; minutes are whole minutes each way; days are placement days.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from models.base import Date, Known, Record, Stage
from models.statuses import Status

Qualification = Literal["PEPS1", "PEPS2", "trainee_1", "trainee_2"]
Statutory = Literal["yes", "no", "by_equivalence", "not_known"]
Mode = Literal["car", "public"]
YesOrNo = Literal["yes", "no"]
Scheme = Literal["intern", "step_up", "apprentice", "sponsored"]
Level = Literal["undergraduate", "postgraduate"]
"""Of a programme, for the yearly return."""
Check = Literal["passed", "pending", "failed", "not_known"]
Membership = Literal["primary", "secondary", "outside"]
AgencyKind = Literal["authority", "trust", "voluntary", "private"]
TeamKey = tuple[str, str]
"""(agency, team)."""

EVIDENCE = ("section_17_or_47", "capacity_and_care_act", "updates_records")
"""Facts of a team or an offer that bear out what ``statutory_dfe`` says."""
PARTNERSHIP = "partnership"
INDEPENDENT = "independent"
DRIVING_COVERED = "driving covered"


class Tranche(Record):
    """A dated round of placements. Blank ``stages`` or ``programmes`` admit all."""

    tranche: str
    first_day: Date
    last_start: Date | None = None
    last_end: Date | None = None
    status: Literal["deciding", "later", "past"] = "deciding"
    stages: tuple[Stage, ...] = ()
    programmes: tuple[str, ...] = ()


class Student(Record):
    """A student. ``preferred_*`` and ``intern_choices`` are ranked, best first.

    ``ranked_offers`` is a tuple of ties, best first.
    """

    student: str
    programme: str
    home: str | None = None
    university: str | None = None
    drives: Known = "no"
    mode: Mode = "public"
    readiness: Check = "pending"
    clearance: Check = "pending"
    scheme: Scheme | None = None
    employer_agency: str | None = None
    employer_team: str | None = None
    excluded_agencies: tuple[str, ...] = ()
    excluded_teams: tuple[TeamKey, ...] = ()
    excluded_educators: tuple[str, ...] = ()
    limit_minutes: int | None = None
    adjustments: tuple[str, ...] = ()
    share_needs: bool = False
    caring: bool = False
    preferred_areas: tuple[str, ...] = ()
    preferred_agencies: tuple[str, ...] = ()
    intern_choices: tuple[str, ...] = ()
    ranked_offers: tuple[tuple[str, ...], ...] = ()
    waiting_since: Date | None = None
    lost_out_before: str | None = None
    part: str | None = None
    withdrawn: bool = False
    not_known: tuple[str, ...] = Field(default=(), description="columns that read 'not known'")
    note: str | None = None


class Request(Record):
    """A placement to find: one student, one stage, one attempt. ``days`` is in placement days."""

    request: str
    student: str
    stage: Stage
    tranche: str
    days: int
    attempt: int = 1
    days_a_week_least: Decimal = Decimal(1)
    days_a_week_most: Decimal = Decimal(5)
    earliest_start: Date | None = None
    latest_end: Date | None = None
    repeat: bool = False
    graduation_due: bool = False
    locked_agencies: tuple[str, ...] = ()
    locked_authorities: tuple[str, ...] = ()
    found_by: Literal["partnership", "employer"] = "partnership"
    displaced: bool = False
    set_aside: str | None = Field(default=None, description="why this request cannot be placed in this run")
    not_known: tuple[str, ...] = ()
    note: str | None = None


class History(Record):
    """A placement that the student had. Blank ``areas``, ``setting``, ``authorities``: not recorded."""

    student: str
    stage: Stage
    agency: str | None = None
    team: str | None = None
    areas: tuple[str, ...] = ()
    setting: str | None = None
    statutory_regulator: Statutory = "not_known"
    statutory_dfe: Statutory = "not_known"
    authorities: tuple[str, ...] = ()
    start: Date | None = None
    outcome: Literal["passed", "failed", "ended_early"] = "passed"
    days_credited: int | None = None
    pe: str | None = None
    pe_kind: str | None = None
    not_known: tuple[str, ...] = ()


class Agency(Record):
    """An employer that hosts. ``social_workers_fte`` is in full-time equivalents.

    ``nqsw_posts``: newly qualified posts a year; ``internships``: interns that it takes; ``attended``: the allocation
    meetings at which it was. ``educators_set_aside``: somebody of the agency is on Educators in a row that could not be
    used, so that the agency is not one that lists nobody.
    """

    agency: str
    name: str | None = None
    kind: AgencyKind | None = None
    directorate: Literal["adults", "children", "both"] = "both"
    membership: Membership = "outside"
    authorities: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    social_workers_fte: Decimal | None = None
    maximum_at_once: int | None = None
    minimum_in_year: int | None = None
    maximum_in_year: int | None = None
    nqsw_posts: int | None = None
    internships: int | None = None
    asked_on: Date | None = None
    heard_from: Date | None = None
    attended: tuple[Date, ...] = ()
    asks_decision: bool = False
    part: str | None = None
    educators_set_aside: bool = False
    not_known: tuple[str, ...] = ()


class Team(Record):
    """A team of an agency. The evidence for the DfE's test is shown beside ``statutory_dfe``; no rule looks at it.

    ``section_17_or_47``, ``capacity_and_care_act``: work that students do there (children's, adults');
    ``updates_records``: they update case records themselves.
    """

    agency: str
    team: str
    place: str | None = None
    areas: tuple[str, ...] = ()
    setting: str | None = None
    statutory_regulator: Statutory = "not_known"
    statutory_dfe: Statutory = "not_known"
    section_17_or_47: YesOrNo | None = None
    capacity_and_care_act: YesOrNo | None = None
    updates_records: YesOrNo | None = None
    authorities: tuple[str, ...] = ()
    front_line: bool | None = None
    vacancies: int | None = None
    maximum_at_once: int | None = None
    part: str | None = None
    not_known: tuple[str, ...] = ()


class EducatorEntry(Record):
    """One entry of an offer's ``educators``: a named PE, or a pool (to be named; the team's own).

    ``places`` is the number of people (own: one student each at a time); None for a pool to be named means the
    offer's capacity. A pool without qualification is one "of the stage that the request needs" and counts as PEPS2.
    """

    kind: Literal["named", "tbc", "own"]
    pe: str | None = None
    qualification: Qualification | None = None
    places: int | None = None

    def pool_id(self, offer: str) -> str:
        """Id of the pool, as it stands in a plan: ``TBC@O1``, ``TBC PEPS2@O1``, ``own PEPS1@O1``."""
        word = "TBC" if self.kind == "tbc" else "own"
        return f"{word} {self.qualification}@{offer}" if self.qualification else f"{word}@{offer}"


class Spoke(Record):
    """Another site of an offer's placements, and how many of their days are there."""

    agency: str
    team: str
    days: int
    place: str | None = None
    part: str | None = None


class Offer(Record):
    """Places in one team (the lead) in one tranche; blanks are filled from team, agency and tranche.

    Evidence for the DfE's test as in ``Team``.
    """

    offer: str
    agency: str
    team: str
    tranche: str
    earliest_start: Date
    place: str | None = None
    areas: tuple[str, ...] = ()
    setting: str | None = None
    statutory_regulator: Statutory = "not_known"
    statutory_dfe: Statutory = "not_known"
    section_17_or_47: YesOrNo | None = None
    capacity_and_care_act: YesOrNo | None = None
    updates_records: YesOrNo | None = None
    equivalence_by: str | None = None
    equivalence_on: Date | None = None
    stage: Literal["first", "final", "either"] = "either"
    capacity: int = 1
    minimum: int | None = None
    minimum_kind: Literal["if_opened", "always"] = "if_opened"
    latest_start: Date | None = None
    latest_end: Date | None = None
    days_a_week: Decimal | None = Field(default=None, description="blank: as many as the request takes at most")
    driver_essential: Known = "no"
    features: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    universities: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    part: str | None = Field(default=None, description="of the partnership: the team's, else the agency's")
    reserved_for: str | None = None
    reserved_until: Date | None = None
    educators: tuple[EducatorEntry, ...] = ()
    on_site_supervisor: Literal["yes", "to_be_named", "no"] = "to_be_named"
    spokes: tuple[Spoke, ...] = ()
    authorities: tuple[str, ...] = ()
    state: Literal["firm", "forecast"] = "firm"
    probability: Decimal | None = None
    received_on: Date | None = None
    withdrawn: bool = False
    not_known: tuple[str, ...] = ()
    note: str | None = None

    @property
    def sites(self) -> tuple[TeamKey, ...]:
        """Agency and team of the lead, then of the spokes."""
        return (self.agency, self.team), *((s.agency, s.team) for s in self.spokes)


class Educator(Record):
    """A practice educator. ``load`` is students at once, all programmes together; what is left of it counts whole.

    From ``qualifies_on`` on the qualification is ``becomes``. Where only ``becomes`` is filled, the day is not known.
    """

    pe: str
    employed_by: str = Field(description="an agency, 'partnership' or 'independent'")
    qualification: Qualification
    load: Decimal
    team: str | None = None
    practice_assessor: str | None = Field(default=None, description="a PE id or 'university'")
    registered: Literal["yes", "no", "not_checked"] = "not_checked"
    current_until: Date | None = None
    last_student: Date | None = None
    available_from: Date | None = None
    leaves_on: Date | None = None
    absent_from: Date | None = None
    absent_to: Date | None = None
    long_arm: bool = False
    serves: tuple[str, ...] = ()
    fall_back: str | None = None
    needs_student_by: Date | None = None
    qualifies_on: Date | None = None
    becomes: Qualification | None = None
    assesses_at_most: int | None = Field(default=None, description="trainees at once; shown, no limit")
    withdrawn_from: Date | None = None
    not_known: tuple[str, ...] = ()
    note: str | None = None


class Place(Record):
    """A place (usually a postcode district), in degrees."""

    place: str
    latitude: float
    longitude: float


class TravelTime(Record):
    """A measured time, in minutes one way."""

    origin: str
    destination: str
    mode: Mode
    minutes: int


class Past(Record):
    """A figure of an earlier year, as published; ``value`` and ``target`` in the measure's own unit.

    ``measure`` is what the report calls the figure (``M02 BA two statutory``), or words of the partnership's own.
    """

    year: str
    measure: str
    value: Decimal
    of: int | None = Field(default=None, description="of how many placements, students or PEs")
    target: Decimal | None = None


class Employment(Record):
    """Where a former student works (sheet Outcomes). ``student`` and ``employer`` need not be listed elsewhere."""

    student: str
    employer: str
    first_day: Date | None = None
    last_day: Date | None = Field(default=None, description="None: works there still")


class Commitment(Record):
    """What another programme takes; exactly one of agency (alone), agency with team, or pe. Blank dates are open."""

    agency: str | None = None
    team: str | None = None
    pe: str | None = None
    programme: str | None = None
    first_day: Date | None = None
    last_day: Date | None = None
    number: Decimal = Decimal(1)


class Published(Record):
    """A match of the plan now in force. ``standing`` and ``promise`` are resolved when read (SEMANTICS S1.4)."""

    request: str
    offer: str
    standing: Literal["kept", "in_force", "freed", "over"]
    promise: bool = Field(default=False, description="kept, and no fact: it may move once a person unlocks it")
    pe: str | None = None
    status: Status = "proposed"
    start: Date | None = None
    end: Date | None = None
    student_told_on: Date | None = None
    meeting_on: Date | None = None
    owner: str | None = None
    due: Date | None = None
    note: str | None = None


class CalendarEntry(Record):
    """A key date."""

    tranche: str
    step: str
    date: Date
    owner: str | None = None


class ClosedDay(Record):
    """A day on which an agency (None: everybody) does not work; it counts there like a bank holiday."""

    date: Date
    agency: str | None = None


class Word(Record):
    """A word of a list (areas, programmes, adjustments, features, reason codes, headings)."""

    list: str
    word: str
    meaning: str | None = None
