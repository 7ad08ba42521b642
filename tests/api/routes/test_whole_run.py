"""A run from its request to its files over HTTP: byte for byte what the command line writes."""

from pathlib import Path

from allocator.runs import run_into_folder
from api.jobs.working import carry_out
from api.store.opening import Store
from tests.api.conftest import ClientAs
from tests.api.jobs.test_working import begun, never
from tests.api.routes.helping import book_of
from tests.reading.sheets import sheets


def test_the_plan_is_the_one_of_the_command_line(client_as: ClientAs, store: Store, tmp_path: Path) -> None:
    book, out = tmp_path / "my partnership.xlsx", tmp_path / "out"
    book.write_bytes(book_of(sheets()))
    run_into_folder(book, out, settings={"travel_limit": "75"})
    expected = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}

    team = client_as("team")
    asked = team.post(
        "/v1/runs", files={"workbook": (book.name, book.read_bytes())}, data={"settings": '{"travel_limit": 75}'}
    )
    run = asked.headers["location"]
    carry_out(store, begun(store, asked.json()["id"]), never)
    seen = team.get(run).json()
    assert (seen["state"], seen["answer"], seen["problem"]) == ("complete", "proved", None)
    assert seen["dataset_digest"] == asked.json()["dataset_digest"]
    assert team.get(f"{run}/result").content == expected["plan.json"]
    assert {line["path"] for line in team.get(f"{run}/files").json()} == set(expected)
    for name in ("plan.json", "check.json", "data.json"):
        assert team.get(f"{run}/files/{name}").content == expected[name]
    assert "event: end" in team.get(f"{run}/events").text
    # The plan that came out is judged as it judges itself.
    files = {"workbook": (book.name, book.read_bytes()), "plan": ("plan.json", expected["plan.json"])}
    verdict = team.post("/v1/checks", files=files, data={"settings": '{"travel_limit": 75}'}).json()
    assert (verdict["passed"], verdict["settings_differ"]) == (True, [])
