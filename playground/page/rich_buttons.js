/** Buttons that stand inside a rich message. */

import { button } from "./dom.js";
import { plainWords } from "./rich_words.js";

/** Draw one; `act.button(button, node)` is called when it is pressed. */
export function drawButton(one, act) {
  const style = ["danger", "success", "primary", "link"].includes(one.style) ? one.style : "plain";
  const drawn = button({ class: `key ${style}`, disabled: Boolean(one.disabled) }, plainWords(one.text));
  drawn.addEventListener("click", () => act.button?.(one, drawn));
  return drawn;
}
