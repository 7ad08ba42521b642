"""The methods: each is one file of ``benchmarks/methods`` that registers itself under the name of the file."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from models.errors import UsageError
from models.plan import Plan, TierResult
from scenarios.batch.watch import Watch

Kind = Literal["partnership", "decisions", "instances", "sheet", "scenarios", "questions"]


class Found(NamedTuple):
    """What a method gives back.

    ``plan`` goes through the independent checker; ``tiers`` are the values and bounds that the method claims;
    ``complete`` is whether it did all it set out to do within its limit; ``figures`` is what else it measured;
    ``after`` is done once the plan is checked, and its time counts in its own phase alone.
    """

    plan: Plan | None = None
    tiers: tuple[TierResult, ...] = ()
    complete: bool = True
    figures: Mapping[str, Any] = {}
    after: Callable[[], None] | None = None


class Method(NamedTuple):
    """A method. ``run`` takes what its kind of subject gives (``benchmarks.subjects``) and a watch.

    ``missing`` says why the method cannot run here (a package or a program that is not installed), or None.
    """

    name: str
    kind: Kind
    run: Callable[[Any, Watch], Found]
    missing: Callable[[], str | None]


_METHODS: dict[str, Method] = {}
FOLDER = Path(__file__).parent / "methods"


def method(
    name: str, kind: Kind, missing: Callable[[], str | None] = lambda: None
) -> Callable[[Callable[[Any, Watch], Found]], Callable[[Any, Watch], Found]]:
    """Register the decorated function as a method."""

    def register(run: Callable[[Any, Watch], Found]) -> Callable[[Any, Watch], Found]:
        _METHODS[name] = Method(name, kind, run, missing)
        return run

    return register


def names() -> tuple[str, ...]:
    """Names of all methods; nothing is imported."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__"))


def find(name: str) -> Method:
    """The method of a name; only its own file is imported, so that a run holds nothing of the others.

    Raises
    ------
    UsageError
        There is no such method.
    """
    if name not in names():
        raise UsageError(f"no method {name}; allowed: {', '.join(names())}")
    import_module(f"benchmarks.methods.{name}")
    return _METHODS[name]
