// The field: what is typed grows it, Enter sends it, a suggestion replaces it.
import { attachmentsBusy, attachmentsReady, takeAttachments } from "./attach.js";
import { notice } from "./notice.js";
import { startSuggestions } from "./suggest.js";
import { say } from "./words.js";

const MOST_ROWS = 5;
const field = document.getElementById("text");
const form = document.getElementById("form");

// send(text, attachments) is called for what the person sends.
export function startComposer(send) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (attachmentsBusy()) return notice(say("uploading"));
    if (!text && !attachmentsReady().length) return;
    fill("");
    send(text, takeAttachments());
    field.focus();
  });
  // Before the next listener: a key that the list takes sends nothing.
  startSuggestions((topic) => {
    if (attachmentsBusy()) return notice(say("uploading"));
    fill("");
    send(topic, takeAttachments());
  });
  field.addEventListener("keydown", (event) => {
    // While an input method is composing 注音, Enter chooses a word and does not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  field.addEventListener("input", grow);
}

// A message that could not be sent, for the person to change; what they are typing meanwhile is left alone.
export function giveBack(text) {
  if (!field.value) fill(text);
}

function fill(text) {
  field.value = text;
  grow();
}

function grow() {
  field.rows = 1;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
  const inside = field.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  field.rows = Math.min(MOST_ROWS, Math.max(1, Math.round(inside / parseFloat(lineHeight))));
}
