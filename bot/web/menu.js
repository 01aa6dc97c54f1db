// The menu and its dialogs: starting anew, deleting the conversation, about and privacy.
const button = document.getElementById("menu-button");
const menu = document.getElementById("menu");
const covered = document.querySelectorAll("#connection, #scroller, #jump, .bottom");

// acts.human(), acts.restart(), acts.delete()
export function startMenu(acts) {
  button.addEventListener("click", () => (menu.hidden ? open() : close()));
  document.addEventListener("pointerdown", (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) close();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) close();
  });
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const here = items.indexOf(document.activeElement);
    // What follows is covered, so the way out leads over the closed menu.
    if (event.key === "Tab" && !event.shiftKey && here === items.length - 1) close();
    const there = { ArrowDown: here + 1, ArrowUp: here - 1 + items.length }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    items[there % items.length].focus();
  });
  choose("human", acts.human);
  choose("restart", acts.restart);
  dialog("delete", "confirm-delete", acts.delete);
  dialog("about-open", "about");
}

// Whether Escape had something to close here.
export function closeMenu() {
  if (menu.hidden) return false;
  close();
  button.focus();
  return true;
}

// What the menu lies over cannot be hit or reached until it is closed.
function show(shown) {
  menu.hidden = !shown;
  button.setAttribute("aria-expanded", String(shown));
  for (const each of covered) each.inert = shown;
}

function open() {
  show(true);
  menu.querySelector("button").focus();
}

function close() {
  show(false);
}

function choose(id, act) {
  document.getElementById(id).addEventListener("click", () => {
    close();
    button.focus();
    act();
  });
}

function dialog(opener, id, act) {
  const box = document.getElementById(id);
  choose(opener, () => box.showModal());
  box.querySelector("[data-role=cancel]").addEventListener("click", () => box.close());
  box.querySelector("[data-role=confirm]")?.addEventListener("click", () => {
    box.close();
    act();
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
}
