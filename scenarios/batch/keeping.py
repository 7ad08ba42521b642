"""A folder of results: a line each as cases end, the plans beside, and what it all was made from, so that it goes on.

``results.jsonl`` is added to while the batch works and survives a kill; a plan is there before its line. Rows are read
from the file one at a time, so that memory does not grow with what is done.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from allocator.files import whole
from allocator.results import written_plan
from models.base import Date, Record
from models.errors import UsageError
from scenarios.batch.jobs import NOT_MADE, Finished, Job, digest
from scenarios.batch.lines import make_whole, read_lines
from scenarios.batch.versions import versions
from scenarios.measures import label_of
from scenarios.model import Case, Freeze
from scenarios.results import LOST, CaseResult
from scenarios.running import Base, digest_of

ROWS, ABOUT, PLANS = "results.jsonl", "batch.json", "plans"
_CASE = "case_digest"
_SAFE = re.compile(r"[a-z0-9][a-z0-9_=,. -]{0,70}[a-z0-9]|[a-z0-9]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class About(Record):
    """``batch.json``: what the results of a folder were made from.

    ``bases``: a digest of every sheet and of the settings, by base. ``scenarios``: a digest of all cases, and ``seeds``
    the seed of the draws, by scenario.
    """

    today: Date
    bases: dict[str, dict[str, str]]
    scenarios: dict[str, str]
    seeds: dict[str, int]
    versions: dict[str, str]


class Kept:
    """The results of a folder, which its user has locked.

    Parameters
    ----------
    out
        The folder; it is there.
    bases
        Each with another name.
    jobs
        All that is asked for, in their order.

    Raises
    ------
    UsageError
        The folder holds results of something else: it says of what.
    """

    def __init__(self, out: Path, bases: Sequence[Base], jobs: Sequence[Job]) -> None:
        self._out, self._file = out, out / ROWS
        self._bases = [base.name for base in bases]
        self._digests = {key_of(self._bases[job.base], job.case): case_digest(job.case) for job in jobs}
        self._offsets: dict[str, int] = {}
        self._begin(about(bases, jobs))

    def left(self, jobs: Iterable[Job]) -> list[Job]:
        """The jobs that are not done yet."""
        return [job for job in jobs if key_of(self._bases[job.base], job.case) not in self._offsets]

    def done(self, jobs: Iterable[Job]) -> Iterator[Finished]:
        """What came of the jobs that are done, as their executor gave it."""
        for job in jobs:
            offset = self._offsets.get(key_of(self._bases[job.base], job.case))
            if offset is not None:
                with self._file.open("rb") as stream:
                    result = _result(_line_at(stream, offset))
                yield Finished(result, None if result.problem else _content(self._out / plan_path(result)))

    def add(self, finished: Finished) -> None:
        """Keep a result: first its plan, then its row."""
        result = finished.result
        if finished.plan is not None:
            _write(self._out / plan_path(result), finished.plan)
        line = {_CASE: self._digests[result.key], **result.model_dump(mode="json")}
        with self._file.open("ab") as stream:
            self._offsets[result.key] = stream.tell()
            stream.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")

    def results(self) -> Iterator[CaseResult]:
        """All results of the folder: those that were asked for in their order, then others."""
        if not self._offsets:
            return
        with self._file.open("rb") as stream:
            for key in self._ordered():
                yield _result(_line_at(stream, self._offsets[key]))

    def finish(self) -> None:
        """Put the rows into their order, whatever the order in which they ended."""
        if not self._offsets:
            return
        offsets: dict[str, int] = {}
        with whole(self._file) as partial, self._file.open("rb") as rows, partial.open("wb") as stream:
            for key in self._ordered():
                rows.seek(self._offsets[key])
                offsets[key] = stream.tell()
                stream.write(rows.readline())
        self._offsets = offsets

    def _ordered(self) -> list[str]:
        asked = [key for key in self._digests if key in self._offsets]
        return asked + [key for key in self._offsets if key not in self._digests]

    def _begin(self, now: About) -> None:
        before, path = _about_before(self._out), self._out / ABOUT
        if before is not None:
            self._hold_together(_differences(before, now))
            make_whole(self._file)
            self._read()
            now = now.model_copy(
                update={
                    "bases": before.bases | now.bases, "scenarios": before.scenarios | now.scenarios,
                    "seeds": before.seeds | now.seeds,
                }
            )  # fmt: skip
        with whole(path) as partial:
            partial.write_text(now.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def _hold_together(self, differences: Iterable[str]) -> None:
        said = "; ".join(differences)
        if said:
            raise UsageError(
                f"the folder '{self._out}' holds results of something else: {said}. Name another folder with --out, "
                "or remove this one"
            )

    def _read(self) -> None:
        """Find the rows that are done."""
        changed: dict[str, None] = {}
        if not self._file.exists():
            return
        with self._file.open("rb") as stream:
            offset = 0
            for text in stream:
                line = json.loads(text)
                result = _result(line)
                if self._digests.get(result.key, line[_CASE]) != line[_CASE]:
                    changed[result.scenario] = None
                if result.stopped not in (LOST, NOT_MADE) and (
                    result.problem or (self._out / plan_path(result)).exists()
                ):
                    self._offsets[result.key] = offset
                offset += len(text)
        self._hold_together(f"the scenario '{name}' asked something else" for name in changed)


def rows_of(out: Path) -> Iterator[CaseResult]:
    """The results of a folder as they stand there, none twice; a last line that is not whole is left out.

    Raises
    ------
    UsageError
        They cannot be read.
    """
    try:
        found = {row.key: row for row in map(_result, read_lines(out / ROWS))}
    except (ValidationError, ValueError, AttributeError) as error:
        raise UsageError(f"'{out / ROWS}' cannot be read as results of this version") from error
    yield from found.values()


def _line_at(stream: BinaryIO, offset: int) -> dict[str, Any]:
    stream.seek(offset)
    line: dict[str, Any] = json.loads(stream.readline())
    return line


def _result(line: Mapping[str, Any]) -> CaseResult:
    return CaseResult.model_validate_json(json.dumps({k: v for k, v in line.items() if k != _CASE}))


def _about_before(out: Path) -> About | None:
    path = out / ABOUT
    if not path.exists():
        return None
    try:
        return About.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise UsageError(
            f"{path} cannot be read, so that nobody knows what the results there are of: name another folder with "
            "--out, or remove this one"
        ) from error


def day_of(out: Path) -> Date | None:
    """The day of the batch that a folder holds, with which it goes on; None of a new one."""
    before = _about_before(out)
    return None if before is None else before.today


def about(bases: Sequence[Base], jobs: Sequence[Job]) -> About:
    """What results of these jobs are made from."""
    cases: dict[str, list[str]] = {}
    seeds: dict[str, int] = {}
    for job in jobs:
        cases.setdefault(job.case.scenario, []).append(case_digest(job.case))
        if job.case.draw:
            seeds[job.case.scenario] = job.case.seed
    return About(
        today=bases[0].today, bases={base.name: base_digests(base) for base in bases},
        scenarios={name: digest(*of) for name, of in cases.items()}, seeds=seeds, versions=versions(),
    )  # fmt: skip


def _differences(before: About, now: About) -> Iterator[str]:
    """In words, what makes results of then and now no results of one batch."""
    if before.today != now.today:
        yield f"they are of {before.today}, not of {now.today}"
    for name in before.bases.keys() & now.bases.keys():
        then, here = before.bases[name], now.bases[name]
        other = sorted(part for part in then.keys() | here.keys() if then.get(part) != here.get(part))
        if other:
            yield f"the base '{name}' differs in {', '.join(other)}"
    other = sorted(p for p in before.versions.keys() | now.versions.keys()
                   if before.versions.get(p) != now.versions.get(p))  # fmt: skip
    if other:
        yield f"they were made with another {', '.join(other)}"


def base_digests(base: Base) -> dict[str, str]:
    """A digest of each sheet of a base, and of its settings."""
    sheets = {
        name: digest(*page.columns, *(row.content for row in page.rows))
        for name, page in sorted(base.register.pages.items())
        if page.there
    }
    return sheets | {"settings": digest(*(f"{k}={v}" for k, v in sorted(base.settings.items())))}


def case_digest(case: Case) -> str:
    """What tells cases apart by what they solve and measure; a plan that they freeze by what it is."""
    edits = [
        edit.model_copy(update={"plan": _told(edit.plan)}) if isinstance(edit, Freeze) else edit for edit in case.edits
    ]
    asked = case.model_copy(update={"measures": tuple(map(label_of, case.measures)), "edits": tuple(edits)})
    return digest(asked.model_dump_json())


def _told(plan: str) -> str:
    found = written_plan(Path(plan))
    return plan if found is None else digest_of(found)


def key_of(base: str, case: Case) -> str:
    """What the result of a case on a base is called."""
    return f"{base}/{case.key}"


def plan_path(result: CaseResult) -> Path:
    """Where the plan of a case stands in its folder; those of draws, which are many, are compressed."""
    folder = Path(PLANS) / safe(result.base) / safe(result.scenario)
    if not result.draw:
        return folder / f"{safe(result.case)}.json"
    return folder / safe(result.case) / f"{result.draw}.json.gz"


def safe(name: str) -> str:
    """The name of a file on any system; of a name that had to change with a digest, so that no two are one."""
    if _SAFE.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    plain = re.sub(r"[^a-z0-9_=,. -]+", "_", name.casefold())[:60].strip("_. ")
    return f"{plain}~{digest(name)[:8]}"


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as partial:
        partial.write_bytes(gzip.compress(content, 6, mtime=0) if path.suffix == ".gz" else content)
