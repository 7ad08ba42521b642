"""The small partnership of the command line's tests, with a plan made by hand that is published."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from allocator.lifecycle.publishing import Candidate, Publication, publish
from allocator.reading.editing import edited
from allocator.reading.reader import register_of
from allocator.settling.settling import Reading, settle
from models.plan import CheckReport, Match, Plan
from models.reasons import Unplaced
from models.register import Register
from tests.cli.inputs import Sheets, sheets

DAY = date(2026, 11, 23)
START, END = date(2027, 1, 4), date(2027, 4, 14)


def match(student: str = "S1", offer: str = "O1", pe: str | None = "PE1", **facts: Any) -> Match:
    """A match of a first, from January to April."""
    return Match(**{"request": f"{student}/first", "offer": offer, "pe": pe, "start": START, "end": END} | facts)


def row(student: str = "S1", offer: str = "O1", pe: str | None = "PE1", **cells: Any) -> dict[str, Any]:
    """A row of Published that says the same."""
    return {"request": f"{student}/first", "offer": offer, "pe": pe, "start": str(START), "end": str(END)} | cells


def with_published(*rows: Mapping[str, Any], **changed: list[dict[str, Any]]) -> Sheets:
    """The partnership with rows of Published."""
    return sheets(**({"Published": [dict(r) for r in rows]} if rows else {}), **changed)


def plan_of(reading: Reading, *matches: Match, **facts: Any) -> Plan:
    """A plan of what was read; every request without a match that is not over is not placed."""
    placed = {m.request for m in matches} | {p.request for p in reading.dataset.published if p.standing == "over"}
    unplaced = tuple(
        Unplaced(request=r.request, code="limits", reason="No place is left.")
        for r in reading.dataset.requests
        if r.request not in placed and r.found_by == "partnership"
    )
    made: dict[str, Any] = {
        "dataset_digest": reading.dataset.digest, "policy": reading.policy, "policy_digest": reading.policy.digest,
        "seed": reading.policy.seed, "matches": matches, "unplaced": unplaced,
    }  # fmt: skip
    return Plan(**made | facts)


class Done:
    """What publishing a plan came to: what it says, the register before and after, and what that is read as."""

    def __init__(self, given: Sheets, matches: Sequence[Match], check: CheckReport, facts: Mapping[str, Any]) -> None:
        self.before = register_of(given)
        reading = settle(self.before)
        self.plan = plan_of(reading, *matches, **facts)
        self.publication: Publication = publish(
            self.before, reading, Candidate(self.plan, None, check), by="LM", on=DAY
        )
        self.register: Register = edited(self.before, self.publication.edits)
        self.reading = settle(self.register)
        self.dataset = self.reading.dataset

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of Published, as they are typed now."""
        return [dict(r.values) for r in self.register.pages["Published"].rows]

    @property
    def cleared(self) -> dict[str, dict[str, str]]:
        """What was cleared, by request."""
        return {c.request: dict(c.said) for c in self.publication.cleared}

    @property
    def changes(self) -> dict[str, str]:
        """What is new, by request."""
        return {c.request: c.kind for c in self.publication.changes}


def done(given: Sheets, *matches: Match, check: CheckReport | None = None, **facts: Any) -> Done:
    """Publish a plan that passes the check, unless one is given."""
    return Done(given, matches, check or CheckReport(), facts)
