// The chat page: one conversation with the bot over POST /webhooks/web/messages.
const strings = document.getElementById("strings").dataset;
const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("text");
const typing = document.getElementById("typing");
const main = document.querySelector("main");
const LINK = /https:\/\/[^\s（）()，。、「」]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

// A learner token comes in the fragment, which no server log ever sees, and stays for this tab only.
const handed = new URLSearchParams(location.hash.slice(1)).get("token");
if (handed) {
  sessionStorage.setItem("epark-token", handed);
  history.replaceState(null, "", location.pathname + location.search);
}
showSignIn();

function showSignIn() {
  document.getElementById("signed-in").hidden = !sessionStorage.getItem("epark-token");
}

document.getElementById("sign-out").addEventListener("click", () => {
  sessionStorage.removeItem("epark-token");
  showSignIn();
  field.focus();
});

function add(kind, text, buttons = []) {
  const item = document.createElement("li");
  item.className = kind;
  const who = document.createElement("span");
  who.className = "visually-hidden";
  who.textContent = `${kind === "me" ? strings.you : strings.bot}：`;
  item.append(who, ...linked(text));
  if (buttons.length) item.append(chips(buttons));
  log.append(item);
  // The reader begins at the top of a reply, also where it is longer than the screen.
  item.scrollIntoView({ block: kind === "me" ? "end" : "nearest" });
  if (kind !== "me" && item.offsetHeight > main.clientHeight) item.scrollIntoView({ block: "start" });
  return item;
}

function linked(text) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    pieces.push(text.slice(done, match.index));
    const link = document.createElement("a");
    const mail = !match[0].startsWith("https:");
    link.href = mail ? `mailto:${match[0]}` : match[0];
    if (!mail) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    link.textContent = match[0];
    pieces.push(link);
    done = match.index + match[0].length;
  }
  pieces.push(text.slice(done));
  return pieces;
}

function chips(buttons) {
  const row = document.createElement("div");
  row.className = "chips";
  for (const { title, payload } of buttons) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = title;
    chip.addEventListener("click", () => send(payload));
    row.append(chip);
  }
  return row;
}

// A bar for each of the ten-hour categories; the text beside it says the same, so readers skip the picture.
function chart(categories) {
  const names = strings.categories.split("|");
  const entries = Object.values(categories);
  const picture = svg("svg", { viewBox: `0 0 300 ${entries.length * 34}`, class: "chart", "aria-hidden": "true" });
  entries.forEach(({ required, done }, row) => {
    const top = row * 34;
    const full = Math.min(1, done / required);
    picture.append(
      svg("text", { x: 0, y: top + 12 }, `${names[row]}　${done}／${required}`),
      svg("rect", { x: 0, y: top + 17, width: 300, height: 9, rx: 4.5, class: "empty" }),
      svg("rect", { x: 0, y: top + 17, width: 300 * full, height: 9, rx: 4.5, class: full < 1 ? "part" : "full" }),
    );
  });
  return picture;
}

function svg(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

let waiting = Promise.resolve();

function send(text) {
  add("me", text);
  // One after the other: answers keep the order of the questions.
  waiting = waiting.then(() => exchange(text));
  return waiting;
}

async function exchange(text) {
  typing.hidden = false;
  main.scrollTop = main.scrollHeight;
  try {
    const token = sessionStorage.getItem("epark-token");
    const answer = await fetch("webhooks/web/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(token ? { message: text, token } : { message: text }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { messages } = await answer.json();
    typing.hidden = true;
    let first = null;
    let item = null;
    for (const one of messages) {
      if (one.text) item = add("bot", one.text, one.buttons || []);
      if (one.custom && one.custom.type === "learning_summary" && item) item.append(chart(one.custom.ten_hours));
      first = first || item;
    }
    if (first) first.scrollIntoView({ block: "nearest" });
  } catch {
    typing.hidden = true;
    add("problem", strings.offline);
    if (!field.value) field.value = text;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  send(text);
  field.focus();
});

field.addEventListener("keydown", (event) => {
  // While an input method is composing 注音, Enter chooses a word and does not send.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    form.requestSubmit();
  }
});

function grow() {
  field.rows = Math.min(5, field.value.split("\n").length);
}
field.addEventListener("input", grow);

const starters = strings.starters.split("|").map((one) => ({ title: one, payload: one }));
add("bot", strings.greeting, starters);
