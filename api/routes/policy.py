"""``/v1/policy``: every setting with what it is by default and what it may be."""

from fastapi import APIRouter

from allocator.settling import PolicyKey, policy_keys
from api.access.people import AnyRole

router = APIRouter(tags=["rules"])


@router.get("/policy")
def policy(_person: AnyRole) -> tuple[PolicyKey, ...]:
    """Every policy setting with default, unit, range and owning rule, and a switch for every rule that has one."""
    return policy_keys()
