// Plain text to paragraphs, lists and links; always as text, never as markup.
import { element } from "./words.js";

const LINK = /https:\/\/[^\s（）()，。、「」；;]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d-])0\d{1,3}-\d{3,4}-\d{3,4}(?!\d)/g;
const HEADING = /^【(.+?)】(.*)$/;
const ITEM = /^[・•]\s*(.+)$/;
const STEP = /^(\d{1,2})[.、]\s*(.+)$/;

export function anchor(href, text, className = "") {
  const link = element("a", className, text);
  link.href = href;
  if (href.startsWith("https:")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

// The text with its addresses, mailboxes and phones as links.
export function linked(text) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0];
    const kind = found.startsWith("https:") ? "" : found.includes("@") ? "mailto:" : "tel:";
    pieces.push(text.slice(done, match.index), anchor(kind + found, found));
    done = match.index + found.length;
  }
  pieces.push(text.slice(done));
  return pieces.filter((piece) => piece !== "");
}

export function line(name, text, className = "") {
  const made = element(name, className);
  made.dir = "auto";
  made.append(...linked(text));
  return made;
}

export function list(name, texts, className = "") {
  const made = element(name, className);
  made.append(...texts.map((text) => line("li", text)));
  return made;
}

// A whole reply: headings, lists and paragraphs are told by how its lines begin.
export function prose(text) {
  const blocks = [];
  let open = null;
  for (const row of text.split("\n")) {
    const heading = HEADING.exec(row);
    const item = ITEM.exec(row);
    const step = STEP.exec(row);
    if (!row.trim()) {
      open = null;
    } else if (heading) {
      blocks.push(line("p", heading[1], "heading"));
      open = heading[2].trim() ? paragraph(blocks, heading[2].trim()) : null;
    } else if (item || step) {
      const kind = item ? "UL" : "OL";
      if (open?.tagName !== kind) {
        open = element(kind);
        if (step) open.start = Number(step[1]);
        blocks.push(open);
      }
      open.append(line("li", item ? item[1] : step[2]));
    } else if (open?.tagName === "P") {
      open.append(element("br"), ...linked(row));
    } else {
      open = paragraph(blocks, row);
    }
  }
  return blocks;
}

function paragraph(blocks, text) {
  const made = line("p", text);
  blocks.push(made);
  return made;
}
