"""The textbook model of an input, built once, in a process of its own, so that it counts in no peer's memory."""

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import allocator.reference
from allocator.intake import Reading
from benchmarks.subjects import CACHE
from benchmarks.textbook.program import Program, read_program, write_program
from benchmarks.textbook.translate import translate
from models.dataset import Dataset
from models.policy import Policy
from scenarios.batch.watch import Watch


def textbook(reading: Reading, watch: Watch) -> Program:
    """The model of an input; phase ``build`` is what building it took, now or when it was built.

    Parameters
    ----------
    reading
        What was read.
    watch
        Takes the phase.

    Returns
    -------
    Program
        The reference's columns, rows and tiers.
    """
    path = textbook_file(reading)
    if not path.exists():
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            process.submit(_build, reading.dataset, reading.policy, path).result()
    program = read_program(path)
    watch.took("build", program.seconds)
    watch.facts(model={"columns": len(program.upper), "rows": len(program.least), "weights": int(program.rows.nnz)})
    return program


def textbook_file(reading: Reading) -> Path:
    """Where the model of an input is kept, whether it was built or not."""
    return CACHE / f"textbook-{_key(reading)}.npz"


def _build(dataset: Dataset, policy: Policy, path: Path) -> None:
    write_program(path, translate(dataset, policy))


def _key(reading: Reading) -> str:
    """Input, policy and the text of the reference: another text is another model."""
    found = hashlib.blake2b(f"{reading.dataset.digest} {reading.policy.digest}".encode(), digest_size=16)
    for file in sorted(Path(allocator.reference.__path__[0]).glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()
