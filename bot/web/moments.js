// Moments as people in Taiwan read them; the server's clock is the one that counts.
const ZONE = "Asia/Taipei";
const time = new Intl.DateTimeFormat("zh-TW", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("zh-TW", { timeZone: ZONE, month: "long", day: "numeric", weekday: "long" });
const full = new Intl.DateTimeFormat("zh-TW", { timeZone: ZONE, dateStyle: "long", timeStyle: "short" });
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const date = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });

export function showTime(target, at) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return;
  target.dateTime = moment.toISOString();
  target.textContent = time.format(moment);
  target.title = full.format(moment);
}

export function dayOf(at) {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? "" : date.format(moment);
}

export function dayWords(at) {
  return day.format(new Date(at));
}

// Whether help desks are likely at work: a weekday between half past eight and half past five.
export function workday(now = new Date()) {
  const found = Object.fromEntries(parts.formatToParts(now).map(({ type, value }) => [type, value]));
  const clock = Number(found.hour) * 60 + Number(found.minute);
  return !["Sat", "Sun"].includes(found.weekday) && clock >= 510 && clock < 1050;
}
