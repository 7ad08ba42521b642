"""The version of a plan: a short word that is the same for the same plan and for no other."""

import hashlib

from models.plan import Plan


def version(plan: Plan) -> str:
    """Eight hexadecimal digits of the plan's BLAKE2b digest."""
    return hashlib.blake2b(plan.model_dump_json().encode(), digest_size=4).hexdigest()
