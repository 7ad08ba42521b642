"""What the judge of a decision's effect knows: the row, the dataset without it, and the facts of a dataset."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.dataset import Dataset
from models.entities import Offer

Fact = tuple[str, str, str]
"""A sheet, an id, a field."""
People = frozenset[tuple[str, str | None, int | None]]
"""Entries of an offer: the kind, the PE or the qualification, the number of people where it is stated."""
WHATEVER = object()
"""Stands for any value of a fact."""
WORDS = ("request", "offer", "pe")
NOT_FACTS = ("decisions", "issues")
_KEYS: dict[str, tuple[str, ...]] = {
    "tranches": ("tranche",), "students": ("student",), "requests": ("request",), "agencies": ("agency",),
    "teams": ("agency", "team"), "offers": ("offer",), "educators": ("pe",), "places": ("place",),
    "travel": ("origin", "destination", "mode"), "published": ("request",),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A row, and the world it is added to.

    ``row`` holds listed ids as they are listed; ``broken`` says that some cell names nothing listed.
    ``alone`` is the dataset without published matches: what is set aside there is so by its own rows;
    ``unnamed`` the dataset without rows that name PEs, and ``others`` the decisions that were there before.
    """

    before: Dataset
    alone: Dataset
    today: date
    row: Mapping[str, Any]
    broken: bool = False
    unnamed: Dataset = field(default_factory=Dataset)
    others: tuple[Mapping[str, Any], ...] = ()

    def requests(self) -> list[str]:
        """The requests that the row names: one, or all of a student."""
        name = self.row.get("request")
        return [r.request for r in self.before.requests if name in (r.request, r.student)]

    def student(self) -> str | None:
        """The student that the row names, directly or by a request."""
        name = self.row.get("request")
        found = {r.student for r in self.before.requests if name in (r.request, r.student)}
        return next(iter(found), name if name in self.before.student_by_id else None)

    def dated_later(self) -> bool:
        """Whether the row was decided on a day to come."""
        return bool((self.row.get("on") or self.today) > self.today)


def facts(dataset: Dataset) -> dict[Fact, Any]:
    """Every fact of a dataset by sheet, id and field; rows without an id by their position."""
    found: dict[Fact, Any] = {}
    for sheet in type(dataset).model_fields:
        if sheet in NOT_FACTS:
            continue
        for number, entity in enumerate(getattr(dataset, sheet)):
            if isinstance(entity, date):
                found[sheet, str(number), ""] = entity
                continue
            name = "/".join(str(getattr(entity, k)) for k in _KEYS[sheet]) if sheet in _KEYS else str(number)
            for column in type(entity).model_fields.keys() - {"promise"}:  # which follows from the standing
                value = getattr(entity, column)
                found[sheet, name, column] = people(entity) if column == "educators" else value
    return found


def people(offer: Offer) -> People:
    """Whom an offer has, in whatever order they stand."""
    return frozenset((e.kind, e.pe if e.kind == "named" else e.qualification, e.places) for e in offer.educators)


def named_at(case: Case, row: Mapping[str, Any]) -> str | None:
    """The offer at which a row names its PE: its own, else that of the published match of its request."""
    match = case.before.published_by_request.get(row.get("request", ""))
    place = row.get("offer") or (match.offer if match is not None else "")
    return place if place in case.before.offer_by_id else None
