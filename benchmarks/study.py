"""A study: many runs, one line of JSON each; what is in the file is not run again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.families import FAMILIES
from benchmarks.runs import Order, commit, run
from models.errors import UsageError
from scenarios.batch.lines import Line, add_line, make_whole, read_lines

STUDY = Path(__file__).with_name("study.jsonl")
"""The study that ``benchmarks/README.md`` shows."""
ENGINE = "engine"


class Spec(NamedTuple):
    """Runs of one method on one size. ``limit`` in seconds, or times the engine's seconds of the same round.

    ``seeds``: a round is not a repetition, but another input: its number is the seed.
    """

    size: str
    method: str
    limit: float
    rounds: int = 1
    times: bool = False
    seeds: bool = False


PEERS = ("greedy_orders", "cp_sat_weighted", "cp_sat_tiers", "pulp_cbc", "pulp_highs", "timefold")
"""Methods that take as long as they are given."""
SPECS: tuple[Spec, ...] = (
    Spec("tp", ENGINE, 120, rounds=5),
    Spec("tp", "greedy", 120, rounds=5),
    *(Spec("tp", peer, 10, rounds=5, times=True) for peer in PEERS),
    Spec("tp-decisions", "repair_0", 1200, rounds=3),
    Spec("tp-decisions", "repair_none", 1200, rounds=3),
    Spec("tp-scenarios", "scenarios_one", 3600),
    Spec("tp-scenarios", "scenarios_two", 3600),
    Spec("tp-scenarios", "scenarios_dask", 3600),
    Spec("tiny-scenarios", "scenarios_draws", 3600),
    Spec("questions", "questions_two", 3600),
    Spec("instances", "instances_engine", 600, rounds=3),
    Spec("instances", "instances_matchingproblems", 600, rounds=3),
    Spec("instances", "instances_matching", 600, rounds=3),
    Spec("sheet-Students-100000", "read", 300, rounds=3),
    Spec("sheet-Travel-100000", "read", 300, rounds=3),
    Spec("students-1000", ENGINE, 600),
    Spec("students-2000", ENGINE, 300),
    Spec("students-5000", ENGINE, 600),
    Spec("region", ENGINE, 600),
    Spec("region", "greedy", 600),
    *(Spec("region", peer, 1, times=True) for peer in PEERS),
    Spec("england", ENGINE, 600),
    Spec("england", "greedy", 1200),
    *(
        Spec(f"{family}-{students}", ENGINE, 600, rounds=5, seeds=True)
        for students in (150, 200, 300, 400)
        for family in FAMILIES
    ),
)
"""All runs of the study, the engine's first: the limits of the peers hang on it."""


def orders(specs: Iterable[Spec]) -> Iterator[tuple[Spec, int]]:
    """Size by size, and within a size round by round: the runs that are compared stand next to each other in time."""
    listed = list(specs)
    for size in dict.fromkeys(spec.size for spec in listed):
        of_size = [spec for spec in listed if spec.size == size]
        for number in range(1, max(spec.rounds for spec in of_size) + 1):
            yield from ((spec, number) for spec in of_size if number <= spec.rounds)


def study(
    file: Path,
    say: Callable[[str], None],
    specs: Sequence[Spec] = SPECS,
    seed: int = 1,
    run_one: Callable[[Order], Line] = run,
) -> int:
    """Make the runs that a file does not have yet, and add each as it ends.

    Parameters
    ----------
    file
        JSON lines.
    say
        Takes a line for the terminal per run.
    specs
        What to run.
    seed
        Of the inputs, but of those of which each round has its own.
    run_one
        Makes a run.

    Returns
    -------
    int
        How many runs were made.
    """
    done = read_lines(file)
    make_whole(file)
    here = commit()
    others = sorted({str(line["commit"])[:12] for line in done} - {str(here)[:12]})
    if others:
        say(f"the file also holds runs of {', '.join(others)}: they are not made again; measure anew in another file")
    made = 0
    for spec, number in orders(specs):
        drawn = number if spec.seeds else seed
        if any(_is(line, spec, drawn, number) for line in done):
            continue
        limit = spec.limit if not spec.times else spec.limit * engine_seconds(done, spec.size, drawn, number)
        rule = f"{spec.limit:g}x" if spec.times else "given"
        line = run_one(Order(spec.size, spec.method, round(limit, 3), drawn, number, rule))
        add_line(file, line)
        done.append(line)
        made += 1
        say(told(line))
    return made


def _is(line: Line, spec: Spec, seed: int, number: int) -> bool:
    return (line["size"], line["method"], line["seed"], line["round"]) == (spec.size, spec.method, seed, number)


def engine_seconds(lines: Iterable[Line], size: str, seed: int, number: int) -> float:
    """The engine's solving seconds in a round.

    Raises
    ------
    UsageError
        The engine has not been run in this round, or came to no end.
    """
    wanted = Spec(size, ENGINE, 0)
    found = next((line for line in lines if _is(line, wanted, seed, number)), None)
    seconds = None if found is None else found["seconds"]["solving"]
    if seconds is None:
        raise UsageError(f"peers at {size} get a multiple of the engine's time in round {number}, which is not there")
    return float(seconds)


def told(line: Line) -> str:
    """A run as a line for the terminal."""
    seconds = line["seconds"]
    took = "-" if seconds["total"] is None else f"{seconds['total']:.1f} s"
    solving = "-" if seconds["solving"] is None else f"{seconds['solving']:.1f} s solving"
    placed = line.get("placed") or {}
    matches = f", {placed['matches']} placed" if "matches" in placed else ""
    problem = f": {line['problem']}" if line.get("problem") else ""
    return (
        f"{line['size']} {line['method']} round {line['round']}: {line['status']}, {took}, {solving}{matches}{problem}"
    )
