// The accent of an embedding site: taken only as a plain colour, and only as dark or light as stays readable.
const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const READABLE = 4.6;
const GROUNDS = { light: [255, 255, 255], dark: [29, 38, 35] };

export function applyTheme({ accent, theme }) {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const colour = parsed(accent);
  if (!colour) return;
  for (const [mode, ground] of Object.entries(GROUNDS)) {
    const shade = readable(colour, ground, mode === "light" ? [0, 0, 0] : [255, 255, 255]);
    const white = contrast(shade, [255, 255, 255]) >= contrast(shade, [0, 0, 0]);
    root.style.setProperty(`--brand-${mode}`, css(shade));
    root.style.setProperty(`--brand-ink-${mode}`, white ? "#fff" : "#000");
    root.style.setProperty(`--mine-${mode}`, css(mix(ground, shade, mode === "light" ? 0.14 : 0.25)));
  }
}

export function parsed(text) {
  const found = HEX.exec(text ?? "");
  if (!found) return null;
  const digits = found[1].length === 3 ? found[1].replace(/./g, "$&$&") : found[1];
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

function readable(colour, ground, towards) {
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mix(colour, towards, share);
    if (contrast(shade, ground) >= READABLE) return shade;
  }
  return towards;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(one, other, share) {
  return one.map((value, at) => Math.round(value + (other[at] - value) * share));
}

function css(colour) {
  return `rgb(${colour.join(" ")})`;
}
