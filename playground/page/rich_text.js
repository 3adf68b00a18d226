/** The words inside rich blocks: a string, a list, or a record that wraps more of them. */

import { el, link } from "./dom.js";
import { formula } from "./formula.js";
import { lexicon } from "./lexicon.js";
import { spoiler } from "./reveal.js";
import { drawButton } from "./rich_buttons.js";

const TAGS = lexicon({
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  marked: "mark",
  subscript: "sub",
  superscript: "sup",
});

/** Draw rich text. */
export function drawRichText(text, act = {}) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return document.createTextNode(text);
  if (Array.isArray(text)) {
    const drawn = document.createDocumentFragment();
    drawn.append(...text.map((part) => drawRichText(part, act)));
    return drawn;
  }
  const inner = () => drawRichText(text.text, act);
  if (text.type in TAGS) return el(TAGS[text.type], {}, inner());
  return (SPECIAL[text.type] ?? plain)(text, inner, act);
}

const plain = (_, inner) => el("span", { class: "entity" }, inner());

const SPECIAL = lexicon({
  break: () => el("br"),
  spoiler: (_, inner) => spoiler(inner()),
  url: (text, inner) => link(text.url ?? "", inner()),
  email_address: (text, inner) => link(`mailto:${text.email_address}`, inner()),
  phone_number: (text, inner) => link(`tel:${text.phone_number}`, inner()),
  mathematical_expression: (text) => formula(text.expression, false),
  custom_emoji: (text) => el("span", { class: "emoji" }, text.alternative_text ?? ""),
  anchor: () => "",
  button: (text, _, act) => drawButton(text.button, act),
  bot_command: (text, inner, act) =>
    el(
      "button",
      { type: "button", class: "command-word", onclick: () => act.command?.(text.bot_command) },
      inner(),
    ),
});
