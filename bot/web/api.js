// The server's side of the agreement: one conversation's ticket, and every call that carries it.
import { drop, keep, load } from "./storage.js";

const TICKET = "epark-ticket";
const BASE = new URL("webhooks/web/", document.baseURI).href;
const PATIENCE_MS = 20_000;
const UPLOAD_MS = 180_000;

// The server could not be reached, or cannot answer now: the same call may succeed later.
export class Unreachable extends Error {}

// The server has this ticket no more: the conversation it stood for is gone.
export class Gone extends Error {}

export function ticket() {
  return load(TICKET);
}

export function forget(old) {
  if (load(TICKET) === old) drop(TICKET);
}

// The ticket of this browser, made now where there is none; two tabs that ask at once get the same one.
export async function needTicket() {
  if (ticket()) return ticket();
  return alone("epark-session", async () => {
    if (ticket()) return ticket();
    const made = await call("POST", "session", { body: {}, bare: true });
    if (made.status !== 201) throw new Unreachable(`session: ${made.status}`);
    keep(TICKET, made.data.ticket);
    return made.data.ticket;
  });
}

// Runs the work while no other tab runs work of this name; without locks (plain http, or a frame that the
// browser denies storage) simply runs it.
export async function alone(name, work) {
  if (!navigator.locks) return work();
  let begun = false;
  try {
    return await navigator.locks.request(name, () => {
      begun = true;
      return work();
    });
  } catch (problem) {
    if (begun) throw problem;
    return work();
  }
}

export function eventsUrl(after) {
  return `${BASE}events?after=${after}`;
}

export function bearer(of) {
  return { Authorization: `Bearer ${of}` };
}

// {status, data}; throws Unreachable or Gone. What is refused (4xx) is the caller's to tell.
export async function call(method, path, { body, bare = false } = {}) {
  const mine = bare ? null : await needTicket();
  const headers = mine ? bearer(mine) : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await reach(path, { method, headers, body: body && JSON.stringify(body) }, PATIENCE_MS);
  return result(answer, mine);
}

export async function upload(file, name) {
  const mine = await needTicket();
  const headers = { ...bearer(mine), "Content-Type": file.type, "X-Filename": encodeURIComponent(name) };
  return result(await reach("attachments", { method: "POST", headers, body: file }, UPLOAD_MS), mine);
}

// The bytes of an attachment, or null where the server has it no more.
export async function download(id) {
  const mine = await needTicket();
  const answer = await reach(`attachments/${encodeURIComponent(id)}`, { headers: bearer(mine) }, UPLOAD_MS);
  return answer.ok ? answer.blob() : null;
}

async function reach(path, request, patience) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(BASE + path, { ...request, signal: stop.signal, credentials: "omit", cache: "no-cache" });
    if (answer.status >= 500) throw new Unreachable(`${path}: ${answer.status}`);
    return answer;
  } catch (problem) {
    throw problem instanceof Unreachable ? problem : new Unreachable(String(problem));
  } finally {
    clearTimeout(timer);
  }
}

async function result(answer, mine) {
  if (answer.status === 401 && mine) {
    forget(mine);
    throw new Gone("the ticket is not valid any more");
  }
  const data = await answer.json().catch(() => ({}));
  return { status: answer.status, data, retryAfter: Number(answer.headers.get("Retry-After")) || 0 };
}
