// Runs that are under way are followed, and workbooks can be dropped; without this, pages load themselves anew.
"use strict";

(function () {
  const fields = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea";

  // Whether somebody is in the middle of typing something, or has chosen something that a reload would lose.
  function isTyping() {
    const changed = [...document.querySelectorAll(fields)].some((field) => field.value !== field.defaultValue);
    const chosen = [...document.querySelectorAll("input[type=checkbox], input[type=radio]")].some(
      (box) => box.checked !== box.defaultChecked,
    );
    return changed || chosen || document.querySelector("dialog[open]") !== null;
  }

  // A run is followed by what it tells; the server words it.
  function follow(element) {
    const events = new EventSource(`/v1/runs/${element.dataset.run}/events`);
    const shown = element.querySelector("[data-progress]");
    let asking = false;
    let again = false;

    async function show() {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        const answer = await fetch(shown.dataset.progress);
        if (answer.ok) shown.innerHTML = await answer.text();
      } finally {
        asking = false;
      }
      if (again) {
        again = false;
        setTimeout(show, 300);
      }
    }

    const clock = shown ? setInterval(show, 5000) : 0;
    if (shown) for (const kind of ["state", "plan", "progress"]) events.addEventListener(kind, show);
    events.addEventListener("end", () => {
      events.close();
      clearInterval(clock);
      if (element.dataset.follow) location.assign(`${element.dataset.follow}?follow=true`);
      else if (!isTyping()) anew();
      else tell(element);
    });
  }

  // The page anew, which says so in place of what it said of the form that led to it: that has served.
  function anew() {
    const here = new URL(location.href);
    here.searchParams.set("done", "planned-anew");
    if (here.href === location.href) location.reload(); // to a part of the same address nothing is loaded
    else location.replace(here);
  }

  // What is typed stays: the page says that the plan is there, and offers to show it.
  function tell(element) {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Show it (what you have typed here is lost)";
    element.setAttribute("role", "status"); // so that it is read out
    element.textContent = "The plan is worked out. ";
    element.append(link);
  }

  // A file that is dropped on a field is as one that was chosen there.
  function takeDrops(zone) {
    const field = zone.querySelector("input[type=file]");
    const said = zone.querySelector("[data-dropped]");
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer.files.length !== 1) {
        say(said, "One file at a time, please.");
        return;
      }
      field.files = event.dataTransfer.files;
      say(said, `${field.files[0].name} is being sent and read…`);
      zone.closest("form").requestSubmit();
    });
    zone.closest("form").addEventListener("submit", () => {
      if (field.files.length) say(said, `${field.files[0].name} is being sent and read…`);
    });
  }

  function say(element, words) {
    element.hidden = false;
    element.textContent = words;
  }

  document.querySelectorAll("[data-run]").forEach(follow);
  document.querySelectorAll("[data-drop]").forEach(takeDrops);
})();
