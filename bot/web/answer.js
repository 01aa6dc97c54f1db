// An answer of the knowledge base as people read it: the short answer first, everything else in order of need.
import { contactCard } from "./contact.js";
import { anchor, line, linked, list } from "./prose.js";
import { copyOf, element, say } from "./words.js";

const MOST_OPEN_STEPS = 4;
const FEWEST_TABS = 3;
let tabCounter = 0;

export function answer(view) {
  const nodes = (view.notices ?? []).map((text) => line("p", text, "announcement"));
  nodes.push(line("p", view.short ?? "", "lead"));
  if (view.steps?.length) nodes.push(steps(view.steps));
  if (view.parts?.length) nodes.push(...parts(view.parts));
  if (view.notes?.length) nodes.push(notes(view.notes));
  if (view.links?.length) nodes.push(...links(view.links));
  if (view.contacts?.length) nodes.push(contacts(view.contacts));
  if (view.sources?.length) nodes.push(basis(view));
  return nodes;
}

function steps(texts) {
  const box = element("details", "steps");
  box.dataset.role = "steps";
  box.open = texts.length <= MOST_OPEN_STEPS;
  box.append(element("summary", "", say("steps", { count: texts.length })), list("ol", texts));
  return box;
}

function notes(texts) {
  const box = element("div", "notes");
  box.dataset.role = "notes";
  box.append(element("p", "label", say("notes")), list("ul", texts));
  return box;
}

function links(found) {
  const rows = element("ul", "links");
  for (const { title, url } of found) {
    const row = element("li");
    row.append(url.startsWith("https://") ? anchor(url, title) : title);
    rows.append(row);
  }
  return [element("p", "label", say("links")), rows];
}

function contacts(cards) {
  const box = element("details", "more");
  box.dataset.role = "contacts";
  const names = cards.map((card) => card.name).join(say("comma"));
  box.append(element("summary", "", say("contacts") + names), ...cards.map((card) => contactCard(card)));
  return box;
}

function basis(view) {
  const box = copyOf("basis");
  for (const { title, sections } of view.sources) {
    const row = element("li");
    row.append(element("cite", "", `《${title}》`), ` ${sections.join(say("comma"))}`);
    box.querySelector("ul").append(row);
  }
  const reviewed = box.querySelector("time");
  reviewed.textContent = view.reviewed ?? "";
  if (view.reviewed) reviewed.dateTime = view.reviewed;
  else box.querySelector(".reviewed").remove();
  return box;
}

// One or two parts stand below each other; more are tabs, so that nobody scrolls through what is not theirs.
function parts(found) {
  return found.length < FEWEST_TABS ? found.map(section) : [tabs(found)];
}

function section(part) {
  const box = element("section", "part");
  box.append(element("h2", "", part.title), ...partBody(part));
  return box;
}

function partBody(part) {
  const nodes = [];
  if (part.short) nodes.push(line("p", part.short));
  if (part.steps?.length) nodes.push(list("ol", part.steps));
  for (const note of part.notes ?? []) {
    const row = element("p", "note");
    row.append(...linked(note));
    nodes.push(row);
  }
  return nodes;
}

function tabs(found) {
  tabCounter += 1;
  const box = element("div", "tabs");
  box.dataset.role = "tabs";
  const row = element("div", "tablist");
  row.setAttribute("role", "tablist");
  box.append(row);
  const made = found.map((part, at) => {
    const tab = element("button", "", part.title);
    const panel = element("div", "panel");
    const name = `tabs-${tabCounter}-${at}`;
    tab.type = "button";
    tab.id = `${name}-tab`;
    panel.id = `${name}-panel`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
    panel.append(...partBody(part));
    row.append(tab);
    box.append(panel);
    return { tab, panel };
  });
  const choose = (chosen, focus) => {
    made.forEach(({ tab, panel }, at) => {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
      panel.hidden = at !== chosen;
    });
    if (focus) made[chosen].tab.focus();
  };
  made.forEach(({ tab }, at) => tab.addEventListener("click", () => choose(at)));
  row.addEventListener("keydown", (event) => {
    const here = made.findIndex(({ tab }) => tab === document.activeElement);
    const count = made.length;
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1 + count, Home: 0, End: count - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    choose(there % count, true);
  });
  choose(0);
  return box;
}
