// Who the conversation speaks for: a learner token becomes a sign-in of the session and is then forgotten.
import { announce } from "./announce.js";
import { call, Gone, Unreachable } from "./api.js";
import { notice } from "./notice.js";
import { say } from "./words.js";

const strip = document.getElementById("signed-in");

export class Account {
  constructor(connection, onSession) {
    this.connection = connection;
    this.onSession = onSession;
    this.pending = Promise.resolve();
    document.getElementById("sign-out").addEventListener("click", () => this.signOut());
  }

  // Messages wait for this, so that a question asked right after the sign-in is the learner's.
  settled() {
    return this.pending;
  }

  signIn(token) {
    this.pending = this.pending.then(() => this.handOver(token));
    return this.pending;
  }

  // Told where it changes before the person's eyes: by them, by another tab, or by the end of the token's time.
  show(signedIn, told = false) {
    if (told && strip.hidden === signedIn) announce(say(signedIn ? "signedIn" : "signedOut"));
    strip.hidden = !signedIn;
  }

  async handOver(token) {
    for (;;) {
      try {
        const { status, retryAfter } = await call("POST", "sign-in", { body: { token } });
        this.connection.reached();
        if (status === 429) {
          await this.connection.pause(Math.max(1, retryAfter) * 1000);
          continue;
        }
        this.show(status < 300, true);
        if (status < 300) this.onSession();
        else notice(say("signInFailed"));
        return;
      } catch (problem) {
        if (!(problem instanceof Unreachable || problem instanceof Gone)) throw problem;
        this.connection.lost();
        await this.connection.pause();
      }
    }
  }

  async signOut() {
    try {
      const { status } = await call("POST", "sign-out", { body: {} });
      if (status >= 300) throw new Unreachable(`sign-out: ${status}`);
      this.show(false, true);
      document.getElementById("text").focus();
    } catch {
      notice(say("unreached"));
    }
  }
}

// The token of #token=…, which is taken out of the address at once; the fragment never reaches a server's log.
export function tokenOfAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token === null) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return token || null;
}
