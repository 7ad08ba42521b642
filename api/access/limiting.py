"""Requests and sign-ins a minute, by person and by address; counted in the memory of the one process that serves."""

from ipaddress import IPv6Address, ip_address
from math import ceil
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter
from starlette.requests import HTTPConnection

from api.problems import TooManyRequestsError
from api.settings import Settings


class Limits:
    """What the settings allow a minute, and what was used of it.

    Parameters
    ----------
    settings
        Of the administrator.
    """

    def __init__(self, settings: Settings) -> None:
        storage = MemoryStorage()
        self._requests, self._sign_ins = FixedWindowRateLimiter(storage), MovingWindowRateLimiter(storage)
        self._a_minute = RateLimitItemPerMinute(settings.requests_a_minute)
        self._sign_ins_a_minute = RateLimitItemPerMinute(settings.sign_ins_a_minute)

    def request_from(self, address: str) -> None:
        """Count a request from an address.

        Raises
        ------
        TooManyRequestsError
            Over the limit.
        """
        self._count(self._requests, self._a_minute, "requests", "from this address", "address", address)

    def request_of(self, account: str) -> None:
        """Count a request of somebody, wherever from.

        Raises
        ------
        TooManyRequestsError
            Over the limit.
        """
        self._count(self._requests, self._a_minute, "requests", "of this account", "account", account)

    def sign_in_from(self, address: str) -> None:
        """Count an attempt to sign in from an address.

        Raises
        ------
        TooManyRequestsError
            Over the limit.
        """
        self._count(
            self._sign_ins, self._sign_ins_a_minute, "attempts to sign in", "from this address", "from", address
        )

    def sign_in_as(self, login: str) -> None:
        """Count an attempt to sign in by a login, whether there is such an account or not.

        Raises
        ------
        TooManyRequestsError
            Over the limit.
        """
        self._count(self._sign_ins, self._sign_ins_a_minute, "attempts to sign in", "by this login", "login", login)

    @staticmethod
    def _count(limiter: RateLimiter, limit: RateLimitItemPerMinute, what: str, whose: str, kind: str, key: str) -> None:
        if limiter.hit(limit, kind, key):
            return
        wait = max(1, ceil(limiter.get_window_stats(limit, kind, key).reset_time - time()))
        raise TooManyRequestsError(
            f"More than {limit.amount} {what} a minute {whose}. Wait {wait} s, then go on.",
            headers={"Retry-After": str(wait)},
        )


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from; of IPv6 the network, since whoever has one address there has all of its 64 bits.

    The server sets it: behind a proxy from what the proxy says, and from nobody else's word.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return str(address)
