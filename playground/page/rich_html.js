/** HTML to blocks. The text is parsed into a document that never runs or loads anything; known tags are read off it. */

import { lexicon } from "./lexicon.js";

const BREAKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "TABLE", "PRE", "BLOCKQUOTE", "ASIDE", "DETAILS", "HR", "FOOTER", "TG-MATH-BLOCK", "TG-THINKING", "SECTION", "ARTICLE"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TITLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "NOSCRIPT", "TEXTAREA", "SELECT"]);
const INLINE = lexicon({
  B: "bold", STRONG: "bold", I: "italic", EM: "italic", U: "underline", INS: "underline", S: "strikethrough", STRIKE: "strikethrough",
  DEL: "strikethrough", CODE: "code", MARK: "marked", SUB: "subscript", SUP: "superscript", "TG-SPOILER": "spoiler",
});

/** Read HTML into blocks; what is not known is left out, its words are kept. */
export function blocksOfHtml(html) {
  return blocksIn(new DOMParser().parseFromString(html, "text/html").body);
}

// Loose words and inline tags between two blocks are one paragraph.
function blocksIn(parent) {
  const blocks = [];
  let loose = [];
  const settle = () => {
    const text = trimmed(loose);
    if (text.length) blocks.push({ type: "paragraph", text });
    loose = [];
  };
  for (const node of parent.childNodes) {
    if (!BREAKS.has(node.nodeName)) loose.push(...inline(node));
    else {
      settle();
      blocks.push(...blockOf(node));
    }
  }
  settle();
  return blocks;
}

function blockOf(node) {
  const read = BLOCKS[node.nodeName];
  return read ? [read(node)].flat() : blocksIn(node);
}

const heading = (node) => ({ type: "heading", size: Number(node.nodeName[1]), text: inlines(node) });

const BLOCKS = lexicon({
  H1: heading, H2: heading, H3: heading, H4: heading, H5: heading, H6: heading,
  HR: () => ({ type: "divider" }),
  PRE: (node) => ({ type: "pre", text: node.textContent.replace(/\n$/, ""), language: /language-([\w+#.-]+)/.exec(node.firstElementChild?.className ?? node.className)?.[1] }),
  UL: (node) => ({ type: "list", items: items(node, () => ({ label: "•" })) }),
  OL: (node) => orderedList(node),
  TABLE: table,
  BLOCKQUOTE: (node) => (node.hasAttribute("expandable") ? { type: "expandable_blockquote", text: inlines(node) } : { type: "blockquote", blocks: blocksIn(node) }),
  ASIDE: (node) => ({ type: "pullquote", text: inlines(node) }),
  DETAILS: details,
  FOOTER: (node) => ({ type: "footer", text: inlines(node) }),
  "TG-MATH-BLOCK": (node) => ({ type: "mathematical_expression", expression: node.textContent }),
  "TG-THINKING": (node) => ({ type: "thinking", text: inlines(node) }),
});

function orderedList(node) {
  let next = Number(node.getAttribute("start") ?? 1);
  const number = (item) => {
    const value = Number(item.getAttribute("value") ?? next);
    next = value + 1;
    return { label: `${value}.`, value, type: node.getAttribute("type") ?? "1" };
  };
  return { type: "list", items: items(node, number) };
}

function items(node, label) {
  return [...node.children].filter((child) => child.nodeName === "LI").map((item) => ({ ...label(item), ...checkbox(item), blocks: blocksIn(item) }));
}

function checkbox(item) {
  const box = item.querySelector(":scope > input[type=checkbox], :scope > p > input[type=checkbox]");
  return box ? { has_checkbox: true, is_checked: box.hasAttribute("checked") } : {};
}

function table(node) {
  const cells = [...node.querySelectorAll("tr")].map((row) => [...row.children].filter((cell) => /^T[HD]$/.test(cell.nodeName)).map(cellOf));
  const caption = node.querySelector(":scope > caption");
  return { type: "table", cells, is_striped: node.hasAttribute("striped"), is_compact: node.hasAttribute("compact"), caption: caption && inlines(caption) };
}

function cellOf(cell) {
  const span = (name) => Number(cell.getAttribute(name)) || undefined;
  return { text: inlines(cell), is_header: cell.nodeName === "TH", align: cell.getAttribute("align") ?? "left", colspan: span("colspan"), rowspan: span("rowspan") };
}

function details(node) {
  const summary = node.querySelector(":scope > summary");
  const rest = node.cloneNode(true);
  rest.querySelector(":scope > summary")?.remove();
  return { type: "details", is_open: node.hasAttribute("open"), summary: summary ? inlines(summary) : "…", blocks: blocksIn(rest) };
}

const inlines = (node) => trimmed([...node.childNodes].flatMap(inline));

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.data.replace(/\s+/g, " ")];
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.nodeName.toUpperCase())) return [];
  if (node.nodeName in INLINE) return [{ type: INLINE[node.nodeName], text: [...node.childNodes].flatMap(inline) }];
  const read = SPECIAL[node.nodeName];
  return read ? [read(node)] : [...node.childNodes].flatMap(inline);
}

const SPECIAL = lexicon({
  BR: () => ({ type: "break" }),
  A: (node) => ({ type: "url", url: node.getAttribute("href") ?? "", text: [...node.childNodes].flatMap(inline) }),
  IMG: (node) => node.getAttribute("alt") ?? "",
  "TG-EMOJI": (node) => ({ type: "custom_emoji", alternative_text: node.textContent }),
  "TG-MATH": (node) => ({ type: "mathematical_expression", expression: node.textContent }),
  SPAN: (node) => (node.classList.contains("tg-spoiler") ? { type: "spoiler", text: [...node.childNodes].flatMap(inline) } : { type: "plain", text: [...node.childNodes].flatMap(inline) }),
});

function trimmed(parts) {
  const text = parts.filter((part) => part !== "");
  if (typeof text[0] === "string") text[0] = text[0].trimStart();
  if (typeof text.at(-1) === "string") text[text.length - 1] = text.at(-1).trimEnd();
  return text.filter((part) => part !== "");
}
