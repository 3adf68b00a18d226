/** New words of a text that grows come in gently; those that have been seen stay as they are. */

const FADE = 420;
const STEP = 34;
const SPREAD = 360;
const GROWTH = 0.8; // of what was seen has to stay; less is another text, such as a bar that fills

/** Remembers what a growing text has shown, so that each new frame dresses only what is new. */
export class Freshness {
  #seen;
  #words = [];

  /** `seen` is what the text showed before the first frame. */
  constructor(seen = "") {
    this.#seen = seen;
  }

  /** Dress the new words below `node`, which shows a whole frame. */
  dress(node) {
    const text = node.textContent;
    const kept = sharedLength(this.#seen, text);
    const now = performance.now();
    this.#words = this.#words.filter((word) => word.to <= kept && now < word.at + FADE);
    if (kept >= this.#seen.length * GROWTH) this.#words.push(...scheduled(text, kept, now));
    this.#seen = text;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) dressWords(node, this.#words, now);
  }
}

function sharedLength(before, after) {
  const most = Math.min(before.length, after.length);
  let n = 0;
  while (n < most && before[n] === after[n]) n += 1;
  return n;
}

function scheduled(text, from, now) {
  const words = [...text.slice(from).matchAll(/\S+\s*/g)];
  const step = Math.min(STEP, SPREAD / Math.max(1, words.length));
  return words.map((word, n) => ({
    from: from + word.index,
    to: from + word.index + word[0].length,
    at: now + n * step,
  }));
}

// Words are found by their place in the whole text, whatever nodes they are spread over.
function dressWords(node, words, now) {
  if (!words.length) return;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let at = 0; walker.nextNode(); at += walker.currentNode.data.length)
    texts.push([walker.currentNode, at]);
  const first = words[0].from;
  for (const [text, at] of texts) {
    if (at + text.data.length > first && !text.parentElement.closest("math, button, .meta"))
      wrap(text, at, words, now);
  }
}

function wrap(text, at, words, now) {
  const end = at + text.data.length;
  let rest = text;
  let passed = at;
  for (const word of words) {
    const [from, to] = [Math.max(word.from, passed), Math.min(word.to, end)];
    if (from >= to) continue;
    const fresh = rest.splitText(from - passed);
    rest = fresh.splitText(to - from);
    passed = to;
    const span = document.createElement("span");
    span.className = "fresh";
    span.style.animationDelay = `${Math.round(word.at - now)}ms`;
    fresh.replaceWith(span);
    span.append(fresh);
  }
}
