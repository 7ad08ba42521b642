"""The service as it is started: a server, a worker beside it, and what the commands do over the network."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from api.client import Placements
from api.store.opening import open_store
from tests.api.people import a_token, an_account
from tests.api.started import started as started_in
from tests.reading.sheets import sheets


class Started(NamedTuple):
    address: str
    token: str


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("service")
    url = f"sqlite:///{folder}/placements.db"
    store = open_store(url)
    token = a_token(store, an_account(store, "team"))
    store.close()
    with started_in(url, folder) as address:
        yield Started(address, token)
    for line in (folder / "log").read_text().splitlines():
        assert "S1" not in json.dumps(json.loads(line)), line


def said(started: Started, *words: str) -> tuple[int, str]:
    environment = {"PLACEMENTS_SERVER": started.address, "PLACEMENTS_TOKEN": started.token}
    result = CliRunner().invoke(app, ["remote", *words], env=environment)
    return result.exit_code, result.stdout


def without_what_a_run_cost(folder: Path) -> dict[str, bytes]:
    """The files of results that do not tell when and how long."""
    names = ("plan.json", "check.json", "data.json", "return.json")
    return {name: (folder / name).read_bytes() for name in names}


def test_a_run_there_is_a_run_here(started: Started, tmp_path: Path) -> None:
    workbook = tmp_path / "partnership.json"
    workbook.write_text(json.dumps(sheets(), default=str))
    assert said(started, "allocate", str(workbook), "--out", str(tmp_path / "there"))[0] == 0
    assert CliRunner().invoke(app, ["allocate", str(workbook), "--out", str(tmp_path / "here")]).exit_code == 0
    assert without_what_a_run_cost(tmp_path / "there") == without_what_a_run_cost(tmp_path / "here")
    there, here = ({p.relative_to(f) for p in f.rglob("*")} for f in (tmp_path / "there", tmp_path / "here"))
    assert there == here
    # And it is judged there as here, listed, and compared with itself.
    verify = ("verify", str(workbook), str(tmp_path / "there" / "plan.json"))
    here_said = CliRunner().invoke(app, verify)
    assert said(started, *verify) == (here_said.exit_code, here_said.stdout)
    listed = json.loads(said(started, "runs", "--json")[1])["runs"]
    assert [(run["state"], run["answer"]) for run in listed] == [("complete", "proved")]
    code, sentences = said(started, "compare", listed[0]["id"], listed[0]["id"])
    assert (code, "Requests: nothing changed." in sentences) == (0, True)
    assert said(started, "runs")[1].count(listed[0]["id"]) == 1  # on one line, to be copied
    assert said(started, "runs", "--state", "failed") == (0, "There is no run of yours that is failed.\n")
    assert said(started, "retention")[1].startswith("Nothing is announced. What is 730 days old")


def test_what_cannot_be_used_is_said_as_here(started: Started, tmp_path: Path) -> None:
    workbook = tmp_path / "partnership.json"
    workbook.write_text(json.dumps({"Students": [{"student": "S1"}]}))
    there = CliRunner().invoke(
        app, ["remote", "allocate", str(workbook), "--out", str(tmp_path / "there"), "--server", started.address,
              "--token", started.token],
    )  # fmt: skip
    here = CliRunner().invoke(app, ["allocate", str(workbook), "--out", str(tmp_path / "here")])
    assert (there.exit_code, there.stderr) == (here.exit_code, here.stderr)


def test_a_round_from_the_first_workbook_to_its_plan(started: Started, tmp_path: Path) -> None:
    workbook = tmp_path / "partnership.json"
    workbook.write_text(json.dumps(sheets(), default=str))
    with Placements(started.address, started.token) as service:
        made = service.new_round("January")
        service.send_workbook(made.id, workbook, seen=1)
        run = service.run_of_round(made.id)
        last = [event for event in service.events(run.id) if event is not None][-1]
        assert (last.state, last.answer) == ("complete", "proved")  # type: ignore[union-attr]
        assert [r.id for r in service.rounds().rounds] == [made.id]
        assert [plan.run for plan in service.plans(made.id).plans] == [run.id]
        # What looks ahead begins with that plan, and prints what it prints here.
        row = {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "by": "LM"}
        looked_at = service.look_at(made.id, row, plan=True)
        assert looked_at.run is not None
        assert [event for event in service.events(looked_at.run) if event is not None]
        assert service.effect(looked_at.run).decision == looked_at.decision
    for there, here in ((("moves", made.id), ("moves", str(workbook))), (("fit", made.id), ("fit", str(workbook)))):
        more = ("--offer", "O1") if there[0] == "fit" else ()
        here_said = CliRunner().invoke(app, [*here, *more, "--json"])
        assert said(started, *there, *more, "--json") == (here_said.exit_code, here_said.stdout)


def test_nobody_without_a_token() -> None:
    result = CliRunner().invoke(app, ["remote", "runs"], env={"PLACEMENTS_TOKEN": ""})
    assert result.exit_code == 2
