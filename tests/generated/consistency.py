"""What reading leaves behind (SEMANTICS S1), so that no generated or shrunken dataset asks the impossible."""

import re
from collections import Counter
from collections.abc import Iterator

from models.dataset import Dataset
from models.entities import Published, Request
from models.statuses import KEPT, OVER

_ID = re.compile(r"[^/]+/(first|final)(/[2-9])?")
"""The id of a request: its student, its stage and, where it is not the first, its attempt."""


def problems(dataset: Dataset) -> list[str]:
    """Sentences about rows that reading would not leave so; empty when there are none."""
    dangling = list(_references(dataset))
    return dangling or [*_one_of_each(dataset), *_standings(dataset), *_decisions(dataset)]


def _references(dataset: Dataset) -> Iterator[str]:
    tranches, agencies = dataset.tranche_by_id, dataset.agency_by_id
    for request in dataset.requests:
        if request.student not in dataset.student_by_id or request.tranche not in tranches:
            yield f"{request.request}: student or tranche is not listed"
    for offer in dataset.offers:
        if offer.agency not in agencies or offer.tranche not in tranches:
            yield f"{offer.offer}: agency or tranche is not listed"
        if (offer.agency, offer.team) not in dataset.team_by_key:
            yield f"{offer.offer}: team is not listed"
    for row in dataset.history:
        if row.student not in dataset.student_by_id:
            yield f"History of {row.student}: student is not listed"


def _one_of_each(dataset: Dataset) -> Iterator[str]:
    live = [r for r in dataset.requests if _in_horizon(dataset, r) and not _is_over(dataset, r)]
    counts = Counter((r.student, r.stage) for r in live if r.found_by == "partnership")
    yield from (f"{student} has {n} live requests of stage {stage}" for (student, stage), n in counts.items() if n > 1)
    rows = Counter(p.request for p in dataset.published)
    yield from (f"{request} is published {n} times" for request, n in rows.items() if n > 1)


def _in_horizon(dataset: Dataset, request: Request) -> bool:
    tranche = dataset.tranche_by_id.get(request.tranche)
    return tranche is not None and tranche.status != "past"


def _is_over(dataset: Dataset, request: Request) -> bool:
    row = dataset.published_by_request.get(request.request)
    return row is not None and row.standing == "over"


def _standings(dataset: Dataset) -> Iterator[str]:
    for row in dataset.published:
        request = dataset.request_by_id.get(row.request)
        if request is None:  # a match of a round before: whatever its status, it is over
            if row.standing != "over" or not _ID.fullmatch(row.request):
                yield f"{row.request} is not listed and published with standing {row.standing}"
            continue
        over = row.status in OVER or not _in_horizon(dataset, request)
        if over != (row.standing == "over"):
            yield f"{row.request}: standing {row.standing} with status {row.status}"
        if row.standing in ("kept", "in_force"):
            yield from _holding(dataset, row, request)


def _holding(dataset: Dataset, row: Published, request: Request) -> Iterator[str]:
    offer = dataset.offer_by_id.get(row.offer)
    if offer is None or offer.withdrawn:
        yield f"{row.request} holds {row.offer}, which is withdrawn or not listed"
    if row.standing == "kept":
        if row.status not in KEPT and row.student_told_on is None:
            yield f"{row.request} is kept with status {row.status}"
        if request.set_aside is not None or dataset.student_by_id[request.student].withdrawn:
            yield f"{row.request} is kept and set aside or withdrawn"


def _decisions(dataset: Dataset) -> Iterator[str]:
    fixes = Counter(d.request for d in dataset.decisions if d.decision == "fix")
    yield from (f"{request} has {n} fixes" for request, n in fixes.items() if n > 1)
    answers = Counter((d.request, d.agency) for d in dataset.decisions if d.decision == "agency_decision")
    yield from (f"{request} has {n} answers of {agency}" for (request, agency), n in answers.items() if n > 1)
    for d in dataset.decisions:
        if d.request is not None and d.request not in dataset.request_by_id:
            yield f"{d.id}: request is not listed"
        if d.decision in ("fix", "hold") and d.offer not in dataset.offer_by_id:
            yield f"{d.id}: offer is not listed"
