"""What a run from a workbook to a plan loads: not what it never asks anything of."""

import json
import subprocess
import sys

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


def test_reading_and_allocating_load_what_they_use() -> None:
    said = "import json, sys; import allocator.intake, allocator.pipeline; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    loaded = json.loads(ended.stdout)
    assert [name for name in NEEDLESS if name in loaded] == []
