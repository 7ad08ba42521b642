"""What is sent to be read: a workbook as a form, or sheets as JSON, with settings and limits."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.inputs.json_text import judge_json, parsed
from api.inputs.sending import Sent, sent
from api.problems import ProblemError, UnusableError, validation_issues
from api.settings import Settings
from models.base import Record
from models.errors import Issue

R = TypeVar("R", bound=Record)
FIELD_BYTES = 200_000
"""Most bytes of a field of a form that is no file."""
MOST_FILES = 200
"""Most files of a form that takes several."""
JSON, FORM = "application/json", "multipart/form-data"


class OtherTypeError(ProblemError):
    """The body is of a type that is not taken here."""

    status, code, title = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media_type", "Not of a type that is taken here"


class Form(NamedTuple):
    """A form: its files and its JSON fields."""

    files: Mapping[str, Sent]
    fields: Mapping[str, Any]


def type_of(request: Request, *allowed: str) -> str:
    """The type of the body.

    Raises
    ------
    OtherTypeError
        It is none of those that are allowed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in allowed:
        raise OtherTypeError(f"The body is of type '{kind[:100]}'. Allowed: {', '.join(allowed)}.")
    return kind


async def json_of(request: Request) -> Any:
    """The content of a JSON body (which ``serving.bodies`` has looked through)."""
    return parsed(await request.body(), "The body")


async def form_of(request: Request, settings: Settings, files: tuple[str, ...], fields: tuple[str, ...]) -> Form:
    """Read a form.

    Parameters
    ----------
    request
        Of type ``multipart/form-data``.
    settings
        Of the service.
    files, fields
        Names that it may have; fields hold JSON.

    Returns
    -------
    Form
        What it has of them.

    Raises
    ------
    UnusableError
        It is no form, or has something else, or something twice.
    """
    try:
        form = await request.form(max_files=len(files) + 1, max_fields=len(fields) + 1, max_part_size=FIELD_BYTES)
    except HTTPException as error:
        raise UnusableError(f"The form cannot be read: {error.detail}") from error
    issues: list[Issue] = []
    found_files: dict[str, Sent] = {}
    found_fields: dict[str, Any] = {}
    try:
        for name, value in form.multi_items():
            if name in found_files or name in found_fields:
                issues.append(_issue(name, "stands twice in the form: send it once"))
            elif name in files and isinstance(value, UploadFile):
                found_files[name] = sent(await value.read(), value.filename, settings.unpacked_bytes)
            elif name in files:
                issues.append(_issue(name, "is no file: send it with a file name"))
            elif name in fields and isinstance(value, str):
                try:
                    judge_json(value.encode("utf-8", "surrogatepass"), settings.body_depth)
                    found_fields[name] = parsed(value, name)
                except UnusableError as error:
                    issues.append(_issue(name, f"cannot be used: {error.detail.rstrip('.')}"))
            else:
                issues.append(_issue(name, f"is nothing that is taken here. Allowed: {', '.join((*files, *fields))}"))
    finally:
        await form.close()
    if issues:
        raise UnusableError(" ".join(i.message for i in issues), issues)
    return Form(found_files, found_fields)


async def files_of(request: Request, settings: Settings, name: str) -> tuple[Sent, ...]:
    """The files of a form that has no other fields, all of the same name.

    Parameters
    ----------
    request
        Of type ``multipart/form-data``.
    settings
        Of the service.
    name
        Of the field.

    Raises
    ------
    UnusableError
        It is no form, has something else, or no file.
    """
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=1, max_part_size=FIELD_BYTES)
    except HTTPException as error:
        raise UnusableError(f"The form cannot be read: {error.detail}") from error
    try:
        others = [_issue(n, f"is no file {name}") for n, v in form.multi_items() if n != name or isinstance(v, str)]
        if others:
            raise UnusableError(" ".join(issue.message for issue in others), others)
        uploads = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if not uploads:
            raise UnusableError(f"The form has no file '{name}'.")
        return tuple([sent(await one.read(), one.filename, settings.unpacked_bytes) for one in uploads])
    finally:
        await form.close()


def _issue(field: str, words: str) -> Issue:
    return Issue(level="stop", code="request", subject=field, message=f"{field} {words}.")


def record_of(kind: type[R], content: Any) -> R:
    """A record of what was sent.

    Raises
    ------
    UnusableError
        It does not fit; all that is wrong.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        issues = validation_issues(error.errors(include_url=False))
        raise UnusableError(f"{len(issues)} things in the body cannot be used: see issues.", issues) from error
