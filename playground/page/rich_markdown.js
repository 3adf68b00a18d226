/** Markdown to blocks, also of a text that is still being written: what is not closed yet is shown as it stands. */

import { markdownInline } from "./rich_markdown_inline.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])(\s+|$)(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
const ROW = /^\s*\|?.*\|.*$/;
const RULER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 16;

/** Read Markdown into blocks. */
export function blocksOfMarkdown(markdown) {
  return read(markdown.replace(/\r\n?/g, "\n").split("\n"), 0);
}

function read(lines, depth) {
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [block, next] = readOne(lines, at, depth);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function readOne(lines, at, depth) {
  if (depth < DEEPEST) {
    for (const rule of [fence, math, heading, rule_, details, quote, table, list]) {
      const found = rule(lines, at, depth);
      if (found) return found;
    }
  }
  return paragraph(lines, at, depth);
}

function fence(lines, at) {
  const [, mark, language] = FENCE.exec(lines[at]) ?? [];
  if (!mark) return null;
  const closes = (line) => line.trim().startsWith(mark) && !line.trim().replaceAll(mark[0], "");
  let end = at + 1;
  while (end < lines.length && !closes(lines[end])) end += 1;
  return [
    { type: "pre", text: lines.slice(at + 1, end).join("\n"), language: language || undefined },
    end + 1,
  ];
}

function math(lines, at) {
  const line = lines[at].trim();
  const open = ["$$", "\\["].find((mark) => line.startsWith(mark));
  if (!open) return null;
  const close = open === "$$" ? "$$" : "\\]";
  if (line.length > 2 && line.slice(2).trimEnd().endsWith(close))
    return [{ type: "mathematical_expression", expression: line.slice(2, -2) }, at + 1];
  let end = at + 1;
  while (end < lines.length && !lines[end].trimEnd().endsWith(close)) end += 1;
  if (end >= lines.length) return null;
  const expression = [line.slice(2), ...lines.slice(at + 1, end), lines[end].trimEnd().slice(0, -2)].join(
    "\n",
  );
  return [{ type: "mathematical_expression", expression }, end + 1];
}

function heading(lines, at) {
  const [, marks, text] = HEADING.exec(lines[at]) ?? [];
  return marks ? [{ type: "heading", size: marks.length, text: markdownInline(text) }, at + 1] : null;
}

const rule_ = (lines, at) => (RULE.test(lines[at]) ? [{ type: "divider" }, at + 1] : null);

function details(lines, at, depth) {
  const opened = /^\s*<details(\s+open)?\s*>(.*)$/i.exec(lines[at]);
  if (!opened) return null;
  let end = at;
  while (end < lines.length && !/<\/details>/i.test(lines[end])) end += 1;
  const inside = [opened[2], ...lines.slice(at + 1, end + 1)].join("\n").replace(/<\/details>[\s\S]*$/i, "");
  const [, summary] = /<summary>([\s\S]*?)<\/summary>/i.exec(inside) ?? [];
  const blocks = read(inside.replace(/<summary>[\s\S]*?<\/summary>/i, "").split("\n"), depth + 1);
  return [
    { type: "details", is_open: Boolean(opened[1]), summary: markdownInline(summary ?? "…"), blocks },
    end + 1,
  ];
}

function quote(lines, at, depth) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inside = lines.slice(at, end).map((line) => QUOTE.exec(line)[1]);
  return [{ type: "blockquote", blocks: read(inside, depth + 1) }, end];
}

function table(lines, at) {
  if (!ROW.test(lines[at]) || !RULER.test(lines[at + 1] ?? "") || !lines[at + 1].includes("-")) return null;
  const sides = cells(lines[at + 1]).map((cell) =>
    /^:.*:$/.test(cell) ? "center" : cell.endsWith(":") ? "right" : "left",
  );
  if (sides.length !== cells(lines[at]).length) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].trim() && ROW.test(lines[end])) end += 1;
  const row = (line, header) =>
    sides.map((align, n) => ({ align, is_header: header, text: markdownInline(cells(line)[n] ?? "") }));
  return [
    {
      type: "table",
      cells: [row(lines[at], true), ...lines.slice(at + 2, end).map((line) => row(line, false))],
    },
    end,
  ];
}

// A pipe inside code, inside a formula or after a backslash divides nothing.
function cells(line) {
  const found = [
    ...line
      .trim()
      .replace(/^\||\|$/g, "")
      .matchAll(/((?:\\.|`[^`]*`|\$[^$\s][^$]*\$|[^|])*)(\||$)/g),
  ];
  const texts = found.map(([, cell]) => cell.trim().replaceAll("\\|", "|"));
  return texts.length > 1 && found.at(-1)[0] === "" ? texts.slice(0, -1) : texts;
}

function list(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const [indent, ordered] = [first[1].length, /\d/.test(first[2])];
  const items = [];
  let next = at;
  for (let item = first; item && belongs(item, indent, ordered); item = ITEM.exec(lines[next] ?? "")) {
    const end = itemEnd(lines, next + 1, indent);
    items.push(itemOf(item, lines.slice(next + 1, end), depth));
    next = skipBlank(lines, end);
  }
  return items.length ? [{ type: "list", items }, next] : null;
}

const belongs = (item, indent, ordered) =>
  Math.abs(item[1].length - indent) < 2 && /\d/.test(item[2]) === ordered;

function skipBlank(lines, at) {
  let next = at;
  while (next < lines.length && !lines[next].trim()) next += 1;
  return next;
}

// An item goes on over deeper lines, and over plain words that follow at once.
function itemEnd(lines, from, indent) {
  let end = from;
  for (let blank = false; end < lines.length; end += 1) {
    const line = lines[end];
    const deep = line.search(/\S/);
    if (deep === -1) blank = true;
    else if (deep >= indent + 2) blank = false;
    else if (blank || starts(line)) break;
  }
  return end;
}

const starts = (line) =>
  [FENCE, HEADING, RULE, ITEM, QUOTE].some((pattern) => pattern.test(line)) || line.startsWith("$$");

function itemOf([, space, label, gap, text], others, depth) {
  const [, mark, words] = /^\[([ xX])\]\s+(.*)$/.exec(text) ?? [];
  const width = space.length + label.length + Math.max(1, Math.min(gap.length, 4));
  const inside = others.map((line) => line.slice(Math.min(width, Math.max(0, line.search(/\S/)))));
  const task = mark === undefined ? {} : { has_checkbox: true, is_checked: mark !== " " };
  const number = /\d/.test(label) ? { value: Number.parseInt(label, 10) } : {};
  return { label, ...number, ...task, blocks: read([words ?? text, ...inside], depth + 1) };
}

function paragraph(lines, at, depth) {
  let end = at + 1;
  const goesOn = (line, next) =>
    line.trim() &&
    !starts(line) &&
    !/^\s*<details/i.test(line) &&
    !(ROW.test(line) && RULER.test(next ?? ""));
  while (end < lines.length && (depth >= DEEPEST || goesOn(lines[end], lines[end + 1]))) end += 1;
  return [
    {
      type: "paragraph",
      text: markdownInline(
        lines
          .slice(at, end)
          .map((line) => line.trim())
          .join("\n"),
      ),
    },
    end,
  ];
}
