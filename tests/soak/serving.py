"""A service as it is started, for soaks: server and workers, an address, a token."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from api.store.opening import open_store
from tests.api.people import a_token, an_account


class Service(NamedTuple):
    """A running service; ``process`` is the server's number, workers are its children."""

    address: str
    token: str
    database: str
    process: int


@contextmanager
def served(workers: int = 1, database: str | None = None) -> Iterator[Service]:
    """Start a service on a port that is free, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        url = database or f"sqlite:///{folder}/placements.db"
        store = open_store(url)
        token = a_token(store, an_account(store, "team"))
        store.close()
        command = [sys.executable, "-m", "allocator", "serve", "--port", "0", "--workers", str(workers)]
        environment = os.environ | {"PLACEMENTS_DATABASE": url, "PLACEMENTS_REQUESTS_A_MINUTE": "1000000"}
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
            assert process.stdout is not None
            try:
                line = next((said for said in process.stdout if "Placements is at " in said), "")
                assert line, (Path(folder) / "log").read_text()
                yield Service(line.split("Placements is at ")[1].split()[0], token, url, process.pid)
            finally:
                process.terminate()
                process.wait(60)
