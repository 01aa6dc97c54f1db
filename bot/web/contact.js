// A help desk as a card: one tap calls or writes, and whether it is open is seen at once.
import { anchor, prose } from "./prose.js";
import { copyOf, element, icon, say } from "./words.js";

const TEL = /^\+?[\d\-*#]+(?:;[a-z-]+=[+\w-]+)*$/;

// `complete`: the words around the card do not say what is not known of the desk, so the card does.
export function contactCard(view, complete = true) {
  const card = copyOf("contact");
  card.querySelector("h2").textContent = view.name;
  card.setAttribute("aria-label", view.name);
  const reach = card.querySelector(".reach");
  for (const phone of view.phones ?? []) reach.append(way("phone", TEL.test(phone.tel) && `tel:${phone.tel}`, phone.text));
  for (const box of view.mailboxes ?? []) reach.append(way("mail", `mailto:${box}`, box));
  if (view.website?.startsWith("https://")) reach.append(way("web", view.website, host(view.website)));
  reach.hidden = !reach.children.length;
  showHours(card, view, complete);
  return card;
}

// A contact reply says more than the card: what the card shows is left out of its text, the rest stands around it.
export function contact(text, view) {
  const facts = [
    ...(view.phones ?? []).map((phone) => phone.text), ...(view.mailboxes ?? []), view.hours, view.state, view.website,
  ].filter(Boolean);
  const shown = (row) => row === view.name || (/^[・•]/.test(row) && facts.some((fact) => row.includes(fact)));
  const rows = text.split("\n");
  const first = rows.findIndex(shown);
  if (first < 0) return [contactCard(view, false), ...prose(text)];
  const after = rows.slice(first).filter((row) => !shown(row)).join("\n");
  return [...prose(rows.slice(0, first).join("\n")), contactCard(view, false), ...prose(after)];
}

function way(kind, href, text) {
  const row = element("li");
  const target = href ? anchor(href, "", "way") : element("span", "way");
  target.append(icon(kind), element("bdi", "", text));
  row.append(target);
  return row;
}

function host(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

function showHours(card, view, complete) {
  const state = card.querySelector(".open-state");
  if (view.open_now === true || view.open_now === false) {
    state.hidden = false;
    state.dataset.open = String(view.open_now);
    state.querySelector("span").textContent = say(view.open_now ? "open" : "closed");
  }
  const hours = card.querySelector(".hours");
  const words = [view.hours, view.state].filter(Boolean);
  if (!words.length && complete) words.push(say("notSources"));
  hours.hidden = !words.length;
  hours.querySelector("span").append(...words.flatMap((text, at) => (at ? [element("br"), text] : [text])));
}
