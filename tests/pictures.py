"""Pictures of the pages for the README: ``python -m tests.pictures [FOLDER=docs/pages]``.

A service is started with the demonstration, its plan, and answers that are shared; a Chromium of this machine looks at
each page. A picture that is there is replaced.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx2
from PIL import Image
from playwright.sync_api import Browser

from allocator.intake import read
from api.access import sessions
from api.client import Placements
from api.store.opening import open_store
from api.store.tables import Membership
from api.wire import Role
from api.wire.results import UnplacedList
from models.dataset import Dataset
from models.plan import Plan
from tests.api.people import an_account
from tests.browser.chromium import View, new_context, started_chromium
from tests.soak.readers import DEMONSTRATION
from tests.soak.serving import Service, served

FOLDER = Path("docs/pages")
COLOURS = 64
NOT_YET = "Being worked out"
"""What a page says until the effect of a decision is known."""
CHARTS = """
() => [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight)
"""
"""Whether the charts that are in sight are drawn."""
QUESTIONS = ("trainees", "two-statutory")
"""Asked and shared, so that there are answers to look at."""


class Picture(NamedTuple):
    """A page to look at: by whom, and how large a screen they have."""

    name: str
    path: str
    role: Role = "team"
    width: int = 1200
    height: int = 800


PICTURES = (
    Picture("sign-in", "/sign-in"),
    Picture("rounds", "/rounds"),
    Picture("workbooks", "/rounds/{round}/workbooks"),
    Picture("overview", "/rounds/{round}"),
    Picture("board", "/rounds/{round}/board"),
    Picture("not-placed", "/rounds/{round}/not-placed"),
    Picture("decide", "/rounds/{round}/decide?decision=withdraw&about=offer&offer={offer}&by=LM"),
    Picture("decisions", "/rounds/{round}/decisions"),
    Picture("students", "/rounds/{round}/students"),
    Picture("student", "/rounds/{round}/student?id={student}"),
    Picture("place", "/rounds/{round}/place?id={offer}"),
    Picture("agency-of-the-plan", "/rounds/{round}/agency?id={agency}"),
    Picture("map", "/rounds/{round}/map"),
    Picture("figures", "/rounds/{round}/figures"),
    Picture("moves", "/rounds/{round}/moves"),
    Picture("scenarios", "/rounds/{round}/scenarios"),
    Picture("scenario", "/rounds/{round}/scenarios/question?name=trainees"),
    Picture("letters", "/rounds/{round}/letters"),
    Picture("calendar", "/rounds/{round}/calendar"),
    Picture("publish", "/rounds/{round}/publish"),
    Picture("replies", "/rounds/{round}/replies"),
    Picture("results-day", "/rounds/{round}/results-day"),
    Picture("chase", "/rounds/{round}/chase"),
    Picture("agency", "/agency", "agency", 360, 740),
    Picture("alliance", "/alliance", "alliance"),
    Picture("alliance-on-a-telephone", "/alliance/numbers", "alliance", 360, 740),
    Picture("people", "/people", "admin"),
)


class Shown(NamedTuple):
    """A served round: what stands for the braces of paths, and the cookie of each role."""

    names: dict[str, str]
    cookies: dict[Role, str]


def shown(service: Service, client: Placements) -> Shown:
    """A round with the demonstration, its plan and some answers, and somebody of each role who is signed in."""
    made = client.new_round("January 2027", ("JAN27",))
    client.send_workbook(made.id, DEMONSTRATION, made.version)
    plan = client.run_of_round(made.id).id
    dataset = read(DEMONSTRATION).dataset
    cookies = _signed_in(service, made.id, dataset)
    with httpx2.Client(
        base_url=service.address, headers={"Authorization": f"Bearer {service.token}"}, timeout=60
    ) as http:
        asked = http.post(f"/v1/rounds/{made.id}/scenarios", json={"only": QUESTIONS}).raise_for_status().json()["id"]
        for run in (plan, asked):
            list(client.events(run))  # until it is over
            http.put(f"/v1/runs/{run}/shared").raise_for_status()
        plan_made = Plan.model_validate_json(http.get(f"/v1/runs/{plan}/result").raise_for_status().content)
        unplaced = UnplacedList.model_validate_json(http.get(f"/v1/runs/{plan}/unplaced").raise_for_status().content)
    request = unplaced.unplaced[0].request
    placed = next(one for one in plan_made.matches if dataset.offer_by_id[one.offer].tranche == "JAN27")
    names = {
        "request": placed.request, "offer": placed.offer, "student": dataset.request_by_id[request].student,
        "agency": dataset.agencies[0].agency, "round": made.id,
    }  # fmt: skip
    return Shown({name: quote(value, safe="") for name, value in names.items()}, cookies)


def _signed_in(service: Service, round: str, dataset: Dataset) -> dict[Role, str]:
    store, now = open_store(service.database), datetime.now(UTC)
    cookies: dict[Role, str] = {}
    roles: tuple[Role, ...] = ("team", "agency", "alliance", "admin")
    for role in roles:
        agency = dataset.agencies[0].agency if role == "agency" else None
        account = an_account(store, role, agency=agency, login=f"{role}-office")
        with store.transaction() as session:
            if role != "admin":
                session.add(Membership(account=account, round=round))
            cookies[role] = sessions.begin(session, account, now, 8)[1]
    store.close()
    return cookies


def take(browser: Browser, address: str, found: Shown, picture: Picture, path: Path) -> str:
    """A picture into a file, of the upper part of its page; what to say of it."""
    context = new_context(browser, address, View(picture.width, picture.height))
    if picture.name != "sign-in":
        context.add_cookies([{"name": "placements", "value": found.cookies[picture.role], "url": address}])
    page = context.new_page()
    answer = page.goto(picture.path.format(**found.names))
    if answer is not None and answer.ok:
        page.get_by_text(NOT_YET).first.wait_for(state="hidden", timeout=60_000)
        page.wait_for_function(CHARTS, timeout=60_000)
        with Image.open(io.BytesIO(page.screenshot())) as screen:
            # Few colours are a third of the bytes, and nobody sees it.
            screen.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    context.close()
    if answer is None or not answer.ok:
        return f"{picture.name}: no picture, since the page answers {answer.status if answer else 'nothing'}"
    return f"{picture.name}: {path.stat().st_size // 1000} kB"


def main() -> int:
    """Take all pictures; 1 where a page could not be shown."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    with served() as service, Placements(service.address, service.token) as client:
        found = shown(service, client)
        with started_chromium() as browser:
            for picture in PICTURES:
                said.append(take(browser, service.address, found, picture, folder / f"{picture.name}.png"))
                print(said[-1], flush=True)
    return int(any("no picture" in line for line in said))


if __name__ == "__main__":
    raise SystemExit(main())
