"""Datasets of the sample sheets with rows of Decisions, and what tests ask of them."""

from typing import Any

from models.dataset import Dataset
from models.decisions import Decision
from tests.reading.sheets import reading


def decided(*rows: dict[str, Any], **others: Any) -> Dataset:
    return reading(Decisions=[{"by": "AB"} | row for row in rows], **others).dataset


def kinds(dataset: Dataset) -> list[str]:
    return [d.decision for d in dataset.decisions]


def only(dataset: Dataset) -> Decision:
    (decision,) = dataset.decisions
    return decision


def standing(dataset: Dataset, request: str = "S3/final") -> str:
    return dataset.published_by_request[request].standing


FIX = {"decision": "fix", "request": "S1/first", "offer": "O2"}
