// The page's own words and shapes: they stand in index.html, scripts only name them.
const strings = document.getElementById("strings").dataset;

// A sentence with {places} filled in; "" where the page has none of that name.
export function say(name, values = {}) {
  return (strings[name] ?? "").replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
}

export function listOf(name) {
  return (strings[name] ?? "").split("|").filter(Boolean);
}

export function copyOf(template) {
  return document.getElementById(`t-${template}`).content.firstElementChild.cloneNode(true);
}

// Text goes in as text only: nothing in this page ever parses a message as markup.
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function svg(name, attributes = {}, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function icon(name) {
  const made = svg("svg", { class: "icon", "aria-hidden": "true" });
  made.append(svg("use", { href: `#i-${name}` }));
  return made;
}
