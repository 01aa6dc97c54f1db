// What the page keeps in this browser; in memory where storage is denied (private windows, blocked third parties).
const memory = new Map();
const store = usable();

// Whether the browser lets this page remember anything beyond its own life.
export const remembers = store !== null;

function usable() {
  try {
    localStorage.setItem("epark-probe", "1");
    localStorage.removeItem("epark-probe");
    return localStorage;
  } catch {
    return null;
  }
}

export function load(key) {
  return memory.get(key) ?? store?.getItem(key) ?? null;
}

export function keep(key, value) {
  try {
    store.setItem(key, value);
    memory.delete(key);
  } catch {
    // Denied or full: it stays for this page's life.
    memory.set(key, value);
  }
}

export function drop(key) {
  memory.delete(key);
  store?.removeItem(key);
}

export function keysFrom(prefix) {
  const names = store ? Array.from({ length: store.length }, (_none, at) => store.key(at)) : [];
  return [...new Set([...names, ...memory.keys()])].filter((name) => name?.startsWith(prefix)).sort();
}

// Something another tab kept or dropped: tell(key, value or null).
export function onOthers(tell) {
  addEventListener("storage", (event) => {
    if (event.storageArea !== store || !event.key?.startsWith("epark-")) return;
    tell(event.key, event.newValue);
  });
}
