/** Markdown inside a line, to rich text. */

import { lexicon } from "./lexicon.js";

// The longer mark stands before the shorter one that begins it.
const MARKS = [
  ["**", "bold"],
  ["__", "bold"],
  ["~~", "strikethrough"],
  ["||", "spoiler"],
  ["==", "marked"],
  ["*", "italic"],
  ["_", "italic"],
];
const TAGS = lexicon({
  u: "underline",
  ins: "underline",
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  s: "strikethrough",
  del: "strikethrough",
  sub: "subscript",
  sup: "superscript",
  mark: "marked",
  "tg-spoiler": "spoiler",
  code: "code",
});
const WORD = /[\p{L}\p{N}]/u;
const DEEPEST = 12;

// What begins at one place: a pattern and what it becomes.
const PIECES = [
  [/\\([!-/:-@[-`{-~])/y, ([, sign]) => (sign === "(" || sign === "[" ? null : sign)],
  [/\\\(([\s\S]+?)\\\)/y, ([, expression]) => ({ type: "mathematical_expression", expression })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, ([, , code]) => ({ type: "code", text: code.replace(/^ (.+) $/, "$1") })],
  [/\$\$([^$]+)\$\$/y, ([, expression]) => ({ type: "mathematical_expression", expression })],
  [
    /\$(?![\s$])([^$\n]*[^\s$\\])\$(?!\d)/y,
    ([, expression]) => ({ type: "mathematical_expression", expression }),
  ],
  [
    /!\[([^\]\n]*)\]\(tg:\/\/emoji\?[^)\s]*\)/y,
    ([, alternative_text]) => ({ type: "custom_emoji", alternative_text }),
  ],
  [
    /!?\[((?:\\.|\[[^\]\n]*\]|[^[\]\n])*)\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))*)>?(?:\s+"[^"\n]*")?\s*\)/y,
    ([, words, url], depth) => ({ type: "url", url, text: markdownInline(words, depth + 1) }),
  ],
  [/<((?:https?:\/\/|mailto:|tg:)[^\s<>]+)>/y, ([, url]) => ({ type: "url", url, text: url })],
  [/https?:\/\/[^\s<>"'|*]*[^\s<>"'|*.,;:!?)\]}]/y, ([url]) => ({ type: "url", url, text: url })],
  [/<br\s*\/?>/iy, () => ({ type: "break" })],
  [
    /<([a-z-]+)>([\s\S]*?)<\/\1>/iy,
    ([, tag, words], depth) =>
      TAGS[tag.toLowerCase()] && { type: TAGS[tag.toLowerCase()], text: markdownInline(words, depth + 1) },
  ],
];

/** Read one run of words into rich text. */

export function markdownInline(words, depth = 0) {
  if (depth > DEEPEST || !/[\\`*_~|=$[<:\n]/.test(words)) return words;
  const parts = [];
  const dead = new Set();
  let plain = "";
  let at = 0;
  while (at < words.length) {
    const found = piece(words, at, depth) ?? marked(words, at, depth, dead);
    if (found) {
      parts.push(plain, found.part);
      plain = "";
      at = found.end;
    } else plain += words[at++];
  }
  parts.push(plain);
  return parts.filter((part) => part !== "");
}

function piece(words, at, depth) {
  if (!/[\\`$![<h]/.test(words[at])) return null;
  for (const [pattern, become] of PIECES) {
    pattern.lastIndex = at;
    const match = pattern.exec(words);
    const part = match && become(match, depth);
    if (part) return { part, end: at + match[0].length };
  }
  return null;
}

// A mark that found no partner once will find none further on: `dead` keeps long texts quick.
function marked(words, at, depth, dead) {
  const [mark, type] = MARKS.find(([sign]) => words.startsWith(sign, at)) ?? [];
  if (!mark || dead.has(mark) || !opens(words, at, mark)) return null;
  const end = partner(words, at + mark.length, mark);
  if (end === -1) {
    dead.add(mark);
    return null;
  }
  return {
    part: { type, text: markdownInline(words.slice(at + mark.length, end), depth + 1) },
    end: end + mark.length,
  };
}

const opens = (words, at, mark) =>
  /\S/.test(words[at + mark.length] ?? " ") && !(mark[0] === "_" && WORD.test(words[at - 1] ?? " "));

function partner(words, from, mark) {
  for (let end = words.indexOf(mark, from + 1); end !== -1; end = words.indexOf(mark, end + 1)) {
    if (closes(words, end, mark)) return end;
  }
  return -1;
}

function closes(words, end, mark) {
  const after = words[end + mark.length] ?? " ";
  if (!/\S/.test(words[end - 1]) || words[end - 1] === "\\") return false;
  if (mark.length === 1 && (after === mark || words[end - 1] === mark)) return false;
  return !(mark[0] === "_" && WORD.test(after)) && !(mark.length === 2 && after === mark[0]);
}
