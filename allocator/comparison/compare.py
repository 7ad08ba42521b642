"""Two results side by side: one record of everything that differs."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from allocator.comparison.inputs import input_changes
from allocator.comparison.people import agencies, agency_changes, educator_changes, student_changes
from allocator.comparison.requests import request_changes
from allocator.comparison.tiers import tier_changes
from allocator.views.facts import Facts, day
from allocator.views.figures import figures
from allocator.views.share import Share
from allocator.views.year import Year, year_shown
from models.comparison import AgencyState, Comparison, FigureChange, Gap, ShareChange
from models.dataset import Dataset
from models.entities import Published
from models.plan import CheckReport, Match, Plan, TierResult

_Key = tuple[str, str, str]
_Shares = tuple[Share, Share]
"""Of firm placements, and with provisional ones."""


class Counted:
    """What is counted of a result, once, however many others it is compared with.

    Parameters
    ----------
    facts
        Of the result.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def shares(self) -> dict[_Key, _Shares]:
        """Its shares by rule, title and group; of students due also those of the students placed."""
        found: dict[_Key, _Shares] = {}
        for figure in figures(Year(self._facts)):
            found[figure.rule, figure.title, figure.group] = (figure.firm, figure.all)
            if figure.placed is not None:
                found[figure.rule, f"{figure.title}, of those placed", figure.group] = figure.placed
        return found

    @cached_property
    def agencies(self) -> dict[str, AgencyState]:
        """What every agency offers and what of it is used."""
        return agencies(self._facts)


class Result(NamedTuple):
    """A result to compare. ``facts``: dataset, policy and plan with their lookups; None where the plan is all there is.

    ``counted``: what is counted of the facts, where the result is kept to be compared again. ``only_matches``: a list
    of matches, such as what is published. It does not say who was not placed, nor what was provisional.
    """

    name: str
    plan: Plan
    facts: Facts | None = None
    check: CheckReport | None = None
    only_matches: bool = False
    counted: Counted | None = None


def result_of(name: str, plan: Plan, dataset: Dataset | None = None, check: CheckReport | None = None) -> Result:
    """A result from its files.

    Parameters
    ----------
    name
        What it is called in words.
    plan
        The plan; its policy is the policy of the result.
    dataset
        What the plan was made from; None where it is not at hand.
    check
        The independent check; None where it is not at hand.
    """
    facts = Facts(dataset, plan.policy, plan) if dataset else None
    return Result(name, plan, facts, check, counted=Counted(facts) if facts else None)


def published_result(facts: Facts) -> Result | None:
    """What is published and not over, as a result; None where nothing is. What employers found is in no plan."""
    requests = facts.dataset.request_by_id
    rows = [p for p in facts.dataset.published if p.standing != "over" and requests[p.request].found_by != "employer"]
    if not rows:
        return None
    matches = tuple(published_match(p) for p in rows)
    plan = facts.plan.model_copy(update={"matches": matches, "unplaced": (), "tiers": (), "clash": None})
    return Result(version_name(facts.dataset) or "the published plan", plan, only_matches=True)


def published_match(row: Published) -> Match:
    """A match as it is published."""
    return Match(request=row.request, offer=row.offer, pe=row.pe, start=row.start, end=row.end, status=row.status)


def version_name(dataset: Dataset) -> str | None:
    """What the version in force is called in words; None where none was published."""
    if not dataset.versions:
        return None
    last = dataset.versions[-1]
    return f"version {last.version}" + (f" of {day(last.published_on)}" if last.published_on else "")


def compare(before: Result, after: Result) -> Comparison:
    """Everything that differs between two results.

    Parameters
    ----------
    before, after
        Inputs, figures and people are compared where the data of both are at hand, all else from the plans.

    Returns
    -------
    Comparison
        Its ``gaps`` say what could not be compared, and why.
    """
    clash = before.plan.clash is not None or after.plan.clash is not None
    gaps = [name for name, holds in _gaps(before, after).items() if holds]
    result = Comparison(
        before=before.name,
        after=after.name,
        placed_before=len(before.plan.matches),
        placed_after=len(after.plan.matches),
        tiers=() if clash or before.only_matches else tier_changes(_tiers(before), _tiers(after)),
        requests=None if clash else request_changes(before.plan, after.plan, only_matches=before.only_matches),
        gaps=tuple(gaps),
    )
    if before.facts is None or after.facts is None:
        return result
    old, new = before.facts, after.facts
    inputs = input_changes(old.dataset, new.dataset, before.plan.policy, after.plan.policy)
    if not inputs.rows and before.plan.dataset_digest != after.plan.dataset_digest:
        gaps.append("only_notes")
    update = {"inputs": inputs, "gaps": tuple(gaps)}
    if clash:
        return result.model_copy(update=update)
    was, is_ = before.counted or Counted(old), after.counted or Counted(new)
    people = {
        "figures": _figures(was.shares, is_.shares),
        "students": student_changes(old, new),
        "agencies": agency_changes(was.agencies, is_.agencies),
        "educators": educator_changes(old, new),
    }
    return result.model_copy(update=update | people)


def _gaps(before: Result, after: Result) -> dict[Gap, bool]:
    known = before.facts is not None and after.facts is not None
    return {
        "clash_before": before.plan.clash is not None,
        "clash_after": after.plan.clash is not None,
        "only_matches_before": before.only_matches,
        "data_before": before.facts is None and not before.only_matches,
        "data_after": after.facts is None,
        "other_year": known and year_shown(before.facts) != year_shown(after.facts),  # type: ignore[arg-type]
    }


def _tiers(result: Result) -> tuple[TierResult, ...]:
    """The tiers as the checker counts them, with the engine's proof; as the plan has them where there is no check."""
    by_engine = {t.tier: t for t in result.plan.tiers}
    if result.check is None or not result.check.tiers:
        return result.plan.tiers
    return tuple(_proved(t, by_engine.get(t.tier)) for t in result.check.tiers)


def _proved(counted: TierResult, of_engine: TierResult | None) -> TierResult:
    proved = of_engine is not None and of_engine.proved and of_engine.value == counted.value
    return counted.model_copy(update={"proved": proved})


def _figures(was: Mapping[_Key, _Shares], is_: Mapping[_Key, _Shares]) -> tuple[FigureChange, ...]:
    found = (_figure(key, was.get(key), is_.get(key)) for key in [*is_, *(key for key in was if key not in is_)])
    return tuple(f for f in found if f.firm.changed or f.all.changed)


def _figure(key: _Key, was: _Shares | None, is_: _Shares | None) -> FigureChange:
    nothing = (Share(0, 0), Share(0, 0))
    firm, every = (_share(old, new) for old, new in zip(was or nothing, is_ or nothing, strict=True))
    rule, title, group = key
    return FigureChange(rule=rule, title=title, group=group, firm=firm, all=every, misleads=firm.turned or every.turned)


def _share(was: Share, is_: Share) -> ShareChange:
    return ShareChange(part_before=was.part, whole_before=was.whole, part_after=is_.part, whole_after=is_.whole)
