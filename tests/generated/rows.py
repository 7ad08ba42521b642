"""A generated partnership as somebody would have typed it: rows by sheet, which settling makes a dataset of again.

What no sheet can say is left out (bank holidays, why a request is set aside); the rest is what the dataset says.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from models.base import Record
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import EducatorEntry, Offer, Request, Student

Rows = list[dict[str, Any]]
_SAID = ("yes", "no")


def rows_of(dataset: Dataset) -> dict[str, Rows]:
    """The sheets of a dataset; sheets without rows are left out."""
    made: dict[str, Rows] = {
        "Tranches": [_plain(one) for one in dataset.tranches],
        "Students": [_student(one) for one in dataset.students],
        "Requests": [_request(one) for one in dataset.requests],
        "History": [_plain(one, leave=("authorities",)) for one in dataset.history],
        "Agencies": [
            _plain(one, leave=("asks_decision", "educators_set_aside")) | {"asks_decision": _SAID[not one.asks_decision]}
            for one in dataset.agencies
        ],
        "Teams": [_plain(one) for one in dataset.teams],
        "Offers": [_offer(one) for one in dataset.offers],
        "Educators": [
            _plain(one, leave=("long_arm", "withdrawn_from")) | {"long_arm": _SAID[not one.long_arm]}
            for one in dataset.educators
        ],
        "Places": [_plain(one) for one in dataset.places],
        "Travel": [
            {"from": one.origin, "to": one.destination, "mode": one.mode, "minutes": one.minutes} for one in dataset.travel
        ],
        "Commitments": [_plain(one, renamed={"first_day": "from", "last_day": "to"}) for one in dataset.commitments],
        "Decisions": [*map(_decision, dataset.decisions), *_withdrawals(dataset)],
        "Published": [_plain(one, leave=("standing",)) for one in dataset.published],
        "Calendar": [
            {"step": "closed", "date": one.date.isoformat(), "agency": one.agency} for one in dataset.closed_days
        ],
        "Lists": [_plain(one) for one in dataset.words],
    }  # fmt: skip
    return {sheet: rows for sheet, rows in made.items() if rows}


def _plain(one: Record, leave: Iterable[str] = (), renamed: Mapping[str, str] = {}) -> dict[str, Any]:
    """The filled fields of an entity, as cells."""
    cells = {
        renamed.get(name, name): _cell(value)
        for name, value in one.model_dump(mode="json", exclude={"not_known", *leave}).items()
        if value is not None and value != []
    }
    return cells | dict.fromkeys(getattr(one, "not_known", ()), "not known")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return _SAID[not value]
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _student(student: Student) -> dict[str, Any]:
    barred = (
        *student.excluded_agencies, *(f"{agency}/{team}" for agency, team in student.excluded_teams),
        *student.excluded_educators,
    )  # fmt: skip
    cells = _plain(
        student,
        leave=("excluded_agencies", "excluded_teams", "excluded_educators", "ranked_offers", "withdrawn"),
    )
    ranked = " > ".join(" = ".join(group) for group in student.ranked_offers)
    return {"home": "not known"} | cells | {"excluded": "; ".join(barred), "ranked_offers": ranked}


def _request(request: Request) -> dict[str, Any]:
    leave = ("request", "days_a_week_least", "days_a_week_most", "displaced", "set_aside")
    return _plain(request, leave=leave) | {"days_a_week": f"{request.days_a_week_least}-{request.days_a_week_most}"}


def _offer(offer: Offer) -> dict[str, Any]:
    spokes = [f"{s.agency}/{s.team}{f'/{s.place}' if s.place else ''}={s.days}" for s in offer.spokes]
    cells = _plain(offer, leave=("educators", "spokes", "withdrawn", "part"))
    return (
        {"place": "not known"}
        | cells
        | {"educators": "; ".join(map(_entry, offer.educators)), "spokes": "; ".join(spokes)}
    )


def _entry(entry: EducatorEntry) -> str:
    if entry.pe is not None:
        return entry.pe
    words = ["TBC" if entry.kind == "tbc" else "own", entry.qualification or ""]
    return " ".join(filter(None, (*words, f"x{entry.places}" if entry.places else "")))


def _decision(decision: Decision) -> dict[str, Any]:
    if decision.other is not None:
        return {
            "decision": decision.decision, "request": f"{decision.student}; {decision.other}", "value": decision.value,
            "by": "AB",
        }  # fmt: skip
    cells = _plain(decision, leave=("id", "student", "on", "effective"))
    return cells | {"request": decision.request or decision.student, "by": "AB", "why": "generated"}


def _withdrawals(dataset: Dataset) -> Rows:
    gone = [
        *({"about": "student", "request": s.student} for s in dataset.students if s.withdrawn),
        *({"about": "offer", "offer": o.offer} for o in dataset.offers if o.withdrawn),
        *(
            {"about": "pe", "pe": e.pe, "effective": e.withdrawn_from.isoformat()}
            for e in dataset.educators if e.withdrawn_from
        ),
    ]  # fmt: skip
    return [{"decision": "withdraw", "by": "AB"} | row for row in gone]
