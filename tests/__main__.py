"""All checks, in order: ``python -m tests``. Works wherever Python does, so Windows needs no make."""

import os
import subprocess
import sys

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
QUICK = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-c", LINT_IMPORTS),
)
TYPES = ("-m", "mypy")
TESTS = ("-m", "pytest", "-n", "2", "--dist", "worksteal", "-rfEs", "-p", "tests.measuring")


def main() -> int:
    """Run the quick checks and stop at the first that fails; then the types beside the tests, which have two workers.

    Python keeps what it compiles even where it was told not to: hundreds of processes of the tests begin with it.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for check in QUICK:
        code = subprocess.call([sys.executable, *check], env=environment)
        if code:
            return code
    running = [subprocess.Popen([sys.executable, *check], env=environment) for check in (TYPES, TESTS)]
    return next((code for code in [process.wait() for process in running] if code), 0)


if __name__ == "__main__":
    raise SystemExit(main())
