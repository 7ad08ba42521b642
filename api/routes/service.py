"""What the routes work with: settings and store of the running service."""

from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.inputs.apart import Apart
from api.jobs.leases import Watch
from api.routes.readers import Readers
from api.settings import Settings
from api.store.opening import Store


class Bell:
    """Rung where a run was accepted, for workers beside the server; those elsewhere look by themselves."""

    def __init__(self) -> None:
        self.ring: Callable[[], None] = lambda: None


class Service(NamedTuple):
    """The running service.

    ``apart`` reads inputs in processes of their own, ``readers`` wait for events of runs, ``watch`` sees which workers
    live, ``bell`` wakes those beside it.
    """

    settings: Settings
    store: Store
    apart: Apart
    readers: Readers
    watch: Watch
    bell: Bell


async def service_of(request: Request) -> Service:
    """The service that a request came to; it takes no thread, since it waits for nothing."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found


TheService = Annotated[Service, Depends(service_of)]


def transaction_of(service: TheService) -> Iterator[Session]:
    """A session of the store for one request: kept as a whole before the answer is sent, or not at all."""
    with service.store.transaction() as session:
        yield session


Transaction = Annotated[Session, Depends(transaction_of, scope="function")]
"""Ended before the answer goes out: what a client was told is in the store."""


def reading_of(service: TheService) -> Iterator[Session]:
    """A session of the store for one request that only reads."""
    with service.store.reading() as session:
        yield session


Reading = Annotated[Session, Depends(reading_of, scope="function")]
"""One moment of the store; it holds up no writer."""
