// Runs of scenarios tell how far they are; at their end the page is loaded anew.
"use strict";
for (const place of document.querySelectorAll("[data-live]")) {
  const events = new EventSource(`/v1/runs/${place.dataset.live}/events`);
  const told = place.querySelector("[data-told]"), bar = place.querySelector("progress");
  events.addEventListener("progress", (event) => {
    const { done, cases } = JSON.parse(event.data).content;
    if (!cases) return;
    told.textContent = `${done} of ${cases} plans made`;
    bar.max = cases;
    bar.value = done;
  });
  events.addEventListener("end", () => { events.close(); location.reload(); });
}
