// The board by arrow keys, one key for what is decided most, and answers that come while the page is open.
"use strict";

(function keys() {
  const base = document.body.dataset.round && "/rounds/" + document.body.dataset.round;
  const help = document.querySelector("[data-help]"), off = () => localStorage.getItem("keys") === "off";
  const say = () => {
    const button = help && help.querySelector("[data-keys-switch]");
    if (!button) return;
    button.textContent = off() ? "Switch keys on" : "Switch keys off";
    button.setAttribute("aria-pressed", String(off()));
  };
  if (help) {
    help.hidden = false;
    help.querySelector("[data-keys-switch]").addEventListener("click", () => {
      localStorage.setItem("keys", off() ? "on" : "off");
      say();
    });
    say();
  }
  const typing = (at) => at.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  const quick = (card) => (card.dataset.keys || "").split("|").filter(Boolean).map((one) => {
    const [key, title, ...path] = one.split(";");
    return { key, title, path: path.join(";") };
  });
  const decided = (card, key) => quick(card).find((one) => one.key === key)?.path;
  // The same by pointer: the keys stand on the card that is pointed at, to be clicked.
  document.querySelectorAll(".card").forEach((card) => {
    card.addEventListener("pointerenter", () => {
      const line = document.createElement("span");
      line.className = "acts";
      for (const one of quick(card.querySelector("[data-keys]"))) {
        const link = document.createElement("a");
        link.href = one.path;
        link.tabIndex = -1;
        link.textContent = one.key;
        link.title = one.title;
        link.setAttribute("aria-label", one.title);
        line.append(link);
      }
      card.append(line);
    });
    card.addEventListener("pointerleave", () => card.querySelectorAll(".acts").forEach((line) => line.remove()));
  });
  document.addEventListener("keydown", (event) => {
    if (!base || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const card = event.target.closest("[data-keys]");
    let to = card && decided(card, event.key);
    if (!to && !off()) {
      const link = document.querySelector("#main a[data-key=\"" + CSS.escape(event.key) + "\"]");
      to = link ? link.href : { n: base + "/open/next?after=" + encodeURIComponent(document.querySelector("[data-about]")?.dataset.about || ""), b: base + "/board" }[event.key];
      if (event.key === "?" && help) {
        help.querySelector("button").focus();
        event.preventDefault();
        return;
      }
    }
    if (to) {
      event.preventDefault();
      location.href = to;
    }
  });
})();

(function arrows() {
  const board = document.querySelector("[data-cards]");
  if (!board) return;
  const lanes = () => [...board.querySelectorAll(".cards")].map((lane) => [...lane.querySelectorAll("a.to")]).filter((lane) => lane.length);
  const cards = [...board.querySelectorAll("a.to")];
  if (!cards.length) return;
  let here = cards[0];
  cards.forEach((card) => { card.tabIndex = card === here ? 0 : -1; });
  board.querySelectorAll("a.place").forEach((link) => { link.tabIndex = -1; });
  const go = (card) => {
    here.tabIndex = -1;
    here = card;
    here.tabIndex = 0;
    here.focus();
    here.closest(".card").scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  board.addEventListener("focusin", (event) => {
    if (event.target.matches("a.to") && event.target !== here) {
      here.tabIndex = -1;
      here = event.target;
      here.tabIndex = 0;
    }
  });
  board.addEventListener("keydown", (event) => {
    if (!event.target.matches("a.to") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = lanes(), x = all.findIndex((lane) => lane.includes(event.target)), y = all[x].indexOf(event.target);
    const beside = (step) => all[x + step] && all[x + step][Math.min(y, all[x + step].length - 1)];
    const to = { ArrowDown: all[x][y + 1], ArrowUp: all[x][y - 1], ArrowRight: beside(1), ArrowLeft: beside(-1), Home: all[x][0], End: all[x][all[x].length - 1] }[event.key];
    if (to) {
      event.preventDefault();
      go(to);
    }
  });
})();

(function answers() {
  const waits = () => document.querySelector("[data-looked]");
  const say = (at, words) => { at.querySelector("[data-said]").textContent = words; };
  const anew = async (at) => {
    const text = await (await fetch(at.dataset.page || location.href)).text();
    return new DOMParser().parseFromString(text, "text/html");
  };
  // Every part of one kind gets what the page has there now; who was in it stays there.
  const put = (page, name) => {
    document.querySelectorAll("[" + name + "]").forEach((old) => {
      const now = page.querySelector("[" + name + "=\"" + CSS.escape(old.getAttribute(name)) + "\"]");
      if (!now || now.innerHTML === old.innerHTML) return;
      const inside = old.contains(document.activeElement);
      old.replaceWith(now);
      if (inside) {
        now.tabIndex = -1;
        now.focus({ preventScroll: true });
      }
    });
  };
  const show = async (at) => {
    try {
      put(await anew(at), "data-live");
    } catch {
      setTimeout(() => show(at), 2000);
      return;
    }
    if (waits() === at) say(at, "It could not be shown");
    else follow();
  };
  // What is found meanwhile is fetched one at a time, and the newest of what was told while that went on.
  const growing = () => {
    let asked = 0, busy = false;
    return async (at, done) => {
      asked = done;
      if (busy) return;
      busy = true;
      for (let had = 0; had !== asked;) {
        had = asked;
        try { put(await anew(at), "data-grows"); } catch { break; }
      }
      busy = false;
    };
  };
  const follow = () => {
    const at = waits();
    if (!at) return;
    const events = new EventSource("/v1/runs/" + at.dataset.looked + "/events"), grow = growing();
    events.addEventListener("progress", (event) => {
      const { done, of } = JSON.parse(event.data).content;
      if (of && !("stopping" in at.dataset)) say(at, "Being worked out: " + done + " of " + of);
      if (done) grow(at, done);
    });
    events.addEventListener("end", () => {
      events.close();
      show(at);
    });
    events.addEventListener("error", () => { // what is broken off is taken up by the browser, what is refused is not
      if (events.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
    });
  };
  follow();
})();
