"""The OpenAPI: kept, whole, and what the service does."""

import json
from pathlib import Path
from typing import Any

import pytest
from schemathesis.core.failures import FailureGroup

from api.serving.kept import KEPT, newest
from api.serving.openapi import WORDS, operations
from tests.api.every_operation import every_operation, service


@pytest.fixture(scope="module")
def written() -> str:
    """The OpenAPI as the application writes it now."""
    return newest()


@pytest.fixture
def made(written: str) -> dict[str, Any]:
    """What is in it."""
    found: dict[str, Any] = json.loads(written)
    return found


def test_the_kept_file_is_that_of_the_application(written: str) -> None:
    assert KEPT.read_text(encoding="utf-8") == written, "a change that is meant is written by: make openapi"


def test_every_operation_has_words_and_documents_its_problems(made: dict[str, Any]) -> None:
    for path, method, operation in operations(made):
        where = f"{method} {path}"
        assert operation.get("description"), where
        assert {"429", "500", "503"} <= set(operation["responses"]), where
        if path.startswith("/v1/"):
            assert {"401", "403"} <= set(operation["responses"]), where
            assert operation["security"], where
        for status, answer in operation["responses"].items():
            if status >= "400" and path.startswith("/v1/"):
                assert answer["description"] == WORDS[int(status)], where
                assert list(answer["content"]) == ["application/problem+json"], where


def test_every_body_is_described(made: dict[str, Any]) -> None:
    runs = made["paths"]["/v1/runs"]["post"]["requestBody"]["content"]
    assert set(runs) == {"application/json", "multipart/form-data"}
    assert {"SheetsRun", "RoundRun", "RunOptions", "RunLimits", "Problem"} <= set(made["components"]["schemas"])
    assert runs["multipart/form-data"]["schema"]["required"] == ["workbook"]


def test_what_is_called_as_described_answers_as_described(tmp_path: Path) -> None:
    # A few calls of each operation; tests.soak.operations makes hundreds.
    with service(tmp_path) as called:
        wrong = []
        for name, call in every_operation(called, examples=2):
            try:
                call()
            except (Exception, FailureGroup) as error:  # told of all operations together
                wrong.append(f"{name}: {error} {getattr(error, 'exceptions', '')}")
    assert not wrong, "\n\n".join(wrong)
