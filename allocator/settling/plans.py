"""Plans to be judged: a plan.json, or a sheet made by hand with a student's request, an offer and a PE."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from allocator.reading.collecting import Collector
from allocator.reading.columns import Sheet, column
from allocator.reading.folding import fold
from allocator.reading.sheets_people import STAGES
from allocator.reading.sources import RawSheet, read_file
from allocator.reading.spelling import Nearest, did_you_mean
from allocator.reading.tables import parse
from allocator.settling.directories import Directory, TeamNames
from allocator.settling.offers import pool_of
from models.base import PE_NEEDED, compact, natural_key
from models.dataset import Dataset
from models.entities import EducatorEntry
from models.errors import InputUnusableError, Issue
from models.plan import SCHEMA_VERSION, Match, Plan
from models.policy import Policy
from models.register import Row
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
        column("status", "word", "where the match stands", "proposed", allowed=STATUSES, protects=True),
        column("result", "text", "as the report shows it: firm, provisional, not placed", "the offer says"),
    ),
)
"""The columns of a plan made by hand."""
OURS = frozenset({"request", "offer", "agency", "team", "pe"})
"""Columns by which a sheet named Students is the report's own: its other headings are no mistakes."""
_HEADINGS = frozenset({"V111", "V112", "V113", "V117", "V124"})
"""Kinds of problem that are about titles and headings alone."""
_PLACED, _NOT_PLACED = frozenset(("firm", "provisional")), frozenset(("not placed", "set aside", "later"))
"""Results as the report shows them."""
_SHOWN = re.compile(r"(to be named|team's own pe)(?: \((.+)\))?", re.IGNORECASE)
"""A pool as the report shows it."""

Choose = Callable[[Sequence[Match], Sequence[Sequence[Match]]], Sequence[Match]]
"""Given the matches that are clear, and for each row that names only a team what it may mean: one of each."""


def first_of_each(_clear: Sequence[Match], rows: Sequence[Sequence[Match]]) -> Sequence[Match]:
    """The match with the first offer of each row, in order of id."""
    return [options[0] for options in rows]


def read_plan(
    path: Path, dataset: Dataset, policy: Policy, choose: Choose = first_of_each
) -> tuple[Plan, tuple[Issue, ...]]:
    """Read a plan to be judged.

    Parameters
    ----------
    path
        A ``plan.json``; or a workbook, CSV or JSON file with a sheet of matches: request (or student and stage), offer
        (or agency and team), and pe, start, end and status where known. Rows without an offer are unplaced requests.
    dataset, policy
        What it is judged by.
    choose
        Says which offer is meant where rows name only a team that has several.

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
    own = fold(raw.name) == "students" and parse(raw, PLAN, {}, Collector()).columns >= OURS
    table = parse(raw, PLAN, {}, collector)
    if collector.stopped:
        raise InputUnusableError(_of_sheet(raw.name, collector))
    matches = _Matcher(dataset, collector).match(table.rows, choose)
    plan = Plan(
        dataset_digest=dataset.digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(sorted(matches, key=lambda m: (natural_key(m.request), natural_key(m.offer)))),
    )
    return plan, tuple(i for i in _of_sheet(raw.name, collector) if not (own and i.code in _HEADINGS))


def _of_sheet(name: str, collector: Collector) -> tuple[Issue, ...]:
    """The problems in order, under the name that the sheet of matches has in its file."""
    return tuple(
        compact(i.model_copy(update={"sheet": name})) if i.sheet == PLAN.name else i for i in collector.in_order()
    )


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
    if data["schema_version"] != SCHEMA_VERSION:
        why = f"its schema_version is {data['schema_version']}, and this program knows {SCHEMA_VERSION}"
        collector.add("V701", file=path.name, why=why)
        raise InputUnusableError(collector.in_order())
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
        self._agencies = Directory("Agencies", dataset.agency_by_id, _other_names(dataset))
        self._educators = Directory("Educators", dataset.educator_by_id)
        self._teams = TeamNames({(o.agency, o.team) for o in dataset.offers})

    def match(self, rows: list[Row], choose: Choose) -> list[Match]:
        readable = [row for row in rows if not row.reasons]
        usable = [(row, request) for row in readable if (request := self._request(row)) is not None]
        order = sorted(usable, key=lambda pair: natural_key(pair[1]))
        meant = [(row, self._options(row, request)) for row, request in order]
        clear = [options[0] for _, options in meant if len(options) == 1]
        several = [(row, options) for row, options in meant if len(options) > 1]
        chosen = choose(clear, [options for _, options in several])
        self._say_what_was_chosen([(row, len(options)) for row, options in several], chosen)
        return [*clear, *chosen]

    def _say_what_was_chosen(self, rows: Sequence[tuple[Row, int]], chosen: Sequence[Match]) -> None:
        """A message for each team, with its rows."""
        of_team: defaultdict[tuple[str, str, int], list[tuple[int, Match]]] = defaultdict(list)
        for (row, count), match in zip(rows, chosen, strict=True):
            agency = self._dataset.offer_by_id[match.offer].agency
            of_team[agency, row.get("team") or "any team", count].append((row.number, match))
        for (agency, team, count), found in of_team.items():
            self._collector.add(
                "V703", sheet="Plan", rows=[number for number, _ in found], column="team", agency=agency, team=team,
                count=count, taken=", ".join(f"{m.offer} for {m.request}" for _, m in found),
            )  # fmt: skip

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
                return None
            known = self._dataset.request_by_id[found]
            if student is not None and self._students.find(student) != known.student:
                self._drop(row, "student", found, f"the request is of {known.student}, and the row says '{student}'")
                return None
            if stage not in {None, known.stage}:
                self._drop(row, "stage", found, f"the request is a {known.stage}, and the row says {stage}")
                return None
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

    def _options(self, row: Row, request: str) -> list[Match]:
        """The matches that a row may mean: none where it cannot be read or places nobody, several by team alone."""
        offers = self._offers_meant(row, request)
        facts: dict[str, Any] = {c: row.get(c) for c in ("start", "end", "status") if row.get(c) is not None}
        if offers:
            self._say_if_unknown(row, request)
        return [Match(request=request, offer=o, pe=self._educator(row, o), **facts) for o in offers]

    def _offers_meant(self, row: Row, request: str) -> list[str]:
        typed, agency, team = row.get("offer"), row.get("agency"), row.get("team")
        result = fold(str(row.get("result") or ""))
        if (typed is not None or agency is not None) and result in _NOT_PLACED:
            self._drop(row, "result", request, f"the result says {result}, and a place is named: put one of them right")
            return []
        if typed is not None:
            found = self._offers.find(typed)
            if found is None:
                self._drop(row, "offer", request, f"'{typed}' is not an offer", self._offers.suggestion(typed))
                return []
            return [found] if self._agrees(row, request, found) else []
        if agency is None:
            if result in _PLACED:
                self._drop(
                    row, "result", request, f"the result says {result}, and no place is named: put one of them right"
                )
            return []  # an unplaced request
        listed = self._agencies.find(agency)
        if listed is None:
            self._drop(row, "agency", request, f"'{agency}' is not an agency", self._agencies.suggestion(agency))
            return []
        named = self._teams.find(listed, team)[1] if team is not None else None
        if team is not None and named is None:
            near = did_you_mean(team, (o.team for o in self._dataset.offers if o.agency == listed))
            self._drop(row, "team", request, f"'{team}' is not a team of {listed} with offers", near)
            return []
        return self._of_team(row, request, listed, named)

    def _agrees(self, row: Row, request: str, offer: str) -> bool:
        """Whether agency and team of a row, where it names them, are those of its offer."""
        known, agency, team = self._dataset.offer_by_id[offer], row.get("agency"), row.get("team")
        same_agency = agency is None or self._agencies.find(agency) == known.agency
        if same_agency and (team is None or self._teams.find(known.agency, team)[1] == known.team):
            return True
        said = ", ".join(part for part in (agency, team) if part)
        self._drop(
            row, "offer" if same_agency else "agency", request,
            f"the offer {offer} is at {known.agency}, {known.team}, and the row says {said}: put one of them right",
        )  # fmt: skip
        return False

    def _of_team(self, row: Row, request: str, agency: str, team: str | None) -> list[str]:
        """The offers of a team, in order of id, that are for the tranche and stage; all of its offers if none is."""
        wanted = self._dataset.request_by_id[request]
        offers = [o for o in self._dataset.offers if o.agency == agency and team in {None, o.team}]
        if not offers:
            self._drop(row, "agency", request, f"{agency} has no offers")
            return []
        fitting = [o for o in offers if o.tranche == wanted.tranche and o.stage in {"either", wanted.stage}] or offers
        return sorted((o.offer for o in fitting), key=natural_key)

    def _educator(self, row: Row, offer: str) -> str | None:
        typed = row.get("pe")
        if typed is None:
            return None
        listed = self._educators.find(typed)
        if listed is not None or "@" in typed:
            return listed or str(typed)
        if fold(typed) == fold(PE_NEEDED):
            return PE_NEEDED
        entry = _pool(typed)
        return str(typed) if entry is None else entry.pool_id(offer)

    def _say_if_unknown(self, row: Row, request: str) -> None:
        typed = row.get("pe")
        known = typed is None or "@" in typed or fold(typed) == fold(PE_NEEDED) or _pool(typed) is not None
        if known or self._educators.find(typed) is not None:
            return
        self._collector.add(
            "V303", sheet="Plan", row=row.number, column="pe", found=typed, subject=request, where="Educators",
            level="warning", consequence="", suggestion=self._educators.suggestion(typed),
        )  # fmt: skip


def _pool(typed: str) -> EducatorEntry | None:
    """The pool that a cell means, as an offer names it or as the report shows it."""
    shown = _SHOWN.fullmatch(typed)
    if shown is None:
        return pool_of(typed)
    return pool_of(" ".join(("TBC" if shown[1].casefold() == "to be named" else "own", shown[2] or "")).strip())


def _other_names(dataset: Dataset) -> dict[str, str]:
    """What agencies are called besides their ids, as the report does."""
    return {name: a.agency for a in dataset.agencies for name in (a.name, *a.also_called) if name}
