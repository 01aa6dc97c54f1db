// While a trial runs: looks whether it has come further, and draws the page anew then.
const place = document.getElementById("trial-state");

async function look() {
  try {
    const answer = await fetch("/learning/trial", { headers: { Accept: "application/json", "X-By-Itself": "1" } });
    if (answer.status === 401) { location.reload(); return; }
    const now = answer.ok ? await answer.json() : null;
    if (now && (now.state !== place.dataset.state || String(now.step) !== place.dataset.step)) await redraw(now);
    if (now && now.state !== "running") return;
  } catch {
    // The console is on its way back: look again.
  }
  setTimeout(look, 2000);
}

async function redraw(now) {
  if (now.state !== "running") { location.replace("/learning/patch"); return; }
  const page = new DOMParser().parseFromString(await (await fetch("/learning/patch", { headers: { "X-By-Itself": "1" } })).text(), "text/html");
  const fresh = page.getElementById("trial-state");
  if (!fresh) return;
  place.replaceChildren(...fresh.childNodes);
  Object.assign(place.dataset, { state: fresh.dataset.state, step: fresh.dataset.step });
}

setTimeout(look, 2000);
