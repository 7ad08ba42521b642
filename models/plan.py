"""A plan: all matches and all unplaced requests, with policy, proof and check.

``plan.json`` is a ``Plan``; it holds no time, host or version, so equal plans are equal files.
"""

from typing import Literal

from pydantic import Field

from models.base import Date, Record, TextEnum
from models.policy import Policy
from models.reasons import Unplaced
from models.statuses import Status

SCHEMA_VERSION = 1
Basis = Literal["in_team", "elsewhere", "practice_consultant", "independent", "PE needed"]


class ProvisionalCode(TextEnum):
    """What a match waits for (SEMANTICS S7). The first six count in the tier ``firm``."""

    FORECAST = "forecast offer"
    TO_ASK = "agency to ask"
    EDUCATOR = "practice educator to be named"
    SUPERVISOR = "on-site supervisor to be named"
    MEASURE = "travel to be measured"
    STATUTORY = "to ask: is it statutory"
    READINESS = "readiness pending"
    CLEARANCE = "clearance pending"
    ADJUSTMENT = "ask about an adjustment"
    NOT_RECORDED = "first placement not recorded"
    CURRENCY = "educator's currency not known"
    REGISTRATION = "educator's registration not checked"
    ASSESSOR = "practice assessor to be named"
    QUALIFYING = "educator still to qualify"
    DRIVING = "driving not known"
    BETWEEN = "travel between two students to be measured"
    NOT_KNOWN = "something not known"


class Waiting(Record):
    """One thing a match waits for, and who has it."""

    code: ProvisionalCode
    detail: str | None = None
    who: str | None = None


class Match(Record):
    """Request, offer, PE. A plan made by hand may leave ``pe``, ``start`` and ``end`` blank."""

    request: str
    offer: str
    pe: str | None = None
    start: Date | None = None
    end: Date | None = None
    status: Status = "proposed"
    basis: Basis | None = None
    waiting: tuple[Waiting, ...] = ()
    exceptions: tuple[str, ...] = ()
    kept: bool = False
    kept_despite: tuple[str, ...] = ()


class TierResult(Record):
    """One tier of the order. ``bound`` is rounded inwards; ``conditional``: an earlier tier is not proved."""

    tier: str
    sense: Literal["max", "min"]
    value: int
    bound: int | None = None
    proved: bool = False
    conditional: bool = False


class MovedMatch(Record):
    """A published match that the plan does not hold, and the rules by which it could not simply be put back.

    ``details``: beside each rule what stands in the way, in the checker's words (``the offer is withdrawn``).
    """

    request: str
    offer: str
    rules: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    reason: str = ""


class ForcedChanges(Record):
    """How many published matches move whatever the plan, the first thing proved, and which move in this one.

    ``fewest`` is the least count of S6.3 among all plans that hold the other hard rules; ``max_changes`` allows so many
    more. Only engine and reference can prove it: the checker holds the plan against it. ``moved`` has no rules where
    the match could be put back as it was, so that the plan moves it for a better tier. ``freed`` are the matches that
    facts or decisions ended by themselves, which S6.3 does not count and which are not where they were.
    """

    fewest: int
    bound: int | None = None
    proved: bool = False
    moved: tuple[MovedMatch, ...] = ()
    freed: tuple[MovedMatch, ...] = ()


class ClashMember(Record):
    """A rule and the row that it comes from, one member of a set that cannot hold together.

    ``remedy`` is what to type so that this member asks for less; blank where no row says it. ``kept`` are the kept
    matches that take of what it limits. ``asks``: it asks for something (a fix, a minimum) that the others limit.
    """

    rule: str
    subject: str
    sentence: str
    remedy: str = ""
    kept: tuple[str, ...] = ()
    asks: bool = False


class Clash(Record):
    """Rules and rows that cannot hold together; leaving any one out removes this clash.

    Where only whether there is a plan was asked for, they were not looked for, and there are no members.
    ``also``: sets of limits, each of which the members that ask clash with as well, whatever of the others is lifted.
    """

    members: tuple[ClashMember, ...]
    confirmed: bool
    also: tuple[tuple[ClashMember, ...], ...] = ()


class Plan(Record):
    """A plan. With a ``clash`` there are no matches; ``stopped`` says why a run ended early.

    ``forced_changes`` is there where ``max_changes`` limits what of a published plan may move.
    """

    schema_version: int = Field(default=SCHEMA_VERSION, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)
    dataset_digest: str
    policy: Policy
    policy_digest: str
    seed: int
    matches: tuple[Match, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    tiers: tuple[TierResult, ...] = ()
    fixes_set_aside: tuple[str, ...] = ()
    rows_set_aside: tuple[str, ...] = ()
    forced_changes: ForcedChanges | None = Field(default=None, exclude_if=lambda found: found is None)
    clash: Clash | None = None
    stopped: Literal["time limit", "work limit", "interrupted", "size"] | None = None


class Violation(Record):
    """A rule that a plan breaks: who, by how much, against what limit. ``detail`` is the message's end, its numbers."""

    rule: str
    subjects: tuple[str, ...]
    message: str
    amount: int | None = None
    limit: int | None = None
    detail: str = ""


class CheckReport(Record):
    """What the checker found: every violation, every tier recomputed, and what kept matches break (not violations)."""

    violations: tuple[Violation, ...] = ()
    kept_despite: tuple[Violation, ...] = ()
    tiers: tuple[TierResult, ...] = ()
    not_judged: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when nothing is violated."""
        return not self.violations
