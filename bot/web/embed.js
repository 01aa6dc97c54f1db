// The page inside another site's frame: what the site may choose, and the few messages that pass between them.
import { call } from "./api.js";
import { applyTheme } from "./theme.js";

const asked = new URLSearchParams(location.search);
const HINTS = /^[a-z0-9_]{1,40}$/;

export const embedded = asked.get("embedded") === "1" && window.parent !== window;
export const hints = (asked.get("hints") ?? "").split(",").map((hint) => hint.trim()).filter((hint) => HINTS.test(hint));

let closed = () => {};

// onToken(token) for a learner token from a site that may hand one over; onOpened(focus) and onClosed().
export function startEmbedding({ onToken, onOpened, onClosed }) {
  if (asked.get("embedded") !== "1") return;
  applyTheme({ accent: asked.get("accent"), theme: asked.get("theme") });
  const title = (asked.get("title") ?? "").trim().slice(0, 40);
  if (title) {
    document.getElementById("title").textContent = title;
    document.title = title;
  }
  if (!embedded) return;
  document.documentElement.dataset.embedded = "";
  const close = document.getElementById("close");
  close.hidden = false;
  closed = onClosed;
  close.addEventListener("click", leave);
  let origins = null;
  addEventListener("message", async (event) => {
    if (event.source !== window.parent) return;
    const said = event.data;
    if (said?.type === "epark-opened") onOpened(said.focus === true);
    if (said?.type === "epark-closed") onClosed();
    if (said?.type !== "epark-token" || typeof said.token !== "string") return;
    origins ??= allowedOrigins();
    const allowed = await origins;
    if (!allowed) origins = null;
    if (event.origin === location.origin || allowed?.includes(event.origin)) onToken(said.token);
  });
  tellHost({ type: "epark-ready" });
}

// The person closes the chat: known here at once, so that a reply which overtakes the host's answer counts as unread.
export function leave() {
  if (!embedded) return;
  closed();
  tellHost({ type: "epark-close" });
}

// Nothing private goes this way, so any host may read it.
export function tellHost(message) {
  if (embedded) window.parent.postMessage(message, "*");
}

async function allowedOrigins() {
  try {
    const { status, data } = await call("GET", "settings", { bare: true });
    return status === 200 && Array.isArray(data.origins) ? data.origins : [];
  } catch {
    return null;
  }
}
