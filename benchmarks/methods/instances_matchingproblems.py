"""``matchingproblems`` on the public instances: the same four orders, with its integer programs and CBC."""

from pathlib import Path

from benchmarks.instances import files, judge, summary
from benchmarks.registry import Found, method
from benchmarks.talking import missing, talk, version
from scenarios.batch.watch import Watch


@method("instances_matchingproblems", kind="instances", missing=missing("matchingproblems"))
def run(folder: Path, watch: Watch) -> Found:
    """Timed is what it takes in its own process, without starting that; the checker judges what it found."""
    with watch.solving():
        answers = list(talk("matchingproblems", *files(folder)))
    return Found(figures={**summary(map(judge, answers)), "version": version("matchingproblems")})
