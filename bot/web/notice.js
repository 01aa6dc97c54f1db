// One plain sentence above the field about what just went wrong; it stays until it is closed or overtaken.
import { announce } from "./announce.js";

const box = document.getElementById("notice");
box.querySelector("button").addEventListener("click", () => {
  clearNotice();
  document.getElementById("text").focus();
});

export function notice(text) {
  box.querySelector("p").textContent = text;
  box.hidden = false;
  announce(text);
}

export function clearNotice() {
  box.hidden = true;
}
