"""``/v1/demonstrations``: partnerships that come with the program, and runs of them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from allocator.demonstrations import demonstrations
from api.access.people import Team
from api.inputs.sending import Sent
from api.problems import NotFoundError
from api.routes.accepting import IdempotencyKey, Wanted, accepted
from api.routes.service import TheService
from api.wire.runs import Accepted, Demonstration, RunOptions

router = APIRouter(tags=["runs"])


@router.get("/demonstrations")
def all_demonstrations(_person: Team) -> tuple[Demonstration, ...]:
    """Partnerships that come with the program, to be tried."""
    return tuple(Demonstration(name=name, size=path.stat().st_size) for name, path in demonstrations().items())


@router.post("/demonstrations/{name}/runs", status_code=HTTPStatus.ACCEPTED, response_model=Accepted)
async def run_demonstration(
    person: Team, service: TheService, name: Annotated[str, Path(max_length=100, examples=["developing-together"])],
    options: RunOptions | None = None, idempotency_key: IdempotencyKey = None,
) -> JSONResponse:  # fmt: skip
    """Ask for a run of a demonstration; it is a run as any other."""
    found, over = demonstrations().get(name), options or RunOptions()
    if found is None:
        raise NotFoundError(f"There is no such demonstration. Allowed: {', '.join(demonstrations())}.")
    sent = Sent(await run_in_threadpool(found.read_bytes), found.name)
    return await accepted(service, person, Wanted(sent, over.settings, over.limits), idempotency_key)
