// What every page needs: a form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // Nothing that was begun stays behind whoever signs out.
  if (form.action.endsWith("/sign-out")) sessionStorage.clear();
  if (form.dataset.sending) { event.preventDefault(); return; }
  if (form.method === "post") form.dataset.sending = "1";
});
// Coming back by the browser's own button must not find the form locked.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
