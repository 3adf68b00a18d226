/** A rich message, laid out: Markdown and HTML become the same blocks first, then blocks become nodes. */

import { codeBlock } from "./code_block.js";
import { el } from "./dom.js";
import { formula } from "./formula.js";
import { lexicon } from "./lexicon.js";
import { foldingQuote } from "./reveal.js";
import { blocksOfHtml } from "./rich_html.js";
import { blocksOfMarkdown } from "./rich_markdown.js";
import { drawButton } from "./rich_buttons.js";
import { drawMedia } from "./rich_media.js";
import { drawRichText } from "./rich_text.js";
import { plainWords } from "./rich_words.js";

const DEEPEST = 24;

/** Draw a whole rich message; `act` is what pressed commands and buttons call. */
export function drawRich(rich, act = {}) {
  const body = el("div", { class: "rich", dir: rich.is_rtl ? "rtl" : null });
  body.append(drawBlocks(blocksOf(rich), act, 0));
  return body;
}

function blocksOf(rich) {
  if (typeof rich.markdown === "string") return blocksOfMarkdown(rich.markdown);
  if (typeof rich.html === "string") return blocksOfHtml(rich.html);
  return rich.blocks ?? [];
}

function drawBlocks(blocks, act, depth) {
  const drawn = document.createDocumentFragment();
  if (depth > DEEPEST) return drawn;
  for (const block of blocks) {
    const draws = DRAWN[block.type] ?? drawMedia[block.type];
    if (draws) drawn.append(draws(block, act, depth));
  }
  return drawn;
}

const inside = (block, act, depth) => drawBlocks(block.blocks ?? [], act, depth + 1);
const credit = (block, act) => block.credit && el("cite", {}, "— ", drawRichText(block.credit, act));

const DRAWN = lexicon({
  paragraph: (block, act) => el("p", {}, drawRichText(block.text, act)),
  heading: (block, act) =>
    el(
      `h${Math.min(6, Math.max(1, block.size) + 1)}`,
      { class: `size-${block.size}` },
      drawRichText(block.text, act),
    ),
  pre: (block) => codeBlock(plainWords(block.text), block.language),
  footer: (block, act) => el("footer", {}, drawRichText(block.text, act)),
  divider: () => el("hr"),
  anchor: () => el("span"),
  mathematical_expression: (block) => formula(block.expression, true),
  thinking: (block, act) => el("p", { class: "thinking-words" }, drawRichText(block.text, act)),
  blockquote: (block, act, depth) => el("blockquote", {}, inside(block, act, depth), credit(block, act)),
  expandable_blockquote: (block, act) =>
    foldingQuote(el("div", {}, drawRichText(block.text, act), credit(block, act)), plainWords(block.text)),
  pullquote: (block, act) =>
    el("blockquote", { class: "pull" }, drawRichText(block.text, act), credit(block, act)),
  details: (block, act, depth) =>
    el(
      "details",
      { open: block.is_open },
      el("summary", {}, drawRichText(block.summary, act)),
      el("div", {}, inside(block, act, depth)),
    ),
  list: drawList,
  table: drawTable,
  buttons: (block, act) =>
    el(
      "div",
      { class: "rich-buttons" },
      block.buttons.map((one) => drawButton(one, act)),
    ),
  collage: (block, act, depth) => el("div", { class: "collage" }, inside(block, act, depth)),
  slideshow: (block, act, depth) => el("div", { class: "slideshow", tabindex: 0 }, inside(block, act, depth)),
});

function drawList(block, act, depth) {
  const ordered = block.items.some(
    (item) => item.value !== undefined || /^[\da-z]+[.)]$/i.test(item.label ?? ""),
  );
  return el(
    ordered ? "ol" : "ul",
    {},
    block.items.map((item) => drawItem(item, act, depth)),
  );
}

function drawItem(item, act, depth) {
  const number = item.value ?? Number.parseInt(item.label, 10);
  const box =
    item.has_checkbox &&
    el("input", {
      type: "checkbox",
      checked: item.is_checked,
      disabled: true,
      "aria-label": item.is_checked ? "✓" : "☐",
    });
  const kind =
    item.type && item.type !== "1"
      ? `count-${item.type === item.type.toLowerCase() ? "lower" : "upper"}-${/i/i.test(item.type) ? "roman" : "alpha"}`
      : null;
  const value = Number.isNaN(number) ? null : number;
  return el(
    "li",
    { value, class: [box && "task", kind].filter(Boolean).join(" ") || null },
    box,
    el("div", {}, inside(item, act, depth)),
  );
}

function drawTable(block, act) {
  const table = el("table", {
    class: [block.is_striped && "striped", block.is_compact && "compact"].filter(Boolean).join(" ") || null,
  });
  if (block.caption) table.append(el("caption", {}, drawRichText(block.caption, act)));
  table.append(
    el(
      "tbody",
      {},
      (block.cells ?? []).map((row) =>
        el(
          "tr",
          {},
          row.map((cell) => drawCell(cell, act)),
        ),
      ),
    ),
  );
  return el("div", { class: "table", tabindex: 0 }, table);
}

function drawCell(cell, act) {
  const drawn = el(
    cell.is_header ? "th" : "td",
    { colspan: cell.colspan, rowspan: cell.rowspan },
    drawRichText(cell.text ?? "", act),
  );
  if (["center", "right"].includes(cell.align)) drawn.classList.add(`align-${cell.align}`);
  return drawn;
}
