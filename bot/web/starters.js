// Questions for an empty chat: the embedding site's hints first, then what people ask at this hour.
import { workday } from "./moments.js";
import { listOf, say } from "./words.js";

export function starters(index, hints = [], now = new Date()) {
  const topics = index?.topics ?? [];
  const hinted = hints.flatMap((hint) => topics.filter((topic) => topic.id.split("_").includes(hint)).slice(0, 2));
  const usual = listOf(workday(now) ? "startersWorkday" : "startersOff");
  const all = [...hinted.map((topic) => topic.title), ...usual, ...(index?.starters ?? [])];
  return [...new Set(all)].slice(0, Number(say("mostStarters")) || 5);
}
