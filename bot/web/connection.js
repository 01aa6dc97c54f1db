// Whether the bot can be reached, and when to try again: shared by the stream and by what waits to be sent.
const FIRST_MS = 1000;
const LONGEST_MS = 10_000;
const QUIET_MS = 1500;

export class Connection {
  constructor(show) {
    this.show = show;
    this.failures = 0;
    this.wakers = new Set();
    this.timer = null;
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  // A try failed: said after a moment only, since most breaks are over before anyone reads of them.
  lost() {
    this.failures += 1;
    this.timer ??= setTimeout(() => this.show(true), navigator.onLine === false ? 0 : QUIET_MS);
  }

  reached() {
    this.failures = 0;
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.show(false);
    this.wake();
  }

  get away() {
    return this.timer !== null;
  }

  wake() {
    for (const wake of this.wakers) wake();
  }

  // Resolves when it is time to try again: sooner where the network came back or somebody else got through.
  pause(least = 0) {
    const growing = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, this.failures - 1));
    const time = Math.max(least, growing * (0.7 + 0.6 * Math.random()));
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, time);
      if (!least) this.wakers.add(wake);
    });
  }
}
