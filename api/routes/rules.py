"""``/v1/rules``: what every plan is held to, from the catalogue."""

from fastapi import APIRouter

from api.access.people import AnyRole
from models.base import Record
from models.catalogue import RULES

router = APIRouter(tags=["rules"])


class RuleWords(Record):
    """A rule of the catalogue."""

    id: str
    title: str


@router.get("/rules")
def rules(_person: AnyRole) -> list[RuleWords]:
    """Every rule of the catalogue."""
    return [RuleWords(id=rule.id, title=rule.title) for rule in RULES]
