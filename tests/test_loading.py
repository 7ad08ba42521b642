"""What a run from a workbook to a plan loads, and what waits for runs: not what it never asks anything of."""

import json
import subprocess
import sys

import pytest

NEEDLESS = (
    "scipy",
    "numpy.f2py",
    "numpy.testing",
    "numpy.random",
    "matplotlib",
    "pandas",
    "pulp",
    "ortools",
    "jinja2",
    "rich",
    "typer",
)


@pytest.mark.parametrize(
    ("modules", "needless"),
    [
        ("allocator.intake, allocator.pipeline", NEEDLESS),
        ("allocator.runs", NEEDLESS),  # what draws charts waits for the plan
        ("api.client, api.jobs.worker", ("scipy", "matplotlib", "pandas", "pulp", "ortools", "jinja2", "typer")),
    ],
)
def test_what_is_loaded_is_what_is_used(modules: str, needless: tuple[str, ...]) -> None:
    said = f"import json, sys; import {modules}; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    loaded = json.loads(ended.stdout)
    assert [name for name in needless if name in loaded] == []
