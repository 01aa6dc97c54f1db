// One reply of the bot: drawn from its machine-readable part where the page knows it, else from its text.
import { answer } from "./answer.js";
import { courseChart, guideProgress, hoursChart, stateWords, status } from "./charts.js";
import { caseCard } from "./case.js";
import { contact } from "./contact.js";
import { prose } from "./prose.js";
import { element, icon, listOf, say } from "./words.js";

const TONES = {
  uploaded: ["check", "good"], waiting: ["wait", "wait"], action_needed: ["alert", "act"], escalate: ["alert", "act"],
  not_applicable: ["none", "calm"], passed: ["check", "good"], incomplete: ["alert", "act"],
  official: ["check", "good"], general: ["info", "calm"], login: ["lock", "calm"],
};

// pick(payload) is called where the person chooses one of the buttons.
export function reply({ text = "", buttons = [], custom }, pick) {
  const kind = custom?.type ?? "";
  const draw = DRAWN[kind];
  const nodes = draw ? draw(custom, text, buttons) : prose(withoutButtons(text, buttons));
  if (buttons.length) nodes.push(...choices(kind, buttons, pick));
  return nodes;
}

const DRAWN = {
  answer: (custom, text) => (custom.view ? answer(custom.view) : prose(text)),
  contact: (custom, text) => (custom.view ? contact(text, custom.view) : prose(text)),
  diagnosis: (custom, text) => [...stated(custom.state), ...headed(text, custom.state)],
  course_status: (custom, text) => {
    const [heading, ...rest] = headed(text, custom.state);
    return [...stated(custom.state), heading, ...(custom.state === "incomplete" ? [courseChart(custom)] : []), ...rest];
  },
  account_status: (custom, text) => [...stated(custom.official ? "official" : "general"), ...prose(text)],
  learning_summary: (custom, text) => [hoursChart(custom), ...prose(text)],
  login_required: (_custom, text) => [...stated("login"), ...prose(text)],
  agent: (_custom, text) => [agentLine(), ...prose(text)],
  case: (custom, text) => [...prose(text), caseCard(custom)],
  guide: (custom, text, buttons) => [guideProgress(custom), ...guideText(withoutButtons(text, buttons))],
};

// A person speaks, not the bot: said above their words. The item's hidden name says it to screen readers.
function agentLine() {
  const made = element("p", "agent");
  made.setAttribute("aria-hidden", "true");
  made.append(icon("person"), element("strong", "", say("agent")));
  return made;
}

function stated(state) {
  return TONES[state] ? [status(state, ...TONES[state])] : [];
}

// The first line of a finding names what it is about; the state at its end is said by the line above it.
function headed(text, state) {
  const [first, ...rest] = text.split("\n");
  const words = TONES[state] ? say("colon") + stateWords(state) : "";
  const name = words && first.endsWith(words) ? first.slice(0, -words.length) : first;
  return [element("p", "heading", name), ...prose(rest.join("\n"))];
}

// The bar says which step it is; of the first line only the guide's name is left.
function guideText(text) {
  const [first, ...rest] = text.split("\n");
  const name = /^【(.+?)】/.exec(first);
  return name ? [element("p", "heading", name[1]), ...prose(rest.join("\n"))] : prose(text);
}

// Lines that only repeat the buttons below them.
function withoutButtons(text, buttons) {
  const titles = new Set(buttons.map((button) => button.title));
  return text.split("\n").filter((row) => !titles.has(row.replace(/^(?:[・•]|\d{1,2}[.、])\s*/, ""))).join("\n");
}

function choices(kind, buttons, pick) {
  const row = element("div", "chips");
  row.dataset.role = kind === "answer" ? "related" : "choices";
  const ways = kind === "guide" ? listOf("guideNav") : [];
  const walking = element("div", "chips walking");
  for (const { title, payload } of buttons) {
    const chip = element("button", "chip", title);
    chip.type = "button";
    chip.addEventListener("click", () => pick(payload ?? title));
    if (title === ways[0]) chip.classList.add("primary");
    (ways.includes(title) ? walking : row).append(chip);
  }
  if (kind === "guide" || kind === "suggest") row.classList.add("stacked");
  const rows = [row, walking].filter((one) => one.children.length);
  if (kind !== "answer") return rows;
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", say("related"));
  return [element("p", "label", say("related")), ...rows];
}
