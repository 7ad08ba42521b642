"""The README does what it says: its commands and Python run, its links exist, its table of sheets is the one that reads.

A block marked ``console`` is run in order, in one folder: lines after ``$`` are commands, the lines below are what they
print (``...`` stands for anything), ``(exit code 4)`` is how they end; without it they end with 0. A comment
``<!-- not run: why -->`` before a block leaves it out, ``<!-- file: name`` holds a file that the blocks use.
"""

import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.intake import read
from allocator.reading.sheets_record import SHEETS
from benchmarks.demonstration import PARTNERSHIPS
from benchmarks.figures import figures
from benchmarks.greedy import greedy
from benchmarks.showing import BEGIN, END

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?P<skip><!-- not run: [^>]*-->\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
EXIT = re.compile(r"\(exit code (\d)\)\n")
COMMANDS = (
    "demo", "template", "check", "allocate", "verify", "compare", "decide", "undo", "mark", "log", "letters", "chase",
    "publish", "versions", "moves", "fit", "rules", "policy", "export",
)  # fmt: skip


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what the README shows, ``...`` standing for anything within a line or for any lines."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n|\.\.\.", shown, flags=re.MULTILINE)]
    tidy = "".join(line.rstrip() + "\n" for line in printed.splitlines())
    return re.fullmatch(".*".join(parts), tidy, re.DOTALL) is not None


def run(command: str, shown: str) -> None:
    """Run one command of a console block and compare."""
    words = shlex.split(command)
    assert words[0] == "placements", f"the tests cannot run: {command}"
    ending = EXIT.search(shown)
    result = CliRunner().invoke(app, words[1:])
    assert (result.exit_code, result.exception if result.exit_code == 1 else None) == (
        int(ending[1]) if ending else 0,
        None,
    )
    assert matches(EXIT.sub("", shown), result.output), f"{command} printed:\n{result.output}"


def run_blocks(page: str) -> int:
    """Run the blocks of a page in order, in the folder of the moment; how many there are."""
    ran = 0
    for block in BLOCK.finditer(page):
        if block["skip"]:
            continue
        assert block["kind"] in ("console", "python"), f"a block that is neither run nor marked: {block[0]}"
        if block["kind"] == "python":
            exec(compile(block["body"], "page.md", "exec"), {})
        else:
            for step in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, shown = step.partition("\n")
                run(command, shown)
        ran += 1
    return ran


def test_blocks_run_in_order_and_print_what_the_readme_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in re.findall(r"<!-- file: (\S+)\n(.*?)-->", README, re.DOTALL):
        Path(name).write_text(content, encoding="utf-8")
    ran = run_blocks(README)
    # template, check, allocate, verify twice, compare, export, rules, full template, letters and chase, publish and
    # versions, allocate with settings, a wrong setting, Python, scenarios: new, run, compare, prices, horizon, years,
    # their table; deciding, refused and undone; moves, fit
    assert ran == 25


def test_the_comparison_sees_a_difference() -> None:
    assert matches("...\n2 placed.\n", "a\nb  \n2 placed.\n")
    assert matches("  L02 ...\n", "  L02 the places\n")
    assert not matches("...\n2 placed.\n", "a\n3 placed.\n")
    assert not matches("2 placed.\n", "a\n2 placed.\n")


def test_commands_that_set_things_up_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in re.findall(r"^\$ uv run .*?requirements\.lock --with-editable \. (.*)$", README, re.MULTILINE):
        assert f"$(BIN)/{line}\n" in makefile
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_to_files_exist() -> None:
    targets = {t.split("#")[0].replace("\\_", "_") for t in re.findall(r"\]\(([^)]+)\)", README)}
    here = {t for t in targets if not t.startswith("https://")}
    assert len(here) > 20
    assert {t for t in here if not (ROOT / t).exists()} == set()


def test_table_of_sheets_is_the_one_that_reads() -> None:
    def row(name: str) -> str:
        sheet = SHEETS[name]
        columns = [(f"**{c.name}**" if c.required else c.name) + ("†" if c.protects else "") for c in sheet.columns]
        return f"| {f'**{name}**' if sheet.required else name} | {sheet.row} | {', '.join(columns)} |"

    table = README[README.index("| sheet | a row is | columns |") :].split("\n\n")[0].splitlines()[2:]
    assert table == [row(name) for name in SHEETS]


def test_least_workbook_is_the_one_that_the_readme_names() -> None:
    said = re.search(r"The least workbook has three sheets and ten columns: (.*?)\. Everything", README, re.DOTALL)
    assert said
    least = {
        name: [c.name for c in s.columns if c.least] for name, s in SHEETS.items() if any(c.least for c in s.columns)
    }
    found = {n: re.split(r",\s+", columns) for n, columns in re.findall(r"`(\w+)` \(([^)]*)\)", said[1])}
    assert found == least
    assert (len(found), sum(map(len, found.values()))) == (3, 10)


def test_what_is_solved_is_there_and_near_what_a_greedy_pass_finds_now() -> None:
    # after a change of a rule or a generator: make demonstrations
    solved = README[README.index(BEGIN) : README.index(END)]
    assert all(f"| `{name}` |" in solved for name in PARTNERSHIPS)
    reading = read(ROOT / "allocator" / "demonstration" / "developing-together.xlsx")
    plan = greedy(reading.dataset, reading.policy)
    for name, part in figures(reading.dataset, reading.policy, plan).items():
        assert part is not None
        said = re.search(rf"^\| {name} \| \d+ \| ([\d.]+),", solved, re.MULTILINE)
        assert said
        assert abs(Fraction(said[1]) - 100 * part) <= 5, name


def test_every_place_of_the_hub_with_spokes_is_used_as_the_readme_shows() -> None:
    for offer in read(ROOT / "allocator" / "demonstration" / "two-universities.xlsx").dataset.offers:
        if offer.spokes:
            spokes = "; ".join(f"{s.agency}, {s.team}: {s.days}" for s in offer.spokes)
            n = offer.capacity
            assert f"| {offer.offer} | {offer.agency}, {offer.team} | {spokes} | {n} | {n} | {n} |" in README


def test_demonstrations_that_the_readme_names_are_in_the_package() -> None:
    stored = {path.stem for path in (ROOT / "allocator" / "demonstration").glob("*.xlsx")}
    assert stored == set(PARTNERSHIPS)
    assert all(f"- **`{name}`**" in README for name in stored)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert f"Example: placements {command}" in result.output


def test_help_lists_the_commands_of_the_readme() -> None:
    result = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert [c for c in COMMANDS if not re.search(rf"│ {c} ", result.output)] == []
