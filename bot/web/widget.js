// The launcher for other sites: <script src="https://…/widget.js" data-title data-accent data-position data-open
// data-theme data-topic-hints async></script>. Everything of ours lives in a shadow root and in a frame of the bot's own
// origin: no style passes either way, and the host page never sees what is said.
(() => {
  if (window.epark) return;
  // The server puts the words of kb/phrases.yml here; a site may give its own title.
  const WORDS = /* words */ {};
  const script = document.currentScript;
  const base = new URL(".", script.src);
  const chosen = options(script.dataset);
  let frame = null;
  let ready = null;
  let isOpen = false;
  let unread = 0;

  function options(given) {
    const valid = (name, pattern, fallback) => (pattern.test(given[name] ?? "") ? given[name] : fallback);
    return {
      title: (given.title ?? "").trim().slice(0, 40) || WORDS.title,
      accent: valid("accent", /^#([0-9a-f]{3}|[0-9a-f]{6})$/i, ""),
      theme: valid("theme", /^(light|dark)$/, ""),
      side: valid("position", /^(bottom-)?(left|right)$/, "right").replace("bottom-", ""),
      open: valid("open", /^(|true|1|open)$/, null) !== null && "open" in given,
      hints: valid("topicHints", /^[a-z0-9_, ]{1,200}$/, "").replace(/\s/g, ""),
    };
  }

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    .launcher, .panel { position: fixed; z-index: 2147483000; ${chosen.side}: max(20px, env(safe-area-inset-${chosen.side})); }
    .launcher {
      bottom: max(20px, env(safe-area-inset-bottom)); width: 60px; height: 60px; padding: 0; border: 2px solid #fff;
      border-radius: 50%; background: ${chosen.accent || "#0b6e4f"}; cursor: pointer;
      box-shadow: 0 2px 6px rgb(0 0 0 / .25), 0 6px 20px rgb(0 0 0 / .2);
    }
    .launcher:hover { filter: brightness(1.08); }
    .launcher:focus-visible { outline: 3px solid #0a4fb3; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .launcher svg { display: block; width: 30px; height: 30px; margin: auto; fill: none; stroke: ${ink()}; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .badge {
      position: absolute; top: -6px; right: -6px; min-width: 24px; height: 24px; padding: 0 6px; border: 2px solid #fff; border-radius: 12px;
      background: #b3261e; color: #fff; font: 700 13px/20px system-ui, sans-serif; text-align: center;
    }
    .panel {
      bottom: calc(max(20px, env(safe-area-inset-bottom)) + 72px); width: min(400px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 112px));
      border-radius: 16px; overflow: hidden; background: Canvas; color-scheme: ${chosen.theme || "light dark"};
      box-shadow: 0 0 0 1px rgb(0 0 0 / .12), 0 8px 40px rgb(0 0 0 / .28);
    }
    .panel iframe { display: block; width: 100%; height: 100%; border: 0; }
    .guard { position: absolute; }
    [hidden] { display: none !important; }
    @media (max-width: 480px), (max-height: 480px) {
      .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
      .launcher.open { visibility: hidden; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .panel { animation: rise .16s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    }`;
  const host = document.createElement("epark-widget");
  const root = host.attachShadow({ mode: "open" });
  style();
  const launcher = make("button", { class: "launcher", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" });
  const talk = drawn("M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-5l-5 4v-4a3 3 0 0 1-3-3z M8.5 10l2.5 2.5 4.5-5");
  const cross = drawn("M6 6l12 12M18 6L6 18");
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const panel = make("div", { class: "panel", role: "dialog", "aria-label": chosen.title, hidden: "" });
  launcher.append(talk, badge);
  root.append(panel, launcher);
  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  root.addEventListener("keydown", (event) => event.key === "Escape" && isOpen && close());
  addEventListener("message", heard);
  name();
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin, { once: true });

  function begin() {
    document.body.append(host);
    if (chosen.open) open({ focus: false });
  }

  function open({ focus = true } = {}) {
    load();
    isOpen = true;
    panel.hidden = false;
    show();
    if (focus) frame.focus();
    ready.then(() => isOpen && post({ type: "epark-opened", focus }));
  }

  function close() {
    if (!isOpen) return;
    const inside = root.activeElement !== null;
    isOpen = false;
    panel.hidden = true;
    show();
    post({ type: "epark-closed" });
    if (inside) launcher.focus();
  }

  // A learner token of the platform: it goes to the bot's own origin and nowhere else.
  function signIn(token) {
    load();
    return ready.then(() => post({ type: "epark-token", token: String(token) }));
  }

  function load() {
    if (frame) return;
    const address = new URL(base);
    const asked = { embedded: 1, title: chosen.title, accent: chosen.accent, theme: chosen.theme, hints: chosen.hints };
    for (const [key, value] of Object.entries(asked)) if (value) address.searchParams.set(key, value);
    frame = make("iframe", {
      title: chosen.title,
      allow: "clipboard-write",
      referrerpolicy: "no-referrer",
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads",
      src: address.href,
    });
    ready = new Promise((resolve) => {
      frame.whenReady = resolve;
    });
    // Full-screen covers the host page: the guards keep the keyboard from wandering behind it.
    panel.append(guard(), frame, guard());
  }

  function guard() {
    const made = make("span", { class: "guard", tabindex: "0", "aria-hidden": "true" });
    made.addEventListener("focus", () => (launcher.checkVisibility?.({ checkVisibilityCSS: true }) === false ? frame.focus() : launcher.focus()));
    return made;
  }

  function heard(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const said = event.data ?? {};
    if (said.type === "epark-ready") frame.whenReady();
    if (said.type === "epark-close") close();
    if (said.type === "epark-unread") {
      unread = Math.max(0, Math.min(99, Number(said.count) || 0));
      show();
    }
  }

  function post(message) {
    frame.contentWindow?.postMessage(message, base.origin);
  }

  function show() {
    launcher.classList.toggle("open", isOpen);
    launcher.setAttribute("aria-expanded", String(isOpen));
    launcher.replaceChildren(isOpen ? cross : talk, badge);
    badge.textContent = String(unread);
    badge.hidden = isOpen || unread === 0;
    name();
  }

  function name() {
    const text = (isOpen ? WORDS.close : WORDS.open).replace("{title}", chosen.title);
    const more = !isOpen && unread ? WORDS.unread.replace("{count}", unread) : "";
    launcher.setAttribute("aria-label", text + more);
  }

  function style() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
    }
  }

  // White or black on the accent, whichever is easier to see.
  function ink() {
    if (!chosen.accent) return "#fff";
    const digits = chosen.accent.length === 4 ? chosen.accent.slice(1).replace(/./g, "$&$&") : chosen.accent.slice(1);
    const [red, green, blue] = [0, 2, 4].map((at) => (parseInt(digits.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000" : "#fff";
  }

  function make(tag, attributes) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function drawn(path) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    picture.append(line);
    return picture;
  }

  window.epark = Object.freeze({ open: () => open(), close, signIn });
})();
