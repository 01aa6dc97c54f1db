// Finding topics for what is being typed: first where the words hold it, then by the signs in common.
const FREQUENT = 0.3;
const NOISE = /[\s\p{P}\p{S}]+/gu;

export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(NOISE, "");
}

// Topics as they are searched; small signs say little about what somebody means, and of topics that fit alike the
// frequent ones come first.
export function indexed(topics, small = "", frequent = []) {
  const weak = new Set(small);
  return topics.map((topic) => ({
    topic,
    bonus: frequent.includes(topic.title) ? FREQUENT : 0,
    words: [topic.title, ...(topic.words ?? [])].map((text) => ({ text: fold(text), signs: signsOf(fold(text), weak) })),
  }));
}

export function matches(index, typed, { small = "", most = 5 } = {}) {
  const query = fold(typed);
  if (query.length < 2) return [];
  const signs = [...signsOf(query, new Set(small))];
  const found = [];
  for (const { topic, words, bonus } of index) {
    let best = 0;
    for (const word of words) best = Math.max(best, score(query, signs, word));
    if (best > 0) found.push({ topic, best: best + bonus });
  }
  return found.sort((one, other) => other.best - one.best).slice(0, most).map(({ topic }) => topic);
}

function score(query, signs, word) {
  if (word.text.includes(query)) return (word.text.startsWith(query) ? 2.4 : 2) + query.length / word.text.length;
  if (word.text.length > 1 && query.includes(word.text)) return 2 + (word.text.length / query.length) * 0.9;
  if (signs.length < 2) return 0;
  let common = 0;
  for (const sign of signs) if (word.signs.has(sign)) common += 1;
  const share = common / signs.length;
  return common >= 2 && share >= 0.6 ? share + common / (word.signs.size + signs.length) : 0;
}

function signsOf(text, weak) {
  return new Set([...text].filter((sign) => !weak.has(sign)));
}
