"""``/v1/rules``: what every plan is held to, from the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.access.people import AnyRole
from api.problems import NotFoundError
from models.catalogue import RULES, Rule
from models.policy import Policy

router = APIRouter(tags=["rules"])


@router.get("/rules")
def rules(_person: AnyRole) -> tuple[Rule, ...]:
    """Every rule of the catalogue; its statement with the settings as they are by default."""
    return tuple(_stated(rule) for rule in RULES)


@router.get("/rules/{rule}")
def rule(_person: AnyRole, rule: Annotated[str, Path(max_length=10, examples=["E04"])]) -> Rule:
    """One rule."""
    found = next((r for r in RULES if r.id.casefold() == rule.casefold()), None)
    if found is None:
        raise NotFoundError(f"There is no such rule. Allowed: {', '.join(r.id for r in RULES)}.")
    return _stated(found)


def _stated(rule: Rule) -> Rule:
    return rule.model_copy(update={"statement": Policy().stated(rule)})
