"""``/v1/runs/{run}/result`` and ``/files``: what a run has written, byte for byte as the command line writes it."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from allocator.results import CLASH, PLAN
from api.access.guarding import FILE_POLICY
from api.access.people import Team
from api.problems import NotFoundError
from api.routes.conditions import IfNoneMatch, etag, has
from api.routes.runs import VisibleRun
from api.routes.service import Service, TheService
from api.store import audit
from api.store.contents import content
from api.store.moments import utc_now
from api.store.runs import files_of
from api.store.tables import Run
from api.wire.runs import RunFileLine
from models.plan import Plan

router = APIRouter(tags=["runs"])
TYPES = {
    ".json": "application/json", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
"""Content types by ending; any other file is bytes."""
BYTES = "application/octet-stream"
FILES = {
    kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in (*TYPES.values(), BYTES)
}


class NoResultYetError(NotFoundError):
    """The run has no plan yet."""

    code, title = "no_result_yet", "There is no plan yet"


def type_of_file(path: str) -> str:
    """The content type of a file of results."""
    return TYPES.get(PurePosixPath(path).suffix.casefold(), BYTES)


@router.get("/runs/{run}/result", response_class=Response, responses={200: {"model": Plan}, 304: {}})
def result(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """The plan of a run, byte for byte the `plan.json` of the command line.

    While the run goes on it is the best plan so far; of rules that clash, it is the plan that says so (`clash`).
    """
    answer = sent_file(service, found, (PLAN, CLASH), if_none_match)
    if answer is None:
        raise NoResultYetError(f"The run is {found.state} and has no plan. Its events tell when there is one.")
    return answer


@router.get("/runs/{run}/files")
def files(found: VisibleRun, service: TheService) -> tuple[RunFileLine, ...]:
    """The files of a run's results: plan, check, cost and facts as JSON, report, summary, a form for each agency."""
    with service.store.reading() as session:
        return tuple(
            RunFileLine(path=file.path, size=file.size, digest=file.digest, content_type=type_of_file(file.path))
            for file in files_of(session, found.id)
        )


@router.get("/runs/{run}/files/{path:path}", response_class=Response, responses={200: {"content": FILES}, 304: {}})
def file(
    person: Team, found: VisibleRun, service: TheService,
    path: Annotated[str, Path(max_length=300, description="As the list of files has it.", examples=["report.xlsx"])],
    if_none_match: IfNoneMatch = None,
) -> Response:  # fmt: skip
    """A file of a run's results."""
    answer = sent_file(service, found, (path,), if_none_match)
    if answer is None:
        raise NotFoundError("The run has no file of this name: see its list of files.")
    if answer.status_code == HTTPStatus.OK:
        with service.store.transaction() as session:
            audit.record(session, person.account, "file_downloaded", found.id, {"file": path}, utc_now())
    return answer


def sent_file(service: Service, run: Run, paths: Sequence[str], if_none_match: str | None) -> Response | None:
    """The first of these files that the run has, or 304 where who asks has it; None where the run has none."""
    # List and bytes of one moment: a better plan may replace a file between two.
    with service.store.reading() as session:
        there = {one.path: one for one in files_of(session, run.id)}
        wanted = next((there[path] for path in paths if path in there), None)
        if wanted is None:
            return None
        name = quote(PurePosixPath(wanted.path).name)
        headers = {
            "ETag": etag(wanted.digest), "Cache-Control": "private, no-cache", "Content-Security-Policy": FILE_POLICY,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        }  # fmt: skip
        if has(if_none_match, wanted.digest):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        data = content(session, wanted.digest)
    return Response(data, headers=headers, media_type=type_of_file(wanted.path))
