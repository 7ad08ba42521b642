"""Two agencies with a word in every place that one of them must not see, and their plan."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.report.writing import write_report
from allocator.results import write_results
from api.store import runs
from api.store.opening import Store
from models.dataset import Dataset
from models.entities import PARTNERSHIP, Commitment
from models.run import Outcome
from scenarios.answers.answer import Answer, AnswerTable, Chart
from tests import builders as b
from tests.report.looking import match, outcome

MINE, OTHER = "Alder Trust", "Birch Council"
HIDDEN = {
    "district": ("HOME1", "HOME2", "HOME3"),
    "minutes": ("73571", "73572"),
    "preferences": ("Wishland", "WishAgency", "INTERNWISH"),
    "waiting": ("1999-09-09",),
    "notes": ("STUDENTNOTE", "REQUESTNOTE", "OFFERNOTE", "PENOTE"),
    "needs not shared": ("ramp-secret",),
    "other agency": (OTHER, "BirchTeam", "BirchBase", "O-BIRCH", "PE-BIRCH"),
    "other students": ("S-BIRCH", "S-NOWHERE"),
    "who lost out": ("LOSTOUT",),
    "exclusions": ("PE-EXCLUDED",),
    "repeat status": ("ALDER/first", "ALDER2/first"),  # ids of requests count attempts
}
"""By kind: what the agency Alder Trust must not see. S-ALDER is its student, who shares the need of large print."""


def two_agencies() -> Dataset:
    """S-ALDER goes to Alder Trust, S-BIRCH to Birch Council, S-NOWHERE nowhere."""
    students = (
        b.student("S-ALDER", home="HOME1", adjustments=("large print",), share_needs=True, preferred_areas=("Wishland",),
                  excluded_educators=("PE-EXCLUDED",), note="STUDENTNOTE", waiting_since=date(1999, 9, 9)),
        b.student("S-ALDER2", home="HOME1", adjustments=("ramp-secret",), preferred_agencies=("WishAgency",),
                  limit_minutes=73571, lost_out_before="LOSTOUT"),
        b.student("S-BIRCH", home="HOME2", intern_choices=("INTERNWISH",)),
        b.student("S-NOWHERE", home="HOME3", readiness="failed"),
    )  # fmt: skip
    return b.dataset(
        students=students,
        requests=tuple(b.request(f"{s.student}/first", note="REQUESTNOTE") for s in students),
        agencies=(b.agency(MINE, social_workers_fte=50), b.agency(OTHER, social_workers_fte=50)),
        offers=(
            b.offer("O-ALDER", agency=MINE, team="AlderTeam", place="AlderBase", capacity=3, note="OFFERNOTE"),
            b.offer("O-BIRCH", agency=OTHER, team="BirchTeam", place="BirchBase", capacity=2, note="OFFERNOTE"),
        ),
        educators=(
            b.educator("PE-ALDER", employed_by=MINE, team="AlderTeam", load=2, note="PENOTE"),
            b.educator("PE-BIRCH", employed_by=OTHER, team="BirchTeam", note="PENOTE"),
            b.educator("PE-CONSULTANT", employed_by=PARTNERSHIP, team=None),
        ),
        travel=b.travel("HOME1", "AlderBase", 73572),
        commitments=(Commitment(agency=OTHER, number=7),),
    )  # fmt: skip


def its_plan(dataset: Dataset) -> Outcome:
    return outcome(
        dataset,
        match("S-ALDER/first", "O-ALDER", "PE-ALDER"),
        match("S-ALDER2/first", "O-ALDER", "PE-ALDER"),
        match("S-BIRCH/first", "O-BIRCH", "PE-BIRCH"),
    )


def a_run(store: Store, round: str | None, by: str = "t") -> str:
    """A run that is complete, with every file that the command line writes of this plan."""
    dataset = two_agencies()
    done = its_plan(dataset)
    with TemporaryDirectory() as folder:
        out = Path(folder)
        paths = [*write_results(out, done, dataset), *write_report(out, dataset, done.plan.policy, done)]
        files = {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
    return _complete(store, round, by, "allocate", b"{}", files)


def an_answered_run(store: Store, round: str, scenario: str = "cut") -> str:
    """A run of scenarios that is complete, with an answer in which people are named and few are counted."""
    sheets = {
        "Tranches": [{"tranche": "T1", "first_day": "2026-01-05"}],
        "Students": [
            {"student": s.student, "programme": "MSW", "home": "CR0", "stage": "first"} for s in two_agencies().students
        ],
        "Offers": [{"offer": "O-ALDER", "agency": MINE, "team": "AlderTeam", "place": "CR0", "areas": "children"}],
        "Educators": [{"pe": "PE-ALDER", "employed_by": MINE, "qualification": "PEPS2"}],
    }
    answer = Answer(
        scenario=scenario, question="What if S-BIRCH leaves?", reason="REQUESTNOTE", base="May.xlsx",
        sentence="PE-ALDER has 3 fewer.", proof="all proved", assumes=("S-NOWHERE stays.", "All else as it is."),
        table=AnswerTable(
            headings=("case", "placed", "of", "%", "moved"),
            rows=(("as it is", 300, 354, 84.7, 0), ("without S-ALDER", 298, 354, 84.2, 7)),
        ),
        chart=Chart(kind="bars", labels=("S-ALDER",)), failed=("without S-ALDER2: no plan",),
    )  # fmt: skip
    content = {"title": "Questions", "answers": [answer.model_dump(mode="json")]}
    return _complete(
        store, round, "t", "scenarios", json.dumps(sheets).encode(), {"answers.json": json.dumps(content).encode()}
    )


def _complete(store: Store, round: str | None, by: str, kind: str, source: bytes, files: dict[str, bytes]) -> str:
    now = datetime.now(UTC)
    with store.transaction() as session:
        run = runs.accept(
            session, kind=kind, source=source, filename="sheets.json", settings={}, limits={}, round=round, decisions=0,
            priority=0, by=by, now=now,
        )  # fmt: skip
        attempt = runs.begin_attempt(session, run.id, now)
        assert attempt is not None
        runs.keep_files(session, run.id, attempt, files)
        runs.finish(session, run.id, attempt, "complete", "proved", None)
        return run.id
