// Adds, removes and moves rows without loading the page anew; the server still says what the form becomes.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("#fields button[name=row]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  body.append("row", button.value);
  // What were typed now would be gone when the answer comes.
  form.inert = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("fields");
    if (!now) throw new Error("no form");
    form.replaceChildren(...now.childNodes);
    form.inert = false;
    form.querySelector("[autofocus]")?.focus();
    say("");
  } catch {
    form.inert = false;
    button.focus();
    say(form.dataset.away);
  }
});

function say(text) {
  const notice = document.getElementById("notice");
  notice.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "notice bad";
  line.textContent = text;
  notice.append(line);
  notice.scrollIntoView({ block: "nearest" });
}
