"""All checks, in order: ``python -m tests``. Works wherever Python does, so Windows needs no make."""

import subprocess
import sys

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
    ("-c", LINT_IMPORTS),
    ("-m", "pytest", "-n", "2", "--dist", "worksteal", "--cov", "--cov-report=term"),
)


def main() -> int:
    """Run every check and stop at the first that fails; returns its exit code."""
    for check in CHECKS:
        code = subprocess.call([sys.executable, *check])
        if code:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
