// Topics offered while typing: the list is found in this page, so that nothing typed leaves it. A textarea may not be
// a combobox: it stays a text box that names its list and the chosen line, and the announcer tells that there is one.
import { announce } from "./announce.js";
import { indexed, matches } from "./match.js";
import { element, say } from "./words.js";

const field = document.getElementById("text");
const box = document.getElementById("suggestions");
let index = [];
let shown = [];
let active = -1;
let composing = false;

// Whoever typed before the topics were there gets them now.
export function setTopics(topics, frequent) {
  index = indexed(topics, say("smallSigns"), frequent);
  if (field.value && !composing && document.activeElement === field) update();
}

// pick(title) is called where a topic is chosen.
export function startSuggestions(pick) {
  field.addEventListener("input", (event) => !event.isComposing && update());
  field.addEventListener("compositionstart", () => {
    composing = true;
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    update();
  });
  field.addEventListener("blur", close);
  // The field keeps the focus while a topic is pressed, so that the list is still there for the click.
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(pick, [...box.children].indexOf(option));
  });
  field.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing || event.keyCode === 229) return;
    const count = shown.length;
    if (event.key === "ArrowDown") point(active + 1 < count ? active + 1 : -1);
    else if (event.key === "ArrowUp") point(active < 0 ? count - 1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey && active >= 0) choose(pick, active);
    else return;
    event.preventDefault();
    // Handled here: Enter sends nothing more, Escape does not close the widget as well.
    event.stopImmediatePropagation();
  });
}

export function closeSuggestions() {
  close();
}

function update() {
  const typed = field.value;
  const before = shown.length;
  shown = typed.includes("\n") ? [] : matches(index, typed, { small: say("smallSigns") });
  shown = shown.filter((topic) => topic.title !== typed.trim());
  if (!shown.length) {
    close();
    return;
  }
  box.replaceChildren(...shown.map((topic, at) => {
    const option = element("li", "", topic.title);
    option.id = `suggestion-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }));
  box.hidden = false;
  point(-1);
  if (!before) announce(say("suggested", { count: shown.length }));
}

function point(at) {
  active = at;
  [...box.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  if (at < 0) {
    field.removeAttribute("aria-activedescendant");
  } else {
    field.setAttribute("aria-activedescendant", box.children[at].id);
    box.children[at].scrollIntoView({ block: "nearest" });
  }
}

function choose(pick, at) {
  const { title } = shown[at];
  close();
  pick(title);
}

function close() {
  shown = [];
  active = -1;
  box.hidden = true;
  box.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}
