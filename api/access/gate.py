"""What lets people in: settings, store, clock, limits, and tokens that were verified a moment ago."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.access.limiting import Limits
from api.access.openid import OpenId
from api.access.tokens import Verified
from api.settings import Settings
from api.store.opening import Store


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Gate:
    """The gate of the running service.

    Parameters
    ----------
    settings
        Of the administrator.
    store
        Accounts, tokens, sessions.
    now
        Tells the time.
    """

    def __init__(self, settings: Settings, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.store, self.now = settings, store, now
        self.limits, self.verified = Limits(settings), Verified()
        self.openid = OpenId(settings) if settings.openid_issuer is not None else None

    @property
    def speaks_tls(self) -> bool:
        """Whether browsers come by HTTPS, here or at the proxy before."""
        return self.settings.behind_proxy or self.settings.certificate is not None

    @property
    def cookie(self) -> str:
        """Name of the cookie of a session; with the prefix no other host or path can set it."""
        return "__Host-placements" if self.speaks_tls else "placements"

    @property
    def form_cookie(self) -> str:
        """Name of the cookie that binds a form to the browser before anybody is signed in."""
        return f"{self.cookie}-form"

    @property
    def openid_cookie(self) -> str:
        """Name of the cookie that binds a provider's answer to the browser that asked for it."""
        return f"{self.cookie}-openid"


def gate_of(request: Request) -> Gate:
    """The gate that a request came to."""
    found = request.app.state.gate
    assert isinstance(found, Gate)
    return found


async def _gate(request: Request) -> Gate:
    """The same as a dependency, which takes no thread, since it waits for nothing."""
    return gate_of(request)


TheGate = Annotated[Gate, Depends(_gate)]


def base_of(request: Request, gate: Gate) -> str:
    """Where the service is reached, without a slash at the end: as the administrator said, else as it was asked."""
    return (gate.settings.public_url or str(request.base_url)).rstrip("/")
