"""Why a request was not placed: what blocks each of the nearest places, who can unblock it, the smallest change."""

from typing import Literal

from models.base import Record

LiftKind = Literal["exception", "place", "maximum", "minimum", "educator", "decision", "setting", "fact"]


class Blocked(Record):
    """How many offers a rule removes for a request, counted by the first rule that removes each."""

    rule: str
    offers: int


class Block(Record):
    """A rule that one match more would break: whose number, what was found against what is allowed, in words."""

    rule: str
    subjects: tuple[str, ...]
    sentence: str
    amount: int | None = None
    limit: int | None = None


class Lift(Record):
    """One change that lifts a rule from a request at an offer: data, so that it can be tried before it is said.

    ``subject`` is whose row or number changes: an offer, agency, team (``agency/team``), PE, decision or setting; the
    request where it is an exception or a fact about the request there. ``value`` is the new value where there is one.
    """

    kind: LiftKind
    rule: str
    request: str
    offer: str
    subject: str
    value: str | None = None
    sentence: str
    who: str


class Near(Record):
    """An offer that is nearly possible: everything that blocks it, and what would unblock it.

    ``pe`` is the PE with whom least is broken. With all of ``lifts`` the checker finds nothing broken; they are empty
    where nobody can lift something, or where what somebody can was not enough, as ``who`` says.
    """

    offer: str
    pe: str | None = None
    rules: tuple[str, ...]
    minutes: int | None = None
    blocks: tuple[Block, ...] = ()
    lifts: tuple[Lift, ...] = ()
    sentence: str
    who: str


class Moved(Record):
    """A request that would have another offer."""

    request: str
    offer: str


class Change(Record):
    """What would place a request at an offer, and who would lose by it.

    ``losers`` would not be placed any more, ``moved`` would be elsewhere; with ``lifts`` nobody needs to.
    """

    offer: str
    lifts: tuple[Lift, ...] = ()
    losers: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    sentence: str


class Unplaced(Record):
    """A request that was not placed, with the main reason in one sentence.

    ``change`` is the smallest change among the nearest places: the checker found the whole plan legal with it and the
    match. ``instead`` is what the plan would be if the request had a place that fits it with nothing lifted; it was
    solved for.
    """

    request: str
    code: str
    reason: str
    removed: tuple[Blocked, ...] = ()
    eligible_offers: int = 0
    holders: tuple[str, ...] = ()
    nearest: tuple[Near, ...] = ()
    change: Change | None = None
    instead: Change | None = None
