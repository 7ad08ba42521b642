"""Many runs at once, straight into a store."""

import json

from api.store import runs
from api.store.moments import utc_now
from api.store.opening import Store
from tests.reading.sheets import sheets


def enqueue_many(store: Store, number: int, by: str = "soak") -> list[str]:
    """Accept so many runs of a tiny partnership, whose inputs differ; their ids."""
    accepted = []
    for count in range(number):
        source = json.dumps(sheets(Students={"note": f"run {count}"}), default=str).encode()
        with store.transaction() as session:
            run = runs.accept(
                session, kind="allocate", source=source, filename="input.json", settings={}, limits={}, by=by,
                now=utc_now(),
            )  # fmt: skip
            accepted.append(run.id)
    return accepted
