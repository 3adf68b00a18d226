/** Short words that come and go, and those that wait to be read. */

import { button, el } from "./dom.js";
import { say } from "./words.js";

const STAY = 4200;

/** Show words for a moment; `kind` may be "trouble". */
export function toast(words, kind = "") {
  const shown = el("div", { class: `toast ${kind}`.trim(), role: kind ? "alert" : "status" }, words);
  document.getElementById("toasts").append(shown);
  setTimeout(() => shown.classList.add("leaving"), STAY);
  setTimeout(() => shown.remove(), STAY + 400);
}

/** Show words until they are dismissed. */
export function alertBox(words) {
  const dialog = el("dialog", { class: "card", "aria-label": words });
  dialog.append(
    el("p", {}, words),
    el(
      "div",
      { class: "card-keys" },
      button({ class: "key primary", onclick: () => dialog.close() }, say("alertOk")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
