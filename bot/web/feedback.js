// 有幫助嗎: two thumbs under an answer, and after a thumb down what was wrong with it.
import { announce } from "./announce.js";
import { call } from "./api.js";
import { notice } from "./notice.js";
import { copyOf, element, say } from "./words.js";

// The bar, and how a verdict that is known already comes back into it.
export function feedback(event, item) {
  const bar = copyOf("feedback");
  const up = bar.querySelector("[data-role=helpful]");
  const down = bar.querySelector("[data-role=unhelpful]");
  let given = { event, helpful: null };
  let shown;

  const mark = () => {
    up.setAttribute("aria-pressed", String(given.helpful === true));
    down.setAttribute("aria-pressed", String(given.helpful === false));
  };
  const give = async (next) => {
    const before = given;
    given = next;
    mark();
    try {
      const { status } = await call("POST", "feedback", { body: next });
      if (status < 300) return true;
    } catch {
      // Told below: the person sees that the thumb did not stay.
    }
    given = before;
    mark();
    notice(say("unreached"));
    return false;
  };
  const reasons = () => item.querySelector(".reasons");

  up.addEventListener("click", async () => {
    reasons()?.remove();
    shown?.remove();
    if (await give({ event, helpful: true })) announce(say("thanks"));
  });
  down.addEventListener("click", async () => {
    shown?.remove();
    if (!reasons()) item.append(ask(give, event, given.helpful === false ? given.reason : undefined));
    if (given.helpful !== false) await give({ event, helpful: false });
  });
  const restore = ({ helpful, reason }) => {
    shown?.remove();
    given = { event, helpful, reason };
    mark();
    const words = reason && document.getElementById("t-reasons").content.querySelector(`[data-reason="${reason}"]`);
    if (helpful || !words || reasons()) return;
    shown = element("p", "judged", say("judged", { reason: words.textContent }));
    item.append(shown);
  };
  return { bar, restore };
}

function ask(give, event, before) {
  const box = copyOf("reasons");
  const form = box.querySelector("form");
  const comment = box.querySelector("[data-role=comment]");
  const chips = [...box.querySelectorAll("[data-reason]")];
  let reason = before;
  for (const chip of chips) {
    chip.setAttribute("aria-pressed", String(chip.dataset.reason === before));
    chip.addEventListener("click", async () => {
      reason = chip.dataset.reason;
      for (const one of chips) one.setAttribute("aria-pressed", String(one === chip));
      form.hidden = false;
      await give({ event, helpful: false, reason });
    });
  }
  form.hidden = !before;
  form.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    const said = comment.value.trim();
    if (said && !(await give({ event, helpful: false, reason, comment: said }))) return;
    const thanks = element("p", "thanks", say("thanks"));
    thanks.tabIndex = -1;
    box.replaceChildren(thanks);
    thanks.focus();
    announce(say("thanks"));
  });
  return box;
}
