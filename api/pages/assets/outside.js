// Replies and results day: says when what is waited for is there. Nothing moves by itself: what somebody typed stays.
"use strict";
for (const waiting of document.querySelectorAll("[data-waits-for]")) {
  const look = async () => {
    const answer = await fetch(`/v1/runs/${waiting.dataset.waitsFor}`, { headers: { Accept: "application/json" } });
    const state = answer.ok ? (await answer.json()).state : "gone";
    if (["queued", "running", "created", "validated"].includes(state)) return void setTimeout(look, 1000);
    waiting.setAttribute("role", "status");
    waiting.textContent = "It is there. ";
    const button = document.querySelector("button[name=do][value=look]");
    const show = document.createElement(button ? "button" : "a");
    show.textContent = "Show it";
    if (button) { show.type = "button"; show.addEventListener("click", () => button.form.requestSubmit(button)); }
    else show.href = location.pathname;
    waiting.append(show);
  };
  setTimeout(look, 1000);
}
