"""Facts that no edit undoes: published matches that stay where they are, and the offers and PEs on which they rest."""

from collections import Counter

from allocator.reading.folding import fold
from allocator.settling.staying import stays
from models.register import Register, Row
from models.statuses import FREED, OVER
from scenarios.selecting import Names

_FIRST_ATTEMPT = "/1"


def request_key(text: str) -> str:
    """The id of a request as it is compared: ``S1/first/1`` is ``S1/first``."""
    parts = fold(text).split("/")
    return "/".join(parts[:-1] if len(parts) == 3 and parts[2] == "1" else parts)


def request_of(row: Row) -> str:
    """The id of the request that a row of Requests makes, as it is compared."""
    return request_key(f"{row.get('student')}/{row.get('stage')}/{row.get('attempt') or 1}")


def student_of(request: str) -> str:
    """The student of a request, as it is compared: what stands before the first ``/``."""
    return request_key(request).partition("/")[0]


def is_live(row: Row) -> bool:
    """Whether a published match has neither failed nor ended."""
    return row.get("status") not in (*FREED, *OVER)


def is_kept(row: Row) -> bool:
    """Whether a published match stays where it is until it is unlocked (agreed with people, or told)."""
    return is_live(row) and stays(row)


class Held:
    """How many published matches stay at each offer and with each PE, by folded id."""

    def __init__(self, register: Register, names: Names) -> None:
        students = {fold(name) for name in names.directory("Students").ids}
        kept = [
            row for row in names.rows("Published")
            if is_kept(row) and student_of(str(row.get("request") or "")) in students
        ]  # fmt: skip
        self.offers = Counter(names.key("Published", "offer", row.get("offer")) for row in kept)
        self.educators = Counter(names.key("Published", "pe", row.get("pe")) for row in kept)

    def at(self, offer: str | None) -> int:
        """The matches that stay at an offer."""
        return self.offers[fold(offer)] if offer else 0

    def closed(self, offer: Row) -> dict[str, int | None]:
        """The cells of an offer that takes nobody new: places for those who stay there, and no least number."""
        return {"capacity": self.at(offer.get("offer")), "minimum": None}
