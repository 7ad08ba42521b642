// What pages do beside showing: nothing here is needed to read or to decide.
"use strict";

// What a page says of the form that led to it is said once: not again when the page is loaded anew.
(function saidOnce() {
  const here = new URL(location.href);
  if (!here.searchParams.has("done")) return;
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
})();

// A page that the browser kept while others were looked at is asked for anew: what it says may be over by now.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// A link that is shown once is taken whole.
document.querySelectorAll("input[readonly]").forEach((field) => field.addEventListener("focus", () => field.select()));

// A form that is folded on a narrow screen stands open on a wide one, in browsers too that cannot say so in a style.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 50rem)").matches) {
  document.querySelectorAll("details.fold").forEach((form) => { form.open = true; });
}

// Of a round: what others decided, and plans that were worked out, are told within two seconds.
(function news() {
  const { round, version, decisions, plan } = document.body.dataset, region = document.getElementById("news");
  if (!round || !region) return;
  let tag = "";
  const show = (found) => {
    const line = document.createElement("p"), link = document.createElement("a");
    line.className = "notice warn";
    line.id = "news-line";
    line.textContent = [...found.lines, ...(found.plan ? ["A plan was worked out"] : [])].join("; ") + " – ";
    link.href = location.href.split("#")[0];
    link.textContent = "show it";
    line.append(link);
    document.getElementById("news-line")?.remove();
    region.append(line);
  };
  const ask = async () => {
    if (document.visibilityState === "visible") {
      try {
        const query = new URLSearchParams({ version, decisions, plan });
        const answer = await fetch("/rounds/" + round + "/news?" + query, { headers: tag ? { "If-None-Match": tag } : {} });
        tag = answer.headers.get("ETag") || tag;
        if (answer.status === 200) show(await answer.json());
        if (answer.status === 401 || answer.status === 403 || answer.redirected) return;
      } catch { /* the next time */ }
    }
    setTimeout(ask, 1500);
  };
  setTimeout(ask, 1500);
})();
