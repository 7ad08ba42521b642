"""HTML from templates: the frame around every page, dates and cells as people read them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from allocator.views.facts import day
from allocator.views.words import counted
from api.pages.navigation import NOTICES, SECTIONS
from api.pages.visiting import RoundVisit, Visit

_PAGES = Environment(
    loader=PackageLoader("api.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)  # fmt: skip


def page(visit: Visit | RoundVisit, template: str, status: HTTPStatus = HTTPStatus.OK, /, **values: Any) -> Response:
    """A page for somebody who is signed in.

    Parameters
    ----------
    visit
        Who looks at it; of a page of a round, the round too.
    template
        Name of a file of ``templates``; it extends ``layout.html``.
    status
        Of the answer.
    values
        What the template needs.
    """
    of_round = visit if isinstance(visit, RoundVisit) else None
    who = visit.visit if isinstance(visit, RoundVisit) else visit
    frame = {
        "visit": who, "of_round": of_round, "sections": SECTIONS,
        "notice": _notice(who.request.query_params.get("done", ""), of_round),
        "path": who.request.url.path, "query_text": who.request.url.query,
        "base": f"/rounds/{of_round.round.id}" if of_round else "",
    }  # fmt: skip
    return HTMLResponse(_PAGES.get_template(template).render(frame | values), status)


def _notice(done: str, of_round: RoundVisit | None) -> str:
    """What is said at the top; a plan that is not there after all is told of as the state of the round."""
    if done == "planned-anew" and (of_round is None or of_round.working is not None or not of_round.current):
        return ""
    return NOTICES.get(done, "")


def bare_page(template: str, values: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    """A page for somebody who is not signed in."""
    return HTMLResponse(_PAGES.get_template(template).render(values), status)


def to(path: str, part: str = "", **query: str) -> RedirectResponse:
    """To another page of ours, after a form was taken; no part of the path comes from a request as it was sent.

    Parameters
    ----------
    path
        Its address.
    part
        Id of the element that is looked at, quoted.
    query
        Behind the path.
    """
    where = path + (f"?{urlencode(query)}" if query else "") + (f"#{part}" if part else "")
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


@cache
def asset(name: str) -> str:
    """The text of a file of ``assets``."""
    return files("api.pages").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def asset_version(name: str) -> str:
    """What tells this text of a file of ``assets`` from any other."""
    return sha256(asset(name).encode()).hexdigest()[:32]


def asset_address(name: str) -> str:
    """Where a file of ``assets`` is found, with its version: at this address it never changes."""
    return f"/assets/{name}?v={asset_version(name)}"


def moment(value: datetime) -> str:
    """A moment as people read it: ``5 Jan 2027, 14:03 UTC``."""
    return f"{day(value)}, {value.astimezone(UTC):%H:%M} UTC"


def cell(value: object) -> Markup | str:
    """A cell of a table: dates in words, line breaks kept, nothing for what is blank."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    return Markup("<br>").join(escape(line) for line in str(value).split("\n"))


def query(value: str) -> str:
    """A value in the address of a link."""
    return quote(value, safe="")


def educator(name: str) -> str:
    """A PE in a line: ``PE001`` and ``team's own PE`` say themselves what they are, ``7`` does not."""
    return name if "PE" in name else f"PE {name}"


_PAGES.filters.update(moment=moment, cell=cell, query=query, day=day, educator=educator)
_PAGES.globals.update(counted=counted, asset_address=asset_address)
