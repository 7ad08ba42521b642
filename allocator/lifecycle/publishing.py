"""A plan becomes the version in force: whether it may, what is typed into the input, and what is new in it."""

from collections.abc import Sequence
from typing import NamedTuple

from allocator.comparison.compare import published_match
from allocator.comparison.inputs import input_changes
from allocator.comparison.requests import request_changes
from allocator.lifecycle.entering import given_ids
from allocator.lifecycle.published_rows import Cleared, published_rows
from allocator.lifecycle.spent import spent_unlocks
from allocator.reading.editing import Edit, RowAdded
from allocator.reading.persons import personal_in
from allocator.reading.sheets_record import PUBLISHED, VERSIONS
from allocator.settling.settling import Reading
from allocator.views.compared import Line, counted_changes, lines
from allocator.views.version import version as digest_of
from allocator.views.words import counted
from models.base import Date
from models.comparison import Comparison, InputChanges, RequestChange
from models.dataset import Dataset
from models.errors import RefusedError, UsageError
from models.plan import CheckReport, Plan
from models.register import Page, Register
from models.versions import Version

SHOWN = 8
"""Differences, and violations, that a refusal names."""
_UNREAD = frozenset(("V108", "V116"))
"""Kinds of problem by which nothing of a sheet is read."""


class Candidate(NamedTuple):
    """A plan to publish: what it was made from (None: not at hand), and what the check finds in it by the data now."""

    plan: Plan
    made_from: Dataset | None
    check: CheckReport


class Publication(NamedTuple):
    """What publishing a plan does.

    ``changes`` is what is new since what was published before; ``cleared`` what was typed about matches that are no
    more; ``lost`` are the requests whose published place is gone and that have no other; ``unlocked`` those whose
    unlocking has served.
    """

    version: Version
    edits: tuple[Edit, ...]
    changes: tuple[RequestChange, ...]
    cleared: tuple[Cleared, ...]
    lost: tuple[str, ...]
    unlocked: tuple[str, ...]


def publish(register: Register, reading: Reading, candidate: Candidate, *, by: str, on: Date) -> Publication:
    """Make a plan the version in force.

    Parameters
    ----------
    register
        The input that is published, as typed.
    reading
        What it says, by the settings in force and on the day of the plan.
    candidate
        The plan.
    by
        Who publishes: initials or a role.
    on
        The day.

    Returns
    -------
    Publication
        What has to be typed into the input, and what that means.

    Raises
    ------
    RefusedError
        The plan is a clash, was made from other data or other settings, or does not pass the check; or the sheet
        Published cannot be read.
    UsageError
        ``by`` is blank, or names a person.
    """
    by = by.strip()
    personal = personal_in("Versions", "by", by)
    if not by or personal:
        raise UsageError(f"by '{by}': {f'{personal} is not stored' if personal else 'blank'}; give initials or a role")
    _refuse(reading, candidate)
    plan, dataset = candidate.plan, reading.dataset
    lost = _lost(dataset, plan)
    changes = _changes(dataset, plan, lost)
    facts = {
        "version": _next_version(register, dataset), "published_on": on, "by": by,
        "dataset": plan.dataset_digest, "policy": plan.policy_digest, "plan": digest_of(plan), "seed": plan.seed,
        "placed": len(plan.matches), "of": len(plan.matches) + len(plan.unplaced), "proved": _proved(candidate),
        "tiers": len(plan.tiers), "checked": _checked(candidate.check), "changes": _words(changes, lost),
    }  # fmt: skip
    rows = published_rows(register, dataset, plan)
    why = f"version {facts['version']} is published"
    spent = spent_unlocks(register, reading, plan, by=by, why=why)
    edits = (*given_ids(register, reading), *rows.edits, *spent.edits, RowAdded(VERSIONS.name, facts))
    return Publication(Version.model_validate(facts), edits, changes, rows.cleared, lost, spent.requests)


# -- Whether it may ----------------------------------------------------------------------------------------------------


def _refuse(reading: Reading, candidate: Candidate) -> None:
    if candidate.plan.clash is not None:
        raise RefusedError("the plan is a clash: rules and rows cannot hold together, so there is nothing to publish")
    for issue in reading.issues:
        if issue.sheet in (PUBLISHED.name, VERSIONS.name) and issue.code in _UNREAD:
            raise RefusedError(f"the sheet {issue.sheet} cannot be read: {issue.message} {issue.remedy or ''}".strip())
    differing = _other_data(reading, candidate)
    if differing:
        raise RefusedError(
            f"the plan was made from other data or settings than these ({_some(differing)}): work out the "
            "plan anew, and publish what comes out"
        )
    if not candidate.check.passed:
        broken = [f"{v.rule}: {v.message}" for v in candidate.check.violations]
        raise RefusedError(f"the plan does not pass the check against these data: {_some(broken)}")


def _other_data(reading: Reading, candidate: Candidate) -> list[str]:
    """What differs between the data and settings of the plan and those at hand; notes and reasons are no difference."""
    plan, now = candidate.plan, reading.dataset
    same = plan.dataset_digest == now.digest
    before = now if same else candidate.made_from
    found = input_changes(before or now, now, plan.policy, reading.policy)
    differing = [_difference(line) for line in _lines(found, plan)]
    if before is None:
        differing.append("the data that the plan was made from are not at hand, so what of them differs is not known")
    return differing


def _lines(found: InputChanges, plan: Plan) -> list[Line]:
    comparison = Comparison(before="the plan", after="now", placed_before=0, placed_after=0, inputs=found)
    return lines(comparison, plan.policy, None, None)


def _difference(line: Line) -> str:
    """A row or a setting that differs: ``Offers: O4 row changed: capacity: 1, now capacity: 2``."""
    values = f": {line.before}, now {line.after}" if line.before or line.after else ""
    return f"{line.about} {line.what}{values}"


def _some(sentences: Sequence[str]) -> str:
    more = len(sentences) - SHOWN
    return "; ".join([*sentences[:SHOWN], *([f"and {more} more"] if more > 0 else [])])


# -- What is new -------------------------------------------------------------------------------------------------------


def _lost(dataset: Dataset, plan: Plan) -> tuple[str, ...]:
    """Requests whose published place is gone and that have no other: their rows stay, since they come before others."""
    rows = dataset.published_by_request
    return tuple(u.request for u in plan.unplaced if u.request in rows and rows[u.request].standing == "freed")


def _changes(dataset: Dataset, plan: Plan, lost: Sequence[str]) -> tuple[RequestChange, ...]:
    """What is new in a plan, of the requests that it is about."""
    asked = {m.request for m in plan.matches} | {u.request for u in plan.unplaced} - set(lost)
    matches = tuple(published_match(row) for row in dataset.published if row.request in asked)
    return request_changes(plan.model_copy(update={"matches": matches, "unplaced": ()}), plan, only_matches=True)


def _words(changes: Sequence[RequestChange], lost: Sequence[str]) -> str:
    without = f"; {counted(len(lost), 'request has', 'requests have')} lost a place and not found another"
    return counted_changes(changes) + (without if lost else "")


def _proved(candidate: Candidate) -> int:
    """Tiers that were proved, and whose value is what the check counts."""
    recounted = {tier.tier: tier.value for tier in candidate.check.tiers}
    return sum(tier.proved and recounted.get(tier.tier) == tier.value for tier in candidate.plan.tiers)


def _checked(check: CheckReport) -> str:
    said = ["no rule is broken"]
    if check.kept_despite:
        said.append(f"{counted(len(check.kept_despite), 'rule')} not kept by matches that stay as they are")
    if check.not_judged:
        said.append(f"{counted(len(check.not_judged), 'thing')} not judged")
    return "; ".join(said)


def _next_version(register: Register, dataset: Dataset) -> int:
    """One more than any that stands on Versions, also on a row that cannot be used."""
    rows = register.pages.get(VERSIONS.name, Page(VERSIONS.name)).rows
    numbers = [row.get("version") for row in rows] + [v.version for v in dataset.versions]
    return max((n for n in numbers if n is not None), default=0) + 1
