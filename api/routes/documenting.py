"""What the OpenAPI says of bodies that the routes read themselves: JSON, or a form with files."""

from typing import Any

from api.routes.submitting import FORM, JSON
from models.base import Record

COMPONENTS = "#/components/schemas/{model}"
SENT: dict[str, type[Record]] = {}
"""Records of such bodies by name; the OpenAPI has them among its components."""


def takes(json: type[Record] | tuple[type[Record], ...], beside: type[Record], **files: str) -> dict[str, Any]:
    """The body of an operation.

    Parameters
    ----------
    json
        What it is as JSON: one record, or one of several.
    beside
        Its fields come beside the files of a form, as JSON.
    files
        Files of the form, with what they are.

    Returns
    -------
    dict
        For ``openapi_extra``.
    """
    records = json if isinstance(json, tuple) else (json,)
    SENT.update({record.__name__: record for record in (*records, beside)})
    refs = [{"$ref": COMPONENTS.format(model=record.__name__)} for record in records]
    fields = beside.model_json_schema(ref_template=COMPONENTS).get("properties", {})
    binary = {name: {"type": "string", "format": "binary", "description": words} for name, words in files.items()}
    form = {
        "type": "object", "required": list(files), "additionalProperties": False, "properties": binary | fields,
    }  # fmt: skip
    content = {JSON: {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}, FORM: {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}
