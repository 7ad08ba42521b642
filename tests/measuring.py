"""Which lines and branches of the program the tests run: a plugin of pytest, ``-p tests.measuring``.

SlipCover writes probes into the byte code of each module as it is imported, and takes out those that were reached: what
runs often is soon as fast as without them, where a tracer makes it four times as slow on Python 3.11.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import slipcover

SOURCES = ["allocator", "scenarios", "api"]
FEWEST = 90
"""Percent of all lines and branches; a run that reaches fewer fails."""
NOT_COUNTED = ["raise NotImplementedError"]
REPORT = Path(".coverage")
"""The table of what no test ran, by file."""


class Measuring:
    """What this process has run, and in the process that speaks to the workers of pytest-xdist what each of them has."""

    def __init__(self, measured: "slipcover.Slipcover") -> None:
        self._measured = measured
        self._of_workers: list[dict[str, Any]] = []
        self._percent = 0.0

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker sends when it ends; one that was killed sends nothing."""
        self._of_workers += getattr(node, "workeroutput", {}).get("measured", [])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what was run, from a worker; elsewhere put all together, files that nothing imported too."""
        import slipcover

        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            coverage = self._measured.get_coverage()
            output["measured"] = [{"meta": coverage["meta"], "files": coverage["files"]}]
            return
        for name in {name for part in self._of_workers for name in part["files"]}:
            self._measured.code_lines.setdefault(str(Path(name).resolve()), set())  # known: it need not be read again
        self._measured.source = SOURCES
        together = self._measured.get_coverage()
        for part in self._of_workers:
            slipcover.merge_coverage(together, part)
        with REPORT.open("w", encoding="utf-8") as file:
            slipcover.print_coverage(together, outfile=file, skip_covered=True)
        self._percent = together["summary"]["percent_covered"]
        if self._percent < FEWEST and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how much was run."""
        short = self._percent < FEWEST
        terminalreporter.write_line(
            f"{'FAILED: t' if short else 'T'}ests ran {self._percent:.2f}% of the lines and branches of "
            f"{', '.join(SOURCES)}; at least {FEWEST}% are asked for. {REPORT} names the others.",
            red=short,
        )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before any module of the program is imported.

    But not while this module is: pytest warns of a plugin, which SlipCover has too, that is imported before it looks.
    """
    import slipcover

    measured = slipcover.Slipcover(branch=True, exclude_also=NOT_COUNTED)
    files = slipcover.FileMatcher(sources=SOURCES)
    slipcover.ImportManager(measured, files).__enter__()
    slipcover.wrap_spec_from_file_location(measured, files)  # migrations, which Alembic loads by their files
    early_config.pluginmanager.register(Measuring(measured))
