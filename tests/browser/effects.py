"""How long somebody waits for the effect of a decision, in a browser, while other plans are worked out.

``python -m tests.browser.effects [looks=20] [seed=1]``: a round with the demonstration, as one click makes it; fixes of
requests to places, drawn by the seed, are looked at one after the other while another run works. Seconds are those from
the click to the frame that shows the effect, by the browser's own clock: asked from outside, up to a second passes
between two questions. What is refused at once is not counted.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median, quantiles
from urllib.parse import urlencode

from playwright.sync_api import expect

from allocator.intake import read
from api.access import sessions
from api.client import Placements
from api.store.opening import open_store
from api.wire import OVER
from tests.api.people import an_account
from tests.browser.chromium import DESKTOP, new_context, started_chromium
from tests.browser.meeting import LONG
from tests.soak.readers import DEMONSTRATION
from tests.soak.serving import Service, served

STOPWATCH = """(() => {
  const now = () => performance.timeOrigin + performance.now();
  addEventListener("click", () => sessionStorage.setItem("clicked", now()), true);
  new MutationObserver(() => {
    if (window.took === undefined && document.querySelector("[data-live=effect] :is(.said, .bad)"))
      window.took = new Promise((tell) => requestAnimationFrame(() => tell(now() - sessionStorage.getItem("clicked"))));
  }).observe(document, { childList: true, subtree: true });
})()"""
"""In every page: milliseconds from the click that led to it to the frame that shows the effect."""


def decisions(seed: int) -> Iterator[dict[str, str]]:
    """Fixes of requests to places of their stage, as the sheet Decisions has them, without an end."""
    data, draw = read(DEMONSTRATION).dataset, random.Random(seed)
    deciding = {tranche.tranche for tranche in data.tranches if tranche.status == "deciding"}
    requests = [request for request in data.requests if request.tranche in deciding]
    offers = [offer for offer in data.offers if offer.tranche in deciding and not offer.withdrawn]
    while True:
        request = draw.choice(requests)
        offer = draw.choice([offer for offer in offers if offer.stage in (request.stage, "either")])
        yield {"decision": "fix", "request": request.request, "offer": offer.offer}


def a_planned_round(service: Service, client: Placements) -> tuple[str, str]:
    """A round with the demonstration and its plan, and the cookie of somebody of its team who is signed in."""
    made = client.new_round("Effects", ("JAN27",))
    client.send_workbook(made.id, DEMONSTRATION, made.version)
    list(client.events(client.run_of_round(made.id).id))  # until it is over
    store = open_store(service.database)
    account = an_account(store, "team", rounds=(made.id,))
    with store.transaction() as session:
        cookie = sessions.begin(session, account, datetime.now(UTC), 8)[1]
    store.close()
    return made.id, cookie


def main() -> int:
    """Look, and print what it took."""
    asked = {name: int(value) for name, value in (word.split("=") for word in sys.argv[1:])}
    looks, took, beside = asked.get("looks", 20), list[float](), ""
    with served() as service, Placements(service.address, service.token) as client:
        round, cookie = a_planned_round(service, client)
        with started_chromium() as chromium:
            context = new_context(chromium, service.address, DESKTOP)
            context.add_cookies([{"name": "placements", "value": cookie, "url": service.address}])
            context.add_init_script(STOPWATCH)
            page = context.new_page()
            for row in decisions(asked.get("seed", 1)):
                if len(took) == looks:
                    break
                if not beside or client.run_view(beside).state in OVER:
                    beside = client.run(DEMONSTRATION).id
                whole = page.goto(f"/rounds/{round}/decide?{urlencode(row | {'request': ''})}")
                assert whole is not None
                assert whole.ok
                page.locator("#f-request").fill(row["request"])
                page.get_by_role("button", name="Show what it does", exact=True).click()
                shown, refused = page.locator("[data-live=effect] :is(.said, .bad)"), page.get_by_role("alert")
                expect(shown.or_(refused).first).to_be_visible(timeout=LONG)
                if refused.count():
                    continue
                took.append(page.evaluate("window.took") / 1000)
                said = " ".join(shown.first.inner_text().split())
                print(f"  {row['request']} at {row['offer']}: {took[-1]:.2f} s: {said[:100]}")
            context.close()
    print(
        f"{len(took)} looks beside another run: median {median(took):.2f} s, 95% within {quantiles(took, n=20)[-1]:.2f} s"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
