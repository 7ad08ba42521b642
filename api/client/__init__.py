"""A typed client of the API; it needs nothing of the server, and knows no rule."""

from api.client.client import Placements
from api.client.errors import ServiceFaultError, ServiceRefusedError, UnreachableError

__all__ = ["Placements", "ServiceFaultError", "ServiceRefusedError", "UnreachableError"]
