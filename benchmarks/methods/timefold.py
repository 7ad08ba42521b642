"""Timefold (local search, Java) on the textbook model: its matches as choices, its tiers as soft levels."""

import numpy as np

from allocator.intake import Reading
from benchmarks.registry import Found, method
from benchmarks.talking import missing, talk, version
from benchmarks.textbook.cache import textbook, textbook_file
from benchmarks.textbook.tiers import as_plan
from scenarios.batch.watch import Watch


@method("timefold", kind="partnership", missing=missing("timefold", "java"))
def run(reading: Reading, watch: Watch) -> Found:
    """Timefold keeps the limit itself. Its clock leaves out starting Java and handing the model over and the plan back.

    Nothing is proved: a local search has no bound.
    """
    program = textbook(reading, watch)
    names = program.tier_names.tolist()
    placed = [number for number, name in enumerate(names) if name.startswith("placed.")]
    answers = talk("timefold", str(textbook_file(reading)), str(watch.limit))
    with watch.phase("handing over"):
        answer = next(answers)
    with watch.solving():
        while True:
            if answer["legal"]:
                values = answer["values"]
                watch.sample(sum(values[n] for n in placed), values=dict(zip(names, values, strict=True)))
            if answer["ended"]:
                break
            answer = next(answers)
    with watch.phase("handing back"):
        last = next(answers)
    solution = np.zeros(len(program.upper), dtype=np.int64)
    solution[last["chosen"]] = 1
    plan = as_plan(program, solution, reading) if last["legal"] else None
    return Found(plan, complete=False, figures={"version": version("timefold")})
