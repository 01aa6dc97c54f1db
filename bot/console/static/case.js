// Puts answers and canned replies into the reply, where the cursor is.
function insert(text) {
  const field = document.getElementById("reply");
  if (!field) return;
  const start = field.selectionStart ?? field.value.length;
  const before = field.value.slice(0, start);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  field.setRangeText(gap + text, start, field.selectionEnd ?? start, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) insert(button.dataset.text);
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "canned" || !event.target.value) return;
  insert(event.target.value);
  event.target.value = "";
});

// What somebody began to write survives a reload and their next sign-in; it is gone once it was sent or they sign out.
const key = `draft:${document.querySelector("meta[name=me]").content}:${location.pathname}`;
const field = () => document.getElementById("reply");
const saved = sessionStorage.getItem(key);
if (saved && field() && !field().value && !new URLSearchParams(location.search).has("said")) field().value = saved;
if (new URLSearchParams(location.search).get("said") === "replied") sessionStorage.removeItem(key);
document.addEventListener("input", (event) => {
  if (event.target.id !== "reply") return;
  if (event.target.value) sessionStorage.setItem(key, event.target.value); else sessionStorage.removeItem(key);
});
// Ctrl+Enter sends, as people know it from mail.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "reply") event.target.form.requestSubmit();
});
