"""What the command line loads, and who joins it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import inputs

HEAVY = (
    "ortools", "highspy", "pulp", "numpy", "scipy", "pandas", "matplotlib", "openpyxl", "holidays", "jinja2", "models", "allocator.intake",
)  # fmt: skip
LOADED = (
    "import sys; from allocator.__main__ import main\ntry: main()\nfinally: print(sorted(sys.modules), file=sys.stderr)"
)


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("allocate", "-h"), ("--version",)])
def test_help_and_version_load_nothing_heavy(words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.returncode == 0
    loaded = json.loads(ended.stderr.replace("'", '"'))
    assert [name for name in HEAVY if name in loaded] == []


@pytest.mark.skipif(os.cpu_count() == 1, reason="there is one thread only")
def test_numpy_begins_with_one_thread_for_which_it_keeps_memory() -> None:
    said = (
        "import sys; from allocator.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "import numpy; from threadpoolctl import threadpool_info\n"
        "print([p['num_threads'] for p in threadpool_info() if p['internal_api'] == 'openblas'])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", said, "--version"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert set(json.loads(ended.stdout.splitlines()[-1])) <= {1}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited and read as Linux does")
def test_a_full_memory_during_a_product_is_an_error_and_not_the_end_of_the_process() -> None:
    # 60 MB more than the process has once the engine is ready, of which all but some 6 are then taken: enough for the
    # product (490 x 490 numbers are 1.9 MB), and not for the 20 MB and more that OpenBLAS wants beside it.
    said = (
        "import numpy as np, resource\nfrom allocator.engine import engine\nengine._libraries()\n"
        "matrix, hold = np.ones((490, 490)), []\n"
        "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + 60_000_000,) * 2)\n"
        "try:\n    while True: hold.append(bytearray(2_000_000))\nexcept MemoryError: pass\n"
        "del hold[-3:]\nprint(int((matrix @ matrix)[0, 0]))"
    )
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "490", "")


def test_a_version_is_one_line() -> None:
    assert run("--version").stdout == "placements 0.1.0\n"


def test_a_package_above_joins_by_its_entry_point(tmp_path: Path) -> None:
    # As an installed package: a module with a group, and metadata that name it.
    (tmp_path / "above.py").write_text(
        "import typer\ngroup = typer.Typer(name='above')\n@group.command()\ndef one(): print('one')\n"
        "@group.command()\ndef two(): print('two')\n"
    )
    (tmp_path / "above-1.dist-info").mkdir()
    (tmp_path / "above-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: above\nVersion: 1\n")
    (tmp_path / "above-1.dist-info" / "entry_points.txt").write_text("[placements.commands]\nabove = above:group\n")
    assert run("above", "two", PYTHONPATH=str(tmp_path)).stdout == "two\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows cannot be sent Ctrl-C alone")
@pytest.mark.parametrize("words", [("check",), ("allocate",)])
def test_ctrl_c_before_there_is_a_plan_is_one_word_and_130(words: tuple[str, ...], tmp_path: Path) -> None:
    # At every library that is loaded: some turn an interrupt into another error, or swallow it.
    interrupting = (
        "import os, signal, sys\nfrom allocator.__main__ import main\n"
        "class Interrupts:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == os.environ['AT']: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupts())\nmain()\n"
    )
    book = inputs.workbook(tmp_path)
    # Holidays are looked up once the folder of results has been made, which goes again.
    libraries = ("typer", "models", "openpyxl", "rapidfuzz", "allocator.settling")
    for library in (*libraries, "holidays.groups") if words == ("allocate",) else libraries:
        ended = subprocess.run(
            [sys.executable, "-c", interrupting, *words, str(book)], env=os.environ | {"AT": library}, cwd=tmp_path, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "\nInterrupted.\n"), library
        assert list(tmp_path.iterdir()) == [book], library


def test_a_reader_who_goes_away_is_no_fault(tmp_path: Path) -> None:
    # Python reads one line of the catalogue and closes the pipe; the table is longer than any pipe is deep.
    pipe = f"{sys.executable} -m allocator rules --json | {sys.executable} -c 'import sys; sys.stdin.read(1)'; echo ${{PIPESTATUS[0]}}"
    for words in ("rules", "rules --json", "policy", "--help"):
        ended = subprocess.run(
            ["bash", "-c", pipe.replace("rules --json", words)], capture_output=True, text=True, check=False
        )
        assert (ended.stdout, ended.stderr) == ("0\n", ""), words
