// Small pictures of numbers; each says in words what it shows.
import { element, icon, listOf, say, svg } from "./words.js";

const WIDTH = 300;
const ROW = 40;

// A bar for each of the ten-hour categories.
export function hoursChart(custom) {
  const names = listOf("categories");
  const rows = Object.values(custom.ten_hours ?? {}).map(({ required, done }, at) => (
    { name: names[at] ?? "", required, done, full: required > 0 ? Math.min(1, Math.max(0, done / required)) : 1 }
  ));
  const words = rows.map((row) => say("hoursOf", row)).join(say("comma"));
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${rows.length * ROW}`, class: "chart", role: "img", "aria-label": say("hoursChart") + words,
  });
  rows.forEach((row, at) => {
    const top = at * ROW;
    picture.append(
      svg("text", { x: 0, y: top + 14 }, row.name),
      svg("text", { x: WIDTH, y: top + 14, "text-anchor": "end", class: "value" }, say("hoursShort", row)),
      svg("rect", { x: 0, y: top + 21, width: WIDTH, height: 10, rx: 5, class: "empty" }),
    );
    const width = WIDTH * row.full;
    if (width) {
      const part = row.full < 1 ? "part" : "full";
      picture.append(svg("rect", { x: 0, y: top + 21, width: Math.max(10, width), height: 10, rx: 5, class: part }));
    }
  });
  const box = element("figure", "figure");
  box.dataset.role = "chart";
  const total = element("p", "total");
  total.append(
    element("strong", "", String(custom.certified_hours ?? 0)), ` ${say("hoursUnit")}`,
    element("span", "", say("hoursYear", { year: custom.year })),
  );
  box.append(total, picture);
  return box;
}

// What a course still needs, one after the other.
export function courseChart(custom) {
  const missing = new Set(custom.missing ?? []);
  const [reading, test, survey] = listOf("checks");
  const minutes = custom.reading_minutes_left;
  const checks = missing.has("mooc_form_missing")
    ? [{ name: say("checkMooc"), lacking: true }]
    : [
      { name: reading, lacking: missing.has("reading_short"), detail: minutes ? say("minutes", { minutes }) : "" },
      { name: test, lacking: missing.has("test_missing") || missing.has("test_below_pass") },
      { name: survey, lacking: missing.has("survey_missing") },
    ];
  const step = WIDTH / checks.length;
  const lacking = checks.filter((check) => check.lacking).map((check) => check.name + (check.detail ?? ""));
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} 64`, class: "chart", role: "img", "aria-label": say("courseChart") + lacking.join(say("comma")),
  });
  checks.forEach((check, at) => {
    const centre = step * (at + 0.5);
    const use = svg("use", { href: check.lacking ? "#i-alert" : "#i-check", x: centre - 11, y: 3, width: 22, height: 22 });
    if (at) picture.append(svg("rect", { x: centre - step + 20, y: 13, width: step - 40, height: 2, class: "empty" }));
    use.setAttribute("class", check.lacking ? "lacking" : "fine");
    picture.append(
      use,
      svg("text", { x: centre, y: 42, "text-anchor": "middle" }, check.name),
      svg("text", { x: centre, y: 58, "text-anchor": "middle", class: "value" },
        check.lacking ? check.detail || say("checkMissing") : say("checkOk")),
    );
  });
  const box = element("figure", "figure");
  box.dataset.role = "chart";
  box.append(picture);
  return box;
}

// How far a step-by-step guide is.
export function guideProgress({ step, of }) {
  const box = element("div", "progress");
  box.dataset.role = "progress";
  const bar = svg("svg", { viewBox: "0 0 100 2", preserveAspectRatio: "none", class: "chart", "aria-hidden": "true" });
  const full = of > 0 ? Math.min(1, step / of) : 0;
  bar.append(
    svg("rect", { x: 0, y: 0, width: 100, height: 2, class: "empty" }),
    svg("rect", { x: 0, y: 0, width: 100 * full, height: 2, class: "full" }),
  );
  box.append(element("span", "", say("progress", { step, of })), bar);
  return box;
}

// A state in one line: colour, icon and words, so that none of them is needed alone.
export function status(state, picture, tone) {
  const made = element("p", "status");
  made.dataset.role = "status";
  made.dataset.state = state;
  made.dataset.tone = tone;
  made.append(icon(picture), element("strong", "", stateWords(state)));
  return made;
}

export function stateWords(state) {
  return say(`state${state.charAt(0).toUpperCase()}${state.slice(1)}`);
}
