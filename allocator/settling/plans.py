"""Plans to be judged: a plan.json, or a sheet made by hand with a student's request, an offer and a PE."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from allocator.reading.collecting import Collector
from allocator.reading.columns import Sheet, column
from allocator.reading.folding import fold
from allocator.reading.sheets_people import STAGES
from allocator.reading.sources import RawSheet, read_file
from allocator.reading.spelling import Nearest, did_you_mean
from allocator.reading.tables import Row, parse
from allocator.settling.directories import Directory, TeamNames
from allocator.settling.offers import pool_of
from models.base import PE_NEEDED, natural_key
from models.dataset import Dataset
from models.errors import InputUnusableError, Issue
from models.plan import Match, Plan
from models.policy import Policy
from models.statuses import STATUSES

PLAN = Sheet(
    "Plan",
    "a match",
    (
        column("request", "reference", "the request, such as S001/final", "student and stage say which"),
        column("student", "reference", "the student", "the request says who"),
        column("stage", "word", "first or final", "the student's only request", allowed=STAGES),
        column("offer", "reference", "the offer", "agency and team say which"),
        column("agency", "reference", "the agency", "the offer says where"),
        column("team", "reference", "the team", "the offer says where"),
        column("pe", "reference", "the PE, or TBC", "not named"),
        column("start", "date", "first day", "as computed"),
        column("end", "date", "last day", "as computed"),
        column("status", "word", "where the match stands", "proposed", allowed=STATUSES),
    ),
)
"""The columns of a plan made by hand."""


def read_plan(path: Path, dataset: Dataset, policy: Policy) -> tuple[Plan, tuple[Issue, ...]]:
    """Read a plan to be judged.

    Parameters
    ----------
    path
        A ``plan.json``; or a workbook, CSV or JSON file with a sheet of matches: request (or student and stage), offer
        (or agency and team), and pe, start, end and status where known. Rows without an offer are unplaced requests.
    dataset, policy
        What it is judged by.

    Returns
    -------
    tuple
        The plan, and the problems of its rows, worst first.

    Raises
    ------
    UsageError
        There is nothing at ``path``.
    InputUnusableError
        It is no plan.
    """
    collector = Collector()
    written = _written(path, collector)
    if written is not None:
        if (written.dataset_digest, written.policy_digest) != (dataset.digest, policy.digest):
            collector.add("V704")
        return written, collector.in_order()
    raw = _best_sheet(read_file(path, collector))
    if raw is None:
        collector.add("V701", file=path.name, why="no sheet has the headings student, stage and offer")
        raise InputUnusableError(collector.in_order())
    table = parse(raw, PLAN, {}, collector)
    if collector.stopped:
        raise InputUnusableError(collector.in_order())
    matches = _Matcher(dataset, collector).match(table.rows)
    plan = Plan(
        dataset_digest=dataset.digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(sorted(matches, key=lambda m: (natural_key(m.request), natural_key(m.offer)))),
    )
    return plan, collector.in_order()


def _written(path: Path, collector: Collector) -> Plan | None:
    """The plan of a plan.json; None for files of another kind."""
    if path.suffix.casefold() != ".json" or not path.is_file():
        return None
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError):
        return None  # the reader of sheets says what is wrong with it
    if not isinstance(data, dict) or "matches" not in data or "schema_version" not in data:
        return None
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        collector.add("V701", file=path.name, why=f"{where}: {first['msg']}")
        raise InputUnusableError(collector.in_order()) from error


def _best_sheet(raws: list[RawSheet]) -> RawSheet | None:
    """The sheet named Plan or Matches, else the one with most of the headings of a plan."""
    scored = []
    for raw in raws:
        table = parse(raw, PLAN, {}, Collector())
        named = fold(raw.name) in {"plan", "matches", "placements", "published"}
        if {"request", "student"} & table.columns and {"offer", "agency"} & table.columns and table.rows:
            scored.append(((named, len(table.columns)), raw))
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


class _Matcher:
    """Finds the request, the offer and the PE that each row means."""

    def __init__(self, dataset: Dataset, collector: Collector) -> None:
        self._dataset = dataset
        self._collector = collector
        self._requests = Directory("Requests", dataset.request_by_id)
        self._students = Directory("Students", dataset.student_by_id)
        self._offers = Directory("Offers", dataset.offer_by_id)
        self._agencies = Directory("Agencies", dataset.agency_by_id)
        self._educators = Directory("Educators", dataset.educator_by_id)
        self._taken: Counter[str] = Counter()

    def match(self, rows: list[Row]) -> list[Match]:
        usable = [(row, request) for row in rows if (request := self._request(row)) is not None]
        # Rows that name their offer take their places before rows that name only a team.
        order = sorted(usable, key=lambda pair: (pair[0].get("offer") is None, natural_key(pair[1])))
        return [match for row, request in order if (match := self._match(row, request)) is not None]

    def _drop(self, row: Row, column: str, subject: str, why: str, suggestion: str | Nearest = "") -> None:
        self._collector.add(
            "V702", sheet="Plan", row=row.number, column=column, subject=subject, why=why, suggestion=suggestion
        )

    def _request(self, row: Row) -> str | None:
        typed, student, stage = row.get("request"), row.get("student"), row.get("stage")
        if typed is not None:
            found = self._requests.find(typed)
            if found is None:
                self._drop(row, "request", typed, "the request is not on the input", self._requests.suggestion(typed))
            return found
        if student is None:
            self._drop(row, "student", "the row", "it names no request and no student")
            return None
        listed = self._students.find(student)
        if listed is None:
            self._drop(row, "student", student, "the student is not on the input", self._students.suggestion(student))
            return None
        live = [
            r.request
            for r in self._dataset.requests
            if r.student == listed
            and stage in {None, r.stage}
            and self._dataset.tranche_by_id[r.tranche].status != "past"
        ]
        if len(live) == 1:
            return live[0]
        why = "the student has no such request" if not live else "the student has several requests; fill in the stage"
        self._drop(row, "stage", listed, why)
        return None

    def _match(self, row: Row, request: str) -> Match | None:
        offer = self._offer(row, request)
        if offer is None:
            return None
        self._taken[offer] += 1
        facts: dict[str, Any] = {c: row.get(c) for c in ("start", "end", "status") if row.get(c) is not None}
        return Match(request=request, offer=offer, pe=self._educator(row, request, offer), **facts)

    def _offer(self, row: Row, request: str) -> str | None:
        typed, agency, team = row.get("offer"), row.get("agency"), row.get("team")
        if typed is not None:
            found = self._offers.find(typed)
            if found is None:
                self._drop(row, "offer", request, f"'{typed}' is not an offer", self._offers.suggestion(typed))
            return found
        if agency is None:
            return None  # an unplaced request
        listed = self._agencies.find(agency)
        if listed is None:
            self._drop(row, "agency", request, f"'{agency}' is not an agency", self._agencies.suggestion(agency))
            return None
        keys = {(o.agency, o.team) for o in self._dataset.offers if o.agency == listed}
        named = TeamNames(keys).find(listed, team)[1] if team is not None else None
        if team is not None and named is None:
            near = did_you_mean(team, (t for _, t in keys))
            self._drop(row, "team", request, f"'{team}' is not a team of {listed} with offers", near)
            return None
        return self._of_team(row, request, listed, named)

    def _of_team(self, row: Row, request: str, agency: str, team: str | None) -> str | None:
        """The first offer of a team, in order of id, that is for the tranche and stage and has a free place."""
        wanted = self._dataset.request_by_id[request]
        offers = [o for o in self._dataset.offers if o.agency == agency and team in {None, o.team}]
        if not offers:
            self._drop(row, "agency", request, f"{agency} has no offers")
            return None
        fitting = [o for o in offers if o.tranche == wanted.tranche and o.stage in {"either", wanted.stage}] or offers
        free = [o for o in fitting if self._taken[o.offer] < o.capacity] or fitting
        if len(fitting) > 1:
            self._collector.add(
                "V703", sheet="Plan", row=row.number, column="team", subject=request, agency=agency,
                team=team or "any team", count=len(fitting), found=free[0].offer,
            )  # fmt: skip
        return free[0].offer

    def _educator(self, row: Row, request: str, offer: str) -> str | None:
        typed = row.get("pe")
        if typed is None:
            return None
        listed = self._educators.find(typed)
        if listed is not None or "@" in typed:
            return listed or str(typed)
        if fold(typed) == fold(PE_NEEDED):
            return PE_NEEDED
        entry = pool_of(typed)
        if entry is not None:
            return entry.pool_id(offer)
        self._collector.add(
            "V303", sheet="Plan", row=row.number, column="pe", found=typed, subject=request, where="Educators",
            level="warning", consequence="", suggestion=self._educators.suggestion(typed),
        )  # fmt: skip
        return str(typed)
