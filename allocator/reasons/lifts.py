"""What lifting a rule means: each kind of lift turns a dataset and a policy into the lifted ones."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.dataset import Dataset
from models.decisions import Decision
from models.entities import DRIVING_COVERED, EducatorEntry, Offer, Request, Student
from models.policy import Policy
from models.reasons import Lift, LiftKind

Case = tuple[Dataset, Policy]
LIFTED = "lifted"
"""Ids of the exceptions that a lift stands for begin so."""


def lifted(dataset: Dataset, policy: Policy, lifts: tuple[Lift, ...]) -> Case:
    """Dataset and policy with some rules lifted.

    Parameters
    ----------
    dataset, policy
        As they are; they are not changed.
    lifts
        What to lift, one after the other.

    Returns
    -------
    tuple of Dataset and Policy
        As they would be read if everybody named had agreed.
    """
    for lift in lifts:
        dataset, policy = APPLIED[lift.kind](dataset, policy, lift)
    return dataset, policy


def _changed(dataset: Dataset, collection: str, key: str, id: str, **fields: Any) -> Dataset:
    rows = (r.model_copy(update=fields) if getattr(r, key) == id else r for r in getattr(dataset, collection))
    return dataset.model_copy(update={collection: tuple(rows)})


def _exception(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    row = Decision(
        decision="exception", id=f"{LIFTED}/{lift.rule}/{lift.request}/{lift.value or ''}", rule=lift.rule,
        request=lift.request, offer=lift.offer, value=lift.value,
    )  # fmt: skip
    return dataset.model_copy(update={"decisions": (*dataset.decisions, row)}), policy


def _place(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    return _changed(dataset, "offers", "offer", lift.subject, capacity=int(lift.value or 0)), policy


def _maximum(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    """L02: at once, of a team or an agency; L10: of an agency in the year."""
    value = int(lift.value or 0)
    if lift.rule == "L02" and lift.subject in dataset.agency_by_id:
        return _changed(dataset, "agencies", "agency", lift.subject, maximum_at_once=value), policy
    if lift.rule == "L02":
        offer = dataset.offer_by_id[lift.offer]
        teams = (
            t.model_copy(update={"maximum_at_once": value}) if (t.agency, t.team) == (offer.agency, offer.team) else t
            for t in dataset.teams
        )
        return dataset.model_copy(update={"teams": tuple(teams)}), policy
    return _changed(dataset, "agencies", "agency", lift.subject, maximum_in_year=value), policy


def _minimum(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    return _changed(dataset, "offers", "offer", lift.subject, minimum=int(lift.value or 0)), policy


def _educator(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    """A PE to be named, one person more, beside all who may be there now (``value``, one a line)."""
    offer = dataset.offer_by_id[lift.offer]
    now = (lift.value or "").split("\n")
    entries = list(offer.educators)
    named = {e.pe for e in entries}
    entries += [EducatorEntry(kind="named", pe=pe) for pe in now if pe in dataset.educator_by_id and pe not in named]
    if f"TBC@{offer.offer}" in now and all(e.kind == "named" for e in entries):
        entries.append(EducatorEntry(kind="tbc", places=offer.capacity))
    entries.append(EducatorEntry(kind="tbc", qualification="PEPS2", places=1))
    return _changed(dataset, "offers", "offer", lift.offer, educators=tuple(entries)), policy


def _decision(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    return dataset.model_copy(update={"decisions": tuple(d for d in dataset.decisions if d.id != lift.subject)}), policy


def _setting(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    if lift.subject == "statutory_least":  # of one programme
        programme, _, number = (lift.value or "").rpartition("=")
        return dataset, policy.model_copy(update={lift.subject: policy.statutory_least | {programme: int(number)}})
    name, _, of = lift.subject.partition(".")
    value = getattr(policy, name) | {of: lift.value} if of else lift.value
    return dataset, Policy.model_validate(policy.model_dump() | {name: value})


# ---- facts: what a row says of the request or the offer ------------------------------------------------------------
def _fact(dataset: Dataset, policy: Policy, lift: Lift) -> Case:
    request, offer = dataset.request_by_id[lift.request], dataset.offer_by_id[lift.offer]
    student = dataset.student_by_id[request.student]
    rows: dict[str, dict[str, Any]] = FACTS[lift.rule](student, request, offer, lift)
    for collection, key, id in (
        ("students", "student", student.student),
        ("requests", "request", request.request),
        ("offers", "offer", offer.offer),
    ):
        if collection in rows:
            dataset = _changed(dataset, collection, key, id, **rows[collection])
    if lift.rule == "E06":
        decisions = (
            d.model_copy(update={"value": "accepted"})
            if (d.decision, d.request) == ("agency_decision", request.request) and d.agency in dict(offer.sites)
            else d
            for d in dataset.decisions
        )
        dataset = dataset.model_copy(update={"decisions": tuple(decisions)})
    return dataset, policy


def interval(value: str | None) -> tuple[date, date]:
    """First and last day of a value such as ``2027-01-04/2027-04-09``."""
    first, _, last = (value or "").partition("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def _dates(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    """Dates of the offer and of the request that hold the window; for L06 the request starts with it."""
    start, end = interval(lift.value)
    changes: dict[str, dict[str, Any]] = {
        "offers": {
            "latest_start": offer.latest_start and max(offer.latest_start, start),
            "latest_end": offer.latest_end and max(offer.latest_end, end),
        },
        "requests": {"latest_end": request.latest_end and max(request.latest_end, end)},
    }
    if lift.rule == "L06":
        changes["requests"]["earliest_start"] = start
    return changes


def _passed(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"students": {n: "passed" for n in ("readiness", "clearance") if getattr(student, n) == "failed"}}


def _driving(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {
        "students": {"adjustments": (*student.adjustments, DRIVING_COVERED)},
        "offers": {"features": (*offer.features, DRIVING_COVERED)},
    }


def _adjustment(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"offers": {"cannot": tuple(a for a in offer.cannot if a not in student.adjustments)}}


def _lock(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    agencies, authorities = request.locked_agencies, request.locked_authorities
    return {
        "requests": {
            "locked_agencies": (*agencies, offer.agency) if agencies else (),
            "locked_authorities": (*authorities, *offer.authorities) if authorities and offer.authorities else (),
        }
    }


def _terms(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    universities, programmes = offer.universities, offer.programmes
    own = (student.university,) if student.university else ()
    days = offer.days_a_week
    if days is not None:
        days = min(max(days, request.days_a_week_least), request.days_a_week_most)
    return {
        "offers": {
            "universities": (*universities, *own) if universities else (),
            "programmes": (*programmes, student.programme) if programmes else (),
            "reserved_for": None,
            "days_a_week": days,
        }
    }


def _supervisor(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"offers": {"on_site_supervisor": "to_be_named"}}


def _ranking(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"students": {"ranked_offers": (*student.ranked_offers, (offer.offer,))}}


def _no_intern(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"students": {"scheme": None}}


def _every_part(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {"students": {"part": None}}


def _nothing(student: Student, request: Request, offer: Offer, lift: Lift) -> dict[str, dict[str, Any]]:
    return {}


FACTS: dict[str, Callable[[Student, Request, Offer, Lift], dict[str, dict[str, Any]]]] = {
    "E01": _dates,
    "E02": _passed,
    "E03": _driving,
    "E06": _nothing,
    "E07": _adjustment,
    "E08": _lock,
    "E09": _terms,
    "E14": _supervisor,
    "E17": _ranking,
    "E20": _every_part,
    "L06": _dates,
    "L09": _no_intern,
}
"""Rules that a row of the student, the request, the offer or the agency's answer lifts."""
APPLIED: dict[LiftKind, Callable[[Dataset, Policy, Lift], Case]] = {
    "exception": _exception,
    "place": _place,
    "maximum": _maximum,
    "minimum": _minimum,
    "educator": _educator,
    "decision": _decision,
    "setting": _setting,
    "fact": _fact,
}
