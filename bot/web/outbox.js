// Messages that the server has not taken yet: kept in this browser, sent in order, each under one id for ever.
import { alone, call, Gone, Unreachable } from "./api.js";
import { drop, keep, keysFrom, load } from "./storage.js";

const PREFIX = "epark-out:";
let counter = 0;

export function isOutboxKey(key) {
  return key.startsWith(PREFIX);
}

// A version 4 UUID, also where the page is served by plain http and crypto.randomUUID is missing.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Outbox {
  // on.taken(message), on.refused(message), on.slowDown(seconds), on.gone(); before: awaited ahead of each sending.
  constructor(connection, on, before) {
    this.connection = connection;
    this.on = on;
    this.before = before;
    this.flushing = false;
  }

  add(text, attachments) {
    counter += 1;
    const at = String(Date.now()).padStart(15, "0");
    const message = { id: newId(), text, attachments, at: new Date().toISOString() };
    keep(`${PREFIX}${at}-${String(counter).padStart(6, "0")}:${message.id}`, JSON.stringify(message));
    // Whoever sends wants to know now whether the bot is back.
    this.connection.wake();
    this.flush();
    return message;
  }

  waiting() {
    return keysFrom(PREFIX).map((key) => parsed(load(key))).filter(Boolean);
  }

  // The server has it: by its 202, or because its event arrived first.
  settle(id) {
    for (const key of keysFrom(PREFIX)) if (key.endsWith(`:${id}`)) drop(key);
  }

  clear() {
    for (const key of keysFrom(PREFIX)) drop(key);
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      while (this.waiting().length) {
        try {
          await this.before();
          const pause = await alone("epark-outbox", () => this.sendFirst());
          this.connection.reached();
          if (pause) {
            this.on.slowDown(pause);
            await this.connection.pause(pause * 1000);
          }
        } catch (problem) {
          if (problem instanceof Gone) this.on.gone();
          else if (!(problem instanceof Unreachable)) throw problem;
          this.connection.lost();
          await this.connection.pause();
        }
      }
    } finally {
      this.flushing = false;
    }
  }

  // Seconds to wait where the server asks for it, else 0. Another tab may have sent it meanwhile: looked at anew.
  async sendFirst() {
    const message = this.waiting()[0];
    if (!message) return 0;
    const body = { id: message.id, message: message.text };
    if (message.attachments.length) body.attachments = message.attachments.map((one) => one.id);
    const { status, data, retryAfter } = await call("POST", "messages", { body });
    if (status === 429) return Math.min(60, Math.max(1, Number(data.retry_after) || retryAfter || 5));
    this.settle(message.id);
    if (status < 300) this.on.taken(message);
    else this.on.refused(message);
    return 0;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
