"""What may stand on a wall that agencies see: sentences and comparisons without what is a student's or the team's own.

Never: districts, minutes, preferences, priorities, needs, repeats, readiness, what the team noted. A sentence of the
library may hold any of them, so none is cut up: words of the rule stand in its place, or nothing does. What is not
listed here as open is not shown: a new rule, thing to wait for or tier stays off the wall until somebody lists it.
"""

import re
from datetime import date

from allocator.views.actions import TEAM, holder, next_action, waits
from allocator.views.compared import setting_words
from allocator.views.facts import Facts, day
from allocator.views.front import why_not
from allocator.views.not_placed import near_words
from allocator.views.words import UNPLACED, WAITING, is_to_be_named
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.comparison import Comparison, InputChanges
from models.entities import Request
from models.plan import Match, ProvisionalCode, Waiting
from models.reasons import Change, Lift, Near, Unplaced

OPEN_RULES = frozenset(
    (
        "E01", "E06", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E15", "E16", "E19", "E20",
        "L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L12", "max_changes",
    )
)  # fmt: skip
"""Rules whose words agencies may read; the others say by themselves something of a student."""
OPEN_UNPLACED = frozenset(("later", "set aside", "fix", "none eligible", "limits"))
"""Codes of requests without a place that are no rule."""
NOT_OPEN = "it is not open to this student"
_PLAIN = frozenset(("place", "maximum", "minimum", "educator"))
"""Changes that are an agency's own number."""
OPEN_TIERS = frozenset(
    (
        "placed", "complete", "changes", "statutory_final", "two_statutory", "firm", "partner_share", "own_educators",
        "trainee_finals", "trainees", "fair_share", "overload",
    )
)  # fmt: skip
"""Tiers that are compared on a wall, by their names up to a full stop."""
OPEN_WAITS = frozenset(
    (
        ProvisionalCode.FORECAST, ProvisionalCode.TO_ASK, ProvisionalCode.EDUCATOR, ProvisionalCode.SUPERVISOR,
        ProvisionalCode.STATUTORY, ProvisionalCode.CURRENCY, ProvisionalCode.REGISTRATION, ProvisionalCode.ASSESSOR,
        ProvisionalCode.QUALIFYING,
    )
)  # fmt: skip
"""What a match waits for that is an agency's own, or a PE's as agencies know it."""
UNIVERSITY = (ProvisionalCode.READINESS, ProvisionalCode.CLEARANCE)
FOUND_OUT = (
    ProvisionalCode.MEASURE, ProvisionalCode.ADJUSTMENT, ProvisionalCode.NOT_RECORDED, ProvisionalCode.DRIVING,
    ProvisionalCode.BETWEEN, ProvisionalCode.NOT_KNOWN,
)  # fmt: skip
"""What it waits for that is a student's: the university says it, or somebody is asked."""
TO_CONFIRM, TO_FIND_OUT = "the university has to confirm", "something is to be asked"


OPEN_PARTS = ("before", "after", "placed_before", "placed_after", "agencies", "educators", "gaps")
"""Parts of a comparison that stand on a wall as they are; requests and tiers do in part."""


def shared_wait(code: ProvisionalCode) -> str:
    """What a match waits for as it may stand on a wall.

    Parameters
    ----------
    code
        Of what it waits for.
    """
    if code in OPEN_WAITS:
        return WAITING[code]
    return TO_CONFIRM if code in UNIVERSITY else TO_FIND_OUT


class Words:
    """Sentences about people and places, as the team reads them, or as they may stand on a wall.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    shared
        Agencies look on.
    """

    def __init__(self, facts: Facts, *, shared: bool) -> None:
        self._facts, self.shared = facts, shared
        again = [r for r in facts.dataset.requests if r.attempt > 1] if shared else []
        self._again = {r.request: f"{r.student}/{r.stage}" for r in again}
        names = sorted(self._again, key=len, reverse=True)
        self._attempts = re.compile("|".join(map(re.escape, names))) if names else None

    def text(self, text: str) -> str:
        """A sentence in which requests are named: their attempt, which would tell of a repeat, is left out."""
        return text if self._attempts is None else self._attempts.sub(lambda found: self._again[found[0]], text)

    def request(self, request: str) -> str:
        """A request by its id."""
        return self.text(request)

    def why(self, request: Request) -> str:
        """Why a request is not placed, in a sentence."""
        if not self.shared:
            return why_not(self._facts, request)
        unplaced = self._facts.unplaced_of.get(request.request)
        if request.set_aside or unplaced is None:
            return "The placements team has to look at its row first."
        if unplaced.code in RULE_BY_ID:
            return _sentence(_blocks(unplaced.code))
        return _sentence(_unplaced(unplaced.code))

    def why_in_short(self, request: Request) -> str:
        """The one main reason in few words: that of the rule which removes most."""
        unplaced = self._facts.unplaced_of.get(request.request)
        if request.set_aside or unplaced is None:
            return _sentence("its row is set aside")
        if unplaced.code in RULE_BY_ID:
            return _sentence(_blocks(unplaced.code) if self.shared else RULE_BY_ID[unplaced.code].blocks)
        of_the_stage = [blocked for blocked in unplaced.removed if blocked.rule != "E01"]
        most = max(of_the_stage or unplaced.removed, key=lambda blocked: blocked.offers, default=None)
        if most is not None and most.rule in RULE_BY_ID:
            return _sentence(_blocks(most.rule) if self.shared else RULE_BY_ID[most.rule].blocks)
        return _sentence(_unplaced(unplaced.code))

    def next_step(self, request: Request) -> str:
        """What is to be done next about a request, by whom and by when; blank where nothing is, or it is the team's."""
        action = next_action(self._facts, request)
        match = self._facts.match_of.get(request.request)
        by = f", by {day(action.due)}" if action.due else ""
        if not action.what:
            return ""
        if not self.shared:
            return f"{action.what} ({action.owner}{by})"
        lines = self.waits(match) if match else ()
        return f"{lines[0]}{by}" if lines else ""

    def waits(self, match: Match) -> tuple[str, ...]:
        """What a match waits for, of whom and by when, one by one."""
        if not self.shared:
            return tuple(line for line in self._facts.waiting(match).split("\n") if line)
        waiting = list(match.waiting)
        if not waiting and is_to_be_named(match):
            waiting = [Waiting(code=ProvisionalCode.EDUCATOR)]
        return tuple(dict.fromkeys(self._wait(w) for w in waiting))

    def waits_in_short(self, match: Match) -> tuple[str, ...]:
        """The same in few words: who has it is left out where it is the agency of the place."""
        agency = self._facts.offer(match).agency
        return tuple(
            dict.fromkeys(self._short(waiting, agency, action.due) for waiting, action in waits(self._facts, match))
        )

    def _short(self, waiting: Waiting, agency: str, due: date | None) -> str:
        if self.shared and waiting.code not in OPEN_WAITS:
            return self._wait(waiting)
        who = waiting.who if waiting.who not in (None, agency) else None
        about = waiting.detail if waiting.code in FOUND_OUT else None
        by = f", by {due.day} {due:%b}" if due else ""
        return (
            WAITING[waiting.code]
            + (f": {about}" if about else "")
            + (f" ({self._facts.agency_name(who)})" if who else "")
            + by
        )

    def _wait(self, waiting: Waiting) -> str:
        if waiting.code not in OPEN_WAITS:
            return shared_wait(waiting.code)
        who = self._facts.agency_name(waiting.who)
        return WAITING[waiting.code] + (f" ({who})" if who else "")

    def near(self, near: Near) -> tuple[str, ...]:
        """One of the nearest places in lines: where, what blocks it, what would open it, who can do that."""
        if not self.shared:
            return tuple(near_words(self._facts, near).split("\n"))
        offer = self._facts.offers.get(near.offer)
        where = f"{near.offer}: {self._facts.agency_name(offer.agency)}, {offer.team}" if offer else near.offer
        private = any(rule not in OPEN_RULES for rule in near.rules)
        blocks = dict.fromkeys(_blocks(rule) for rule in near.rules)
        lines = [where, _sentence(", and ".join(blocks))]
        if near.lifts and all(map(_is_plain, near.lifts)):
            lines.append(f"To open it: {'; '.join(self.text(lift.sentence) for lift in near.lifts)}")
        return (*lines, f"Can unblock it: {TEAM if private else holder(self._facts, near)}")

    def changes(self, unplaced: Unplaced) -> tuple[str, ...]:
        """The smallest change that would place a request, and who would lose by it."""
        found = [change for change in (unplaced.change, unplaced.instead) if change is not None]
        return tuple(self.text(c.sentence) for c in found if not self.shared or _is_shown(c))

    def comparison(self, found: Comparison) -> Comparison:
        """A comparison of plans without what is the student's own, and without figures and cells of the input."""
        if not self.shared:
            return found
        requests = found.requests
        if requests is not None:
            requests = tuple(
                change.model_copy(
                    update={
                        "request": self.request(change.request), "reason": None,
                        "waiting_before": self._shared_waits(change.waiting_before),
                        "waiting_after": self._shared_waits(change.waiting_after),
                    }
                )
                for change in requests
            )  # fmt: skip
        tiers = tuple(tier for tier in found.tiers if tier.tier.partition(".")[0] in OPEN_TIERS)
        shown = {name: getattr(found, name) for name in OPEN_PARTS} | {"requests": requests, "tiers": tiers}
        return Comparison.model_validate(shown)

    def _shared_waits(self, waiting: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
        return tuple(w for w in waiting if w.code in OPEN_WAITS)

    def inputs(self, found: InputChanges) -> tuple[str, ...]:
        """What differs in the data: a line for each row; on a wall how many rows of which sheet."""
        if self.shared:
            return tuple(
                f"{count.sheet}: {', '.join(f'{n} {word}' for n, word in _counted(count) if n)}"
                for count in found.counts
            )  # fmt: skip
        lines = [
            f"{setting_words(s.field)}: {s.before or 'none'} before, {s.after or 'none'} after" for s in found.settings
        ]
        for row in sorted(found.rows, key=lambda row: (row.sheet, natural_key(row.row))):
            cells = "; ".join(f"{f.field} {f.before or 'blank'} → {f.after or 'blank'}" for f in row.fields)
            lines.append(f"{row.sheet} {row.row}: {cells or 'row ' + row.kind}")
        return tuple(lines)


def _counted(count: object) -> list[tuple[int, str]]:
    return [(getattr(count, word), word) for word in ("added", "removed", "changed")]


def _blocks(rule: str) -> str:
    """What a rule says of a place, in its own words where agencies may read them."""
    return RULE_BY_ID[rule].blocks if rule in OPEN_RULES and rule in RULE_BY_ID else NOT_OPEN


def _unplaced(code: str) -> str:
    return UNPLACED[code] if code in OPEN_UNPLACED else "no place suits"


def _is_plain(lift: Lift) -> bool:
    return lift.kind in _PLAIN and lift.rule in OPEN_RULES


def _is_shown(change: Change) -> bool:
    return all(map(_is_plain, change.lifts))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
