// The page's one live region: whatever is said here is read once, politely.
const region = document.getElementById("announcer");
const KEPT_MS = 30_000;

export function announce(text) {
  const spoken = document.createElement("p");
  spoken.textContent = text;
  region.append(spoken);
  setTimeout(() => spoken.remove(), KEPT_MS);
}
