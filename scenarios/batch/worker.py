"""A worker process: bases and jobs come on its standard input, finished cases go to its standard output.

It ends when its input does, so that nothing goes on where the batch was killed.
"""

from scenarios.batch.benches import Benches
from scenarios.batch.frames import serve
from scenarios.batch.jobs import Finished, Job
from scenarios.running import Base


def main() -> None:
    """Work until the input ends."""
    bases: dict[int, Base] = {}
    benches = Benches(bases.__getitem__)

    def do(number: int, base: Base | None, job: Job) -> Finished:
        if base is not None:
            bases[number] = base
        return benches.do(job)

    serve(do)


if __name__ == "__main__":
    main()
