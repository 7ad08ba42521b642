"""A server as ``placements serve`` starts it, for tests that speak to it over the network."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SAID = "Placements is at "


@contextmanager
def started(database: str, folder: Path, **settings: object) -> Iterator[str]:
    """Its address, on a port that is free; it writes its log into the folder, and has ended well at the end."""
    environment = os.environ | {f"PLACEMENTS_{name.upper()}": str(value) for name, value in settings.items()}
    command = (sys.executable, "-m", "allocator", "serve", "--port", "0", "--database", database)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout is not None
        with process.stdout:
            line = next((said for said in process.stdout if SAID in said), None)
            assert line is not None, (folder / "log").read_text()
            try:
                yield line.split(SAID)[1].split()[0]
            finally:
                process.terminate()
                assert process.wait(60) == 0
