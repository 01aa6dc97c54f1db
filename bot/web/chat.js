// The chat page: joins the conversation's events, what waits to be sent, and the person in front of it.
import { Account, tokenOfAddress } from "./account.js";
import { announce } from "./announce.js";
import { call, Gone, ticket } from "./api.js";
import { clearAttachments, startAttachments } from "./attach.js";
import { giveBack, startComposer } from "./composer.js";
import { Connection } from "./connection.js";
import { embedded, hints, leave, startEmbedding, tellHost } from "./embed.js";
import { Stream } from "./events.js";
import { Log, speaker } from "./log.js";
import { closeMenu, startMenu } from "./menu.js";
import { clearNotice, notice } from "./notice.js";
import { isOutboxKey, Outbox } from "./outbox.js";
import { Scrolling } from "./scrolling.js";
import { starters } from "./starters.js";
import { onOthers, remembers } from "./storage.js";
import { closeSuggestions, setTopics } from "./suggest.js";
import { Turns } from "./turns.js";
import { say } from "./words.js";

const HIDDEN_MS = 5000;
const PENDING_MS = 1500;
const MOST_TRIES = 10;
const byId = (id) => document.getElementById(id);
const field = byId("text");
const title = document.title;
let index = null;
let greeted = "";
let unread = 0;
let opened = !embedded;

const connection = new Connection((away) => {
  const followed = scrolling.atEnd();
  byId("connection").hidden = !away;
  turns.show();
  if (away) log.markAll("sending", "waiting");
  if (followed) scrolling.toEnd();
  announce(say(away ? "away" : "back"));
});
const turns = new Turns(byId("typing"), () => !connection.away);
const log = new Log(byId("log"), (payload) => send(payload));
const scrolling = new Scrolling(byId("scroller"), byId("jump"));
const account = new Account(connection, () => stream.start());
const stream = new Stream(connection, { event: take, caughtUp, live: remind, gone: sessionGone });
const outbox = new Outbox(connection, {
  taken: (message) => {
    log.mark(message.id, "sent");
    turns.begin(message.id);
    stream.start();
  },
  refused: (message) => {
    log.mark(message.id, "failed");
    giveBack(message.text);
    notice(say("refused"));
  },
  slowDown: (seconds) => {
    log.markAll("sending", "waiting");
    notice(say("slowDown", { seconds }));
  },
  gone: sessionGone,
}, () => account.settled());

// One event of the conversation, whichever tab caused it.
function take({ id, kind, data }, isHistory) {
  const followed = isHistory || scrolling.atEnd() || turns.mine(data.turn ?? data.id);
  if (kind === "user") {
    outbox.settle(data.id);
    log.confirm(data);
    turns.begin(data.id);
    if (!isHistory && followed) scrolling.toEnd();
  } else if (kind === "bot") {
    const item = log.bot(id, data);
    if (item && (!isHistory || turns.mine(data.turn))) arrived(item, data, followed);
  } else if (kind === "typing") {
    turns.begin(data.turn);
    if (followed) scrolling.toEnd();
  } else if (kind === "done") {
    turns.end(data.turn);
  } else if (kind === "account") {
    account.show(data.signed_in === true, !isHistory);
  } else if (kind === "judged") {
    log.judged(data);
  } else if (kind === "restarted") {
    log.note(say("restarted"), "day");
    turns.clear();
    if (!isHistory) {
      announce(say("restarted"));
      scrolling.toEnd();
    }
  } else if (kind === "cleared") {
    emptied();
    if (!isHistory) announce(say("deleted"));
  }
}

function arrived(item, data, followed) {
  scrolling.arrived(item, data.turn, followed);
  announce(speaker(data.custom) + say("colon") + data.text);
  if (opened && document.visibilityState === "visible") return;
  showUnread(unread + 1);
}

function caughtUp() {
  byId("log").dataset.live = "";
  // Who has asked something meanwhile is reading its answer.
  if (!turns.owned.size) scrolling.toEnd();
}

// What the bot still owes an answer is asked again under its id: a bot that died over it begins anew, another only
// hears that it is known already.
function remind() {
  for (const body of log.unanswered(turns.running)) call("POST", "messages", { body }).catch(() => {});
}

function emptied() {
  log.clear(new Set(outbox.waiting().map((message) => message.id)));
  turns.clear();
  greet();
  if (document.activeElement === document.body) field.focus();
}

// The server knows this conversation no more, or another tab began a new one.
function sessionGone() {
  stream.reset();
  emptied();
  account.show(false);
  stream.start();
}

function send(text, attachments = []) {
  clearNotice();
  closeSuggestions();
  const message = outbox.add(text, attachments);
  turns.own(message.id);
  log.pending(message, connection.away ? "waiting" : "sending");
  setTimeout(() => outbox.waiting().some(({ id }) => id === message.id) && log.mark(message.id, "waiting"), PENDING_MS);
  scrolling.toEnd();
}

function showUnread(count) {
  unread = count;
  document.title = count ? `(${count}) ${title}` : title;
  tellHost({ type: "epark-unread", count });
}

// Drawn anew only where it would be another one: somebody may be about to press a starter.
function greet() {
  const offered = starters(index, hints);
  const notices = index?.notices ?? [];
  if (greeted === [...notices, ...offered].join("|")) return;
  greeted = [...notices, ...offered].join("|");
  log.greet(offered, embedded && !remembers, notices);
}

startComposer(send);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || closeMenu()) return;
  leave();
});

startMenu({
  human: () => {
    send(say("askHuman"));
    field.focus();
  },
  restart: () => ask("POST", "restart", { body: {} }),
  delete: async () => {
    outbox.clear();
    clearAttachments();
    if (!ticket()) emptied();
    else await ask("DELETE", "conversation");
    field.focus();
  },
});

// Something asked of the server from the menu; its event does the rest, in every tab.
async function ask(method, path, request) {
  if (!ticket()) return;
  clearNotice();
  try {
    const { status } = await call(method, path, request);
    if (status >= 300) notice(say("unreached"));
    stream.start();
  } catch (problem) {
    if (problem instanceof Gone) sessionGone();
    else notice(say("unreached"));
  }
}

onOthers((key, value) => {
  if (key === "epark-ticket") sessionGone();
  if (!isOutboxKey(key)) return;
  if (value) {
    const message = JSON.parse(value);
    log.pending(message, connection.away ? "waiting" : "sending");
    outbox.flush();
  } else {
    log.mark(key.slice(key.lastIndexOf(":") + 1), "sent");
  }
});

// A browser opens few connections to one server: a page that nobody looks at gives its stream back.
let hiding = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.visibilityState === "visible") {
    if (opened) showUnread(0);
    stream.start();
  } else {
    hiding = setTimeout(() => turns.open || stream.stop(), HIDDEN_MS);
  }
});

addEventListener("hashchange", () => {
  const token = tokenOfAddress();
  if (token) account.signIn(token);
});

startEmbedding({
  onToken: (token) => account.signIn(token),
  onOpened: (focus) => {
    opened = true;
    showUnread(0);
    if (focus) field.focus();
  },
  onClosed: () => {
    opened = false;
  },
});
startAttachments();
const token = tokenOfAddress();
if (token) account.signIn(token);
greet();
for (const message of outbox.waiting()) log.pending(message, "waiting");
stream.start();
outbox.flush();

learnTopics();

// Suggestions are a convenience: without the index the page works all the same.
async function learnTopics() {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { status, data } = await call("GET", "index", { bare: true }).catch(() => ({}));
    if (status === 200) {
      index = data;
      setTopics(data.topics ?? [], data.starters ?? []);
      if (!log.mine.size) greet();
      return;
    }
    await connection.pause(tries * 2000);
  }
}
