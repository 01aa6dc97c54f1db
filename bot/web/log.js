// The conversation on the page: messages in the order of their events, those still to be sent after them.
import { download } from "./api.js";
import { fileOf } from "./attach.js";
import { feedback } from "./feedback.js";
import { saveAs, sizeWords, thumbnail } from "./files.js";
import { dayOf, dayWords, showTime } from "./moments.js";
import { announce } from "./announce.js";
import { notice } from "./notice.js";
import { reply } from "./reply.js";
import { copyOf, element, listOf, say } from "./words.js";

const SMALL_PICTURE = 2 * 1024 * 1024;
const UNSETTLED = new Set(["sending", "waiting", "sent"]);

export class Log {
  constructor(list, pick) {
    this.list = list;
    this.pick = pick;
    this.rated = new Set(listOf("feedbackTypes"));
    this.forget();
  }

  forget() {
    this.mine = new Map();
    this.lastReply = null;
    this.verdicts = new Map();
    this.day = "";
  }

  // The greeting, which stands above every conversation.
  greet(starters, forgetful, notices = []) {
    const item = this.botItem();
    item.dataset.role = "welcome";
    item.querySelector(".meta").remove();
    const buttons = starters.map((one) => ({ title: one, payload: one }));
    for (const text of notices) item.querySelector(".body").append(element("p", "announcement", text));
    item.querySelector(".body").append(...reply({ text: say("greeting"), buttons, custom: null }, this.pick));
    if (forgetful) item.querySelector(".body").append(element("p", "note", say("forgets")));
    const before = this.list.querySelector("[data-role=welcome]");
    if (before) before.replaceWith(item);
    else this.list.prepend(item);
  }

  // A message of this browser that no event has confirmed yet; an id is shown once.
  pending(message, state) {
    if (this.mine.has(message.id)) return this.mine.get(message.id);
    const item = this.meItem(message.text, message.at, message.attachments);
    this.mine.set(message.id, item);
    this.list.append(item);
    this.mark(message.id, state);
    return item;
  }

  mark(id, state) {
    const item = this.mine.get(id);
    if (!item || item.dataset.state === "taken") return;
    item.dataset.state = state;
    const label = item.querySelector("[data-role=state]");
    label.textContent = { waiting: say("pending"), failed: say("failed") }[state] ?? "";
    label.hidden = !label.textContent;
  }

  markAll(from, to) {
    for (const [id, item] of this.mine) if (item.dataset.state === from) this.mark(id, to);
  }

  // The user's message as the server keeps it: personal data are taken out there.
  confirm({ id, text, at, attachments = [] }) {
    this.divide(at);
    const old = this.mine.get(id);
    const item = this.meItem(text, at, attachments);
    if (old) old.remove();
    this.mine.set(id, item);
    item.dataset.state = "taken";
    item.asked = { id, message: text, attachments: attachments.map((one) => one.id) };
    this.insert(item);
    return item;
  }

  // The messages of these turns, as they are asked again.
  unanswered(turns) {
    return [...turns.keys()].map((id) => this.mine.get(id)?.asked).filter(Boolean);
  }

  // A reply; where it is only a machine-readable part, it belongs to the reply before it.
  bot(id, event) {
    const before = this.lastReply;
    if (!event.text) {
      if (before && before.turn === event.turn && !before.event.custom?.type) {
        this.drawInto(before.item, before.id, { ...before.event, custom: event.custom });
      }
      return null;
    }
    this.divide(event.at);
    const item = this.botItem();
    this.drawInto(item, id, event);
    this.insert(item);
    this.lastReply = { item, id, event, turn: event.turn };
    return item;
  }

  // What the person thinks of a reply, as the server keeps it: also after a reload, and in every tab.
  judged({ event, helpful, reason }) {
    this.verdicts.get(event)?.({ helpful, reason });
  }

  note(text, className) {
    const item = element("li", className, text);
    this.insert(item);
    return item;
  }

  // Everything the server no longer has; what is still to be sent stays.
  clear(keep) {
    const kept = [...this.mine].filter(([id]) => keep.has(id));
    const items = new Set(kept.map(([, item]) => item));
    for (const item of [...this.list.children]) {
      if (!items.has(item) && item.dataset.role !== "welcome") item.remove();
    }
    this.forget();
    this.mine = new Map(kept);
  }

  insert(item) {
    const after = [...this.mine.values()].find((one) => UNSETTLED.has(one.dataset.state) && one.isConnected);
    this.list.insertBefore(item, after ?? null);
  }

  divide(at) {
    const day = dayOf(at);
    if (!day || day === this.day) return;
    if (this.day || day !== dayOf(new Date())) this.note(dayWords(at), "day");
    this.day = day;
  }

  botItem() {
    const item = copyOf("bot");
    item.querySelector(".who").textContent = say("bot") + say("colon");
    return item;
  }

  drawInto(item, id, event) {
    const custom = event.custom && event.custom.type ? event.custom : null;
    item.dataset.event = id ?? "";
    item.dataset.type = custom?.type ?? "";
    item.querySelector(".who").textContent = speaker(custom) + say("colon");
    item.querySelector(".body").replaceChildren(...reply({ ...event, buttons: event.buttons ?? [], custom }, this.pick));
    const meta = item.querySelector(".meta");
    showTime(meta.querySelector("time"), event.at);
    for (const old of meta.querySelectorAll("[data-role]")) old.remove();
    if (id && this.rated.has(custom?.type)) {
      const { bar, restore } = feedback(id, item);
      this.verdicts.set(id, restore);
      meta.append(bar);
    }
    meta.append(copyButton(event.text));
  }

  meItem(text, at, attachments) {
    const item = copyOf("me");
    item.querySelector(".who").textContent = say("you") + say("colon");
    const words = element("bdi", "", text);
    words.dir = "auto";
    item.querySelector(".text").append(words);
    item.querySelector(".text").hidden = !text;
    showTime(item.querySelector("time"), at);
    const files = item.querySelector(".files");
    files.hidden = !attachments?.length;
    files.append(...(attachments ?? []).map(sentFile));
    return item;
  }
}

// Who says it: the bot, or a person of the help desk.
export function speaker(custom) {
  return say(custom?.type === "agent" ? "agent" : "bot");
}

function copyButton(text) {
  const button = copyOf("copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copiedByHand(text)) return;
    }
    button.dataset.done = "";
    announce(say("copied"));
    setTimeout(() => delete button.dataset.done, 2000);
  });
  return button;
}

// For pages that may not use the clipboard: plain http, or a frame without leave.
function copiedByHand(text) {
  const area = element("textarea", "visually-hidden");
  const back = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  back?.focus();
  return done;
}

function sentFile(file) {
  const row = copyOf("sent-file");
  row.querySelector(".name").textContent = file.name;
  row.querySelector(".size").textContent = sizeWords(file.size);
  const show = (blob) => thumbnail(blob).then((picture) => row.querySelector(".picture").replaceChildren(picture));
  const local = fileOf(file.id);
  show(local ?? { type: "" });
  if (!local && file.type.startsWith("image/") && file.size <= SMALL_PICTURE) whenSeen(row, () => fetched(file).then(show));
  row.querySelector("button").addEventListener("click", async () => {
    const blob = fileOf(file.id) ?? (await fetched(file));
    if (blob.size) saveAs(blob, file.name);
    else notice(say("fileLost"));
  });
  return row;
}

async function fetched(file) {
  try {
    return (await download(file.id)) ?? new Blob([]);
  } catch {
    return new Blob([]);
  }
}

function whenSeen(target, act) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    act();
  });
  watch.observe(target);
}
