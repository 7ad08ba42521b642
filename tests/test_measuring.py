"""That what the tests run is counted in the workers of pytest-xdist, and what they do not run is not."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIGN = """\
def sign(number):
    if number < 0:
        return "-"
    return "+"


def never():
    return None
"""
TEST = """\
from allocator.signs import sign


def test_sign():
    assert sign(1) == "+"
"""


def measured(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one test of one worker over a program of two modules, of which it imports one."""
    for package in ("allocator", "scenarios", "api"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for name, text in (("allocator/signs.py", SIGN), ("api/unused.py", "UNUSED = 1\n"), ("test_signs.py", TEST)):
        (folder / name).write_text(text, encoding="utf-8")
    command = (sys.executable, "-m", "pytest", "-n", "1", "-p", "tests.measuring", "-p", "no:cacheprovider")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_what_a_worker_runs_is_counted_and_what_it_does_not_run_is_named(tmp_path: Path) -> None:
    # Of signs.py's six lines the third and the last are not run, nor is one of the two ways on from the second; nor is
    # the one line of unused.py: 5 of 9, so that a run whose tests all pass fails.
    ended = measured(tmp_path)
    assert "1 passed" in ended.stdout
    assert "FAILED: tests ran 55.56% of the lines and branches" in ended.stdout
    assert ended.returncode == 1
    names = {line.split()[0]: line.split()[-2:] for line in (tmp_path / ".coverage").read_text().splitlines() if line}
    assert names[os.path.join("allocator", "signs.py")] == ["3,", "8"]
    assert names[os.path.join("api", "unused.py")] == ["0", "1"]
