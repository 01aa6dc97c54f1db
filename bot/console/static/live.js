// Keeps a page as it is now: the server says that something changed, and the parts marked data-live are drawn anew.
const place = document.querySelector("[data-stream]");
const stale = document.querySelector("[data-stale]");
const presence = document.getElementById("presence");
const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
const base = place.dataset.stream;
const here = base.endsWith("/cases/live") ? null : base.replace(/live$/, "here");
let stream = null;
let version = null;
let waiting = false;

function listen() {
  if (stream) return;
  stream = new EventSource(base);
  stream.addEventListener("open", () => { stale.hidden = true; });
  stream.addEventListener("error", () => {
    stale.hidden = false;
    if (stream?.readyState !== EventSource.CLOSED) return;
    // The answer was no stream, so the browser does not try again: the session may be over, or the server on its way.
    stop();
    refresh();
    setTimeout(() => document.hidden || listen(), 5000);
  });
  stream.addEventListener("over", () => { stop(); location.reload(); });
  stream.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    if (news.here) show(news.here);
    // Also at the first news: something may have changed since the page was drawn.
    if (news.version !== version) refresh();
    version = news.version;
  });
}

function stop() {
  stream?.close();
  stream = null;
}

function show(names) {
  presence.hidden = names.length === 0;
  const text = names.length ? presence.dataset.words + names.join("、") : "";
  if (presence.textContent.trim() !== text) presence.textContent = text;
}

async function refresh() {
  if (waiting) return;
  waiting = true;
  try {
    const answer = await fetch(location.href.replace(/([?&])said=[^&]*/, "$1"), { headers: { Accept: "text/html", "X-By-Itself": "1" } });
    if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.reload(); return; }
    if (!answer.ok) { stale.hidden = false; return; }
    redraw(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    stale.hidden = false;
  } finally {
    waiting = false;
  }
}

// A part in which somebody is typing or choosing stays; its forms still learn what the page has now seen.
function redraw(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now || now.innerHTML === part.innerHTML) continue;
    if (busy(part)) continue;
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    part.replaceChildren(...now.childNodes);
    part.querySelectorAll("details").forEach((one, at) => { if (at in open) one.open = open[at]; });
  }
  document.dispatchEvent(new CustomEvent("redrawn"));
}

function busy(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return true;
  return [...part.querySelectorAll("textarea")].some((one) => one.value !== one.defaultValue);
}

function beat(last) {
  if (here) navigator.sendBeacon(here, new URLSearchParams({ csrf, ...(last ? { left: "1" } : {}) }));
}

// A browser holds only a few connections to one place: pages that nobody sees let go of theirs.
// A page that is left is hidden after it is left: that is no beat.
let left = false;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { stop(); if (!left) beat(false); } else { listen(); if (version !== null) refresh(); }
});
setInterval(() => { if (document.hidden && !left) beat(false); }, 15000);
window.addEventListener("pagehide", () => { left = true; stop(); beat(true); });
window.addEventListener("pageshow", () => { left = false; if (!document.hidden) listen(); });
