"""``/v1/checks``: any plan judged at once, made by hand or by a run."""

from fastapi import APIRouter, Request

from api.access.people import Team
from api.inputs.sending import settings_text, sheets_sent
from api.inputs.tasks import verdict
from api.problems import UnusableError
from api.routes.documenting import takes
from api.routes.service import TheService
from api.routes.submitting import FORM, JSON, form_of, json_of, record_of, type_of
from api.wire.checks import Checked, CheckSettings, SheetsCheck

router = APIRouter(tags=["checks"])


@router.post(
    "/checks",
    openapi_extra=takes(
        SheetsCheck, CheckSettings,
        workbook="A workbook (.xlsx), or a JSON file of sheets.", plan="A plan.json, or a sheet made by hand.",
    ),
)  # fmt: skip
async def check(person: Team, service: TheService, request: Request) -> Checked:
    """Judge a plan: every rule that it breaks, who, by how much, and every tier.

    Nothing is solved and nothing is kept. The plan is a `plan.json`, or rows of student, stage, offer (or agency and
    team) and PE, as `placements verify` reads them.
    """
    if type_of(request, JSON, FORM) == FORM:
        form = await form_of(request, service.settings, ("workbook", "plan"), ("settings",))
        missing = [name for name in ("workbook", "plan") if name not in form.files]
        if missing:
            raise UnusableError(f"The form has no file {' and no file '.join(missing)}.")
        settings = record_of(CheckSettings, dict(form.fields)).settings
        source, plan = form.files["workbook"], form.files["plan"]
    else:
        asked = record_of(SheetsCheck, await json_of(request))
        settings, source = asked.settings, sheets_sent(asked.sheets)
        # A plan.json is an object with a version, any other is a sheet of rows.
        plan = sheets_sent(asked.plan if isinstance(asked.plan, dict) else {"Plan": asked.plan})
    return await service.apart.run(verdict, source, plan, settings_text(settings), service.settings.rows)
