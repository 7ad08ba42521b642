"""``placements scenarios run``: cases solved, answers shown and written."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.options import AsJson, OutFolder, Settings, settings_of
from allocator.commands.printing import out_console, print_json, progress_console, say
from allocator.commands.statuses import STOPPED
from scenarios.commands.choosing import QUESTIONS, Bases, Library, asked_on, library
from scenarios.commands.giving import end
from scenarios.commands.solving import Workers, processes

if TYPE_CHECKING:
    from scenarios.batch.jobs import Executor
    from scenarios.model import Scenario
    from scenarios.running import Base

group = typer.Typer()


@group.command(epilog="Example: placements scenarios run questions my-partnership.xlsx --out answers")
def run(
    scenarios: Library,
    bases: Bases = None,
    out: OutFolder = Path("answers"),
    workers: Workers = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Address of a Dask scheduler, whose workers do it instead.")
    ] = None,
    settings: Settings = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="The name of a scenario; more than once for several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Solve every case of the scenarios, and answer their questions: a page, a workbook, JSON, tables for pandas.

    Ctrl-C stops with what is done; the same command goes on from there. Exit 0 where every case has a plan that is
    proved, 4 where rules clash in one, 3 where one cannot be solved otherwise: the others are answered all the same.
    """
    from allocator.folder import folder_of_results
    from models.errors import UsageError
    from scenarios.batch.keeping import PLANS, day_of
    from scenarios.commands.progress import followed
    from scenarios.report.terminal import shown
    from scenarios.running import Base
    from scenarios.runs import answers_into_folder, remarks_on

    known = _chosen(library(scenarios), only)
    if cluster is not None and workers is not None:
        raise UsageError("--workers is the number of processes on this machine, and --cluster does without: drop one")
    asked = asked_on(known, bases, scenarios)
    with folder_of_results(out):
        day = day_of(out)
        read = _readable({path: partial(Base.read, path, settings_of(settings, None), day) for path in asked})
        on = [(base, asked[path]) for path, base in read.items()]
        odd = remarks_on(on)
        for (name, of), remarks in odd.items():
            for remark in remarks:
                said = f"{name}{f' on {of}' if len(read) > 1 else ''}: {remark}"
                progress_console.print(said, style="yellow", markup=False, highlight=False, soft_wrap=True)
        with followed(progress_console) as (tell, stop):
            done = answers_into_folder(
                out, _title(scenarios), known, on, odd, lambda cases: _executor(cluster, workers, cases), stop, tell
            )
        batch = done.batch
        if batch.before:
            words = f"{batch.before} of {done.cases} cases were done before, as of {day}, and stand in '{out}'."
            words += " For a new run name another folder with --out."
            progress_console.print(words, markup=False, highlight=False, soft_wrap=True)
        if batch.left:
            if as_json:
                print_json({"cases": done.cases, "left": batch.left, "files": [str(p) for p in done.files]})
            else:
                say(f"Stopped: {batch.left} of {done.cases} cases are still to do. The same command goes on from here.")
            raise typer.Exit(STOPPED)
    answers, files = done.answers, done.files
    if as_json:
        print_json({"answers": [a.model_dump(mode="json") for a in answers], "files": [str(p) for p in files]})
    else:
        for answer in answers:
            out_console.print(shown(answer, with_base=len(read) > 1))
        say(f"Written to {out}: {', '.join(p.name for p in files)}; each plan in {PLANS}.")
    end(answers, unusable=len(read) < len(asked))


def _executor(cluster: str | None, workers: int | None, jobs: int) -> "Executor":
    """Who solves the cases: a cluster, or processes here, no more than there are cases."""
    from scenarios.batch.cluster import Cluster

    return Cluster(cluster) if cluster is not None else processes(workers, jobs)


def _readable(reading: "Mapping[Path, Callable[[], Base]]") -> "dict[Path, Base]":
    """The inputs that can be read; of several, one that cannot be is told and left out.

    Raises
    ------
    AllocationError
        None can be read.
    """
    from allocator.commands.failing import told
    from models.errors import AllocationError

    found: dict[Path, Base] = {}
    for number, (path, read) in enumerate(reading.items(), 1):
        try:
            found[path] = read()
        except AllocationError as error:
            if not found and number == len(reading):
                raise
            told(error, as_json=False)
            progress_console.print(f"'{path}' is left out.", markup=False, highlight=False, soft_wrap=True)
    return found


def _title(name: str) -> str:
    return "What if: the questions of the Alliance" if name == QUESTIONS else f"What if: {Path(name).stem}"


def _chosen(known: "Sequence[Scenario]", only: "Sequence[str] | None") -> "tuple[Scenario, ...]":
    from models.errors import UsageError

    if not only:
        return tuple(known)
    names = {s.name: s for s in known}
    unknown = [name for name in only if name not in names]
    if unknown:
        raise UsageError(f"--only {unknown[0]}: there is no such scenario. Allowed: {', '.join(names)}")
    return tuple(names[name] for name in dict.fromkeys(only))
