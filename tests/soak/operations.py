"""Every operation of the OpenAPI, called many times by schemathesis: no fault, no answer that is not documented.

``python -m tests.soak.operations [examples=200] [only=TEXT]``: ``only`` for operations whose name has it. Without it,
the phases of ``tests.soak.phases`` follow, on a service of their own.
"""

import sys
import tempfile
import time
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Call them, and say what was found; 1 where something was."""
    # Loaded here: processes that read inputs load the main module, and need none of this.
    import structlog
    from schemathesis.core.failures import FailureGroup

    from tests.api.every_operation import every_operation, service
    from tests.soak.phases import PHASES, found

    given = dict(argument.split("=", 1) for argument in arguments)
    examples, only = int(given.get("examples", "200")), given.get("only", "")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as called:
        for name, call in every_operation(called, examples=examples):
            if only not in name:
                continue
            began, count = time.monotonic(), count + 1
            try:
                call()
                said = "holds"
            except (Exception, FailureGroup) as error:  # told, and the next one is called
                failed += 1
                said = f"FAILS\n{error}\n{getattr(error, 'exceptions', '')}"
            print(f"{name}: {said} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{failed} of {count} operations failed, each called {examples} times.")
    for phase in () if only else PHASES:
        cases = 0
        with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as called:
            for name, number, wrong in found(called, phase, examples):
                failed, cases = failed + len(wrong), cases + number
                print(f"{phase}: {name}: {number} cases" + "".join(f"\nFAILS {words}" for words in wrong), flush=True)
        print(f"{phase}: {cases} cases.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
