/** A block of code: its language, a button to copy it, and the code as it is. */

import { button, el, icon } from "./dom.js";
import { say } from "./words.js";

const COPIED_FOR = 1600;

/** Draw code; `language` may be missing. */
export function codeBlock(code, language) {
  const copy = button({ label: say("copy"), class: "copy" }, icon("copy"));
  copy.addEventListener("click", () => copied(copy, code));
  return el(
    "figure",
    { class: "code" },
    el("figcaption", {}, el("span", { class: "language" }, language ?? ""), copy),
    el("pre", { tabindex: 0 }, el("code", {}, code)),
  );
}

async function copied(copy, code) {
  await copyText(code);
  copy.replaceChildren(icon("check"), el("span", {}, say("copied")));
  setTimeout(() => copy.replaceChildren(icon("copy")), COPIED_FOR);
}

/** Put words on the clipboard, also where the modern way is not allowed. */
export async function copyText(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    copyBySelection(words);
  }
}

function copyBySelection(words) {
  const field = el("textarea", { class: "sr-only" });
  field.value = words;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
