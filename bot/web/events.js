// The stream of a conversation's events: read by fetch so that the ticket travels in a header, resumed where it broke.
import { bearer, eventsUrl, forget, ticket } from "./api.js";

const SILENCE_MS = 40_000;

// Cuts text/event-stream into {id, kind, data}; a comment is {comment}.
export class Frames {
  constructor() {
    this.rest = "";
  }

  push(text) {
    const blocks = (this.rest + text).replace(/\r\n?/g, "\n").split("\n\n");
    this.rest = blocks.pop();
    return blocks.map(frame).filter(Boolean);
  }
}

function frame(block) {
  const fields = { data: [] };
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "") fields.comment = value;
    else if (name === "data") fields.data.push(value);
    else fields[name] = value;
  }
  if (!fields.data.length) return fields.comment === undefined ? null : { comment: fields.comment };
  try {
    return { id: fields.id ? Number(fields.id) : null, kind: fields.event, data: JSON.parse(fields.data.join("\n")) };
  } catch {
    return null;
  }
}

// Calls on.event(event, isHistory) once for each event in order, on.caughtUp() when the server says that the stored ones are in,
// on.live() at that moment of every connection, on.gone() when the ticket is not valid any more.
export class Stream {
  constructor(connection, on) {
    this.connection = connection;
    this.on = on;
    this.running = null;
    this.reset();
    // A network that comes back may have left a stream that looks alive: a new one proves that the bot is reached.
    addEventListener("online", () => this.running?.open && this.running.abort.abort());
  }

  reset() {
    this.stop();
    this.last = 0;
    this.seen = new Set();
    this.history = true;
  }

  start() {
    if (this.running || !ticket()) return;
    const run = { stopped: false, abort: new AbortController() };
    this.running = run;
    this.run(run);
  }

  stop() {
    if (!this.running) return;
    this.running.stopped = true;
    this.running.abort.abort();
    this.running = null;
  }

  async run(run) {
    while (!run.stopped) {
      const mine = ticket();
      if (!mine) break;
      run.abort = new AbortController();
      try {
        await this.read(run, mine);
      } catch {
        // A break in the network or an end of the bot: both are mended by coming back.
      }
      if (run.stopped) return;
      if (run.gone) {
        this.running = null;
        forget(mine);
        this.on.gone();
        return;
      }
      this.connection.lost();
      await this.connection.pause();
    }
    if (this.running === run) this.running = null;
  }

  async read(run, mine) {
    let watch = 0;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => run.abort.abort(), SILENCE_MS);
    };
    alive();
    try {
      const headers = { ...bearer(mine), Accept: "text/event-stream" };
      const answer = await fetch(eventsUrl(this.last), {
        headers, signal: run.abort.signal, credentials: "omit", cache: "no-store",
      });
      run.gone = answer.status === 401;
      if (!answer.ok) return;
      this.connection.reached();
      run.open = true;
      const frames = new Frames();
      const text = new TextDecoder();
      const reader = answer.body.getReader();
      for (let part = await reader.read(); !part.done && !run.stopped; part = await reader.read()) {
        alive();
        for (const one of frames.push(text.decode(part.value, { stream: true }))) this.take(one);
      }
    } finally {
      run.open = false;
      clearTimeout(watch);
    }
  }

  take(one) {
    if (one.comment !== undefined) {
      if (one.comment.trim() === "live") {
        this.caughtUp();
        this.on.live();
      }
      return;
    }
    if (one.id !== null) {
      if (one.kind === "cleared") this.seen.clear();
      if (this.seen.has(one.id)) return;
      this.seen.add(one.id);
      this.last = one.kind === "cleared" ? one.id : Math.max(this.last, one.id);
    }
    this.on.event(one, this.history);
  }

  caughtUp() {
    if (!this.history) return;
    this.history = false;
    this.on.caughtUp();
  }
}
