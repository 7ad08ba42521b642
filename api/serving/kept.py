"""The OpenAPI as it is kept beside the program: ``python -m api.serving.kept`` writes it anew.

A change of it is a change for every client, so it is made on purpose: a test holds the file equal to the application.
"""

from pathlib import Path

from api.serving.app import create_app
from api.serving.openapi import written
from api.settings import Settings
from api.store.opening import Store

KEPT = Path(__file__).parent.parent / "openapi.json"


def newest() -> str:
    """The OpenAPI of the application, as a file."""
    return written(create_app(Settings(), Store("sqlite:///never-opened.db")).openapi())


if __name__ == "__main__":
    KEPT.write_text(newest(), encoding="utf-8")
