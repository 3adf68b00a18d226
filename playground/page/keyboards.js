/** Keys that a bot offers: under a message, or in place of the keyboard. */

import { button, el, icon } from "./dom.js";

const STYLES = new Set(["danger", "success", "primary"]);

/** Draw the keys under a message; nothing when it has none. */
export function drawInlineKeys(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return "";
  return el(
    "div",
    { class: "keys" },
    rows.map((row) =>
      el(
        "div",
        { class: "keys-row" },
        row.map((one) => inlineKey(one, message, act)),
      ),
    ),
  );
}

function inlineKey(one, message, act) {
  const key = button({ class: `key ${STYLES.has(one.style) ? one.style : "plain"}` }, one.text, sign(one));
  key.addEventListener("click", () => act.press(message, one, key));
  return key;
}

function sign(one) {
  if (one.url) return el("span", { class: "key-sign", "aria-hidden": "true" }, "↗");
  return one.copy_text ? icon("copy") : null;
}

/** The reply keyboard that holds now: the newest one offered and not yet taken away. */
export function replyKeyboardOf(messages) {
  for (const message of [...messages].reverse()) {
    const markup = message.reply_markup;
    if (markup?.remove_keyboard) return null;
    if (markup?.keyboard) return { ...markup, message_id: message.message_id };
  }
  return null;
}

/** Draw a reply keyboard; `chosen(button)` is called with the key that was pressed. */
export function drawReplyKeys(markup, chosen) {
  return markup.keyboard.map((row) =>
    el(
      "div",
      { class: "keys-row" },
      row.map((one) => {
        const key = typeof one === "string" ? { text: one } : one;
        return button(
          { class: `key ${STYLES.has(key.style) ? key.style : "plain"}`, onclick: () => chosen(key) },
          key.text,
        );
      }),
    ),
  );
}
