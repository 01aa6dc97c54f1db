// Questions that the bot is still at: while there is one, it is seen to be typing.
const LONGEST_MS = 90_000;

export class Turns {
  constructor(indicator, reachable) {
    this.indicator = indicator;
    this.reachable = reachable;
    this.running = new Map();
    this.over = new Set();
    this.owned = new Set();
  }

  get open() {
    return this.running.size > 0;
  }

  // Asked in this very page: its answer is new to the reader, however early it comes.
  own(turn) {
    this.owned.add(turn);
  }

  mine(turn) {
    return this.owned.has(turn);
  }

  begin(turn) {
    // The answer may overtake the receipt of its question.
    if (!turn || this.over.has(turn) || this.running.has(turn)) return;
    this.running.set(turn, setTimeout(() => this.end(turn), LONGEST_MS));
    this.show();
  }

  end(turn) {
    clearTimeout(this.running.get(turn));
    this.running.delete(turn);
    this.over.add(turn);
    this.show();
  }

  clear() {
    for (const turn of [...this.running.keys()]) this.end(turn);
  }

  show() {
    this.indicator.hidden = !this.open || !this.reachable();
  }
}
