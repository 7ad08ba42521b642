"""What comes of a case: numbers with their wholes, who is affected, and whether it is proved. Data only."""

from pydantic import Field

from models.base import Record
from models.plan import TierResult
from scenarios.model import Value

CLASH = "rules clash: "
"""How the problem of a case begins whose rules cannot hold together."""
LOST = "the process ended"
"""What ``stopped`` says of a case whose process ended; the reason lies outside the case, which may be tried again."""


def value_text(value: Value) -> str:
    """The value of a parameter as its file has it: ``true``, not ``True``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Measured(Record):
    """A part of a whole, by the name of its measure and the group that it is about ("" for all)."""

    measure: str
    group: str
    part: int
    whole: int


class Affected(Record):
    """Requests and students that a case treats otherwise than the base does, by id."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()


class CaseResult(Record):
    """One row of a batch's results.

    ``problem`` says why there is no plan (a fault, an input that cannot be used, a clash). ``done`` says in words what
    the edits did, ``touched`` which rows withdraw. Two runs of the same case differ in ``seconds`` alone.
    """

    scenario: str
    case: str
    base: str
    parameters: dict[str, Value] = Field(default_factory=dict)
    draw: int = 0
    seed: int = 1
    problem: str | None = None
    done: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    placed: int = 0
    requests: int = 0
    tiers: tuple[TierResult, ...] = ()
    measured: tuple[Measured, ...] = ()
    affected: Affected = Affected()
    proved: bool = False
    stopped: str | None = None
    digest: str = ""
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """As of its case, with the base before it: unique in a batch."""
        drawn = f"#{self.draw}" if self.draw else ""
        return f"{self.base}/{self.scenario}/{self.case}{drawn}"

    def measure(self, name: str, group: str = "") -> Measured:
        """A measured number by name and group; nothing of nothing where it is not there."""
        found = (m for m in self.measured if (m.measure, m.group) == (name, group))
        return next(found, Measured(measure=name, group=group, part=0, whole=0))
