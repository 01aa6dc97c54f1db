// Files for the next message: chosen, dropped or pasted, sent ahead at once, shown until the message goes.
import { announce } from "./announce.js";
import { call, upload } from "./api.js";
import { sizeWords, thumbnail } from "./files.js";
import { clearNotice, notice } from "./notice.js";
import { copyOf, say } from "./words.js";

const TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"]);
const LARGEST = 10 * 1024 * 1024;
const MOST = 8;
const shelf = document.getElementById("attachments");
const chooser = document.getElementById("file");
const drop = document.getElementById("drop");
const known = new Map();
let waiting = [];

export function startAttachments() {
  const button = document.getElementById("attach");
  button.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    add(chooser.files);
    chooser.value = "";
  });
  document.addEventListener("paste", (event) => {
    // A table copied from an office program comes as text and as picture: the text is meant.
    if (!event.clipboardData?.files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  let depth = 0;
  const over = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!over(event)) return;
    depth += 1;
    drop.hidden = false;
  });
  addEventListener("dragover", (event) => over(event) && event.preventDefault());
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    drop.hidden = depth === 0;
  });
  addEventListener("drop", (event) => {
    depth = 0;
    drop.hidden = true;
    if (!over(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}

export function attachmentsBusy() {
  return waiting.some((one) => one.state === "busy");
}

export function attachmentsReady() {
  return waiting.filter((one) => one.state === "ready").map((one) => one.server);
}

// The message took them along: the shelf is empty again.
export function takeAttachments() {
  const taken = attachmentsReady();
  for (const one of waiting.filter((each) => each.state === "ready")) leave(one);
  return taken;
}

export function clearAttachments() {
  for (const one of [...waiting]) leave(one);
  known.clear();
}

// The file itself, where this page sent it.
export function fileOf(id) {
  return known.get(id);
}

async function add(files) {
  clearNotice();
  const sending = [];
  for (const file of files) {
    const name = file.name || "image.png";
    const wrong = problem(file);
    if (wrong) notice(say(wrong, { name }));
    else sending.push(send(shelve(file, name)));
  }
  await Promise.all(sending);
  document.getElementById("text").focus();
}

function problem(file) {
  if (!TYPES.has(file.type)) return "fileType";
  if (file.size > LARGEST) return "fileBig";
  if (!file.size) return "fileEmpty";
  return waiting.length >= MOST ? "fileMany" : "";
}

function shelve(file, name) {
  const row = copyOf("file");
  const one = { file, name, row, state: "busy", server: null };
  row.querySelector(".name").textContent = name;
  row.querySelector(".size").textContent = say("fileBusy");
  row.querySelector("[data-role=remove] .visually-hidden").append(name);
  row.querySelector("[data-role=remove]").addEventListener("click", () => remove(one));
  thumbnail(file).then((picture) => row.querySelector(".picture").replaceChildren(picture));
  waiting.push(one);
  shelf.append(row);
  shelf.hidden = false;
  return one;
}

async function send(one) {
  one.row.dataset.state = "busy";
  let wrong = "fileFailed";
  try {
    const { status, data } = await upload(one.file, one.name);
    if (status < 300) {
      one.server = data;
      one.state = "ready";
      known.set(data.id, one.file);
      one.row.querySelector(".size").textContent = sizeWords(data.size);
      if (!waiting.includes(one)) call("DELETE", `attachments/${data.id}`).catch(() => {});
      else announce(say("fileReady", { name: one.name }));
      one.row.dataset.state = "ready";
      return;
    }
    wrong = { 413: "fileBig", 415: "fileType", 400: "fileType", 409: "fileMany" }[status] ?? wrong;
  } catch {
    // Not reached: told below, and the person may try again.
  }
  leave(one);
  notice(say(wrong, { name: one.name }));
}

function remove(one) {
  leave(one);
  announce(say("fileGone", { name: one.name }));
  if (one.server) call("DELETE", `attachments/${encodeURIComponent(one.server.id)}`).catch(() => {});
  document.getElementById("text").focus();
}

function leave(one) {
  waiting = waiting.filter((each) => each !== one);
  one.row.remove();
  shelf.hidden = waiting.length === 0;
}
