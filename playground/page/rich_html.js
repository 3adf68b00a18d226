/** HTML to blocks: known tags are read, unknown ones are left out and their words kept. */

import { readHtml, Tag } from "./html_reader.js";
import { lexicon } from "./lexicon.js";

const INLINE = lexicon({
  B: "bold",
  STRONG: "bold",
  I: "italic",
  EM: "italic",
  U: "underline",
  INS: "underline",
  S: "strikethrough",
  STRIKE: "strikethrough",
  DEL: "strikethrough",
  CODE: "code",
  MARK: "marked",
  SUB: "subscript",
  SUP: "superscript",
  "TG-SPOILER": "spoiler",
});
const HOLDERS = new Set(["P", "DIV", "SECTION", "ARTICLE", "MAIN", "TBODY", "BODY", "HTML"]);

/** Read HTML into blocks. */
export function blocksOfHtml(html) {
  return blocksIn(readHtml(html).children);
}

// Loose words and inline tags between two blocks are one paragraph.
function blocksIn(children) {
  const blocks = [];
  let loose = [];
  const settle = () => {
    const text = trimmed(loose);
    if (text.length) blocks.push({ type: "paragraph", text });
    loose = [];
  };
  for (const child of children) {
    const isBlock = child instanceof Tag && (child.name in BLOCKS || HOLDERS.has(child.name));
    if (!isBlock) loose.push(...inline(child));
    else {
      settle();
      blocks.push(...(child.name in BLOCKS ? [BLOCKS[child.name](child)] : blocksIn(child.children)));
    }
  }
  settle();
  return blocks;
}

const BLOCKS = lexicon({
  H1: heading,
  H2: heading,
  H3: heading,
  H4: heading,
  H5: heading,
  H6: heading,
  HR: () => ({ type: "divider" }),
  PRE: pre,
  UL: (tag) => ({ type: "list", items: items(tag, () => ({ label: "•" })) }),
  OL: orderedList,
  TABLE: table,
  BLOCKQUOTE: (tag) =>
    tag.attributes.has("expandable")
      ? { type: "expandable_blockquote", text: inlines(tag) }
      : { type: "blockquote", blocks: blocksIn(tag.children) },
  ASIDE: (tag) => ({ type: "pullquote", text: inlines(tag) }),
  DETAILS: details,
  FOOTER: (tag) => ({ type: "footer", text: inlines(tag) }),
  "TG-MATH-BLOCK": (tag) => ({ type: "mathematical_expression", expression: tag.words }),
  "TG-THINKING": (tag) => ({ type: "thinking", text: inlines(tag) }),
});

function heading(tag) {
  return { type: "heading", size: Number(tag.name[1]), text: inlines(tag) };
}

function pre(tag) {
  const [code] = tag.tags("CODE");
  const [, language] = /language-([\w+#.-]+)/.exec((code ?? tag).attributes.get("class") ?? "") ?? [];
  return { type: "pre", text: tag.words.replace(/^\n|\n$/g, ""), language };
}

function orderedList(tag) {
  let next = Number(tag.attributes.get("start") ?? 1);
  const number = (item) => {
    const value = Number(item.attributes.get("value") ?? next);
    next = value + 1;
    return { label: `${value}.`, value, type: tag.attributes.get("type") ?? "1" };
  };
  return { type: "list", items: items(tag, number) };
}

function items(tag, label) {
  return tag
    .tags("LI")
    .map((item) => ({ ...label(item), ...checkbox(item), blocks: blocksIn(item.children) }));
}

function checkbox(item) {
  const box = item.all("INPUT").find((input) => input.attributes.get("type") === "checkbox");
  return box ? { has_checkbox: true, is_checked: box.attributes.has("checked") } : {};
}

function table(tag) {
  const cells = tag.all("TR").map((row) => row.tags("TH", "TD").map(cellOf));
  const [caption] = tag.tags("CAPTION");
  return {
    type: "table",
    cells,
    is_striped: tag.attributes.has("striped"),
    is_compact: tag.attributes.has("compact"),
    caption: caption && inlines(caption),
  };
}

function cellOf(cell) {
  const span = (name) => Math.min(Number(cell.attributes.get(name)), 100) || undefined;
  return {
    text: inlines(cell),
    is_header: cell.name === "TH",
    align: cell.attributes.get("align") ?? "left",
    colspan: span("colspan"),
    rowspan: span("rowspan"),
  };
}

function details(tag) {
  const [summary] = tag.tags("SUMMARY");
  const rest = tag.children.filter((child) => child !== summary);
  return {
    type: "details",
    is_open: tag.attributes.has("open"),
    summary: summary ? inlines(summary) : "…",
    blocks: blocksIn(rest),
  };
}

const inside = (tag) => tag.children.flatMap(inline);

const inlines = (tag) => trimmed(inside(tag));

function inline(child) {
  if (!(child instanceof Tag)) return [child.replace(/\s+/g, " ")];
  if (child.name in INLINE) return [{ type: INLINE[child.name], text: inside(child) }];
  const read = SPECIAL[child.name];
  return read ? [read(child)] : inside(child);
}

const SPECIAL = lexicon({
  BR: () => ({ type: "break" }),
  A: (tag) => ({ type: "url", url: tag.attributes.get("href") ?? "", text: inside(tag) }),
  IMG: (tag) => tag.attributes.get("alt") ?? "",
  "TG-EMOJI": (tag) => ({ type: "custom_emoji", alternative_text: tag.words }),
  "TG-MATH": (tag) => ({ type: "mathematical_expression", expression: tag.words }),
  SPAN: (tag) => ({
    type: tag.attributes.get("class") === "tg-spoiler" ? "spoiler" : "plain",
    text: inside(tag),
  }),
});

function trimmed(parts) {
  const text = parts.filter((part) => part !== "");
  if (typeof text[0] === "string") text[0] = text[0].trimStart();
  if (typeof text.at(-1) === "string") text[text.length - 1] = text.at(-1).trimEnd();
  return text.filter((part) => part !== "");
}
