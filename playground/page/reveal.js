/** Things that show themselves when they are asked: spoilers and folding quotes. */

import { el, icon } from "./dom.js";
import { say } from "./words.js";

const FOLDED_LENGTH = 160;
const FOLDED_LINES = 3;

/** Text under a veil until it is pressed. */
export function spoiler(...content) {
  const veil = el(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": say("hidden") },
    el("span", { "aria-hidden": "true" }, ...content),
  );
  const lift = () => {
    veil.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) veil.removeAttribute(name);
    veil.firstChild.removeAttribute("aria-hidden");
  };
  veil.addEventListener("click", lift, { once: true });
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      lift();
    }
  });
  return veil;
}

/** A quote that shows its first lines, and all of them when unfolded; short ones have nothing to fold. */
export function foldingQuote(content, words = "") {
  const quote = el("blockquote", { class: "folding" }, el("div", { class: "folding-text" }, content));
  if (words.length <= FOLDED_LENGTH && words.split("\n").length <= FOLDED_LINES) return quote;
  const toggle = el(
    "button",
    { type: "button", class: "fold", "aria-expanded": "false" },
    el("span", {}, say("more")),
    icon("fold"),
  );
  toggle.addEventListener("click", () => {
    const open = quote.toggleAttribute("data-open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.firstChild.textContent = say(open ? "less" : "more");
  });
  quote.append(toggle);
  return quote;
}
