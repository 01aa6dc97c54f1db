// A case of the help desk as a small card: its number, who works on it, how far it is.
import { copyOf, icon, say } from "./words.js";

const TONES = {
  new: ["wait", "wait"], open: ["wait", "wait"], waiting: ["alert", "act"], resolved: ["check", "good"], closed: ["none", "calm"],
};

export function caseCard({ case_id: number, desk_name: desk, status }) {
  const card = copyOf("case");
  card.querySelector("h2").append(number ?? "");
  const row = card.querySelector(".desk");
  row.hidden = !desk;
  row.textContent = say("caseDesk") + (desk ?? "");
  const state = card.querySelector(".status");
  const known = TONES[status];
  state.hidden = !known;
  if (!known) return card;
  state.dataset.tone = known[1];
  state.append(icon(known[0]), say(`case${status.charAt(0).toUpperCase()}${status.slice(1)}`));
  return card;
}
