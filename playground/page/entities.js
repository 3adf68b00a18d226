/** Text with entities, drawn; offsets count UTF-16 units, as JavaScript's own strings do. */

import { codeBlock } from "./code_block.js";
import { el, link } from "./dom.js";
import { lexicon } from "./lexicon.js";
import { foldingQuote, spoiler } from "./reveal.js";

const TAGS = lexicon({ bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" });
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Draw a text; `act.command(words)` is called when a command in it is pressed. */
export function drawText(text, entities = [], act = {}) {
  const usable = entities.filter(
    (entity) => entity.length > 0 && entity.offset >= 0 && entity.offset < text.length,
  );
  return draw(
    { text, act },
    0,
    text.length,
    usable.sort((a, b) => a.offset - b.offset || b.length - a.length),
  );
}

function draw(source, from, to, entities) {
  const drawn = document.createDocumentFragment();
  let at = from;
  let waiting = entities;
  while (waiting.length && waiting[0].offset < to) {
    const [entity, ...others] = waiting;
    const end = Math.min(entity.offset + entity.length, to);
    const { inner, later } = share(others, end);
    drawn.append(source.text.slice(at, entity.offset));
    drawn.append(dress(entity, source, end, () => draw(source, entity.offset, end, inner)));
    at = afterBlock(entity, source.text, end, to);
    waiting = later;
  }
  drawn.append(source.text.slice(at, to));
  return drawn;
}

// Entities that begin inside belong inside; one that sticks out is cut in two.
function share(others, end) {
  const inner = [];
  const cut = [];
  const later = [];
  for (const entity of others) {
    const over = entity.offset + entity.length - end;
    if (entity.offset >= end) later.push(entity);
    else if (over <= 0) inner.push(entity);
    else {
      inner.push({ ...entity, length: entity.length - over });
      cut.push({ ...entity, offset: end, length: over });
    }
  }
  return { inner, later: [...cut, ...later] };
}

// A block ends its own line: the line break that follows it would show as an empty line.
function afterBlock(entity, text, end, to) {
  return BLOCKS.has(entity.type) && end < to && text[end] === "\n" ? end + 1 : end;
}

function dress(entity, source, end, inside) {
  const words = source.text.slice(entity.offset, end);
  if (entity.type in TAGS) return el(TAGS[entity.type], {}, inside());
  const draws = SPECIAL[entity.type];
  return draws
    ? draws({ entity, words, inside, act: source.act })
    : el("span", { class: `entity ${entity.type.replace(/\W/g, "")}` }, inside());
}

const SPECIAL = lexicon({
  pre: ({ entity, words }) => codeBlock(words, entity.language),
  blockquote: ({ inside }) => el("blockquote", {}, inside()),
  expandable_blockquote: ({ inside, words }) => foldingQuote(inside(), words),
  spoiler: ({ inside }) => spoiler(inside()),
  text_link: ({ entity, inside }) => link(entity.url ?? "", inside()),
  url: ({ words, inside }) => link(/^[a-z][a-z0-9+.-]*:/i.test(words) ? words : `https://${words}`, inside()),
  email: ({ words, inside }) => link(`mailto:${words}`, inside()),
  phone_number: ({ words, inside }) => link(`tel:${words.replace(/[^\d+]/g, "")}`, inside()),
  bot_command: ({ words, act }) =>
    el("button", { type: "button", class: "command-word", onclick: () => act.command?.(words) }, words),
  custom_emoji: ({ words }) => el("span", { class: "emoji" }, words),
});
