"""With what results are made: libraries that they depend on, and the program itself."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("highspy", "holidays", "numpy", "ortools", "placement-allocation", "pydantic", "scipy")
PACKAGES = ("allocator", "models", "scenarios")


@cache
def _found() -> tuple[tuple[str, str], ...]:
    named = [(name, version(name)) for name in LIBRARIES]
    return (*named, ("program", _program()), ("python", ".".join(platform.python_version_tuple()[:2])))


def versions() -> dict[str, str]:
    """By name; ``program`` is a digest of the program's own modules."""
    return dict(_found())


def _program() -> str:
    found = hashlib.blake2b(digest_size=8)
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec else ():
            for path in sorted(Path(folder).rglob("*.py")):
                found.update(path.relative_to(folder).as_posix().encode() + b"\0")
                found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()
