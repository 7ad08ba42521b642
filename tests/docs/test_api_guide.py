"""The examples of the API guide are run in their order, in one shell, against a server, and print what it shows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.access.hashing import hash_password
from api.store.opening import open_store
from api.store.tables import Account
from tests.api.people import a_token, an_account
from tests.api.started import started
from tests.test_readme import BLOCK, matches

pytestmark = pytest.mark.skipif(
    not shutil.which("curl") or not shutil.which("bash"), reason="its examples need bash and curl"
)
GUIDE = (Path(__file__).parent.parent.parent / "docs" / "api-guide.md").read_text(encoding="utf-8")
END = "<<< ended with "
LOGIN, PASSWORD = "team", "seven green umbrellas"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a shell has to know of a server that is there."""
    folder = tmp_path_factory.mktemp("service")
    url = f"sqlite:///{folder}/placements.db"
    store = open_store(url)
    team = an_account(store, "team", login=LOGIN)
    with store.transaction() as session:
        account = session.get(Account, team)
        assert account is not None
        account.password_hash = hash_password(PASSWORD, LOGIN)
    admin = a_token(store, an_account(store, "admin"))
    store.close()
    with started(url, folder) as address:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        yield os.environ | {
            "PATH": path, "LOGIN": LOGIN, "PASSWORD": PASSWORD, "ADMIN_TOKEN": admin, "COLUMNS": "200",
            "PLACEMENTS_SERVER": address,
        }  # fmt: skip


def steps() -> list[tuple[str, str]]:
    """Each command with what is shown below it."""
    blocks = [block for block in BLOCK.finditer(GUIDE) if not block["skip"]]
    assert {block["kind"] for block in blocks} == {"console"}
    lines = "".join(block["body"] for block in blocks)
    found = [step.partition("\n") for step in re.split(r"^\$ ", lines, flags=re.MULTILINE)[1:]]
    return [(command, shown) for command, _, shown in found]


def test_examples_print_what_the_guide_shows(environment: dict[str, str], tmp_path: Path) -> None:
    script = "".join(f"{command}\nended=$?; echo; echo '{END}'$ended\n" for command, _ in steps())
    done = subprocess.run(
        ("bash",), input=script, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=300, check=False
    )
    printed = re.split(rf"\n?^{END}(\d+)\n", done.stdout, flags=re.MULTILINE)
    for number, (command, shown) in enumerate(steps()):
        output, ended = printed[2 * number], printed[2 * number + 1]
        assert ended == "0", f"{command} ended with {ended}:\n{output}\n{done.stderr}"
        tidy = output.strip("\n") + "\n" if output.strip() else ""
        assert matches(shown, tidy), f"{command} printed:\n{output}\n{done.stderr[-3000:]}"
    assert (tmp_path / "report.xlsx").stat().st_size > 1000
