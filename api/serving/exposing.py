"""Whether the service may listen where it is told to: beyond this machine only with TLS, its own or a proxy's."""

import ipaddress

from api.settings import Settings
from models.errors import UsageError


def refuse_open_network(settings: Settings) -> None:
    """Do nothing where what is sent stays on this machine or is encrypted.

    Raises
    ------
    UsageError
        It would listen on the network, and passwords would pass in the clear.
    """
    if (settings.certificate is None) != (settings.certificate_key is None):
        raise UsageError("a certificate needs its key: give --certificate and --certificate-key together")
    if is_loopback(settings.host) or settings.behind_proxy or settings.certificate is not None:
        return
    raise UsageError(
        f"--host {settings.host} is open to the network, and passwords would be sent in the clear. Give --certificate "
        "and --certificate-key; or say --behind-proxy where a proxy in front speaks TLS; or leave --host out"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def address_of(settings: Settings, port: int) -> str:
    """Where people find the service, as they type it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.certificate else 'http'}://{host}:{port}"
