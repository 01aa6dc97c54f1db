// Where the reader is: follows the conversation while they are at its end, leaves them alone while they read back.
const NEAR = 80;
const SHORT_QUESTION = 140;

export class Scrolling {
  constructor(scroller, jump) {
    this.scroller = scroller;
    this.jump = jump;
    this.top = null;
    this.turn = null;
    jump.addEventListener("click", () => {
      this.toEnd();
      document.getElementById("text").focus();
    });
    scroller.addEventListener("scroll", () => this.atEnd() && (jump.hidden = true), { passive: true });
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.jump.hidden = true;
    this.scroller.lastElementChild.previousElementSibling?.lastElementChild?.scrollIntoView({ block: "end" });
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  // A reply came; `followed` was taken before it was drawn. A long one is read from its top, under its question.
  arrived(item, turn, followed) {
    if (turn !== this.turn || !this.top?.isConnected) {
      const before = item.previousElementSibling;
      const question = before?.classList.contains("me") && before.offsetHeight < SHORT_QUESTION;
      this.top = question ? before : item;
      this.turn = turn;
    }
    if (!followed) {
      this.jump.hidden = false;
      return;
    }
    const first = this.top.getBoundingClientRect();
    const last = item.getBoundingClientRect();
    if (last.bottom - first.top > this.scroller.clientHeight - 24) this.top.scrollIntoView({ block: "start" });
    else this.toEnd();
  }
}
