"""How the client speaks HTTP: what is tried again, and what an answer is taken for."""

import json
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import httpx2
from pydantic import TypeAdapter, ValidationError

from api.client.errors import ServiceFaultError, UnreachableError, raised

TRIES = 4
"""Of a request that may be sent twice: with other methods than GET only those that have a key."""
FIRST_WAIT = 0.25
"""Seconds before the second try; doubled each time, and shortened by chance so that clients do not come together."""
AGAIN = (429, 502, 503, 504)
T = TypeVar("T")


class Speaker:
    """Sends requests to a service.

    Parameters
    ----------
    server
        Address, such as ``https://placements.example.org``.
    token
        Of the account.
    transport
        Another way to the service than the network, for tests.
    """

    def __init__(self, server: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        self.server = server.rstrip("/")
        self.http = httpx2.Client(
            base_url=self.server, transport=transport, timeout=httpx2.Timeout(120.0, connect=10.0),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json, */*"},
        )  # fmt: skip

    def ask(
        self,
        method: str,
        path: str,
        *,
        content: Any = None,
        files: Mapping[str, tuple[str, bytes]] | Sequence[tuple[str, tuple[str, bytes]]] | None = None,
        fields: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        seen: int | None = None,
        key: str | None = None,
    ) -> httpx2.Response:
        """Send a request, and again where that may help and can do no harm.

        Parameters
        ----------
        method, path
            Of the route.
        content
            Body as JSON.
        files, fields
            Body as a form: name and bytes by field (in pairs where it has several), and fields that hold JSON.
        query
            Of the address; what is None is left out.
        seen
            The version that was seen, of what is to be changed.
        key
            ``Idempotency-Key``.

        Returns
        -------
        Response
            With a status below 400.

        Raises
        ------
        AllocationError
            The service refused, has a fault, or cannot be reached.
        """
        headers = {"If-Match": f'"{seen}"'} if seen is not None else {}
        headers |= {"Idempotency-Key": key} if key is not None else {}
        data = {name: json.dumps(value) for name, value in (fields or {}).items()} or None
        params = {name: value for name, value in (query or {}).items() if value is not None}
        tries = TRIES if method == "GET" or key is not None else 1
        for left in range(tries - 1, -1, -1):
            try:
                answer = self.http.request(
                    method, path, json=content, files=files, data=data, params=params, headers=headers
                )
            except httpx2.TransportError as error:
                if not left:
                    raise UnreachableError(
                        f"no service answers at {self.server} ({error}): is the address right, and does it run?"
                    ) from error
            else:
                if answer.status_code not in AGAIN or not left:
                    return good(answer)
                time.sleep(min(60.0, float(answer.headers.get("retry-after", "0") or 0)))
            time.sleep(FIRST_WAIT * 2 ** (tries - 1 - left) * random.uniform(0.5, 1.0))
        raise AssertionError("unreachable: the last try returns or raises")

    def record(self, kind: type[T], method: str, path: str, **sent: Any) -> T:
        """Send a request, and take the answer for a record of the wire."""
        return taken(kind, self.ask(method, path, **sent))


def taken(kind: type[T], answer: httpx2.Response) -> T:
    """The record that an answer holds.

    Raises
    ------
    ServiceFaultError
        It holds another one: the service is of another version.
    """
    try:
        return TypeAdapter(kind).validate_json(answer.content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ServiceFaultError(
            f"the service's answer is none that this version knows ({where}: {first['msg']}): update one of the two"
        ) from error


def good(answer: httpx2.Response) -> httpx2.Response:
    """The answer, where it is none of a problem.

    Raises
    ------
    AllocationError
        What it stands for.
    """
    if answer.status_code < 400:
        return answer
    try:
        content = answer.json()
    except ValueError:
        content = None
    raise raised(answer.status_code, content)
