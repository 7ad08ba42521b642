"""Every library that the program imports is one that it declares: nothing rests on what another library brings."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOADED_BY_NAME = {
    "psycopg": "SQLAlchemy's way to PostgreSQL",
    "python-multipart": "FastAPI's uploads",
}
OURS = ("models", "allocator", "scenarios", "api", "benchmarks")


def imported() -> dict[str, set[str]]:
    """Top-level modules that are neither ours nor Python's own, and the files that import them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in (p for package in OURS for p in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for name in {n.partition(".")[0] for n in names} - sys.stdlib_module_names - set(OURS):
                found[name].add(str(path.relative_to(ROOT)))
    return found


def _spelt(distribution: str) -> str:
    """A name as pyproject.toml spells it, whatever its own metadata says (prometheus_client)."""
    return distribution.casefold().replace("_", "-")


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["cluster"], *extras["service"]]
    declared = {re.split(r"[^A-Za-z0-9_-]", line, maxsplit=1)[0].casefold() for line in lines}
    found = imported()
    assert "openpyxl" in found
    providers = {name: [_spelt(d) for d in by] for name, by in packages_distributions().items()}
    undeclared = {name: sorted(files) for name, files in found.items()
                  if declared.isdisjoint(providers.get(name, [name]))}  # fmt: skip
    assert undeclared == {}
    # Nor is anything declared that nobody imports, or that no library of these loads by its name.
    assert declared - {d for name in found for d in providers[name]} == set(LOADED_BY_NAME)


def test_contracts_of_the_judges_name_every_library() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    libraries = set(imported())
    forbidden = {c["source_modules"][0]: set(c["forbidden_modules"]) for c in contracts if "source_modules" in c}
    assert forbidden["allocator.checker"] >= libraries
    assert forbidden["allocator.reference"] >= libraries - {"pulp"}
    assert "pulp" not in forbidden["allocator.reference"]
