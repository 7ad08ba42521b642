"""A worker process: bases and jobs come on its standard input, finished cases go to its standard output.

It ends when its input does, so that nothing goes on where the batch was killed.
"""

from scenarios.batch.benches import Benches
from scenarios.batch.frames import serve
from scenarios.batch.jobs import Finished, Job
from scenarios.running import Base


def main() -> None:
    """Work until the input ends."""
    benches = Benches()

    def do(base: Base | None, job: Job) -> Finished:
        def given() -> Base:
            assert base is not None  # it comes with the first of its jobs, and is kept for the next
            return base

        return benches.do(job.base, given, job.case, begin=job.begin)

    serve(do)


if __name__ == "__main__":
    main()
