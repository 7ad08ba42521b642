"""The audit, for an administrator: who did what when, newest first; sought by person, kind and subject."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.access import accounts
from api.pages.rendering import page
from api.pages.visiting import AdminVisit
from api.routes.accounts import Before, audit_page, members
from api.store.audit import Sought, actions

router = APIRouter(include_in_schema=False)
Asked = Annotated[str, Query(max_length=200)]
AT_A_TIME = 50


@router.get("/audit")
def audit(visit: AdminVisit, before: Before = None, who: Asked = "", action: Asked = "", about: Asked = "") -> Response:
    """Entries without details, which may name students."""
    with visit.service.store.reading() as session:
        account = accounts.by_login(session, who) if who else None
        # Whoever is no account is looked for as it stands: the service itself, or an id.
        sought = Sought(account.id if account else who or None, action or None, about.strip() or None)
        found = audit_page(session, sought, before, AT_A_TIME)
        kinds = actions(session)
        names = {one.round: one.name for one in members(visit.person, session)}
        logins = accounts.logins_of(session, {id for line in found.items for id in (line.who, line.subject)})
    asked = {"who": who, "action": action, "about": about}
    older = urlencode({name: value for name, value in (*asked.items(), ("before", found.next)) if value})
    return page(
        visit,
        "audit.html",
        lines=found.items,
        next=found.next,
        older=older,
        kinds=kinds,
        logins=logins,
        names=names,
        asked=asked,
    )
