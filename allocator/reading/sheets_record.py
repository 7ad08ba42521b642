"""The sheets about decisions, the plan in force, settings and words; and the table of all sheets."""

# ruff: noqa: E501  (a column is a line)

from typing import get_args

from allocator.reading.columns import Sheet, column
from allocator.reading.sheets_hosts import AGENCIES, COMMITMENTS, EDUCATORS, OFFERS, PLACES, TEAMS, TRAVEL
from allocator.reading.sheets_people import HISTORY, REQUESTS, STUDENTS, TRANCHES
from models.decisions import UNDO, DecisionKind
from models.statuses import STATUSES

PAST = Sheet(
    "Past",
    "a figure of an earlier year",
    (
        column("year", "text", "the year, such as 2024-25"),
        column("measure", "text", "as the sheet Figures names it, such as M02 BA two statutory, or words of your own", width=34),
        column("value", "decimal", "in percent where the figure is a share (73, not 0.73), else its own unit", low=0),
        column("of", "whole", "of how many placements, students or PEs", "not stated", low=0),
        column("target", "decimal", "what was aimed at, in the value's unit", "none", low=0),
    ),
    key=("year", "measure"),
)  # fmt: skip

OUTCOMES = Sheet(
    "Outcomes",
    "where a former student works",
    (
        column("student", "reference", "the student's reference; never a name"),
        column("employer", "reference", "an agency, or another employer", width=24),
        column("from", "date", "first day there", "not recorded"),
        column("until", "date", "last day there", "works there still"),
    ),
    key=("student", "employer", "from"),
)  # fmt: skip

DECISIONS = Sheet(
    "Decisions",
    "what a person decided",
    (
        column("decision", "word", "what was decided", allowed=(*get_args(DecisionKind), UNDO), width=16),
        column("about", "reference", "student, offer, pe or supervisor; or the id itself", "as the other columns say"),
        column("request", "reference", "the request, such as S001/final; of a hold: whom the places are for, or nobody yet; of together and apart: the students, such as S001; S014", "none", width=16),
        column("offer", "reference", "the offer", "none"),
        column("pe", "reference", "the PE", "none"),
        column("agency", "reference", "the agency", "none", width=20),
        column("team", "reference", "the team", "none", width=20),
        column("rule", "text", "of an exception: the rule, such as E04", "none"),
        column("value", "any", "of an exception: the new value; of agency_decision: not_needed, to_ask, accepted, declined; of together: most minutes between the places; of apart: team or agency; of undo: the id of the decision that is undone; of defer: the tranche; of end_early: the days credited", "none; of together and apart: one agency"),
        column("places", "whole", "of a hold: how many places of the offer are kept for the request, or for nobody yet", "1", low=1, high=1000, unreadable="of a hold, nobody new is placed at the offer until it can be read"),
        column("party", "word", "who declined", "none", allowed=("student", "agency", "university")),
        column("until", "date", "of a hold: the last day on which the places are kept", "no end"),
        column("reason_code", "open_word", "a reason code", "none", words="reason codes"),
        column("by", "text", "who decided: initials or role, never a name", "not recorded"),
        column("why", "text", "why (needed for an exception); for the team's own files only", "not recorded", width=30),
        column("on", "date", "decided on", "today"),
        column("effective", "date", "holds from", "the day it was decided"),
        column("id", "text", "the decision's id, by which an undo names it", "none"),
    ),
)  # fmt: skip

PUBLISHED = Sheet(
    "Published",
    "a match of the plan now in force (written by publish, never typed)",
    (
        column("request", "reference", "the request, such as S001/final", width=16),
        column("offer", "reference", "the offer"),
        column("pe", "reference", "the PE", "none"),
        column("status", "word", "where the match stands", "proposed", allowed=STATUSES, width=16, unreadable="the match is kept as it is (nobody moves by a typing error)"),
        column("start", "date", "first day", "as computed"),
        column("end", "date", "last day", "as computed"),
        column("student_told_on", "date", "the student was told on", "not told", unreadable="the student counts as told (nobody moves by a typing error)"),
        column("meeting_on", "date", "meeting on", "none"),
        column("owner", "text", "who has the next step: initials or role", "none"),
        column("due", "date", "due", "none"),
        column("note", "text", "for the team's own files only", "none", width=30),
    ),
    key=("request",),
)  # fmt: skip

VERSIONS = Sheet(
    "Versions",
    "a plan that was published (written by publish, never typed)",
    (
        column("version", "whole", "1, 2, ...: the last one is in force", low=1),
        column("published_on", "date", "published on", "not recorded"),
        column("by", "text", "who published it: initials or role, never a name", "not recorded"),
        column("dataset", "text", "digest of the data that it was made from", "not recorded", width=34),
        column("policy", "text", "digest of the settings", "not recorded", width=34),
        column("plan", "text", "digest of the plan, as its report shows it", "not recorded"),
        column("seed", "whole", "seed of the draw", "not recorded", low=0),
        column("placed", "whole", "requests that have a place in it", "not recorded", low=0),
        column("of", "whole", "requests that it was to place", "not recorded", low=0),
        column("proved", "whole", "tiers proved", "not recorded", low=0),
        column("tiers", "whole", "tiers in all", "not recorded", low=0),
        column("checked", "text", "what the independent check found", "not recorded", width=30),
        column("changes", "text", "what is new in it since the version before", "not recorded", width=60),
    ),
    key=("version",),
)  # fmt: skip

POLICY = Sheet(
    "Policy",
    "a setting",
    (
        column("setting", "text", "a key of `placements policy`, such as travel_limit or rule.E04", width=30),
        column("value", "any", "its value", "the default", width=30),
    ),
    key=("setting",),
)  # fmt: skip

LISTS = Sheet(
    "Lists",
    "a word",
    (
        column("list", "text", "areas, programmes, settings, adjustments, features, reason codes, no places or headings", width=18),
        column("word", "text", "the word; for headings, the heading on your sheets", width=30),
        column("meaning", "text", "areas: adults, children or both; programmes: scheme and level (undergraduate, postgraduate); headings: our column", "none", width=24),
    ),
    key=("list", "word"),
)  # fmt: skip

CALENDAR_OWNERS: dict[str, str] = {
    "ask": "placements team",
    "offers due": "agency",
    "results in": "university",
    "clearance in": "university",
    "meeting": "placements team",
    "release": "placements team",
    "pe named by": "agency",
    "agency answers by": "agency",
    "pre-placement meetings by": "agency",
    "final": "placements team",
    "start": "agency",
}
"""The steps of the calendar and who has each where the owner is blank."""

CLOSED = "closed"
"""The step of a day that is no working day, for one agency or for all."""

CALENDAR = Sheet(
    "Calendar",
    "a key date",
    (
        column("tranche", "reference", "the round", "only of a day that is closed", width=20),
        column("step", "text", ", ".join((*CALENDAR_OWNERS, f"{CLOSED} (no working day)")), width=24),
        column("date", "date", "when"),
        column("agency", "reference", "of a day that is closed: the agency", "for all", unreadable="the day is held to be closed for all", width=22),
        column("owner", "text", "who has it: initials or role", "by step", width=18),
    ),
    key=("tranche", "step"),
)  # fmt: skip

ALL = (
    TRANCHES, STUDENTS, REQUESTS, HISTORY, AGENCIES, TEAMS, OFFERS, EDUCATORS, PLACES, TRAVEL, PAST, OUTCOMES, COMMITMENTS,
    DECISIONS, PUBLISHED, VERSIONS, POLICY, LISTS, CALENDAR,
)  # fmt: skip
SHEETS: dict[str, Sheet] = {s.name: s for s in ALL}
"""Every sheet by name, in the order of the documentation."""
