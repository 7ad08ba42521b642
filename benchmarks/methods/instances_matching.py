"""``matching`` on the public instances: a stable matching of each, since that is what it finds."""

from pathlib import Path

from benchmarks.instances import files, judge, summary
from benchmarks.registry import Found, method
from benchmarks.talking import missing, talk, version
from scenarios.batch.watch import Watch


@method("instances_matching", kind="instances", missing=missing("matching"))
def run(folder: Path, watch: Watch) -> Found:
    """Timed is what it takes in its own process, without starting that; the checker judges what it found."""
    with watch.solving():
        answers = list(talk("matching", *files(folder)))
    return Found(figures={**summary(map(judge, answers)), "version": version("matching")})
